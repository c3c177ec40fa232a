// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owner of a VF carries out legacy operations for it: the PF, by administration commands
 * (virtio 1.3, 2.12.1.2). This is the only way to one: one at a time per VF, tried again where the
 * device asks for it, and rationed where it fails, as virtio_pci prints a line on the PF for every
 * failure. In the kernel, as guests share the PF: none may flood it, or wait for another's command.
 *
 * What we found out ourselves is an errno from here on. What the device said of a command is a
 * status, which may be any number: it is looked at here, and is -EIO to everybody else.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_pci_admin.h>

#include "command.h"
#include "intx.h"
#include "owner.h"
#include "pf.h"
#include "stats.h"
#include "trace.h"
#include "vectors.h"
#include "vf.h"

#define VVB_BUSY_STEP_MAX_MS 100 /* a device that says EAGAIN is asked again after 1, 2, 4 ... ms */
#define VVB_BUSY_MS 1000 /* for so long when there is no admin_timeout_ms */
#define VVB_FAIL_BURST 16 /* failing commands a VF may send at once */
#define VVB_FAIL_PERIOD (HZ / 4) /* and then one per period */

/* ---- taking turns ---- */

static inline struct vvb_deadline vvb_owner_deadline(struct vvb_vf *vf)
{
	unsigned int ms = READ_ONCE(vf->set->admin_timeout_ms);
	unsigned long timeout = ms ? msecs_to_jiffies(ms) : 0;

	return (struct vvb_deadline) {
		.timeout = timeout,
		.at = jiffies + timeout,
		.revoked = &vf->revoke.revoked,
	};
}

static inline bool vvb_owner_trylock(struct vvb_vf *vf)
{
	return !test_and_set_bit_lock(0, &vf->owner.turn);
}

static noinline int vvb_owner_wait(struct vvb_vf *vf, const struct vvb_deadline *deadline)
{
	long left = vvb_deadline_left(deadline);
	bool locked = false;

	left = wait_event_killable_timeout(
		vf->owner.free, (locked = vvb_owner_trylock(vf)) || READ_ONCE(*deadline->revoked),
		left);
	if (locked)
		return 0;
	if (left > 0)
		return -ECANCELED;
	return left ? -EINTR : -ETIMEDOUT;
}

/*
 * Take the VF's turn, while that is of use to the caller. Return: 0; -ETIMEDOUT; -EINTR; -ECANCELED
 * the VF is wanted back.
 */
static inline int vvb_owner_lock(struct vvb_vf *vf, const struct vvb_deadline *deadline)
{
	return likely(vvb_owner_trylock(vf)) ? 0 : vvb_owner_wait(vf, deadline);
}

static inline void vvb_owner_unlock(struct vvb_vf *vf)
{
	clear_bit_unlock(0, &vf->owner.turn);
	if (unlikely(wq_has_sleeper(&vf->owner.free)))
		wake_up_all(&vf->owner.free);
}

/*
 * vf->revoke.revoked has been set: who waits for a turn goes on. Who waits for the device does so
 * when the VF is wanted back (@removed); one that is only closed waits for the answer, which would
 * be unanswered else.
 */
void vvb_owner_end(struct vvb_vf *vf, bool removed)
{
	wake_up_all(&vf->owner.free);
	if (vf->owner.pf)
		vvb_inflight_revoke(&vf->owner.pf->inflight, vf->member, removed);
}

/* ---- commands given up ---- */

/* Is one unanswered? And how many has the PF? Waits for nothing. */
bool vvb_owner_stalled(struct vvb_vf *vf)
{
	return vf->owner.pf && vvb_inflight_stalled(&vf->owner.pf->inflight, vf->member);
}

unsigned int vvb_owner_pf_stalled(struct vvb_vf *vf)
{
	return vf->owner.pf ? vvb_inflight_stalled(&vf->owner.pf->inflight, 0) : 0;
}

