// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbctl check: can this machine, this network card, this VF do it? It reads, and changes nothing. It
 * is the one command that is of use before the module is loaded.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "libvvb/paths.h"
#include "pci_function.h"
#include "table.h"
#include "vvbctl.h"

static const char *const states[] = { "ok", "no", "unknown" };

void check_add(struct checks *checks, const struct check *check, enum check_state state,
	       const char *fmt, ...)
{
	json_object *row = json_object_new_object();
	va_list args;
	char *text;
	int ret;

	va_start(args, fmt);
	ret = vasprintf(&text, fmt, args);
	va_end(args);
	put_text(row, "of", checks->of);
	put_text(row, "requirement", check->name);
	put_text(row, "state", states[state]);
	json_object_object_add(row, "needed", json_object_new_boolean(!check->optional));
	put_text(row, "found", ret < 0 ? strerror(ENOMEM) : text);
	if (state != CHECK_OK && check->cure)
		put_text(row, "cure", check->cure);
	json_object_array_add(checks->rows, row);
	checks->failed |= state == CHECK_NO && !check->optional;
	if (ret >= 0)
		free(text);
}

/* ---- output ---- */

static void row_text(json_object *row)
{
	bool needed = json_object_get_boolean(json_object_object_get(row, "needed"));

	printf("%-8s%-14s%s: %s%s\n", text_of(row, "state"), text_of(row, "of"),
	       text_of(row, "requirement"), text_of(row, "found"),
	       needed || !strcmp(text_of(row, "state"), "ok") ? "" : " (not needed now)");
	if (json_object_object_get(row, "cure"))
		printf("%22s-> %s\n", "", text_of(row, "cure"));
}

/* ---- which functions ---- */

static void check_vfs_of(struct checks *checks, const char *pf)
{
	char bdf[VVB_BDF_LEN];

	for (int i = 0; pci_vf_of(pf, i, bdf); i++) {
		checks->of = bdf;
		check_vf(checks, bdf);
	}
}

static void check_pf_and_vfs(struct checks *checks, const char *pf)
{
	checks->of = pf;
	check_pf(checks, pf);
	check_vfs_of(checks, pf);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* PFs that may be such cards. Return: how many of @max. */
static int find_pfs(char (*found)[VVB_BDF_LEN], int max)
{
	char path[PATH_MAX], bdf[VVB_BDF_LEN];
	struct dirent *entry;
	int nr = 0;
	DIR *dir;
	__u64 id;

	if (vvb_path(path, sizeof(path), "%s/bus/pci/devices", vvb_sysfs_path()))
		return 0;
	dir = opendir(path);
	while (dir && nr < max && (entry = readdir(dir))) {
		if (vvb_bdf_parse(entry->d_name, &id))
			continue;
		vvb_bdf_format(id, bdf);
		if (pci_is_virtio_net(bdf) && pci_total_vfs(bdf))
			memcpy(found[nr++], bdf, VVB_BDF_LEN);
	}
	if (dir)
		closedir(dir);
	qsort(found, nr, sizeof(*found), by_name);
	return nr;
}

#define MOST_PFS 64

static void check_all(struct checks *checks)
{
	const struct check card = {
		.name = "network card",
		.cure = "an SR-IOV virtio network card (1af4:1041) with an administration queue",
	};
	char pfs[MOST_PFS][VVB_BDF_LEN];
	int nr = find_pfs(pfs, MOST_PFS);

	if (!nr)
		check_add(checks, &card, CHECK_NO, "no SR-IOV virtio network card is here");
	for (int i = 0; i < nr; i++)
		check_pf_and_vfs(checks, pfs[i]);
}

/* A VF with its PF, or a PF with its VFs. Return: DONE, or FAILED after error(). */
static int check_one(struct checks *checks, const char *bdf)
{
	char pf[VVB_BDF_LEN];

	if (!pci_exists(bdf))
		return error("%s: there is no such PCI device", bdf);
	if (!pci_pf_of(bdf, pf)) {
		check_pf_and_vfs(checks, bdf);
		return DONE;
	}
	checks->of = pf;
	check_pf(checks, pf);
	checks->of = bdf;
	check_vf(checks, bdf);
	return DONE;
}

static int check_functions(struct checks *checks, const char *address)
{
	char bdf[VVB_BDF_LEN];
	__u64 id;

	if (!address) {
		check_all(checks);
		return DONE;
	}
	if (vvb_bdf_parse(address, &id))
		return usage("what is '%s'? A PF or a VF is named by its PCI address, 0000:01:00.1",
			     address);
	vvb_bdf_format(id, bdf);
	return check_one(checks, bdf);
}

int check_machine(struct words *args)
{
	struct checks checks = { .of = "host" };
	int ret;

	if (args->nr > 1)
		return too_many(args->word[1], "check");
	checks.rows = json_object_new_array();
	check_host(&checks);
	ret = check_functions(&checks, args->nr ? args->word[0] : NULL);
	if (ret) {
		json_object_put(checks.rows);
		return ret;
	}
	output(checks.rows, row_text);
	return checks.failed ? FAILED : DONE;
}
