/* SPDX-License-Identifier: GPL-2.0-only */
/* The fast path, in line: a 16-bit store of a queue index to the VF's notify address. */
#ifndef VVB_NOTIFY_H
#define VVB_NOTIFY_H

#include <linux/pci.h>

#include "compat.h"
#include "owner_self.h"
#include "stats.h"
#include "vf.h"

#define VVB_NOTIFY_LEN 2

int vvb_notify_open(struct vvb_vf *vf);
int vvb_notify_asleep(struct vvb_vf *vf, struct vvb_access *acc);

/* As vfio-pci's own test, which is not exported; memory_lock is held. */
static inline bool vvb_memory_enabled(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	return (__force int)pdev->current_state < (__force int)PCI_D3hot &&
	       (pdev->no_command_memory || vf->decodes ||
		vf->core.vconfig[PCI_COMMAND] & PCI_COMMAND_MEMORY);
}

/**
 * vvb_notify_store - the store itself
 * @vf:		open, with a notify address
 * @acc:	write of queue_notify
 *
 * Context: any; memory_lock is held for reading.
 * Return: 0, or -EIO while the VF decodes no memory.
 */
static inline int vvb_notify_store(struct vvb_vf *vf, struct vvb_access *acc)
{
	acc->handler = VVB_HANDLER_NOTIFY;
	if (unlikely(!vvb_memory_enabled(vf))) {
		vvb_stats_event(vf, VVB_EV_MEM_DISABLED);
		return -EIO;
	}
	if (likely(!vf->doorbells))
		writew(acc->value, vf->notify_addr);
	else
		vvb_owner_self_ring(vf->doorbells, acc->value);
	return 0;
}

/**
 * vvb_notify - one lock, one store
 * @vf:		open, with a notify address
 * @acc:	write of queue_notify
 *
 * A device that is awake under that lock can't fall asleep.
 * Context: sleeps. Return: as vvb_notify_store(), or -EIO the device can't be woken.
 */
static inline int vvb_notify(struct vvb_vf *vf, struct vvb_access *acc)
{
	int err;

	down_read(&vf->core.memory_lock);
	if (unlikely(vvb_pm_engaged(&vf->core))) {
		up_read(&vf->core.memory_lock);
		return vvb_notify_asleep(vf, acc);
	}
	err = vvb_notify_store(vf, acc);
	up_read(&vf->core.memory_lock);
	return err;
}

#endif /* VVB_NOTIFY_H */