/**
 * vvb_owner_settled - may somebody begin anew with the VF, open or reset it?
 * @vf:		the VF
 *
 * The answer to a command that was given up, by whoever had the VF then, would hit him.
 * Context: sleeps while a command is under way, as long as that may take; killable.
 * Return: 0; -EBUSY there is one, or one that has not ended in time; -EINTR; -ENODEV the VF is
 * wanted back.
 */
int vvb_owner_settled(struct vvb_vf *vf)
{
	struct vvb_deadline deadline = vvb_owner_deadline(vf);
	int err = vvb_owner_lock(vf, &deadline);

	if (err == -ECANCELED)
		return -ENODEV;
	if (err)
		return err == -ETIMEDOUT ? -EBUSY : err;
	vvb_owner_unlock(vf);
	return vvb_owner_stalled(vf) ? -EBUSY : 0;
}

/**
 * vvb_owner_let_go - before another driver may have the VF
 * @vf:		closed
 *
 * A command that was given up would hit it: a late reset takes a running device down. So wait,
 * up to a time.
 * Context: sleeps; killable.
 */
void vvb_owner_let_go(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	if (!vvb_owner_stalled(vf))
		return;
	pci_warn(pdev, "an admin command that was given up is unanswered, waiting for it\n");
	if (vvb_inflight_await(&vf->owner.pf->inflight, vf->member))
		pci_info(pdev, "it is over\n");
	else
		pci_warn(pdev, "it is still unanswered, and may hit the VF's next driver\n");
}

/* ---- what fails is rationed; under the VF's turn ---- */

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
static void vvb_owner_count(struct vvb_vf *vf, int err)
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

/* ---- one command; under the VF's turn ---- */

/* The VF sends no other until this one is over; and what is given up is rationed, as what fails. */
static noinline void vvb_owner_given_up(struct vvb_vf *vf, const struct vvb_call *call)
{
	dev_warn_ratelimited(&vf->core.pdev->dev,
			     "admin command %u was given up: stalled until it is answered\n",
			     call->op->opcode);
}

/* One try. Return: 0, it was answered; or why not. */
static __always_inline int vvb_owner_try(struct vvb_vf *vf, struct vvb_call *call)
{
	u64 start = trace_vvb_admin_enabled() ? ktime_get_ns() : 0;
	int err;

	call->sent = false;
	if (unlikely(!vf->owner.pf))
		return -ENODEV;
	if (unlikely(vvb_cmd_shared(vf->owner.cmd)) && vvb_cmd_renew(&vf->owner.cmd))
		return -ENOMEM;
	if (call->deadline.timeout)
		err = vvb_cmd_guarded(vf->owner.cmd, call);
	else
		err = vvb_cmd_inline(vf->owner.cmd, call);
	if (start)
		trace_vvb_admin(vf->id, call->op, err ?: call->status, ktime_get_ns() - start);
	if (likely(call->sent))
		vvb_count(vf->counters->commands[call->op->opcode & 7]);
	if (unlikely(err && call->sent))
		vvb_owner_given_up(vf, call);
	return err;
}

/*
 * A device that says EAGAIN, as behind a reset, is waited for once: until when? It is the same
 * wait for the next access, unless there was a reset or a break between them.
 */
static unsigned long vvb_owner_busy_until(struct vvb_vf *vf, const struct vvb_deadline *deadline)
{
	unsigned long most = deadline->timeout ?: msecs_to_jiffies(VVB_BUSY_MS);
	struct vvb_busy *busy = &vf->owner.busy;
	unsigned long until, last;
	u32 epoch = READ_ONCE(vf->state.epoch);

	if (!busy->yes || busy->epoch != epoch || time_after(jiffies, busy->last + most))
		*busy = (struct vvb_busy) { .yes = true, .epoch = epoch, .since = jiffies };
	busy->last = jiffies;
	until = busy->since + most;
	if (!deadline->timeout)
		return until;
	/* the last answer wants time to come, too: one that was given up would stall the VF */
	last = deadline->at - deadline->timeout / 8;
	return time_before(last, until) ? last : until;
}

