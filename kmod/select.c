// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes of queue_select that a policy had the kernel keep back (DEFER). One goes out when a
 * command needs it; the device is spared those that are overwritten before, and those that say
 * what it has already. All under vf->owner.turn. In the
 * kernel, as only here every command is seen, the daemon's too.
 */
#include <linux/virtio_pci.h>

#include "select.h"
#include "vf.h"

static bool vvb_selects(const struct vvb_admin_op *op)
{
	return op->opcode == VVB_OP_COMMON_WRITE && op->offset == VIRTIO_PCI_QUEUE_SEL;
}

/* Writing 0 resets the device, queue_select too (virtio 1.3, 4.1.4.10). */
static bool vvb_resets(const struct vvb_admin_op *op)
{
	return op->opcode == VVB_OP_COMMON_WRITE && op->offset == VIRTIO_PCI_STATUS &&
	       !op->registers[0];
}

/* Is it a register of the selected queue, or the selection itself? */
static bool vvb_of_queue(const struct vvb_admin_op *op)
{
	if (op->opcode != VVB_OP_COMMON_WRITE && op->opcode != VVB_OP_COMMON_READ)
		return false;
	switch (op->offset) {
	case VIRTIO_PCI_QUEUE_PFN:
	case VIRTIO_PCI_QUEUE_NUM:
	case VIRTIO_PCI_QUEUE_SEL:
	case VIRTIO_MSI_QUEUE_VECTOR:
		return true;
	default:
		return false;
	}
}

/* What was learned before a reset is void. */
static void vvb_select_refresh(struct vvb_vf *vf)
{
	u32 epoch = READ_ONCE(vf->state.epoch);

	if (vf->owner.select.epoch != epoch)
		vf->owner.select = (struct vvb_select) { .epoch = epoch };
}

/**
 * vvb_select_wanted - must vf->owner.select.value, which is held, go out before this command?
 * @vf:		the VF
 * @op:		the command
 */
bool vvb_select_wanted(struct vvb_vf *vf, const struct vvb_admin_op *op)
{
	vvb_select_refresh(vf);
	return vf->owner.select.held && vvb_of_queue(op) && !vvb_selects(op);
}

/* Keep a write back; the last one counts, and none that the device has already. */
void vvb_select_hold(struct vvb_vf *vf, u16 queue)
{
	vvb_select_refresh(vf);
	vf->owner.select.value = queue;
	vf->owner.select.held = !vf->owner.select.known || vf->owner.select.sent != queue;
}

/**
 * vvb_select_ran - learn from a command that was run
 * @vf:		the VF
 * @op:		the command, a write to the common configuration
 * @err:	what came of it
 *
 * To the guest a write that failed has not happened: what is kept back stays so, and what was
 * selected before. That the device has that is then not known, as one that timed out may still be
 * carried out.
 */
void vvb_select_ran(struct vvb_vf *vf, const struct vvb_admin_op *op, int err)
{
	struct vvb_select *select = &vf->owner.select;

	if (!vvb_resets(op) && !vvb_selects(op))
		return;
	vvb_select_refresh(vf);
	select->held &= !!err;
	select->known = !err && vvb_selects(op);
	if (!err)
		select->sent = vvb_get_le(op->registers, 2);
}

/* The queue that the device has selected, as far as we know. */
u16 vvb_select_now(struct vvb_vf *vf)
{
	vvb_select_refresh(vf);
	return vf->owner.select.sent;
}

/**
 * vvb_select_moved - a command of the module's own has selected another queue
 * @vf:		the VF
 * @queue:	which
 * @err:	what came of it
 *
 * What the guest has selected is kept back from now on.
 */
void vvb_select_moved(struct vvb_vf *vf, u16 queue, int err)
{
	struct vvb_select *select = &vf->owner.select;

	vvb_select_refresh(vf);
	if (!select->held)
		select->value = select->sent;
	select->held = err || select->value != queue;
	select->known = !err;
	select->sent = queue;
}
