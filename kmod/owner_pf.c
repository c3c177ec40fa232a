// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owner of a VF is its PF: legacy operations are administration commands (virtio 1.3, 2.12.1.2),
 * tried again where the device asks for it, and rationed where they fail, as virtio_pci prints a line
 * on the PF for every failure. In the kernel, as guests share the PF: none may flood it, or wait for
 * another's command.
 *
 * What we found out ourselves is an errno from here on. What the device said of a command is a
 * status, which may be any number: it is looked at here, and is -EIO to everybody else.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_pci_admin.h>

#include "command.h"
#include "owner.h"
#include "owner_pf.h"
#include "pf.h"
#include "stats.h"
#include "trace.h"
#include "vf.h"

#define VVB_BUSY_STEP_MAX_MS 100 /* a device that says EAGAIN is asked again after 1, 2, 4 ... ms */
#define VVB_BUSY_MS 1000 /* for so long when there is no admin_timeout_ms */
#define VVB_FAIL_BURST 16 /* failing commands a VF may send at once */
#define VVB_FAIL_PERIOD (HZ / 4) /* and then one per period */

/* ---- commands given up ---- */

/* Is one unanswered? And how many has the PF? Waits for nothing. */
bool vvb_owner_pf_waits(struct vvb_vf *vf)
{
	return vf->owner.pf && vvb_inflight_stalled(&vf->owner.pf->inflight, vf->member);
}

unsigned int vvb_owner_pf_stalled(struct vvb_vf *vf)
{
	return vf->owner.pf ? vvb_inflight_stalled(&vf->owner.pf->inflight, 0) : 0;
}

/* Wait until none is, up to a time. Return: none is. Context: sleeps; killable. */
bool vvb_owner_pf_await(struct vvb_vf *vf)
{
	return !vvb_owner_pf_waits(vf) || vvb_inflight_await(&vf->owner.pf->inflight, vf->member);
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

/* ---- one command; under the VF's turn ---- */

/* The VF sends no other until this one is over; and what is given up is rationed, as what fails. */
static noinline void vvb_owner_pf_given_up(struct vvb_vf *vf, const struct vvb_call *call)
{
	dev_warn_ratelimited(&vf->core.pdev->dev,
			     "admin command %u was given up: stalled until it is answered\n",
			     call->op->opcode);
}

/* One try. Return: 0, it was answered; or why not. */
static __always_inline int vvb_owner_pf_try(struct vvb_vf *vf, struct vvb_call *call)
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
		vvb_owner_pf_given_up(vf, call);
	return err;
}

/*
 * A device that says EAGAIN, as behind a reset, is waited for once: until when? It is the same
 * wait for the next access, unless there was a reset or a break between them.
 */
static unsigned long vvb_owner_pf_busy_until(struct vvb_vf *vf, const struct vvb_deadline *deadline)
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
 * resets is not to find absent hardware. It is the same wait if a daemon has the PF. Return: 0, try
 * again; -EIO it was the last; -EINTR; -ECANCELED.
 */
noinline int vvb_owner_pf_back_off(struct vvb_vf *vf, const struct vvb_deadline *deadline,
				   unsigned int tries)
{
	unsigned int ms = min(1U << min(tries, 7U), VVB_BUSY_STEP_MAX_MS);
	unsigned long until = vvb_owner_pf_busy_until(vf, deadline);
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
static int vvb_owner_pf_errno(const struct vvb_call *call)
{
	if (likely(!call->status))
		return 0;
	return call->op->opcode == VVB_OP_NOTIFY_INFO && call->status == -ENOENT ? -ENOENT : -EIO;
}

/**
 * vvb_owner_pf_ask - one command, sent again while the device says "not now"
 * @vf:		the VF; its turn is the caller's
 * @call:	what to do; filled in
 *
 * Any other answer is final. Return: 0 or as vvb_owner_run().
 */
int vvb_owner_pf_ask(struct vvb_vf *vf, struct vvb_call *call)
{
	unsigned int tries = 0;
	int err;

	if (unlikely(!vvb_ration_left(&vf->owner.failures))) {
		vvb_stats_event(vf, VVB_EV_COMMAND_LIMIT);
		return -EBUSY;
	}
	do {
		err = vvb_owner_pf_try(vf, call);
		if (unlikely(err))
			break;
		if (likely(call->status != -EAGAIN)) {
			vf->owner.busy.yes = false;
			err = vvb_owner_pf_errno(call);
			break;
		}
		err = vvb_owner_pf_back_off(vf, &call->deadline, tries++);
	} while (!err);
	/* one that was given up may be refused later */
	if (unlikely(err && call->sent))
		vvb_ration_take(&vf->owner.failures);
	if (unlikely(err == -EBUSY))
		vvb_stats_event(vf, VVB_EV_STALLED);
	return err;
}

/* @vf: identified; what is no VF has no PF. May sleep. Return: 0 or a negative errno. */
int vvb_owner_pf_init(struct vvb_vf *vf)
{
	struct vvb_owner *owner = &vf->owner;
	struct vvb_pf *pf;

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
void vvb_owner_pf_free(struct vvb_vf *vf)
{
	vvb_cmd_put(vf->owner.cmd);
	vvb_pf_put(vf->owner.pf);
}

static const char vvb_owner_pf_closed[] =
	"the PF's virtio device has no driver, or the host is going to sleep";

/*
 * What is missing for legacy commands? virtio_pci keeps the list of those that the PF's device offers
 * as long as the VF exists, also when the PF's virtio driver is gone, whose commands can't be sent.
 * Return: in words; NULL for nothing.
 */
const char *vvb_owner_pf_lacks(struct vvb_vf *vf)
{
	struct vvb_pf *pf = vf->owner.pf;

	if (!pf)
		return "its PF has no virtio device, as virtio-pci does not drive it";
	if (READ_ONCE(pf->inflight.closed))
		return vvb_owner_pf_closed;
	if (virtio_pci_admin_has_legacy_io(vf->core.pdev))
		return NULL;
	if (virtio_has_feature(dev_to_virtio(pf->virtio), VIRTIO_F_ADMIN_VQ))
		return "the PF's device has no legacy commands (opcodes 2 to 6)";
	return "the PF's device has no administration queue";
}

/* Why does nobody send the legacy commands that the PF's device has? NULL: it has none, or it is not so. */
const char *vvb_owner_pf_gone(struct vvb_vf *vf)
{
	struct vvb_pf *pf = vf->owner.pf;

	if (!pf || !READ_ONCE(pf->inflight.closed) ||
	    !virtio_pci_admin_has_legacy_io(vf->core.pdev))
		return NULL;
	return vvb_owner_pf_closed;
}