/*
 * Sleep before the next of @tries, longer when there were many. They have a ration of their own,
 * and the last, when the time is up, needs none of it: a guest that probes behind each of several
 * resets is not to find absent hardware. Return: 0, try again; -EIO it was the last; -EINTR;
 * -ECANCELED.
 */
static noinline int vvb_owner_back_off(struct vvb_vf *vf, const struct vvb_deadline *deadline,
				       unsigned int tries)
{
	unsigned int ms = min(1U << min(tries, 7U), VVB_BUSY_STEP_MAX_MS);
	unsigned long until = vvb_owner_busy_until(vf, deadline);
	long left;

	do {
		left = until - jiffies;
		if (left <= 0)
			return -EIO;
		left = min_t(long, left, msecs_to_jiffies(ms));
		left = wait_for_completion_killable_timeout(&vf->revoke.done, left);
		if (left)
			return left < 0 ? -EINTR : -ECANCELED;
	} while (!vvb_ration_left(time_before(jiffies, until) ? &vf->owner.retries :
								&vf->owner.failures));
	vvb_ration_take(&vf->owner.retries);
	vvb_stats_event(vf, VVB_EV_COMMAND_RETRY);
	return 0;
}

/* What a status is to others. An entry that is not there is no failure, see below. */
static int vvb_owner_errno(const struct vvb_call *call)
{
	if (likely(!call->status))
		return 0;
	return call->op->opcode == VVB_OP_NOTIFY_INFO && call->status == -ENOENT ? -ENOENT : -EIO;
}

/*
 * Asked, and asked again while the device says "not now". Any other answer is final. Return: 0 or
 * as vvb_owner_run().
 */
static __always_inline int vvb_owner_ask(struct vvb_vf *vf, struct vvb_call *call)
{
	unsigned int tries = 0;
	int err;

	if (unlikely(!vvb_ration_left(&vf->owner.failures))) {
		vvb_stats_event(vf, VVB_EV_COMMAND_LIMIT);
		return -EBUSY;
	}
	do {
		err = vvb_owner_try(vf, call);
		if (unlikely(err))
			break;
		if (likely(call->status != -EAGAIN)) {
			vf->owner.busy.yes = false;
			err = vvb_owner_errno(call);
			break;
		}
		err = vvb_owner_back_off(vf, &call->deadline, tries++);
	} while (!err);
	/* one that was given up may be refused later */
	if (unlikely(err && call->sent))
		vvb_ration_take(&vf->owner.failures);
	if (unlikely(err))
		vvb_owner_count(vf, err);
	return err;
}

/* A queue_select kept back goes out before what needs it; if it can't, neither can that. */
static int vvb_owner_select(struct vvb_vf *vf, const struct vvb_call *before)
{
	struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_WRITE,
		.offset = VIRTIO_PCI_QUEUE_SEL,
		.width = 2,
	};
	struct vvb_call call = {
		.op = &op,
		.wanted = before->wanted,
		.deadline = before->deadline,
	};
	int err;

	if (!vvb_select_wanted(vf, before->op))
		return 0;
	vvb_stats_event(vf, VVB_EV_SELECT_SENT);
	vvb_put_le(op.registers, vf->owner.select.value, 2);
	err = vvb_owner_ask(vf, &call);
	vvb_select_ran(vf, &op, err);
	return err;
}

/* ---- for others ---- */

/* @vf: identified; what is no VF has no owner. May sleep. Return: 0 or a negative errno. */
int vvb_owner_init(struct vvb_vf *vf)
{
	struct vvb_owner *owner = &vf->owner;
	struct vvb_pf *pf;

	init_waitqueue_head(&owner->free);
	owner->failures.tokens = VVB_FAIL_BURST;
	owner->retries.tokens = VVB_FAIL_BURST;
	pf = vf->member ? vvb_pf_get(pci_physfn(vf->core.pdev)) : NULL;
	if (IS_ERR_OR_NULL(pf))
		return PTR_ERR_OR_ZERO(pf);
	owner->pf = pf;
	owner->cmd = vvb_cmd_new(vf->core.pdev, pf, vf->member);
	return owner->cmd ? 0 : -ENOMEM;
}

