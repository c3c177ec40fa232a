// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl apply: the file, and the VFs that it is about. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply.h"
#include "conf/load.h"
#include "conf/merge.h"
#include "conf/safe_path.h"
#include "libvvb/addresses.h"
#include "libvvb/binding.h"
#include "libvvb/pci.h"
#include "libvvb/settings.h"
#include "lock.h"
#include "module.h"

/* ---- the file ---- */

static char *whole_path(const char *path)
{
	char *dir = path[0] == '/' ? NULL : getcwd(NULL, 0), *whole = NULL;

	if (path[0] == '/')
		return strdup(path);
	if (dir && asprintf(&whole, "%s/%s", dir, path) < 0)
		whole = NULL;
	free(dir);
	return whole;
}

/* Return: DONE, or FAILED after error(). */
static int tell_wrong_file(const char *path, const struct complaint *why, int err)
{
	if (err == -EINVAL && why->line)
		return error("%s:%d: %s", path, why->line, why->text);
	if (err == -EINVAL && !strncmp(why->text, "/", 1)) /* it names one itself */
		return error("%s", why->text);
	return error("%s: %s", path, err == -EINVAL ? why->text : strerror(-err));
}

int apply_read(struct apply *a, const char *path, bool must_be)
{
	struct complaint why = {};
	int err;

	conf_file_init(&a->conf);
	a->path = whole_path(path);
	err = a->path ? safe_path_check(a->path, 0, &why) : -ENOMEM;
	if (!err)
		err = conf_file_load(&a->conf, a->path, &why);
	if (!err || (err == -ENOENT && !must_be))
		return DONE;
	return tell_wrong_file(a->path ? a->path : "", &why, err);
}

/* ---- which VFs ---- */

static int add_vfs_of(struct vvb_addresses *t, __u64 pf)
{
	__u64 *vfs;
	int nr = vvb_pci_vfs_of(pf, true, &vfs), err = nr < 0 ? nr : 0;

	for (int i = 0; !err && i < nr; i++)
		err = vvb_addresses_add(t, vfs[i]);
	free(vfs);
	return err;
}

static int add_all_vfs(struct vvb_addresses *t)
{
	__u64 *pfs;
	int nr = vvb_pci_pfs(&pfs), err = nr < 0 ? nr : 0;

	for (int i = 0; !err && i < nr; i++)
		err = add_vfs_of(t, pfs[i]);
	free(pfs);
	return err;
}

static int add_pf(struct apply *a, struct vvb_addresses *t, const struct conf_section *s)
{
	enum vvb_pci_kind kind = vvb_pci_kind(s->address);
	char bdf[VVB_BDF_LEN];

	if (kind == VVB_PCI_PF)
		return add_vfs_of(t, s->address);
	if (options.vf) /* what else is wrong with the file is not about that one */
		return 0;
	vvb_bdf_format(s->address, bdf);
	changes_failed(&a->changes, bdf, s->line, "", "%s%s", vvb_pci_kind_text(kind),
		       kind == VVB_PCI_ABSENT ? "" : "; [pf ADDRESS] wants a virtio PF");
	return 0;
}

static int find_targets(struct apply *a, struct vvb_addresses *t)
{
	int err = 0;

	for (int i = 0; !err && i < a->conf.nr; i++) {
		const struct conf_section *s = &a->conf.sections[i];

		if (s->kind == CONF_ALL)
			err = add_all_vfs(t);
		else if (s->kind == CONF_PF)
			err = add_pf(a, t, s);
		else if (s->kind == CONF_VF)
			err = vvb_addresses_add(t, s->address);
	}
	return err;
}

/* Only the VF that --vf names, if the file is about it. */
static void pick_target(struct vvb_addresses *t, __u64 vf)
{
	bool there = false;

	for (int i = 0; i < t->nr; i++)
		there = there || t->list[i] == vf;
	t->nr = there;
	if (there)
		t->list[0] = vf;
}

/*
 * Is the file about that one? udev asks for each virtio function that comes: for others there is nothing to
 * load, and nobody to wait for.
 */
