// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbctl check: can this machine, this PF, this VF do it? It reads, and changes nothing. It
 * is the one command that is of use before the module is loaded.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "libvvb/pci.h"
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

static void check_of(struct checks *checks, __u64 id, void (*check)(struct checks *, __u64))
{
	char bdf[VVB_BDF_LEN];

	vvb_bdf_format(id, bdf);
	checks->of = bdf;
	check(checks, id);
	checks->of = NULL;
}

/* Return: DONE, or FAILED after error(). */
static int check_pf_and_vfs(struct checks *checks, __u64 pf)
{
	__u64 *vfs;
	int nr = vvb_pci_vfs_of(pf, false, &vfs);

	if (nr < 0)
		return error("VFs: %s", why(nr));
	check_of(checks, pf, check_pf);
	for (int i = 0; i < nr; i++)
		check_of(checks, vfs[i], check_vf);
	free(vfs);
	return DONE;
}

/* Functions that are bound, and of no PF. Return: how many. */
static int check_plain(struct checks *checks)
{
	struct vvb_vf *vfs = NULL;
	int nr = vvb_vf_list(&vfs), found = 0;

	for (int i = 0; i < nr; i++) {
		if (vvb_pci_kind(vfs[i].id) != VVB_PCI_PLAIN)
			continue;
		check_of(checks, vfs[i].id, check_vf);
		found++;
	}
	free(vfs);
	return found;
}

static int check_all(struct checks *checks)
{
	const struct check card = {
		.name = "card",
		.cure = "an SR-IOV virtio device, as a network card (1af4:1041)",
	};
	__u64 *pfs;
	int nr = vvb_pci_pfs(&pfs), ret = DONE, cards = 0;

	if (nr < 0)
		return error("PFs: %s", why(nr));
	for (int i = 0; !ret && i < nr; i++) {
		if (!vvb_pci_type(pfs[i]))
			continue;
		cards++;
		ret = check_pf_and_vfs(checks, pfs[i]);
	}
	free(pfs);
	cards += check_plain(checks);
	if (!cards)
		check_add(checks, &card, CHECK_NO, "no SR-IOV virtio device is here");
	return ret;
}

/* A VF with its PF, a PF with its VFs, or one that is neither. Return: DONE, or FAILED after error(). */
static int check_one(struct checks *checks, __u64 id)
{
	enum vvb_pci_kind kind = vvb_pci_kind(id);
	char bdf[VVB_BDF_LEN];
	__u64 pf;

	if (kind == VVB_PCI_ABSENT) {
		vvb_bdf_format(id, bdf);
		return error("%s: there is no such PCI device", bdf);
	}
	if (kind == VVB_PCI_PLAIN) {
		check_of(checks, id, check_vf);
		return DONE;
	}
	if (vvb_pci_pf_of(id, &pf))
		return check_pf_and_vfs(checks, id);
	check_of(checks, pf, check_pf);
	check_of(checks, id, check_vf);
	return DONE;
}

static int check_functions(struct checks *checks, const char *address)
{
	__u64 id;

	if (!address)
		return check_all(checks);
	if (vvb_bdf_parse(address, &id))
		return usage("what is '%s'? A PF or a VF is named by its PCI address, 0000:01:00.1",
			     address);
	return check_one(checks, id);
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