/* Does not wait: a command that was given up lives on by its own references. */
void vvb_owner_free(struct vvb_vf *vf)
{
	vvb_cmd_put(vf->owner.cmd);
	vvb_pf_put(vf->owner.pf);
}

/**
 * vvb_owner_defer - keep a write of queue_select back until a command needs it
 * @vf:		the VF
 * @queue:	what the guest wrote
 *
 * Context: as vvb_owner_run(). Return: 0, -ETIMEDOUT, -EINTR or -ECANCELED as there.
 */
int vvb_owner_defer(struct vvb_vf *vf, u16 queue)
{
	struct vvb_deadline deadline = vvb_owner_deadline(vf);
	int err = vvb_owner_lock(vf, &deadline);

	if (err) {
		vvb_owner_count(vf, err);
		return err;
	}
	vvb_select_hold(vf, queue);
	vvb_owner_unlock(vf);
	return 0;
}

/**
 * vvb_owner_begin - several operations in one turn, by one deadline
 * @vf:		the VF
 * @within:	zeroed; for vvb_owner_also()
 *
 * Return: 0 and vvb_owner_finish() must follow; or as vvb_owner_defer().
 */
int vvb_owner_begin(struct vvb_vf *vf, struct vvb_call *within)
{
	int err;

	within->deadline = vvb_owner_deadline(vf);
	err = vvb_owner_lock(vf, &within->deadline);
	if (err)
		vvb_owner_count(vf, err);
	return err;
}

void vvb_owner_finish(struct vvb_vf *vf)
{
	vvb_owner_unlock(vf);
}

/**
 * vvb_owner_also - one more operation, while the VF's turn is the caller's
 * @vf:		the VF
 * @within:	what the turn was taken for
 * @op, @value:	as vvb_owner_run(); a queue_select that is kept back stays so
 *
 * Return: as vvb_owner_run().
 */
int vvb_owner_also(struct vvb_vf *vf, const struct vvb_call *within, const struct vvb_admin_op *op,
		   u64 *value)
{
	struct vvb_call call = {
		.op = op,
		.wanted = within->wanted,
		.deadline = within->deadline,
	};
	int err = vvb_owner_ask(vf, &call);

	if (!err && value)
		*value = call.value;
	return err;
}

/* One operation, as vvb_owner_run(), in a turn of its own. */
static __always_inline int vvb_owner_do(struct vvb_vf *vf, const struct vvb_admin_op *op,
					const struct vvb_wanted *wanted, u64 *value)
{
	struct vvb_call call __uninitialized;
	int err;

	/* one by one: of an initialiser the compiler makes a string instruction, which is dear */
	call.op = op;
	call.wanted = wanted;
	call.flags = 0;
	call.deadline = vvb_owner_deadline(vf);
	err = vvb_owner_lock(vf, &call.deadline);
	if (unlikely(err)) {
		vvb_owner_count(vf, err);
		return err;
	}
	if (unlikely(vf->owner.select.held))
		err = vvb_owner_select(vf, &call);
	if (!err && unlikely(READ_ONCE(vf->vectors.nr)))
		vvb_vectors_before(vf, &call);
	if (!err)
		err = vvb_owner_ask(vf, &call);
	if (op->opcode == VVB_OP_COMMON_WRITE) {
		vvb_select_ran(vf, op, err);
		vvb_vectors_ran(vf, op, err);
	}
	if (!err && value && !vvb_opcode_writes(op->opcode))
		*value = call.value;
	vvb_owner_unlock(vf);
	return err;
}

/*
 * The ISR byte. While it is ours there is no command, and no turn to wait for; when it is the
 * device's, what had come up before that goes with it.
 */
