// SPDX-License-Identifier: GPL-2.0-only
/*
 * An operation on its way to a daemon that carries it out, and back. In the kernel, as the wait of a
 * vCPU has to end whatever the daemon does, and nothing that it says may be taken on trust.
 *
 * A VF has one at a time, as its turn admits one (owner.c). It is beside the access that the same VF
 * may have punted: that one asks what is to be done, this one is done. It moves idle -> queued -> held
 * -> done and back to idle, under vvb_punt_lock, as a punted access does; who waits takes it back to
 * idle. One that is given up while a session has it may still be carried out: the VF is stalled, as
 * with a command that the PF does not answer, until the session has said what became of it, or is no
 * more.
 */
#include <vvb/result.h>

#include "channel.h"
#include "command.h"
#include "operation.h"
#include "settings.h"
#include "stats.h"
#include "vf.h"

/* ---- settling one; vvb_punt_lock is held ---- */

static void vvb_operation_settle(struct vvb_vf *vf, int err)
{
	struct vvb_operation *op = &vf->operation;

	list_del_init(&op->node);
	op->err = err;
	op->state = VVB_OPERATION_DONE;
	complete(&op->done);
}

static bool vvb_operation_pending(const struct vvb_operation *op)
{
	return op->state == VVB_OPERATION_QUEUED || op->state == VVB_OPERATION_HELD;
}

/* What was given up is over. */
static void vvb_operation_forget(struct vvb_operation *op)
{
	if (!op->unanswered)
		return;
	WRITE_ONCE(op->unanswered, 0);
	complete_all(&op->answered);
}

/* Could a session of this channel carry one out? */
static bool vvb_operation_served(const struct vvb_channel *ch)
{
	return ch && ch->live && ch->carries;
}

/* One that nobody has: from here on the channel's session can take it. */
void vvb_operation_offer(struct vvb_channel *ch, struct vvb_vf *vf)
{
	if (vf->operation.state != VVB_OPERATION_QUEUED)
		return;
	list_move_tail(&vf->operation.node, &ch->operations);
	wake_up_interruptible(&ch->wait);
}

/* The channel has lost the VF: what is pending waits for the next one. */
void vvb_operation_return(struct vvb_vf *vf)
{
	list_del_init(&vf->operation.node);
	if (vf->operation.state == VVB_OPERATION_HELD)
		vf->operation.state = VVB_OPERATION_QUEUED;
	vvb_operation_forget(&vf->operation);
}

/*
 * The daemon is gone: `wait` keeps the operation for the next one, with its id, as it may have been
 * carried out. There is no other who could: it fails else.
 */
void vvb_operation_lose(struct vvb_channel *ch, struct vvb_vf *vf)
{
	struct vvb_operation *op = &vf->operation;

	vvb_operation_forget(op);
	if (!vvb_operation_pending(op))
		return;
	if (op->state == VVB_OPERATION_HELD)
		vvb_stats_event(vf, VVB_EV_DAEMON_LOST);
	if (READ_ONCE(vf->set->on_daemon_loss) == VVB_LOSS_WAIT) {
		op->state = VVB_OPERATION_QUEUED;
		vvb_operation_offer(ch, vf);
		return;
	}
	if (op->state == VVB_OPERATION_QUEUED)
		vvb_stats_event(vf, VVB_EV_NO_DAEMON);
	vvb_operation_settle(vf, -ENOTCONN);
}

/* ---- who waits ---- */

static void vvb_operation_fill(struct vvb_vf *vf, const struct vvb_call *call)
{
	struct vvb_operation *op = &vf->operation;
	struct vvb_admin_op framed = *call->op;

	framed.member = vf->member;
	vvb_admin_build(&framed, &op->command);
	op->request = (struct vvb_request) {
		.id = vvb_punt_new_id(),
		.vf = vf->id,
		.deadline_ns =
			ktime_get_ns() + jiffies_to_nsecs(vvb_deadline_left(&call->deadline)),
		.member = vf->member,
		.kind = VVB_REQUEST_OPERATION,
	};
}

/* Queue it. Return: 0; or why not, as vvb_operation_run(). */
static int vvb_operation_submit(struct vvb_vf *vf, const struct vvb_call *call)
{
	bool waits = READ_ONCE(vf->set->on_daemon_loss) == VVB_LOSS_WAIT;
	struct vvb_operation *op = &vf->operation;
	struct vvb_channel *ch;

	guard(spinlock)(&vvb_punt_lock);
	ch = vf->claim.channel;
	if (READ_ONCE(vf->revoke.revoked))
		return -ECANCELED;
	if (op->unanswered) {
		vvb_stats_event(vf, VVB_EV_STALLED);
		return -EBUSY;
	}
	if (!waits && (!vvb_operation_served(ch) || ch->late)) {
		vvb_stats_event(vf, VVB_EV_NO_DAEMON);
		return -ENOTCONN;
	}
	reinit_completion(&op->done);
	vvb_operation_fill(vf, call);
	op->state = VVB_OPERATION_QUEUED;
	if (ch)
		vvb_operation_offer(ch, vf);
	return 0;
}

/* Nobody waits any more: it is taken back, or, when a session has it, to be answered by that. */
static void vvb_operation_give_up(struct vvb_vf *vf, bool late)
{
	struct vvb_operation *op = &vf->operation;
	bool held = op->state == VVB_OPERATION_HELD;

	list_del_init(&op->node);
	if (held) {
		reinit_completion(&op->answered);
		WRITE_ONCE(op->unanswered, op->request.id);
	}
	if (late)
		vvb_punt_missed(vf, held);
}