static bool is_about(struct apply *a, __u64 vf)
{
	struct vvb_addresses t = {};
	bool about = find_targets(a, &t) != 0; /* which is told later */

	pick_target(&t, vf);
	about = about || t.nr;
	free(t.list);
	return about;
}

__u64 apply_pf_of(const struct apply *a, __u64 vf)
{
	__u64 pf = CONF_NO_PF, *vfs;
	int nr;

	if (!vvb_pci_pf_of(vf, &pf))
		return pf;
	for (int i = 0; i < a->conf.nr; i++) {
		const struct conf_section *s = &a->conf.sections[i];
		bool found = false;

		nr = s->kind == CONF_PF ? vvb_pci_vfs_of(s->address, true, &vfs) : 0;
		for (int v = 0; v < nr; v++)
			found = found || vfs[v] == vf;
		if (nr > 0)
			free(vfs);
		if (found)
			return s->address;
	}
	return CONF_NO_PF;
}

/* ---- VFs that come ---- */

/* VFs of a PF that are all to be ours should not be given to another first. */
static void hold_back(struct apply *a, const struct conf_section *s)
{
	const struct conf_value *bind = &s->set[CONF_BIND];
	char bdf[VVB_BDF_LEN];
	bool before = false;
	int err;

	if (s->kind != CONF_PF || !bind->text || strcmp(bind->text, "yes") ||
	    vvb_pci_kind(s->address) != VVB_PCI_PF)
		return;
	vvb_bdf_format(s->address, bdf);
	err = a->dry ? vvb_autoprobe_get(s->address, &before) :
		       vvb_autoprobe(s->address, false, &before);
	if (err)
		changes_failed(&a->changes, bdf, bind->line, "", "sriov_drivers_autoprobe: %s",
			       why(err));
	else if (before)
		changes_add(&a->changes, bdf, "sriov_drivers_autoprobe", "1", "0", bind->line);
}

/* ---- all of it ---- */

/* Is there anything that wants the module? */
static bool wants_module(const struct apply *a)
{
	for (int i = 0; i < a->conf.nr; i++)
		if (a->conf.sections[i].kind != CONF_VVBD)
			return true;
	return false;
}

static int begin(struct apply *a)
{
	bool cut;

	if (!a->dry && (module_load() || driver_lock()))
		return FAILED;
	if (vvb_settings_read(&a->settings, &cut))
		a->settings = NULL;
	a->nr = vvb_policy_list(&a->policies);
	return DONE;
}

static int apply_conf(struct apply *a, const __u64 *only)
{
	struct vvb_addresses t = {};
	int err = find_targets(a, &t);

	if (err)
		return error("%s", why(err));
	if (only)
		pick_target(&t, *only);
	apply_policies(a, t.list, t.nr);
	for (int i = 0; i < t.nr; i++)
		apply_vf(a, t.list[i]);
	for (int i = 0; !only && i < a->conf.nr; i++)
		hold_back(a, &a->conf.sections[i]);
	free(t.list);
	return DONE;
}

int apply(struct words *args)
{
	struct apply a = { .dry = options.dry_run };
	__u64 vf;
	int ret = DONE;

	if (args->nr > 1)
		return usage("what is '%s'? apply takes: [FILE]", args->word[1]);
	if (options.vf && parse_vf(options.vf, &vf))
		return USAGE;
	ret = apply_read(&a, args->nr ? args->word[0] : CONF_FILE_DEFAULT, args->nr);
	changes_begin(&a.changes, a.path);
	if (!ret && wants_module(&a) && (!options.vf || is_about(&a, vf))) {
		ret = begin(&a);
		if (!ret)
			ret = apply_conf(&a, options.vf ? &vf : NULL);
	}
	if (!ret)
		ret = changes_end(&a.changes);
	else
		json_object_put(a.changes.list);
	conf_file_free(&a.conf);
	free(a.settings);
	free(a.policies);
	free(a.path);
	return ret;
}