static noinline int vvb_owner_isr(struct vvb_vf *vf, const struct vvb_admin_op *op,
				  const struct vvb_wanted *wanted, u64 *value)
{
	int err = wanted && !wanted->ask(wanted->what) ? -ECANCELED : 0;

	if (err || vvb_intx_read(vf, value))
		return err;
	err = vvb_owner_do(vf, op, wanted, value);
	if (!err)
		*value |= vvb_intx_clear(vf);
	return err;
}

/**
 * vvb_owner_run - carry out one legacy operation
 * @vf:		the VF
 * @op:		checked: within one field, in range, width 1..8; the member id is not
 *		looked at, the exported functions fill it in
 * @wanted:	is it still of use? NULL: it is
 * @value:	reads: set to the result, missing bytes zero; writes: may be NULL
 *
 * Waits for its turn at the VF, at the PF, and for the device: all in all admin_timeout_ms, or
 * without end when that is 0. Until the device has the command, a signal that kills and the VF
 * being wanted back end the wait; with admin_timeout_ms also then.
 *
 * Context: process context, sleeps. Takes the VF's turn, so a daemon's own command and one of
 * the vCPU never meet (virtio_pci wants its callers to serialise per VF).
 * Return: 0; -EINTR the caller is being killed; -ECANCELED the VF is closed or wanted back, or the
 * operation is wanted no more; -ENODEV the PF's virtio driver is gone; -ETIMEDOUT the device did
 * not answer; -EBUSY nothing was sent, as a command of this VF is unanswered, all that the PF may
 * have in flight are, or too many failed; -ENOMEM; -EIO the device or virtio_pci refused it.
 */
int vvb_owner_run(struct vvb_vf *vf, const struct vvb_admin_op *op, const struct vvb_wanted *wanted,
		  u64 *value)
{
	if (unlikely(op->offset == VIRTIO_PCI_ISR && op->opcode == VVB_OP_COMMON_READ))
		return vvb_owner_isr(vf, op, wanted, value);
	return vvb_owner_do(vf, op, wanted, value);
}

/**
 * vvb_owner_notify_info - the first notify address of a kind (virtio 1.3, 2.12.1.2.7)
 * @vf:		the VF
 * @flags:	VIRTIO_ADMIN_CMD_NOTIFY_INFO_FLAGS_*: owner's or member's BAR
 * @bar, @offset: as the device gave them, unchecked
 *
 * That there is no entry can't be told from status 2 of the device, so it is rationed, too.
 * Return: 0, -ENOENT no entry of the kind, or as vvb_owner_run().
 */
int vvb_owner_notify_info(struct vvb_vf *vf, u8 flags, u8 *bar, u64 *offset)
{
	static const struct vvb_admin_op op = { .opcode = VVB_OP_NOTIFY_INFO };
	struct vvb_call call = { .op = &op, .flags = flags, .deadline = vvb_owner_deadline(vf) };
	int err = vvb_owner_lock(vf, &call.deadline);

	if (err)
		return err;
	err = vvb_owner_ask(vf, &call);
	if (!err) {
		*bar = call.bar;
		*offset = call.offset;
	}
	vvb_owner_unlock(vf);
	return err;
}

/*
 * What is missing for legacy commands? virtio_pci keeps the list of those that the PF's device offers
 * as long as the VF exists, also when the PF's virtio driver is gone, whose commands can't be sent.
 * Return: in words; NULL for nothing.
 */
const char *vvb_owner_lacks(struct vvb_vf *vf)
{
	struct vvb_pf *pf = vf->owner.pf;

	if (!pf)
		return "its PF has no virtio device, as virtio-pci does not drive it";
	if (READ_ONCE(pf->inflight.closed))
		return "the PF's virtio device has no driver, or the host is going to sleep";
	if (virtio_pci_admin_has_legacy_io(vf->core.pdev))
		return NULL;
	if (virtio_has_feature(dev_to_virtio(pf->virtio), VIRTIO_F_ADMIN_VQ))
		return "the PF's device has no legacy commands (opcodes 2 to 6)";
	return "the PF's device has no administration queue";
}
