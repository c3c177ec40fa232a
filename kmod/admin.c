// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only way to an administration command (virtio 1.3, 2.12.1.2): one at a time per VF,
 * retried where the device asks for it, and rationed where it fails, as virtio_pci prints
 * a line on the PF for every failure.
 *
 * What we found out ourselves is an errno from here on. What the device said of a command is a
 * status, which may be any number: it is looked at here, and is -EIO to everybody else.
 */
#include <linux/virtio_pci.h>
#include <linux/virtio_pci_admin.h>

#include "command.h"
#include "trace.h"

#define VVB_BUSY_STEP_MAX_MS 100 /* a device that says EAGAIN is asked again after 1, 2, 4 ... ms */
#define VVB_BUSY_MS 1000 /* for so long when there is no admin_timeout_ms */
#define VVB_FAIL_BURST 16 /* failing commands a VF may send at once */
#define VVB_FAIL_PERIOD (HZ / 4) /* and then one per period */

/* ---- taking turns ---- */

static inline struct vvb_patience vvb_admin_patience(struct vvb_vf *vf)
{
	unsigned int ms = READ_ONCE(vf->set->admin_timeout_ms);
	unsigned long timeout = ms ? msecs_to_jiffies(ms) : 0;

	return (struct vvb_patience) {
		.timeout = timeout,
		.deadline = jiffies + timeout,
		.revoked = &vf->doomed,
	};
}

static inline bool vvb_admin_trylock(struct vvb_vf *vf)
{
	return !test_and_set_bit_lock(0, &vf->cmd_lock);
}

static noinline int vvb_admin_wait(struct vvb_vf *vf, const struct vvb_patience *patience)
{
	long left = patience->timeout ? max_t(long, patience->deadline - jiffies, 0) :
					MAX_SCHEDULE_TIMEOUT;
	bool locked = false;

	left = wait_event_killable_timeout(
		vf->cmd_free, (locked = vvb_admin_trylock(vf)) || READ_ONCE(*patience->revoked),
		left);
	if (locked)
		return 0;
	if (left > 0)
		return -ECANCELED;
	return left ? -EINTR : -ETIMEDOUT;
}

/*
 * Take cmd_lock, while that is of use to the caller. Return: 0; -ETIMEDOUT; -EINTR; -ECANCELED
 * the VF is wanted back.
 */
static inline int vvb_admin_lock(struct vvb_vf *vf, const struct vvb_patience *patience)
{
	return likely(vvb_admin_trylock(vf)) ? 0 : vvb_admin_wait(vf, patience);
}

static inline void vvb_admin_unlock(struct vvb_vf *vf)
{
	clear_bit_unlock(0, &vf->cmd_lock);
	if (unlikely(wq_has_sleeper(&vf->cmd_free)))
		wake_up_all(&vf->cmd_free);
}

/*
 * vf->doomed has been set: who waits for a turn or a slot goes on. Who waits for the device does so
 * when the VF is wanted back (@revoked); one that is only closed waits for the answer, which would
 * be unanswered else.
 */
void vvb_admin_end(struct vvb_vf *vf, bool revoked)
{
	wake_up_all(&vf->cmd_free);
	if (vf->gate)
		vvb_slots_revoke(&vf->gate->slots, vf->member, revoked);
}

/* ---- commands given up ---- */

/* Is one unanswered? And how many has the PF? Waits for nothing. */
bool vvb_admin_stalled(struct vvb_vf *vf)
{
	return vf->gate && vvb_slots_stalled(&vf->gate->slots, vf->member);
}

unsigned int vvb_admin_pf_stalled(struct vvb_vf *vf)
{
	return vf->gate ? vvb_slots_stalled(&vf->gate->slots, 0) : 0;
}

/**
 * vvb_admin_settled - may somebody begin anew with the VF, open or reset it?
 * @vf:		the VF
 *
 * The answer to a command that was given up, by whoever had the VF then, would hit him.
 * Context: sleeps while a command is under way, as long as that may take; killable.
 * Return: 0; -EBUSY there is one, or one that has not ended in time; -EINTR; -ENODEV the VF is
 * wanted back.
 */
int vvb_admin_settled(struct vvb_vf *vf)
{
	struct vvb_patience patience = vvb_admin_patience(vf);
	int err = vvb_admin_lock(vf, &patience);

	if (err == -ECANCELED)
		return -ENODEV;
	if (err)
		return err == -ETIMEDOUT ? -EBUSY : err;
	vvb_admin_unlock(vf);
	return vvb_admin_stalled(vf) ? -EBUSY : 0;
}

