// SPDX-License-Identifier: GPL-2.0-only
/*
 * The punt: a vCPU waits, a daemon decides. In the kernel, as the wait of the one has to end
 * whatever the other does, and nothing that it says may be taken on trust.
 *
 * A VF has at most one request pending, as vf->lock admits one control access at a time.
 * The request moves idle -> queued -> held -> done and back to idle, always under
 * vvb_punt_lock; whoever moves it to done completes it, so there is one completer. The
 * vCPU takes it back to idle, answered or not, and what comes later finds no such id.
 */
#include <linux/random.h>

#include "channel.h"
#include "owner.h"
#include "settings.h"
#include "stats.h"
#include "trace.h"
#include "vf.h"

DEFINE_SPINLOCK(vvb_punt_lock); /* claims and requests of all VFs */
static u64 vvb_punt_last_id; /* under it; starts at a random point */
static u64 vvb_punt_last_hold; /* likewise, from 0 */
static LIST_HEAD(vvb_punt_held); /* under it; requests that sessions have, by vvb_vf.punt.node */
static DECLARE_WAIT_QUEUE_HEAD(vvb_own_done);

/* ---- settling a request; vvb_punt_lock is held ---- */

static void vvb_punt_answer(struct vvb_vf *vf, const struct vvb_answer *answer)
{
	list_del_init(&vf->punt.node);
	vf->punt.answer = *answer;
	vf->punt.state = VVB_PUNT_DONE;
	complete(&vf->punt.done);
}

static bool vvb_punt_pending(struct vvb_vf *vf)
{
	return vf->punt.state == VVB_PUNT_QUEUED || vf->punt.state == VVB_PUNT_HELD;
}

/* What on_daemon_loss makes of an access, when there is nobody to wait for. */
static struct vvb_answer vvb_loss_answer(enum vvb_on_loss loss)
{
	return (struct vvb_answer) {
		.action = loss == VVB_LOSS_KERNEL ? VVB_REPLY_DIRECT : VVB_REPLY_DENY,
	};
}

/* A request that nobody has: from here on the channel's session can take it. */
void vvb_punt_offer(struct vvb_channel *ch, struct vvb_vf *vf)
{
	if (vf->punt.state != VVB_PUNT_QUEUED)
		return;
	list_move_tail(&vf->punt.node, &ch->queue);
	wake_up_interruptible(&ch->wait);
}

/* It has lost the VF: what is pending waits for the next. */
void vvb_punt_return(struct vvb_vf *vf)
{
	list_del_init(&vf->punt.node);
	if (vf->punt.state == VVB_PUNT_HELD)
		vf->punt.state = VVB_PUNT_QUEUED;
}

/* The daemon is gone: WAIT keeps the request for the next one, with its id. */
void vvb_punt_lose(struct vvb_channel *ch, struct vvb_vf *vf)
{
	enum vvb_on_loss loss = READ_ONCE(vf->set->on_daemon_loss);
	struct vvb_answer answer;

	if (!vvb_punt_pending(vf))
		return;
	if (vf->punt.state == VVB_PUNT_HELD)
		vvb_stats_event(vf, VVB_EV_DAEMON_LOST);
	if (loss == VVB_LOSS_WAIT) {
		vf->punt.state = VVB_PUNT_QUEUED;
		vvb_punt_offer(ch, vf);
		return;
	}
	if (vf->punt.state == VVB_PUNT_QUEUED)
		vvb_stats_event(vf, VVB_EV_NO_DAEMON);
	answer = vvb_loss_answer(loss);
	vvb_punt_answer(vf, &answer);
}

/* ---- the vCPU's side ---- */

/* Names a request for a daemon, and no other. vvb_punt_lock is held. */
u64 vvb_punt_new_id(void)
{
	return ++vvb_punt_last_id;
}

