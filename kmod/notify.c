// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fast path: a 16-bit store of a queue index to the address that the device named for
 * it (virtio 1.3, 2.12.1.2.7).
 */
#include <linux/pci.h>
#include <linux/virtio_pci.h>

#include "compat.h"
#include "vvb.h"

#define VVB_NOTIFY_LEN 2

/*
 * Is this an address the VF may be kicked at? Nothing of it is taken on faith. BAR0 is
 * ours, so a member entry can't name it.
 */
static bool vvb_notify_valid(struct vvb_vf *vf, u8 bar, u64 offset)
{
	u64 len;

	if (bar < 1 || bar >= PCI_STD_NUM_BARS || offset % VVB_NOTIFY_LEN)
		return false;
	len = pci_resource_len(vf->core.pdev, bar);
	return len >= VVB_NOTIFY_LEN && offset <= len - VVB_NOTIFY_LEN;
}

/**
 * vvb_notify_open - find out how to kick a VF, for the time it is open
 * @vf:		enabled, not yet visible to its user
 *
 * An address in the owner's BAR is not used: the PF's driver can go away under it. Then,
 * and without any valid entry, notifies go out as commands, which the spec allows.
 * Return: 0, or a negative errno when a valid BAR could not be mapped.
 */
int vvb_notify_open(struct vvb_vf *vf)
{
	u8 bar = 0;
	u64 offset = 0;
	void __iomem *base;

	vf->notify = NULL;
	vf->notify_via = VVB_NOTIFY_COMMAND;
	if (vvb_admin_notify_info(vf, VIRTIO_ADMIN_CMD_NOTIFY_INFO_FLAGS_OWNER_MEM, &bar,
				  &offset) ||
	    !vvb_notify_valid(vf, bar, offset))
		return 0;
	base = vvb_map_bar(&vf->core, bar);
	if (IS_ERR(base))
		return PTR_ERR(base);
	vf->notify_bar = bar;
	vf->notify = base + offset;
	vf->notify_via = VVB_NOTIFY_MEMBER;
	return 0;
}

/* As vfio-pci's own test, which is not exported; memory_lock is held. */
static bool vvb_memory_enabled(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	return (__force int)pdev->current_state < (__force int)PCI_D3hot &&
	       (pdev->no_command_memory || vf->core.vconfig[PCI_COMMAND] & PCI_COMMAND_MEMORY);
}

/**
 * vvb_notify_store - the store itself
 * @vf:		open, with a notify address
 * @acc:	write of queue_notify
 *
 * Context: any; memory_lock is held for reading.
 * Return: 0, or -EIO while the VF decodes no memory.
 */
int vvb_notify_store(struct vvb_vf *vf, struct vvb_access *acc)
{
	acc->by = VVB_BY_NOTIFY;
	if (!vvb_memory_enabled(vf)) {
		vvb_stats_event(vf, VVB_EV_MEM_DISABLED);
		return -EIO;
	}
	vfio_pci_core_iowrite16(&vf->core, false, acc->value, vf->notify);
	return 0;
}

/* NOTIFY: one lock, one store. */
int vvb_act_notify(struct vvb_vf *vf, struct vvb_access *acc)
{
	int err;

	down_read(&vf->core.memory_lock);
	err = vvb_notify_store(vf, acc);
	up_read(&vf->core.memory_lock);
	return err;
}