/**
 * vvb_admin_let_go - before another driver may have the VF
 * @vf:		closed
 *
 * A command that was given up would hit it: a late reset takes a running device down. So wait,
 * up to a time.
 * Context: sleeps; killable.
 */
void vvb_admin_let_go(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	if (!vvb_admin_stalled(vf))
		return;
	pci_warn(pdev, "an admin command that was given up is unanswered, waiting for it\n");
	if (vvb_slots_await(&vf->gate->slots, vf->member))
		pci_info(pdev, "it is over\n");
	else
		pci_warn(pdev, "it is still unanswered, and may hit the VF's next driver\n");
}

/* ---- what fails is rationed; under cmd_lock ---- */

static void vvb_ration_init(struct vvb_ration *ration)
{
	ration->tokens = VVB_FAIL_BURST;
}

/* Is there any left? */
static bool vvb_ration_left(struct vvb_ration *ration)
{
	unsigned long periods;

	if (likely(ration->tokens == VVB_FAIL_BURST))
		return true;
	periods = (jiffies - ration->refill) / VVB_FAIL_PERIOD;
	if (periods) {
		ration->tokens = min(ration->tokens + periods, (unsigned long)VVB_FAIL_BURST);
		ration->refill += periods * VVB_FAIL_PERIOD;
	}
	return ration->tokens;
}

/* A command has failed; from the first one on time refills the ration. */
static void vvb_ration_take(struct vvb_ration *ration)
{
	if (ration->tokens == VVB_FAIL_BURST)
		ration->refill = jiffies;
	ration->tokens -= !!ration->tokens;
}

/* Count what an access that failed came to in the end. */
static void vvb_admin_count(struct vvb_vf *vf, int err)
{
	switch (err) {
	case -ENODEV:
		vvb_stats_event(vf, VVB_EV_PF_UNAVAILABLE);
		return;
	case -ETIMEDOUT:
		vvb_stats_event(vf, VVB_EV_COMMAND_TIMEOUT);
		return;
	case -EBUSY:
		vvb_stats_event(vf, VVB_EV_STALLED);
		return;
	case -EIO:
	case -ENOMEM:
		vvb_stats_event(vf, VVB_EV_COMMAND_ERROR);
	}
}

/* ---- one command; under cmd_lock ---- */

static noinline int vvb_admin_guarded(struct vvb_vf *vf, struct vvb_call *call)
{
	struct vvb_cmd *cmd = vvb_cmd_new(vf->core.pdev, vf->gate, vf->member);
	int err;

	if (!cmd)
		return -ENOMEM;
	err = vvb_cmd_guarded(cmd, call);
	vvb_cmd_put(cmd);
	return err;
}

/* One try. Return: 0, it was answered; or why not. */
static __always_inline int vvb_admin_try(struct vvb_vf *vf, struct vvb_call *call)
{
	u64 start = trace_vvb_admin_enabled() ? ktime_get_ns() : 0;
	int err;

	call->sent = false;
	if (unlikely(!vf->gate))
		return -ENODEV;
	if (call->patience.timeout)
		err = vvb_admin_guarded(vf, call);
	else
		err = vvb_cmd_inline(vf->cmd, call);
	if (start)
		trace_vvb_admin(vf->id, call->op, err ?: call->status, ktime_get_ns() - start);
	if (likely(call->sent))
		vvb_stats_command(vf, call->op->opcode);
	return err;
}

/*
 * A device that says EAGAIN, as behind a reset, is waited for once: until when? It is the same
 * wait for the next access, unless there was a reset or a break between them.
 */
static unsigned long vvb_admin_busy_until(struct vvb_vf *vf, const struct vvb_patience *patience)
{
	unsigned long most = patience->timeout ?: msecs_to_jiffies(VVB_BUSY_MS);
	struct vvb_busy *busy = &vf->busy;
	unsigned long until, last;
	u32 epoch = READ_ONCE(vf->epoch);

	if (!busy->yes || busy->epoch != epoch || time_after(jiffies, busy->last + most))
		*busy = (struct vvb_busy) { .yes = true, .epoch = epoch, .since = jiffies };
	busy->last = jiffies;
	until = busy->since + most;
	if (!patience->timeout)
		return until;
	/* the last answer wants time to come, too: one that was given up would stall the VF */
	last = patience->deadline - patience->timeout / 8;
	return time_before(last, until) ? last : until;
}

