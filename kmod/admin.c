// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only way to an administration command (virtio 1.3, 2.12.1.2): one at a time per VF,
 * retried where the device asks for it, and rationed where it fails, as virtio_pci prints
 * a line on the PF for every failure.
 */
#include <linux/delay.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_pci_admin.h>

#include "command.h"
#include "trace.h"

#define VVB_RETRIES 3 /* of EAGAIN, after 1, 2 and 4 ms */
#define VVB_FAIL_BURST 16 /* failing commands a VF may send at once */
#define VVB_FAIL_PERIOD (HZ / 4) /* and then one per period */

/*
 * Guarded by default. It costs two switches of threads for each command (README.md has the
 * figure), of which a guest sends some dozens in its life; a device that hangs would cost its
 * VMM a thread that can't be killed. Longer than any command in good order takes, shorter than
 * what watches over a guest allows.
 */
#define VVB_TIMEOUT_MS 5000

void vvb_admin_vf_init(struct vvb_vf *vf)
{
	mutex_init(&vf->cmd_lock);
	vf->fail_tokens = VVB_FAIL_BURST;
	vf->admin_timeout_ms = VVB_TIMEOUT_MS;
}

/* Does not wait: a command that was given up lives on by its own references. */
void vvb_admin_vf_free(struct vvb_vf *vf)
{
	vvb_cmd_put(vf->cmd);
}

/* May this VF send a command, which could fail? Under cmd_lock. */
static bool vvb_admin_may_fail(struct vvb_vf *vf)
{
	unsigned long periods;

	if (likely(vf->fail_tokens == VVB_FAIL_BURST))
		return true;
	periods = (jiffies - vf->fail_refill) / VVB_FAIL_PERIOD;
	if (periods) {
		vf->fail_tokens = min(vf->fail_tokens + periods, (unsigned long)VVB_FAIL_BURST);
		vf->fail_refill += periods * VVB_FAIL_PERIOD;
	}
	return vf->fail_tokens;
}

/* A command that was given up is not over before the device says so: none goes past it. */
static noinline int vvb_admin_renew(struct vvb_vf *vf)
{
	struct vvb_cmd *old = vf->cmd, *cmd;

	if (old && vvb_cmd_outstanding(old)) {
		vvb_stats_event(vf, VVB_EV_STALLED);
		return -EBUSY;
	}
	cmd = vvb_cmd_new(vf->core.pdev, vf->gate);
	if (!cmd)
		return -ENOMEM;
	spin_lock(&vf->state_lock); /* for vvb_admin_peek() */
	vf->cmd = cmd;
	spin_unlock(&vf->state_lock);
	vvb_cmd_put(old);
	return 0;
}

/* Have a command that can be run. */
static inline int vvb_admin_settle(struct vvb_vf *vf)
{
	return likely(vf->cmd && !vvb_cmd_abandoned(vf->cmd)) ? 0 : vvb_admin_renew(vf);
}

/*
 * The same as vvb_admin_stalled() for who only wants to know: waits for nothing, so that it
 * can be asked while the device hangs.
 */
bool vvb_admin_peek(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state_lock);
	return vf->cmd && vvb_cmd_outstanding(vf->cmd);
}

/**
 * vvb_admin_stalled - is a command of this VF outstanding that nobody waits for?
 * @vf:		the VF
 *
 * Its answer could hit whoever uses the VF next, so such a VF is not opened or reset.
 * Context: sleeps while a command is under way; killable.
 * Return: 0; -EBUSY; -EINTR.
 */
int vvb_admin_stalled(struct vvb_vf *vf)
{
	int err;

	if (mutex_lock_killable(&vf->cmd_lock))
		return -EINTR;
	err = vf->cmd && vvb_cmd_outstanding(vf->cmd) ? -EBUSY : 0;
	mutex_unlock(&vf->cmd_lock);
	return err;
}

/* Count what an access that failed came to in the end. */
static void vvb_admin_count(struct vvb_vf *vf, int err)
{
	if (err == -ENODEV)
		vvb_stats_event(vf, VVB_EV_GATE_CLOSED);
	else if (err == -ETIMEDOUT)
		vvb_stats_event(vf, VVB_EV_COMMAND_TIMEOUT);
	else if (err != -EINTR && err != -ENOENT && err != -ECANCELED)
		vvb_stats_event(vf, VVB_EV_COMMAND_ERROR);
}

/* A command has failed; from the first one on time refills the budget. Under cmd_lock. */
static void vvb_admin_failed(struct vvb_vf *vf)
{
	if (vf->fail_tokens == VVB_FAIL_BURST)
		vf->fail_refill = jiffies;
	vf->fail_tokens -= !!vf->fail_tokens;
}

/* One try; vf->cmd is ready. */
static int vvb_admin_try(struct vvb_vf *vf, unsigned long deadline)
{
	u64 start = trace_vvb_admin_enabled() ? ktime_get_ns() : 0;
	int err;

	vvb_stats_command(vf, vf->cmd->op.opcode);
	if (deadline)
		err = vvb_cmd_guarded(vf->cmd, max_t(long, deadline - jiffies, 1));
	else
		err = vvb_cmd_inline(vf->cmd);
	if (start)
		trace_vvb_admin(vf->id, &vf->cmd->op, err, ktime_get_ns() - start);
	if (unlikely(err) && err != -ENODEV && err != -EINTR && err != -ENOENT && err != -ECANCELED)
		vvb_admin_failed(vf);
	return err;
}