static void vvb_punt_fill(struct vvb_vf *vf, const struct vvb_access *acc, unsigned int ms)
{
	vf->punt.req = (struct vvb_request) {
		.id = vvb_punt_new_id(),
		.vf = vf->id,
		.deadline_ns = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC,
		.value = acc->write ? acc->value : 0,
		.member = vf->member,
		.write = acc->write,
		.area = acc->area,
		.field = acc->field,
		.offset = acc->offset,
		.width = acc->width,
		.msix = acc->msix,
	};
}

/* Queue the request, or settle it at once. Returns false when @answer is filled in. */
static bool vvb_punt_submit(struct vvb_vf *vf, const struct vvb_access *acc, unsigned int ms,
			    struct vvb_answer *answer)
{
	enum vvb_on_loss loss = READ_ONCE(vf->set->on_daemon_loss);
	struct vvb_channel *ch;
	bool revoked;

	guard(spinlock)(&vvb_punt_lock);
	ch = vf->claim.channel;
	revoked = READ_ONCE(vf->revoke.revoked);
	if (revoked || (loss != VVB_LOSS_WAIT && (!ch || !ch->live || ch->late))) {
		vvb_stats_event(vf, VVB_EV_NO_DAEMON);
		*answer = vvb_loss_answer(revoked ? VVB_LOSS_FAIL : loss);
		return false;
	}
	reinit_completion(&vf->punt.done);
	vvb_punt_fill(vf, acc, ms);
	vf->punt.state = VVB_PUNT_QUEUED;
	if (ch)
		vvb_punt_offer(ch, vf);
	return true;
}

/*
 * A deadline has passed. The session is late from then on, unless it has the request (@held) and waits
 * for others: it does not know what to answer, but it lives. Who polls is woken, and heard of.
 * vvb_punt_lock is held.
 */
void vvb_punt_missed(struct vvb_vf *vf, bool held)
{
	struct vvb_channel *ch = vf->claim.channel;

	if (!ch || !ch->live) {
		vvb_stats_event(vf, VVB_EV_NO_DAEMON);
		return;
	}
	vvb_stats_event(vf, VVB_EV_DAEMON_LATE);
	if (held && atomic_read(&ch->waiting))
		return;
	ch->late = true;
	wake_up_interruptible(&ch->wait);
}

/* Take the answer, or give up on it. */
static enum vvb_punt_outcome vvb_punt_collect(struct vvb_vf *vf, bool killed,
					      struct vvb_answer *answer)
{
	enum vvb_punt_outcome end = killed ? VVB_PUNT_KILLED : VVB_PUNT_LATE;

	guard(spinlock)(&vvb_punt_lock);
	if (vf->punt.state == VVB_PUNT_DONE) {
		end = VVB_PUNT_ANSWERED;
		*answer = vf->punt.answer;
	} else {
		list_del_init(&vf->punt.node);
		*answer = vvb_loss_answer(READ_ONCE(vf->set->on_daemon_loss));
		if (!killed)
			vvb_punt_missed(vf, vf->punt.state == VVB_PUNT_HELD);
	}
	vf->punt.state = VVB_PUNT_IDLE;
	return end;
}

/**
 * vvb_punt_ask - let the daemon decide an access
 * @vf:		its lock is held
 * @acc:	the access
 * @answer:	out: what to do; action DIRECT stands for the kernel's default
 *
 * Context: sleeps, at most punt_timeout_ms; killable.
 * Return: 0 or -EINTR.
 */
int vvb_punt_ask(struct vvb_vf *vf, struct vvb_access *acc, struct vvb_answer *answer)
{
	unsigned int ms = READ_ONCE(vf->set->punt_timeout_ms);
	u64 start = ktime_get_ns();
	enum vvb_punt_outcome end;
	long left;

	if (!vvb_punt_submit(vf, acc, ms, answer))
		return 0;
	left = wait_for_completion_killable_timeout(&vf->punt.done, msecs_to_jiffies(ms));
	end = vvb_punt_collect(vf, left < 0, answer);
	trace_vvb_punt(vf->id, vf->punt.req.id, end, answer->action, ktime_get_ns() - start);
	return left < 0 ? -EINTR : 0;
}