/*
 * Sleep before the next of @tries, longer when there were many. They have a ration of their own,
 * and the last, when the time is up, needs none of it: a guest that probes behind each of several
 * resets is not to find absent hardware. Return: 0, try again; -EIO it was the last; -EINTR;
 * -ECANCELED.
 */
static noinline int vvb_admin_back_off(struct vvb_vf *vf, const struct vvb_patience *patience,
				       unsigned int tries)
{
	unsigned int ms = min(1U << min(tries, 7U), VVB_BUSY_STEP_MAX_MS);
	unsigned long until = vvb_admin_busy_until(vf, patience);
	long left;

	do {
		left = until - jiffies;
		if (left <= 0)
			return -EIO;
		left = min_t(long, left, msecs_to_jiffies(ms));
		left = wait_for_completion_killable_timeout(&vf->doom, left);
		if (left)
			return left < 0 ? -EINTR : -ECANCELED;
	} while (!vvb_ration_left(time_before(jiffies, until) ? &vf->retries : &vf->failures));
	vvb_ration_take(&vf->retries);
	vvb_stats_event(vf, VVB_EV_COMMAND_RETRY);
	return 0;
}

/* What a status is to others. An entry that is not there is no failure, see below. */
static int vvb_admin_errno(const struct vvb_call *call)
{
	if (likely(!call->status))
		return 0;
	return call->op->opcode == VVB_OP_NOTIFY_INFO && call->status == -ENOENT ? -ENOENT : -EIO;
}

/* Asked, and asked again while the device says "not now". Any other answer is final. */
static __always_inline int vvb_admin_ask(struct vvb_vf *vf, struct vvb_call *call)
{
	unsigned int tries = 0;
	int err;

	do {
		err = vvb_admin_try(vf, call);
		if (unlikely(err))
			break;
		if (likely(call->status != -EAGAIN)) {
			vf->busy.yes = false;
			err = vvb_admin_errno(call);
			break;
		}
		err = vvb_admin_back_off(vf, &call->patience, tries++);
	} while (!err);
	/* one that was given up may be refused later */
	if (unlikely(err && call->sent))
		vvb_ration_take(&vf->failures);
	return err;
}

/* Return: 0 or as vvb_admin_run(). */
static __always_inline int vvb_admin_one(struct vvb_vf *vf, struct vvb_call *call)
{
	int err;

	if (unlikely(!vvb_ration_left(&vf->failures))) {
		vvb_stats_event(vf, VVB_EV_COMMAND_LIMIT);
		return -EBUSY;
	}
	err = vvb_admin_ask(vf, call);
	if (unlikely(err))
		vvb_admin_count(vf, err);
	return err;
}

/* A queue_select kept back goes out before what needs it; if it can't, neither can that. */
static int vvb_admin_select(struct vvb_vf *vf, const struct vvb_call *before)
{
	struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_WRITE,
		.offset = VIRTIO_PCI_QUEUE_SEL,
		.width = 2,
	};
	struct vvb_call call = {
		.op = &op,
		.hold = before->hold,
		.patience = before->patience,
	};
	int err;

	if (!vvb_select_wanted(vf, before->op))
		return 0;
	vvb_stats_event(vf, VVB_EV_SELECT_SENT);
	vvb_put_le(op.registers, vf->select.value, 2);
	err = vvb_admin_one(vf, &call);
	vvb_select_ran(vf, &op, err);
	return err;
}

/* ---- for others ---- */

/* Return: 0 or -ENOMEM. */
int vvb_admin_vf_init(struct vvb_vf *vf)
{
	init_waitqueue_head(&vf->cmd_free);
	vvb_ration_init(&vf->failures);
	vvb_ration_init(&vf->retries);
	if (!vf->gate)
		return 0;
	vf->cmd = vvb_cmd_new(vf->core.pdev, vf->gate, vf->member);
	return vf->cmd ? 0 : -ENOMEM;
}

/* Does not wait: a command that was given up lives on by its own references. */
void vvb_admin_vf_free(struct vvb_vf *vf)
{
	vvb_cmd_put(vf->cmd);
}

