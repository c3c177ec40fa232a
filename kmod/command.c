// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running a command, in one of two ways. Inline, on the thread of the vCPU, which then waits for
 * the device as long as the device likes, as virtio_pci has it. Or guarded, on a worker: the vCPU
 * waits until its deadline and then gives the command up, which lives on with its own buffer and
 * its own references until the device answers or the PF's virtio device is reset. While a worker
 * has a command it is nobody else's: the next one is run with another, so that nothing of this one
 * can be taken for that one's. In the kernel, as the administration virtqueue is virtio_pci's.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/virtio_pci_admin.h>

#include "command.h"
#include "compat.h"
#include "pf.h"

static struct workqueue_struct *vvb_cmd_wq, *vvb_cmd_near_wq;

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

static __always_inline void vvb_cmd_ask(struct vvb_cmd *cmd, const struct vvb_call *call)
{
	cmd->op = *call->op;
	cmd->wanted.ask = NULL;
	if (unlikely(call->wanted))
		cmd->wanted = *call->wanted;
	cmd->flags = call->flags;
	memcpy(cmd->buf, cmd->op.registers, sizeof(cmd->buf));
}

static __always_inline void vvb_cmd_tell(const struct vvb_cmd *cmd, struct vvb_call *call)
{
	call->status = cmd->status;
	call->value = le64_to_cpup((const __le64 *)cmd->buf) & vvb_all_ones(cmd->op.width);
	if (likely(cmd->op.opcode != VVB_OP_NOTIFY_INFO))
		return;
	call->bar = cmd->bar;
	call->offset = cmd->offset;
}

/* Asked as late as can be: it may have waited for its turn for seconds. */
static __always_inline bool vvb_cmd_wanted(const struct vvb_cmd *cmd)
{
	return likely(!cmd->wanted.ask) || cmd->wanted.ask(cmd->wanted.what);
}

/* On a worker. Return: 0, it was sent and is answered; -ECANCELED; -ENODEV. */
static int vvb_cmd_carry(struct vvb_cmd *cmd)
{
	if (unlikely(!vvb_cmd_wanted(cmd)))
		return -ECANCELED;
	if (unlikely(!vvb_inflight_send(&cmd->pf->inflight, &cmd->ticket)))
		return -ENODEV;
	cmd->status = vvb_cmd_send(cmd);
	return 0;
}

static void vvb_cmd_work(struct work_struct *work)
{
	struct vvb_cmd *cmd = container_of(work, struct vvb_cmd, work);
	bool given_up;

	cmd->refused = vvb_cmd_carry(cmd);
	given_up = vvb_inflight_leave(&cmd->pf->inflight, &cmd->ticket);
	complete_all(&cmd->ticket.event);
	vvb_cmd_put(cmd);
	/* the work queue is drained before the module's text goes */
	if (given_up)
		module_put(THIS_MODULE);
}

static void vvb_cmd_free(struct kref *kref)
{
	struct vvb_cmd *cmd = container_of(kref, struct vvb_cmd, kref);

	vvb_pf_put(cmd->pf);
	pci_dev_put(cmd->pdev);
	kfree(cmd);
}

/**
 * vvb_cmd_new - a command for a VF
 * @pdev:	the VF
 * @pf:	of its PF
 * @member:	its group member id
 *
 * It can be run any number of times, one after the other, while it is not shared.
 * Return: the command, to be given back with vvb_cmd_put(), or NULL: no memory.
 */
struct vvb_cmd *vvb_cmd_new(struct pci_dev *pdev, struct vvb_pf *pf, u64 member)
{
	struct vvb_cmd *cmd = kzalloc(sizeof(*cmd), GFP_KERNEL);

	if (!cmd)
		return NULL;
	kref_init(&cmd->kref);
	INIT_WORK(&cmd->work, vvb_cmd_work);
	init_completion(&cmd->ticket.event);
	cmd->ticket.member = member;
	cmd->pdev = pci_dev_get(pdev);
	kref_get(&pf->kref);
	cmd->pf = pf;
	return cmd;
}

/* In place of a command that a worker still has another one. Return: 0 or -ENOMEM. */
int vvb_cmd_renew(struct vvb_cmd **cmd)
{
	struct vvb_cmd *next = vvb_cmd_new((*cmd)->pdev, (*cmd)->pf, (*cmd)->ticket.member);

	if (!next)
		return -ENOMEM;
	vvb_cmd_put(*cmd);
	*cmd = next;
	return 0;
}

void vvb_cmd_put(struct vvb_cmd *cmd)
{
	if (cmd)
		kref_put(&cmd->kref, vvb_cmd_free);
}