/* The VF has been revoked: what is pending fails now, what comes fails at once. */
void vvb_punt_revoke(struct vvb_vf *vf)
{
	static const struct vvb_answer deny = { .action = VVB_REPLY_DENY };

	guard(spinlock)(&vvb_punt_lock);
	if (vvb_punt_pending(vf))
		vvb_punt_answer(vf, &deny);
}

static bool vvb_own_idle(struct vvb_vf *vf)
{
	guard(spinlock)(&vvb_punt_lock);
	return !vf->punt.own_command;
}

/*
 * Before the VF is closed: the daemon may be running a command of its own for it. What ends this
 * wait is what ends a command of the vCPU's: the device's answer, admin_timeout_ms, or that the VF
 * is wanted back. When admin_timeout_ms is 0 and the device never answers, nothing does but a reset
 * of the PF's virtio device, as its driver is unbound: virtio_pci then fails what is unanswered.
 */
void vvb_punt_drain(struct vvb_vf *vf)
{
	wait_event(vvb_own_done, vvb_own_idle(vf));
}

/* ---- the daemon's side ---- */

/**
 * vvb_punt_holds - does a session still have the request that it was handed?
 * @hold:	its number then, see struct vvb_punt. The request's own is no proof: it can have
 *		been handed to another session since
 *
 * Context: any thread; takes vvb_punt_lock. The VF may be gone.
 */
static bool vvb_punt_holds(u64 hold)
{
	struct vvb_vf *vf;

	guard(spinlock)(&vvb_punt_lock);
	list_for_each_entry(vf, &vvb_punt_held, punt.node)
		if (vf->punt.hold == hold)
			return true;
	return false;
}

/* vvb_punt_lock is held. The VF whose request @id this channel's session has. */
static struct vvb_vf *vvb_held(struct vvb_channel *ch, u64 id)
{
	struct vvb_vf *vf;

	list_for_each_entry(vf, &vvb_punt_held, punt.node)
		if (vf->punt.req.id == id && vf->claim.channel == ch)
			return vf;
	return NULL;
}

/* Is this a command that may be run for the VF? -EINVAL if not. */
static int vvb_command_check(struct vvb_vf *vf, const struct vvb_command *cmd,
			     struct vvb_admin_op *op)
{
	enum vvb_refusal why = vvb_admin_parse(cmd, op);

	if (why == VVB_ACCEPTED)
		why = vvb_admin_check(op, vf->member, vf->punt.req.msix, vf->config_len,
				      vf->layout);
	return why == VVB_ACCEPTED ? 0 : -EINVAL;
}

/* Turn a reply into an answer, trusting nothing in it. */
static int vvb_reply_check(struct vvb_vf *vf, const struct vvb_reply *reply,
			   struct vvb_answer *answer)
{
	const struct vvb_request *req = &vf->punt.req;

	*answer = (struct vvb_answer) { .action = reply->action };
	if (reply->pad || reply->reserved)
		return -EINVAL;
	switch (reply->action) {
	case VVB_REPLY_VALUE:
		answer->value = reply->value;
		return req->width < 8 && reply->value >> (8 * req->width) ? -EINVAL : 0;
	case VVB_REPLY_COMMAND:
		if (vvb_command_check(vf, &reply->command, &answer->op))
			return -EINVAL;
		if (!!vvb_opcode_writes(answer->op.opcode) != !!req->write)
			return -EINVAL;
		return !req->write && answer->op.width != req->width ? -EINVAL : 0;
	case VVB_REPLY_DIRECT:
	case VVB_REPLY_DENY:
		return 0;
	default:
		return -EINVAL;
	}
}