/**
 * vvb_admin_defer - keep a write of queue_select back until a command needs it
 * @vf:		the VF
 * @queue:	what the guest wrote
 *
 * Context: as vvb_admin_run(). Return: 0, -ETIMEDOUT, -EINTR or -ECANCELED as there.
 */
int vvb_admin_defer(struct vvb_vf *vf, u16 queue)
{
	struct vvb_patience patience = vvb_admin_patience(vf);
	int err = vvb_admin_lock(vf, &patience);

	if (err) {
		vvb_admin_count(vf, err);
		return err;
	}
	vvb_select_hold(vf, queue);
	vvb_admin_unlock(vf);
	return 0;
}

/**
 * vvb_admin_run_for - run one legacy access command for a VF
 * @vf:		the VF
 * @hold:	the command is the daemon's own, as long as it holds a request, see struct vvb_punt;
 *		0: the vCPU's
 * @op:		checked: within one field, in range, width 1..8; the member id is not
 *		looked at, the exported functions fill it in
 * @value:	reads: set to the result, missing bytes zero; writes: may be NULL
 *
 * Waits for its turn, a slot and the device: all in all admin_timeout_ms, or without end when
 * that is 0. Until the device has the command, a signal that kills and the VF being wanted back
 * end the wait; with admin_timeout_ms also then.
 *
 * Context: process context, sleeps. Takes cmd_lock, so a daemon's own command and one of
 * the vCPU never meet (virtio_pci wants its callers to serialise per VF).
 * Return: 0; -EINTR the caller is being killed; -ECANCELED the VF is closed or wanted back, or the
 * request is held no more; -ENODEV the PF's virtio driver is gone; -ETIMEDOUT the device did not answer; -EBUSY
 * nothing was sent, as a command of this VF is unanswered, all that the PF may have in flight are,
 * or too many failed; -ENOMEM; -EIO the device or virtio_pci refused it.
 */
int vvb_admin_run_for(struct vvb_vf *vf, u64 hold, const struct vvb_admin_op *op, u64 *value)
{
	struct vvb_call call __uninitialized;
	int err;

	/* one by one: of an initialiser the compiler makes a string instruction, which is dear */
	call.op = op;
	call.hold = hold;
	call.flags = 0;
	call.patience = vvb_admin_patience(vf);
	err = vvb_admin_lock(vf, &call.patience);
	if (unlikely(err)) {
		vvb_admin_count(vf, err);
		return err;
	}
	if (unlikely(vf->select.held))
		err = vvb_admin_select(vf, &call);
	if (!err)
		err = vvb_admin_one(vf, &call);
	if (op->opcode == VVB_OP_COMMON_WRITE)
		vvb_select_ran(vf, op, err);
	if (!err && value && !vvb_opcode_writes(op->opcode))
		*value = call.value;
	vvb_admin_unlock(vf);
	return err;
}

/**
 * vvb_admin_notify_info - the first notify address of a kind (virtio 1.3, 2.12.1.2.7)
 * @vf:		the VF
 * @flags:	VIRTIO_ADMIN_CMD_NOTIFY_INFO_FLAGS_*: owner's or member's BAR
 * @bar, @offset: as the device gave them, unchecked
 *
 * That there is no entry can't be told from status 2 of the device, so it is rationed, too.
 * Return: 0, -ENOENT no entry of the kind, or as vvb_admin_run().
 */
int vvb_admin_notify_info(struct vvb_vf *vf, u8 flags, u8 *bar, u64 *offset)
{
	static const struct vvb_admin_op op = { .opcode = VVB_OP_NOTIFY_INFO };
	struct vvb_call call = { .op = &op, .flags = flags, .patience = vvb_admin_patience(vf) };
	int err = vvb_admin_lock(vf, &call.patience);

	if (err)
		return err;
	err = vvb_admin_one(vf, &call);
	if (!err) {
		*bar = call.bar;
		*offset = call.offset;
	}
	vvb_admin_unlock(vf);
	return err;
}

/*
 * Does the PF's device offer the legacy commands? virtio_pci keeps the list as long as the VF
 * exists, also when the PF's virtio driver is gone, whose commands can't be sent.
 */
bool vvb_admin_supported(struct vvb_vf *vf)
{
	return vf->gate && !vvb_slots_closed(&vf->gate->slots) &&
	       virtio_pci_admin_has_legacy_io(vf->core.pdev);
}
