// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only place that runs administration commands (virtio 1.3, 2.12.1.2), through the
 * functions that virtio_pci exports. They wait for the device without a time-out and
 * print a line on the PF for every command that fails; so what fails is limited here.
 */
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_pci_admin.h>

#include "vvb.h"

#define VVB_RETRIES 3 /* of EAGAIN, after 1, 2 and 4 ms */
#define VVB_FAIL_BURST 16 /* failing commands a VF may send at once */
#define VVB_FAIL_PERIOD (HZ / 4) /* and then one per period */

int vvb_admin_vf_init(struct vvb_vf *vf)
{
	mutex_init(&vf->cmd_lock);
	vf->fail_tokens = VVB_FAIL_BURST;
	vf->fail_refill = jiffies;
	vf->cmd_buf = kzalloc(sizeof(u64), GFP_KERNEL);
	return vf->cmd_buf ? 0 : -ENOMEM;
}

void vvb_admin_vf_free(struct vvb_vf *vf)
{
	kfree(vf->cmd_buf);
}

/* May this VF send a command, which could fail? Under cmd_lock. */
static bool vvb_admin_may_fail(struct vvb_vf *vf)
{
	unsigned long periods = (jiffies - vf->fail_refill) / VVB_FAIL_PERIOD;

	if (periods) {
		vf->fail_tokens = min(vf->fail_tokens + periods, (unsigned long)VVB_FAIL_BURST);
		vf->fail_refill += periods * VVB_FAIL_PERIOD;
	}
	return vf->fail_tokens;
}

static int vvb_admin_exec(struct vvb_vf *vf, const struct vvb_admin_op *op)
{
	struct pci_dev *pdev = vf->core.pdev;

	switch (op->opcode) {
	case VVB_OP_COMMON_WRITE:
		return virtio_pci_admin_legacy_common_io_write(pdev, op->offset, op->width,
							       vf->cmd_buf);
	case VVB_OP_COMMON_READ:
		return virtio_pci_admin_legacy_common_io_read(pdev, op->offset, op->width,
							      vf->cmd_buf);
	case VVB_OP_DEVICE_WRITE:
		return virtio_pci_admin_legacy_device_io_write(pdev, op->offset, op->width,
							       vf->cmd_buf);
	case VVB_OP_DEVICE_READ:
		return virtio_pci_admin_legacy_device_io_read(pdev, op->offset, op->width,
							      vf->cmd_buf);
	default:
		return -EINVAL;
	}
}

/* One try: through the gate, with a clean buffer, so that a short result reads as zero. */
static int vvb_admin_try(struct vvb_vf *vf, const struct vvb_admin_op *op)
{
	int err = vvb_gate_enter(vf->gate);

	if (err) {
		if (err == -ENODEV)
			vvb_stats_event(vf, VVB_EV_GATE_CLOSED);
		return err;
	}
	memset(vf->cmd_buf, 0, sizeof(op->registers));
	if (vvb_opcode_writes(op->opcode))
		memcpy(vf->cmd_buf, op->registers, op->width);
	vvb_stats_command(vf, op->opcode);
	err = vvb_admin_exec(vf, op);
	vvb_gate_leave(vf->gate);
	if (err)
		vf->fail_tokens -= !!vf->fail_tokens;
	return err;
}

/* The device said "not now": back off, then try again? Any other result is final. */
static bool vvb_admin_again(struct vvb_vf *vf, int err, unsigned int tries)
{
	if (err != -EAGAIN || tries == VVB_RETRIES || fatal_signal_pending(current))
		return false;
	vvb_stats_event(vf, VVB_EV_COMMAND_RETRY);
	fsleep(1000 << tries);
	return true;
}

static int vvb_admin_retry(struct vvb_vf *vf, const struct vvb_admin_op *op)
{
	unsigned int tries;
	int err;

	for (tries = 0; ; tries++) {
		if (!vvb_admin_may_fail(vf)) {
			vvb_stats_event(vf, VVB_EV_COMMAND_LIMIT);
			return -EBUSY;
		}
		err = vvb_admin_try(vf, op);
		if (!vvb_admin_again(vf, err, tries))
			break;
	}
	if (err && err != -ENODEV && err != -EINTR)
		vvb_stats_event(vf, VVB_EV_COMMAND_ERROR);
	return err;
}

/**
 * vvb_admin_run - run one legacy access command for a VF and wait for the device
 * @vf:		the VF
 * @op:		checked: within one field, in range, width 1..8; the member id is not
 *		looked at, the exported functions fill it in
 * @value:	reads: set to the result, missing bytes zero; writes: may be NULL
 *
 * Context: process context, sleeps. Takes cmd_lock, so a daemon's own command and one of
 * the vCPU never meet (virtio_pci wants its callers to serialise per VF).
 * Return: 0; -EINTR the caller is being killed; -ENODEV the PF's virtio driver is gone;
 * -EBUSY too many commands of this VF failed, none was sent; else the negative status of
 * the device or an error of virtio_pci, which can't be told apart.
 */
int vvb_admin_run(struct vvb_vf *vf, const struct vvb_admin_op *op, u64 *value)
{
	int err;

	if (mutex_lock_killable(&vf->cmd_lock))
		return -EINTR;
	err = vvb_admin_retry(vf, op);
	if (!err && value && !vvb_opcode_writes(op->opcode))
		*value = vvb_get_le(vf->cmd_buf, op->width);
	mutex_unlock(&vf->cmd_lock);
	return err;
}

static int vvb_admin_notify_try(struct vvb_vf *vf, u8 flags, u8 *bar, u64 *offset)
{
	int err = vvb_gate_enter(vf->gate);

	if (err)
		return err;
	vvb_stats_command(vf, VVB_OP_NOTIFY_INFO);
	err = virtio_pci_admin_legacy_io_notify_info(vf->core.pdev, flags, bar, offset);
	vvb_gate_leave(vf->gate);
	return err;
}

/**
 * vvb_admin_notify_info - the first notify address of a kind (virtio 1.3, 2.12.1.2.7)
 * @vf:		the VF
 * @flags:	VIRTIO_ADMIN_CMD_NOTIFY_INFO_FLAGS_*: owner's or member's BAR
 * @bar, @offset: as the device gave them, unchecked
 *
 * Return: 0, -ENOENT no entry of the kind, or as vvb_admin_run().
 */
int vvb_admin_notify_info(struct vvb_vf *vf, u8 flags, u8 *bar, u64 *offset)
{
	unsigned int tries;
	int err;

	if (mutex_lock_killable(&vf->cmd_lock))
		return -EINTR;
	for (tries = 0; ; tries++) {
		err = vvb_admin_notify_try(vf, flags, bar, offset);
		if (!vvb_admin_again(vf, err, tries))
			break;
	}
	mutex_unlock(&vf->cmd_lock);
	return err;
}

/* Does the PF's device offer the legacy commands? Its list outlives its driver: gated. */
bool vvb_admin_supported(struct vvb_vf *vf)
{
	bool yes;

	if (vvb_gate_enter(vf->gate))
		return false;
	yes = virtio_pci_admin_has_legacy_io(vf->core.pdev);
	vvb_gate_leave(vf->gate);
	return yes;
}