/**
 * vvb_cmd_inline - run a command on the caller's thread
 * @cmd:	the caller's alone
 * @call:	what to do; filled in
 *
 * Context: sleeps until it is its turn, killable, and then until the device answers.
 * Return: 0, there is an answer, look at its status; or as vvb_inflight_enter(), and -ECANCELED
 * for a request that is held no more.
 */
int vvb_cmd_inline(struct vvb_cmd *cmd, struct vvb_call *call)
{
	int err = vvb_inflight_enter(&cmd->pf->inflight, &cmd->ticket, &call->deadline, true);

	if (unlikely(err))
		return err;
	vvb_cmd_ask(cmd, call);
	call->sent = vvb_cmd_wanted(cmd);
	if (likely(call->sent))
		cmd->status = vvb_cmd_send(cmd);
	vvb_inflight_leave(&cmd->pf->inflight, &cmd->ticket);
	vvb_cmd_tell(cmd, call);
	return likely(call->sent) ? 0 : -ECANCELED;
}

/* Wait for the answer of a command that a worker has. Return: 0, or why it was given up. */
static int vvb_cmd_await(struct vvb_cmd *cmd, const struct vvb_deadline *deadline)
{
	long left = max(vvb_deadline_left(deadline), 1L);

	left = wait_for_completion_killable_timeout(&cmd->ticket.event, left);
	/* as vvb_inflight_leave() stored it: what was written before can be read then */
	if (likely(smp_load_acquire(&cmd->ticket.over)))
		return 0;
	/* before the worker can see what undoes it */
	__module_get(THIS_MODULE);
	if (vvb_inflight_give_up(&cmd->pf->inflight, &cmd->ticket)) {
		if (left > 0)
			return -ECANCELED;
		return left ? -EINTR : -ETIMEDOUT;
	}
	module_put(THIS_MODULE);
	return 0;
}

/*
 * A worker of the CPU that the vCPU is about to leave, before all others of it, spares a second
 * one that would be woken in vain. But one that finds the PF's queue full of commands that hang
 * spins in virtio_pci: on that CPU it would hold up the vCPU past its deadline. So only a command
 * that is alone at the PF goes there, and any other to where there is a CPU free.
 */
static void vvb_cmd_queue(struct vvb_cmd *cmd)
{
	bool alone = READ_ONCE(cmd->pf->inflight.nr) == 1;

	queue_work(alone ? vvb_cmd_near_wq : vvb_cmd_wq, &cmd->work);
}

/**
 * vvb_cmd_guarded - run a command on a worker and wait for it until a deadline
 * @cmd:	the caller's alone; shared with the worker from here on
 * @call:	what to do, with a time-out; filled in
 *
 * Context: sleeps; killable.
 * Return: as vvb_cmd_inline(); a command that was sent and that nobody waits for any more is
 * -ETIMEDOUT, -EINTR the caller is being killed, or -ECANCELED the VF is wanted back. The device
 * may still answer it; until then this module stays loaded.
 */
int vvb_cmd_guarded(struct vvb_cmd *cmd, struct vvb_call *call)
{
	int err;

	cmd->ticket.over = false;
	reinit_completion(&cmd->ticket.event);
	err = vvb_inflight_enter(&cmd->pf->inflight, &cmd->ticket, &call->deadline, false);
	if (err)
		return err;
	if (unlikely(time_after_eq(jiffies, call->deadline.at))) {
		vvb_inflight_leave(&cmd->pf->inflight, &cmd->ticket);
		return -ETIMEDOUT;
	}
	vvb_cmd_ask(cmd, call);
	kref_get(&cmd->kref);
	vvb_cmd_queue(cmd);
	err = vvb_cmd_await(cmd, &call->deadline);
	call->sent = err || !cmd->refused;
	if (err)
		return err;
	vvb_cmd_tell(cmd, call);
	return cmd->refused;
}

/*
 * Workers wait for the device, and a vCPU for each. There are as many as the kernel has for one
 * queue, 512 divided among the NUMA nodes, which is 64 PFs that hang.
 */
int vvb_cmd_init(void)
{
	vvb_cmd_wq = alloc_workqueue("vvb", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (!vvb_cmd_wq)
		return -ENOMEM;
	vvb_cmd_near_wq = alloc_workqueue("vvb_near", WQ_HIGHPRI | WQ_PERCPU, WQ_MAX_ACTIVE);
	if (vvb_cmd_near_wq)
		return 0;
	destroy_workqueue(vvb_cmd_wq);
	return -ENOMEM;
}

void vvb_cmd_exit(void)
{
	destroy_workqueue(vvb_cmd_near_wq);
	destroy_workqueue(vvb_cmd_wq);
}