/* Take what came of it, or give it up. @left: of the time to wait, negative: killed. */
static int vvb_operation_collect(struct vvb_vf *vf, long left, struct vvb_result *result)
{
	struct vvb_operation *op = &vf->operation;
	int err = left < 0 ? -EINTR : -ETIMEDOUT;

	guard(spinlock)(&vvb_punt_lock);
	if (op->state == VVB_OPERATION_DONE) {
		err = op->err;
		*result = op->result;
	} else {
		vvb_operation_give_up(vf, !left);
	}
	op->state = VVB_OPERATION_IDLE;
	return err;
}

/**
 * vvb_operation_run - have the daemon carry out one operation
 * @vf:		the VF; its turn is the caller's
 * @call:	what to do, with a time-out
 * @result:	filled in; checked against what was asked
 *
 * Context: sleeps until the deadline at most; killable.
 * Return: 0; -ENOTCONN there is no daemon for it; -ENODEV the daemon can't reach the PF; -EBUSY one
 * that was given up is unanswered; -ETIMEDOUT; -EINTR; -ECANCELED the VF is closed or wanted back; -EIO
 * the answer made no sense.
 */
int vvb_operation_run(struct vvb_vf *vf, const struct vvb_call *call, struct vvb_result *result)
{
	int err = vvb_operation_submit(vf, call);
	long left;

	if (err)
		return err;
	left = wait_for_completion_killable_timeout(&vf->operation.done,
						    vvb_deadline_left(&call->deadline));
	return vvb_operation_collect(vf, left, result);
}

/*
 * vf->revoke.revoked has been set. One that nobody has taken comes to nothing. One that a session has
 * is waited for, unless the VF is wanted back (@removed), as it would be unanswered else.
 */
void vvb_operation_revoke(struct vvb_vf *vf, bool removed)
{
	struct vvb_operation *op = &vf->operation;

	guard(spinlock)(&vvb_punt_lock);
	if (op->state == VVB_OPERATION_HELD && removed)
		vvb_operation_give_up(vf, false);
	else if (op->state != VVB_OPERATION_QUEUED)
		return;
	vvb_operation_settle(vf, -ECANCELED);
}

/* Is one that was given up unanswered? Waits for nothing. */
bool vvb_operation_stalled(struct vvb_vf *vf)
{
	return READ_ONCE(vf->operation.unanswered);
}

/* Wait until it is not, up to a time. Return: it is not. Context: sleeps; killable. */
bool vvb_operation_await(struct vvb_vf *vf)
{
	if (vvb_operation_stalled(vf))
		wait_for_completion_killable_timeout(&vf->operation.answered, VVB_GRACE);
	return !vvb_operation_stalled(vf);
}

/* Is there a daemon that carries out operations of this VF, or is one to be waited for? */
bool vvb_operation_possible(struct vvb_vf *vf)
{
	guard(spinlock)(&vvb_punt_lock);
	return vvb_operation_served(vf->claim.channel) ||
	       READ_ONCE(vf->set->on_daemon_loss) == VVB_LOSS_WAIT;
}

void vvb_operation_init(struct vvb_vf *vf)
{
	INIT_LIST_HEAD(&vf->operation.node);
	init_completion(&vf->operation.done);
	init_completion(&vf->operation.answered);
}

/* ---- the daemon's side ---- */

/* Hand the oldest to the session: there is one. vvb_punt_lock is held. */
void vvb_operation_next(struct vvb_channel *ch, struct vvb_exchange *x)
{
	struct vvb_vf *vf = list_first_entry(&ch->operations, struct vvb_vf, operation.node);
	struct vvb_operation *op = &vf->operation;

	vvb_count(vf->counters->commands[vvb_get_le(op->command.bytes, 2) & 7]);
	op->state = VVB_OPERATION_HELD;
	list_move_tail(&op->node, &ch->carried);
	x->request = op->request;
	x->operation = op->command;
}

/* What is the answer worth? vvb_punt_lock is held. Return: as struct vvb_operation has it. */
static int vvb_operation_judge(struct vvb_operation *op, const struct vvb_exchange *x)
{
	if (x->reply.pad || x->reply.reserved)
		return -EIO;
	if (x->reply.action == VVB_REPLY_DENY)
		return -ENODEV;
	if (x->reply.action != VVB_REPLY_RESULT || !vvb_result_check(&x->result, &op->command))
		return -EIO;
	op->result = x->result;
	return 0;
}

/* The answer to one that was given up. */
static void vvb_operation_late(struct vvb_channel *ch, u64 id)
{
	struct vvb_vf *vf;

	list_for_each_entry(vf, &ch->vfs, claim.node)
		if (vf->operation.unanswered == id)
			vvb_operation_forget(&vf->operation);
}

/**
 * vvb_operation_reply - the answer to an operation that the session has?
 * @ch:		channel
 * @x:		from the daemon
 * @err:	out, when it is: 0, or -EINVAL as it is malformed: then the operation has failed
 *
 * Return: it is; if not it may be one to a punted access, or come too late.
 */
bool vvb_operation_reply(struct vvb_channel *ch, const struct vvb_exchange *x, int *err)
{
	struct vvb_vf *vf;
	int end;

	guard(spinlock)(&vvb_punt_lock);
	list_for_each_entry(vf, &ch->carried, operation.node) {
		if (vf->operation.request.id != x->reply.id)
			continue;
		ch->late = false;
		end = vvb_operation_judge(&vf->operation, x);
		if (end == -EIO)
			vvb_stats_event(vf, VVB_EV_BAD_REPLY);
		vvb_operation_settle(vf, end);
		*err = end == -EIO ? -EINVAL : 0;
		return true;
	}
	vvb_operation_late(ch, x->reply.id);
	return false;
}
