// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbctl vf bind, unbind: VFs change their driver. */
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "libvvb/binding.h"
#include "libvvb/pci.h"
#include "lock.h"
#include "module.h"

typedef int (*binder)(__u64 vf, struct vvb_binding *b);

static void bind_one(struct changes *c, binder call, __u64 vf)
{
	struct vvb_binding b;
	char bdf[VVB_BDF_LEN];
	int err;

	vvb_bdf_format(vf, bdf);
	err = call(vf, &b);
	if (err)
		changes_failed(c, bdf, 0, "", "%s%s", b.why, for_root(err));
	else if (strcmp(b.before, b.after))
		changes_add(c, bdf, "driver", *b.before ? b.before : "none",
			    *b.after ? b.after : "none", 0);
}

static bool is_ours(__u64 vf)
{
	char driver[64];

	vvb_pci_driver(vf, driver);
	return !strcmp(driver, VVB_DRIVER);
}

/* Of VFs that come later. Return: could it be done? */
static bool set_autoprobe(struct changes *c, __u64 pf, bool on, bool *before)
{
	int err = vvb_autoprobe(pf, on, before);
	char bdf[VVB_BDF_LEN];

	vvb_bdf_format(pf, bdf);
	if (err)
		changes_failed(c, bdf, 0, "", "sriov_drivers_autoprobe: %s", why(err));
	else if (*before != on)
		changes_add(c, bdf, "sriov_drivers_autoprobe", *before ? "1" : "0", on ? "1" : "0",
			    0);
	return !err;
}

/* While VFs are bound a driver may still take them back, and when they are unbound it is to. */
static void bind_all_of(struct changes *c, binder call, __u64 pf)
{
	const bool binds = call == vvb_bind;
	int failed = c->failed, nr;
	bool before;
	__u64 *vfs;

	nr = vvb_pci_vfs_of(pf, false, &vfs);
	if (!binds && !set_autoprobe(c, pf, true, &before)) {
		free(vfs);
		return;
	}
	for (int i = 0; i < nr; i++)
		if (binds || is_ours(vfs[i]))
			bind_one(c, call, vfs[i]);
	free(vfs);
	if (binds && c->failed == failed)
		set_autoprobe(c, pf, false, &before);
	else if (!binds && c->failed != failed && !before)
		set_autoprobe(c, pf, false, &before);
}

static int bind_each(struct words *args, binder call)
{
	struct changes c;
	__u64 id;
	int i;

	for (i = 0; i < args->nr; i++)
		if (parse_vf(args->word[i], &id))
			return USAGE;
	if ((call == vvb_bind && module_load()) || driver_lock())
		return FAILED;
	changes_begin(&c, NULL);
	for (i = 0; i < args->nr; i++) {
		vvb_bdf_parse(args->word[i], &id);
		if (vvb_pci_kind(id) == VVB_PCI_PF)
			bind_all_of(&c, call, id);
		else
			bind_one(&c, call, id);
	}
	return changes_end(&c);
}

int vf_bind(struct words *args)
{
	return bind_each(args, vvb_bind);
}

int vf_unbind(struct words *args)
{
	return bind_each(args, vvb_unbind);
}
