// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VFs that are bound, whether each is open, revoked, and its resets. In the kernel, as this is
 * what every other file asks first.
 */
#include "owner.h"
#include "punt.h"
#include "vf.h"

DEFINE_MUTEX(vvb_vfs_lock); /* see vf.h */
LIST_HEAD(vvb_vfs);

/* Locks, lists and completions of all its parts, but for those of kicks. */
void vvb_vf_init(struct vvb_vf *vf)
{
	INIT_LIST_HEAD(&vf->node);
	mutex_init(&vf->lock);
	spin_lock_init(&vf->state.lock);
	init_completion(&vf->revoke.done);
	spin_lock_init(&vf->intx.lock);
	mutex_init(&vf->config.lock);
	mutex_init(&vf->ioeventfds.lock);
	INIT_LIST_HEAD(&vf->ioeventfds.list);
	raw_spin_lock_init(&vf->eject.lock);
	raw_spin_lock_init(&vf->diff.lock);
	INIT_LIST_HEAD(&vf->claim.node);
	INIT_LIST_HEAD(&vf->claim.notice);
	INIT_LIST_HEAD(&vf->punt.node);
	init_completion(&vf->punt.done);
	vvb_operation_init(vf);
}

/* The VF with this id; vvb_vfs_lock is held. */
struct vvb_vf *vvb_vf_find(u64 id)
{
	struct vvb_vf *vf;

	lockdep_assert_held(&vvb_vfs_lock);
	list_for_each_entry(vf, &vvb_vfs, node)
		if (vf->id == id)
			return vf;
	return NULL;
}

/* ---- open and closed ---- */

/* The VF has a new user. Return: 0, or -ENODEV: it is wanted back. */
int vvb_vf_admit(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state.lock);
	if (vf->revoke.removed)
		return -ENODEV;
	WRITE_ONCE(vf->revoke.revoked, false);
	reinit_completion(&vf->revoke.done);
	return 0;
}

/**
 * vvb_vf_revoke - every access ends at once, and whoever waits goes on
 * @vf:		its user goes, or is to go
 * @removed:	for good, as the VF is wanted back: then who waits for the device goes on, too
 *
 * Who punts or sends a command looks at vf->revoke.revoked, under the lock that is taken here
 * behind it: either it is seen, or what began before is found.
 *
 * Context: process context.
 */
void vvb_vf_revoke(struct vvb_vf *vf, bool removed)
{
	scoped_guard(spinlock, &vf->state.lock) {
		vf->revoke.removed |= removed;
		WRITE_ONCE(vf->revoke.revoked, true);
		complete_all(&vf->revoke.done);
	}
	vvb_punt_revoke(vf);
	vvb_operation_revoke(vf, removed);
	vvb_owner_end(vf, removed);
}

/*
 * Has it a bit of its own for memory decoding? A VF has none, its PF has it (VF MSE). But there are VFs that
 * have one all the same, QEMU's among them, and decode no memory while it is off. By now it is on.
 */
static bool vvb_vf_has_memory_bit(struct pci_dev *pdev)
{
	u16 command;

	if (!pdev->no_command_memory)
		return true;
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	return !PCI_POSSIBLE_ERROR(command) && command & PCI_COMMAND_MEMORY;
}

/*
 * Freeze what `legacy` says for the time the device is open, as far as there is an @owner. I/O
 * decoding is on, as vfio-pci has it for a function with an I/O BAR: pci_enable_device() turns it
 * on, and a user that is no VMM with a firmware (DPDK) never does.
 */
void vvb_vf_opened(struct vvb_vf *vf, enum vvb_owner_kind owner)
{
	bool possible = owner != VVB_OWNER_AUTO;
	bool memory_bit = vvb_vf_has_memory_bit(vf->core.pdev);

	guard(spinlock)(&vf->state.lock);
	vf->owner.active = possible ? owner : VVB_OWNER_PF;
	vf->state.opened = true;
	vf->state.transitional = possible && vf->set->legacy != VVB_LEGACY_OFF;
	vf->state.sealed = vf->set->legacy == VVB_LEGACY_ONLY;
	vf->state.intx = vf->state.transitional && vf->set->intx == VVB_INTX_AUTO &&
			 vf->core.pdev->msix_cap && !vf->own_line;
	vf->decodes = vf->state.transitional && vf->owner.active == VVB_OWNER_SELF && memory_bit;
	vf->state.io_enabled = true;
	vf->state.msix = false;
}

void vvb_vf_closed(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state.lock);
	vf->state.opened = false;
	vf->state.io_enabled = false;
	WRITE_ONCE(vf->notify_addr, NULL);
}

/* ---- resets ---- */

/**
 * vvb_reset_begin - before the user resets a VF
 * @vf:		open
 *
 * Not into the middle of an access. And a late answer to a command given up would change the
 * device behind the reset.
 *
 * Context: sleeps, killable; takes vf->lock.
 * Return: 0 and vvb_reset_end() must follow; or as vvb_owner_settled().
 */
int vvb_reset_begin(struct vvb_vf *vf)
{
	int err;

	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	err = vvb_owner_settled(vf);
	if (err)
		mutex_unlock(&vf->lock);
	return err;
}

void vvb_reset_end(struct vvb_vf *vf)
{
	mutex_unlock(&vf->lock);
}

/**
 * vvb_reset_happened - after any reset
 * @vf:		open or not
 *
 * Whatever was cached is void. I/O decoding stays as it was: whoever resets a VF (VFIO_DEVICE_RESET,
 * Initiate Function Level Reset, sysfs, the way from D3hot to D0), the kernel saves PCI_COMMAND
 * before and restores it after, and vfio-pci shows its user no other bit of it changed.
 * Context: process context; takes vf->state.lock, and vf->intx.lock in it, and may be under
 * vfio-pci's memory_lock: no
 * sleeping lock here, no command.
 */
void vvb_reset_happened(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state.lock);
	WRITE_ONCE(vf->state.epoch, vf->state.epoch + 1);
	vvb_intx_reset(vf);
}