/* Complete a held request. A malformed reply completes it too, with the default. */
int vvb_punt_reply(struct vvb_channel *ch, const struct vvb_reply *reply)
{
	static const struct vvb_answer direct = { .action = VVB_REPLY_DIRECT };
	struct vvb_answer answer;
	struct vvb_vf *vf;
	int err;

	guard(spinlock)(&vvb_punt_lock);
	ch->late = false;
	vf = vvb_held(ch, reply->id);
	if (!vf) {
		if (!list_empty(&ch->vfs))
			vvb_stats_event(list_first_entry(&ch->vfs, struct vvb_vf, claim.node),
					VVB_EV_LATE_REPLY);
		return -ENOENT;
	}
	err = vvb_reply_check(vf, reply, &answer);
	if (err)
		vvb_stats_event(vf, VVB_EV_BAD_REPLY);
	vvb_punt_answer(vf, err ? &direct : &answer);
	return err;
}

/* Hand the oldest request to the session: there is one. vvb_punt_lock is held. */
void vvb_punt_next(struct vvb_channel *ch, struct vvb_request *req)
{
	struct vvb_vf *vf = list_first_entry(&ch->queue, struct vvb_vf, punt.node);

	vf->punt.state = VVB_PUNT_HELD;
	vf->punt.hold = ++vvb_punt_last_hold;
	list_move_tail(&vf->punt.node, &vvb_punt_held);
	*req = vf->punt.req;
}

/* Reserve the VF of a held request for a command of the daemon's own. */
static struct vvb_vf *vvb_own_begin(struct vvb_channel *ch, const struct vvb_own_command *own,
				    struct vvb_admin_op *op, u64 *hold)
{
	struct vvb_vf *vf;

	guard(spinlock)(&vvb_punt_lock);
	ch->late = false;
	vf = vvb_held(ch, own->id);
	if (!vf)
		return ERR_PTR(-ENOENT);
	if (vf->owner.active == VVB_OWNER_DAEMON)
		return ERR_PTR(-EDEADLK);
	if (vf->punt.own_command)
		return ERR_PTR(-EBUSY);
	if (own->pad || vvb_command_check(vf, &own->command, op))
		return ERR_PTR(-EINVAL);
	vf->punt.own_command = true;
	*hold = vf->punt.hold;
	return vf;
}

static void vvb_own_end(struct vvb_vf *vf)
{
	scoped_guard(spinlock, &vvb_punt_lock)
		vf->punt.own_command = false;
	wake_up_all(&vvb_own_done);
}

/**
 * vvb_punt_command - run a command of the daemon's own on behalf of a request it holds
 * @ch:		channel
 * @own:	from the daemon; status and result are filled in
 *
 * Context: sleeps until the device has answered.
 * Return: 0 when the command ran; -ENOENT not held, or not any more when the command could have
 * been sent; -EBUSY one is running already; -EINVAL not a command for this VF; -EDEADLK commands for
 * this VF are carried out by the daemon, who would wait for himself.
 */
int vvb_punt_command(struct vvb_channel *ch, struct vvb_own_command *own)
{
	struct vvb_admin_op op;
	struct vvb_vf *vf;
	/* a command of its own is to change nothing behind a request answered without it */
	struct vvb_wanted wanted = { .ask = vvb_punt_holds };
	u64 value = 0;
	int err;

	vf = vvb_own_begin(ch, own, &op, &wanted.what);
	if (IS_ERR(vf))
		return PTR_ERR(vf);
	err = vvb_owner_run(vf, &op, &wanted, &value);
	vvb_own_end(vf);
	/* settled, or handed on; so is every request of a VF that is closed */
	if (err == -ECANCELED)
		return -ENOENT;
	own->status = -err;
	memset(own->result, 0, sizeof(own->result));
	vvb_put_le(own->result, value, own->command.result_len);
	return 0;
}

/* Ids start anywhere in a range that they can't use up, so that two loads share none. */
void vvb_punt_init(void)
{
	vvb_punt_last_id = (u64)get_random_u32() << 31;
}
