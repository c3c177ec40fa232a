// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running a command, in one of two ways. Inline, on the thread of the vCPU, which then
 * waits for the device as long as the device likes, as virtio_pci has it. Or guarded, on
 * a worker: the vCPU waits until its deadline and then abandons the command, which lives
 * on with its own buffer and its own references until the device answers or the PF's
 * virtio device is reset.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/virtio_pci_admin.h>

#include "command.h"

static struct workqueue_struct *vvb_cmd_wq;

static int vvb_cmd_send(struct vvb_cmd *cmd)
{
	struct vvb_admin_op *op = &cmd->op;

	switch (op->opcode) {
	case VVB_OP_COMMON_WRITE:
		return virtio_pci_admin_legacy_common_io_write(cmd->pdev, op->offset, op->width,
							       cmd->buf);
	case VVB_OP_COMMON_READ:
		return virtio_pci_admin_legacy_common_io_read(cmd->pdev, op->offset, op->width,
							      cmd->buf);
	case VVB_OP_DEVICE_WRITE:
		return virtio_pci_admin_legacy_device_io_write(cmd->pdev, op->offset, op->width,
							       cmd->buf);
	case VVB_OP_DEVICE_READ:
		return virtio_pci_admin_legacy_device_io_read(cmd->pdev, op->offset, op->width,
							      cmd->buf);
	case VVB_OP_NOTIFY_INFO:
		return virtio_pci_admin_legacy_io_notify_info(cmd->pdev, cmd->flags, &cmd->bar,
							      &cmd->offset);
	default:
		return -EINVAL;
	}
}

/*
 * Asked as late as can be: it may have waited for a slot for seconds. When guarded, its vCPU may
 * be gone; and a daemon's own is to change nothing behind a request that has been answered without
 * it.
 */
static __always_inline bool vvb_cmd_wanted(struct vvb_cmd *cmd, bool guarded)
{
	if (guarded && vvb_cmd_abandoned(cmd))
		return false;
	return likely(!cmd->request) || vvb_punt_holds(cmd->request);
}

/* Through the gate, with a clean buffer. */
static __always_inline int vvb_cmd_pass(struct vvb_cmd *cmd, bool guarded)
{
	int err = vvb_gate_enter(cmd->gate);

	if (err)
		return err;
	memcpy(cmd->buf, cmd->op.registers, sizeof(cmd->buf));
	err = vvb_cmd_wanted(cmd, guarded) ? vvb_cmd_send(cmd) : -ECANCELED;
	vvb_gate_leave(cmd->gate);
	return err;
}

static void vvb_cmd_work(struct work_struct *work)
{
	struct vvb_cmd *cmd = container_of(work, struct vvb_cmd, work);
	bool abandoned;

	cmd->err = vvb_cmd_pass(cmd, true);
	abandoned = atomic_cmpxchg(&cmd->state, VVB_CMD_RUNNING, VVB_CMD_DONE) == VVB_CMD_ABANDONED;
	if (abandoned)
		vvb_gate_stalled(cmd->gate, -1);
	complete_all(&cmd->done);
	vvb_cmd_put(cmd);
	/* the work queue is drained before the module's text goes */
	if (abandoned)
		module_put(THIS_MODULE);
}

static void vvb_cmd_free(struct kref *kref)
{
	struct vvb_cmd *cmd = container_of(kref, struct vvb_cmd, kref);

	vvb_gate_put(cmd->gate);
	pci_dev_put(cmd->pdev);
	kfree(cmd);
}

/**
 * vvb_cmd_new - a command for a VF
 * @pdev:	the VF
 * @gate:	of its PF
 *
 * It can be run any number of times, one after the other, until it is abandoned.
 * Return: the command, or NULL: no memory.
 */
struct vvb_cmd *vvb_cmd_new(struct pci_dev *pdev, struct vvb_gate *gate)
{
	struct vvb_cmd *cmd = kzalloc(sizeof(*cmd), GFP_KERNEL);

	if (!cmd)
		return NULL;
	kref_init(&cmd->kref);
	INIT_WORK(&cmd->work, vvb_cmd_work);
	init_completion(&cmd->done);
	cmd->pdev = pci_dev_get(pdev);
	cmd->gate = vvb_gate_hold(gate);
	return cmd;
}

void vvb_cmd_put(struct vvb_cmd *cmd)
{
	if (cmd)
		kref_put(&cmd->kref, vvb_cmd_free);
}

/*
 * On the caller's thread. Return: 0; -ENODEV; -EINTR; -ECANCELED @request was settled, nothing was
 * sent; or what virtio_pci says.
 */
int vvb_cmd_inline(struct vvb_cmd *cmd)
{
	int err;

	atomic_set(&cmd->state, VVB_CMD_RUNNING);
	err = vvb_cmd_pass(cmd, false);
	atomic_set(&cmd->state, VVB_CMD_DONE);
	return err;
}

/**
 * vvb_cmd_guarded - run a command on a worker and wait for it until a deadline
 * @cmd:	the caller keeps its reference
 * @timeout:	in jiffies
 *
 * Return: as vvb_cmd_inline(), or -ETIMEDOUT, or -EINTR when the caller is being killed;
 * then, if vvb_cmd_abandoned(), the device may still answer. Until it does this module
 * stays loaded.
 */
int vvb_cmd_guarded(struct vvb_cmd *cmd, unsigned long timeout)
{
	long left;

	atomic_set(&cmd->state, VVB_CMD_RUNNING);
	reinit_completion(&cmd->done);
	kref_get(&cmd->kref);
	queue_work(vvb_cmd_wq, &cmd->work);
	left = wait_for_completion_killable_timeout(&cmd->done, timeout);
	if (left > 0)
		return cmd->err;
	/* both before the worker can see the state and undo them */
	__module_get(THIS_MODULE);
	vvb_gate_stalled(cmd->gate, 1);
	if (atomic_cmpxchg(&cmd->state, VVB_CMD_RUNNING, VVB_CMD_ABANDONED) == VVB_CMD_RUNNING)
		return left ? -EINTR : -ETIMEDOUT;
	vvb_gate_stalled(cmd->gate, -1);
	module_put(THIS_MODULE);
	return cmd->err;
}

/* Workers wait for devices, so there are as many as there may be VFs that hang. */
int vvb_cmd_init(void)
{
	vvb_cmd_wq = alloc_workqueue("vvb", WQ_UNBOUND, WQ_MAX_ACTIVE);
	return vvb_cmd_wq ? 0 : -ENOMEM;
}

void vvb_cmd_exit(void)
{
	destroy_workqueue(vvb_cmd_wq);
}