/* The device said "not now": back off, then try again? Any other result is final. */
static bool vvb_admin_again(struct vvb_vf *vf, int err, unsigned int tries, unsigned long deadline)
{
	if (err != -EAGAIN || tries == VVB_RETRIES || fatal_signal_pending(current) ||
	    (deadline && time_after(jiffies, deadline)))
		return false;
	vvb_stats_event(vf, VVB_EV_COMMAND_RETRY);
	fsleep(1000 << tries);
	return true;
}

/* Under cmd_lock; vf->cmd has been settled and filled in. */
static int vvb_admin_retry(struct vvb_vf *vf)
{
	unsigned int ms = READ_ONCE(vf->admin_timeout_ms);
	/* 0 stands for none */
	unsigned long deadline = ms ? (jiffies + msecs_to_jiffies(ms)) ?: 1 : 0;
	unsigned int tries = 0;
	int err;

	do {
		if (!vvb_admin_may_fail(vf)) {
			vvb_stats_event(vf, VVB_EV_COMMAND_LIMIT);
			return -EBUSY;
		}
		err = vvb_admin_try(vf, deadline);
		if (likely(!err))
			return 0;
	} while (vvb_admin_again(vf, err, tries++, deadline));
	vvb_admin_count(vf, err);
	return err;
}

/* Under cmd_lock: run @op, for a request of the punt or for 0. */
static __always_inline int vvb_admin_one(struct vvb_vf *vf, const struct vvb_admin_op *op,
					 u64 request)
{
	int err = vvb_admin_settle(vf);

	if (err)
		return err;
	vf->cmd->op = *op;
	vf->cmd->request = request;
	return vvb_admin_retry(vf);
}

/* A queue_select kept back goes out before what needs it; if it can't, neither can that. */
static int vvb_admin_select(struct vvb_vf *vf, const struct vvb_admin_op *before)
{
	struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_WRITE,
		.offset = VIRTIO_PCI_QUEUE_SEL,
		.width = 2,
	};
	int err;

	if (!vvb_select_wanted(vf, before))
		return 0;
	vvb_stats_event(vf, VVB_EV_SELECT_SENT);
	vvb_put_le(op.registers, vf->select.value, 2);
	err = vvb_admin_one(vf, &op, 0);
	vvb_select_ran(vf, &op, err);
	return err;
}

/**
 * vvb_admin_defer - keep a write of queue_select back until a command needs it
 * @vf:		the VF
 * @queue:	what the guest wrote
 *
 * Context: as vvb_admin_run(). Return: 0, or -EINTR.
 */
int vvb_admin_defer(struct vvb_vf *vf, u16 queue)
{
	if (mutex_lock_killable(&vf->cmd_lock))
		return -EINTR;
	vvb_select_hold(vf, queue);
	mutex_unlock(&vf->cmd_lock);
	return 0;
}

/**
 * vvb_admin_run_for - run one legacy access command for a VF
 * @vf:		the VF
 * @request:	the command is the daemon's own, while it has this request; 0: the vCPU's
 * @op:		checked: within one field, in range, width 1..8; the member id is not
 *		looked at, the exported functions fill it in
 * @value:	reads: set to the result, missing bytes zero; writes: may be NULL
 *
 * Waits for the device: without end when admin_timeout_ms is 0, else that long.
 *
 * Context: process context, sleeps. Takes cmd_lock, so a daemon's own command and one of
 * the vCPU never meet (virtio_pci wants its callers to serialise per VF).
 * Return: 0; -ECANCELED nothing was sent, as @request is settled; -EINTR the caller is being
 * killed; -ENODEV the PF's virtio driver is gone;
 * -ETIMEDOUT the device did not answer; -EBUSY nothing was sent, as an earlier command is
 * unanswered or too many failed; -ENOMEM; else the negative status of the device or an
 * error of virtio_pci, which can't be told apart.
 */
int vvb_admin_run_for(struct vvb_vf *vf, u64 request, const struct vvb_admin_op *op, u64 *value)
{
	int err = 0;

	if (mutex_lock_killable(&vf->cmd_lock))
		return -EINTR;
	if (unlikely(vf->select.held))
		err = vvb_admin_select(vf, op);
	if (!err)
		err = vvb_admin_one(vf, op, request);
	if (op->opcode == VVB_OP_COMMON_WRITE)
		vvb_select_ran(vf, op, err);
	if (!err && value && !vvb_opcode_writes(op->opcode))
		*value = vvb_cmd_value(vf->cmd);
	mutex_unlock(&vf->cmd_lock);
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
	int err;

	if (mutex_lock_killable(&vf->cmd_lock))
		return -EINTR;
	err = vvb_admin_settle(vf);
	if (!err) {
		vf->cmd->op.opcode = VVB_OP_NOTIFY_INFO;
		vf->cmd->request = 0;
		vf->cmd->flags = flags;
		err = vvb_admin_retry(vf);
	}
	if (!err) {
		*bar = vf->cmd->bar;
		*offset = vf->cmd->offset;
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
