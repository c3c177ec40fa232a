// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a VF is kicked: the address that the device named (virtio 1.3, 2.12.1.2.7). In the kernel,
 * as it writes there, and trusts no address that it has not checked.
 */
#include <linux/pci.h>
#include <linux/virtio_pci.h>

#include "compat.h"
#include "notify.h"
#include "owner.h"
#include "power.h"

/*
 * Is this an address the VF may be kicked at? Nothing of it is taken on faith. BAR0 is
 * ours, so a member entry can't name it.
 */
static bool vvb_notify_valid(struct vvb_vf *vf, u8 bar, u64 offset)
{
	u64 len;

	if (bar < 1 || bar >= PCI_STD_NUM_BARS || offset % VVB_NOTIFY_LEN)
		return false;
	if (!(pci_resource_flags(vf->core.pdev, bar) & IORESOURCE_MEM))
		return false;
	len = pci_resource_len(vf->core.pdev, bar);
	return len >= VVB_NOTIFY_LEN && offset <= len - VVB_NOTIFY_LEN;
}

/* Could the user kick past us, while sealed? @err is what came of the question, -ENOENT: none. */
static const char *vvb_notify_why_open(struct vvb_vf *vf, int err, u8 bar)
{
	if (err == -ENOENT || (!err && bar != vf->core.msix_bar))
		return NULL;
	return err ? "the device did not say where its notify address is" :
		     "the notify address shares a BAR with the MSI-X table";
}

/*
 * While sealed, the BAR with the MSI-X table stays open to the user. With a notify address in it
 * guard and policy are no boundary: to send notifies as commands would not take the address from
 * the user. Nor may it be left open where the device has such an address.
 */
static int vvb_notify_sealed(struct vvb_vf *vf, int err, u8 bar)
{
	const char *why = vvb_notify_why_open(vf, err, bar);
	bool ended = err == -EINTR || err == -ECANCELED;

	WRITE_ONCE(vf->notify_open, ended ? NULL : why);
	if (!vf->state.sealed || !why)
		return 0;
	if (ended)
		return err;
	dev_warn_ratelimited(&vf->core.pdev->dev, "legacy=only: %s\n", why);
	return -EOPNOTSUPP;
}

/**
 * vvb_notify_open - find out how to kick a VF, for the time it is open
 * @vf:		enabled, not yet visible to its user
 *
 * An address in the owner's BAR is not used: the PF's driver can go away under it. Then,
 * and without any valid entry, notifies go out as commands, which the spec allows. Of the
 * member's addresses virtio_pci tells the first one only: others are used by nobody.
 * Return: 0; -EOPNOTSUPP the VF was to be sealed, but its user could kick it past us; -EINTR; or
 * a negative errno when a valid BAR could not be mapped.
 */
int vvb_notify_open(struct vvb_vf *vf)
{
	u8 bar = 0;
	u64 offset = 0;
	void __iomem *base;
	int err, refused;

	if (vf->owner.active == VVB_OWNER_SELF) {
		WRITE_ONCE(vf->notify_open, NULL);
		return 0;
	}
	err = vvb_owner_notify_info(vf, VIRTIO_ADMIN_CMD_NOTIFY_INFO_FLAGS_OWNER_MEM, &bar,
				    &offset);
	refused = vvb_notify_sealed(vf, err, bar);
	if (refused || err || !vvb_notify_valid(vf, bar, offset))
		return refused;
	base = vvb_map_bar(&vf->core, bar);
	if (IS_ERR(base))
		return PTR_ERR(base);
	WRITE_ONCE(vf->notify_addr, base + offset);
	return 0;
}

/* vvb_notify(), when the user has put the device to sleep. It wakes under memory_lock. */
int vvb_notify_asleep(struct vvb_vf *vf, struct vvb_access *acc)
{
	int err = vvb_power_get(vf);

	if (err)
		return err;
	scoped_guard(rwsem_read, &vf->core.memory_lock)
		err = vvb_notify_store(vf, acc);
	vvb_power_put(vf);
	return err;
}
