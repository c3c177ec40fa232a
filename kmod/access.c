// SPDX-License-Identifier: GPL-2.0-only
/*
 * An access that is decided, to its end: a delay, the act, and the outcome for the guest, the
 * policy, the counters and the tracepoint. What an access can't do reads as all-ones or is
 * dropped, as with absent hardware. In the kernel, as the guest gets an outcome whatever becomes of
 * policies and daemons.
 */
#include <linux/delay.h>

#include "access.h"
#include "act.h"
#include "owner.h"
#include "settings.h"

static __always_inline int vvb_access_outcome(struct vvb_vf *vf, struct vvb_access_ctx *ctx,
					      int err)
{
	struct vvb_access *acc = &ctx->arg.acc;

	acc->error = err;
	if (unlikely(err)) {
		acc->handler = VVB_HANDLER_NOBODY;
		if (!acc->write)
			acc->value = vvb_all_ones(acc->width);
	}
	vvb_access_show(vf, ctx);
	if (unlikely(acc->field == VVB_FIELD_QUEUE_SIZE && vf->owner.active == VVB_OWNER_SELF) &&
	    !acc->write && !err)
		vvb_owner_size_told(vf, acc->value);
	vvb_stats_access(vf, acc, ctx->start_ns);
	return err == -EINTR ? -EINTR : 0;
}

/**
 * vvb_access_done - the outcome of an access
 * @vf:		open
 * @ctx:	acted on; on return acc->value is what a read gives
 * @err:	what vvb_act() said
 *
 * Context: any.
 * Return: 0, or -EINTR when the caller is being killed.
 */
int vvb_access_done(struct vvb_vf *vf, struct vvb_access_ctx *ctx, int err)
{
	return vvb_access_outcome(vf, ctx, err);
}

/*
 * A control access waits as long as its policy wants, bounded like a wait for the daemon.
 * Whoever wants the VF back ends it.
 */
static int vvb_access_delay(struct vvb_vf *vf, u32 us)
{
	u32 most = READ_ONCE(vf->set->punt_timeout_ms) * USEC_PER_MSEC;
	long left;

	vvb_stats_event(vf, VVB_EV_DELAYED);
	if (us > most) {
		vvb_stats_event(vf, VVB_EV_DELAY_CUT);
		us = most;
	}
	if (us < 2 * jiffies_to_usecs(1)) {
		fsleep(us);
		return 0;
	}
	left = wait_for_completion_killable_timeout(&vf->revoke.done, usecs_to_jiffies(us));
	return left < 0 ? -EINTR : 0;
}

/**
 * vvb_access_run - delay, act, done
 * @vf:		open; its lock is held unless @ctx is a kick that is no command
 * @ctx:	decided; on return acc->value is what a read gives
 *
 * Context: sleeps, killable. Return: as vvb_access_done().
 */
int vvb_access_run(struct vvb_vf *vf, struct vvb_access_ctx *ctx)
{
	struct vvb_access *acc = &ctx->arg.acc;
	int err = 0;

	if (unlikely(acc->delay_us) && !vvb_is_kick(acc))
		err = vvb_access_delay(vf, acc->delay_us);
	return vvb_access_outcome(vf, ctx, err ?: vvb_act(vf, acc));
}
