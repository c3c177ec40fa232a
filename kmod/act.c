// SPDX-License-Identifier: GPL-2.0-only
/*
 * An access that is decided is acted on, and its outcome goes to the guest, the policy, the
 * counters and the tracepoint.
 *
 * What an access can't do reads as all-ones or is dropped, as with absent hardware.
 */
#include <linux/delay.h>
#include <linux/pm_runtime.h>

#include "act.h"
#include "compat.h"
#include "decide.h"
#include "notify.h"

/* ---- awake ---- */

/*
 * The device is awake while it is open, but for a user that put it to sleep: then vfio-pci has
 * given up its own reference, and says so in pm_runtime_engaged. That can change at any moment,
 * so a reference of ours comes first, and is ordered before the look: a device that is awake
 * then stays so until vvb_unwake(), and one that may sleep, or be about to, is woken.
 */
static int vvb_wake(struct vvb_vf *vf)
{
	struct device *dev = &vf->core.pdev->dev;

	pm_runtime_get_noresume(dev);
	/* the reference before the look; vfio-pci says so before it gives up its own */
	smp_mb__after_atomic();
	if (likely(!vvb_pm_engaged(&vf->core)) || pm_runtime_resume(dev) >= 0)
		return 0;
	pm_runtime_put_noidle(dev);
	return -EIO;
}

static void vvb_unwake(struct vvb_vf *vf)
{
	pm_runtime_put(&vf->core.pdev->dev);
}

/* NOTIFY, when the user has put the device to sleep. memory_lock is not held: it wakes under it. */
int vvb_act_notify_asleep(struct vvb_vf *vf, struct vvb_access *acc)
{
	int err = vvb_wake(vf);

	if (err)
		return err;
	down_read(&vf->core.memory_lock);
	err = vvb_notify_store(vf, acc);
	up_read(&vf->core.memory_lock);
	vvb_unwake(vf);
	return err;
}

/* ---- act ---- */

/* DIRECT: the kernel's own command for this access. */
static __always_inline int vvb_act_direct(struct vvb_vf *vf, struct vvb_access *acc)
{
	struct vvb_admin_op op = {
		.opcode = vvb_opcode_for(acc->area, acc->write),
		.offset = acc->offset,
		.width = acc->width,
	};

	if (acc->write)
		vvb_put_le(op.registers, acc->value, acc->width);
	acc->handler = VVB_HANDLER_KERNEL;
	return vvb_admin_run(vf, &op, acc->write ? NULL : &acc->value);
}

/* PREFETCH: all of the field, of which the guest gets its part when done() has seen it. */
static int vvb_act_prefetch(struct vvb_vf *vf, struct vvb_access *acc)
{
	u8 start = vvb_config_field_start(vf->layout, acc->offset);
	u8 end = min(vvb_config_field_end(vf->layout, acc->offset), vf->config_len);

	if (end - start <= sizeof(acc->value)) {
		acc->offset = start;
		acc->width = end - start;
	}
	return vvb_act_direct(vf, acc);
}

/* What the kernel does when nobody has an opinion, or one that is not to be had. */
static int vvb_act_default(struct vvb_vf *vf, struct vvb_access *acc)
{
	if (!vvb_is_kick(acc))
		return vvb_act_direct(vf, acc);
	if (vf->notify)
		return vvb_act_notify(vf, acc);
	vvb_stats_event(vf, VVB_EV_NOTIFY_FALLBACK);
	return vvb_act_direct(vf, acc);
}

static int vvb_act_deny(struct vvb_vf *vf, struct vvb_access *acc)
{
	vvb_stats_event(vf, VVB_EV_DENIED);
	acc->handler = VVB_HANDLER_NOBODY;
	return -EACCES;
}

/* DEFER: no command, before one needs it. */
static int vvb_act_defer(struct vvb_vf *vf, struct vvb_access *acc)
{
	acc->handler = VVB_HANDLER_KERNEL;
	return vvb_admin_defer(vf, acc->value);
}

/* PUNT: the daemon answers, or one of the ways around it. */
static int vvb_act_punt(struct vvb_vf *vf, struct vvb_access *acc)
{
	struct vvb_answer answer;
	int err = vvb_punt_ask(vf, acc, &answer);

	if (err)
		return err;
	switch (answer.action) {
	case VVB_REPLY_VALUE:
		acc->handler = answer.handler;
		if (!acc->write)
			acc->value = answer.value;
		return 0;
	case VVB_REPLY_COMMAND:
		acc->handler = answer.handler;
		return vvb_admin_run(vf, &answer.op, acc->write ? NULL : &acc->value);
	case VVB_REPLY_DENY:
		return vvb_act_deny(vf, acc);
	default:
		return vvb_act_default(vf, acc);
	}
}

/* What needs the device, or may. */
static int vvb_act_awake(struct vvb_vf *vf, struct vvb_access *acc)
{
	int err = vvb_wake(vf);

	if (err)
		return err;
	switch (acc->verdict) {
	case VVB_DIRECT:
		err = vvb_act_direct(vf, acc);
		break;
	case VVB_PUNT:
		err = vvb_act_punt(vf, acc);
		break;
	case VVB_PREFETCH:
		err = vvb_act_prefetch(vf, acc);
		break;
	default:
		err = vvb_act_default(vf, acc);
	}
	vvb_unwake(vf);
	return err;
}

/**
 * vvb_act - carry out acc->verdict
 * @vf:		open; its lock is held unless @acc is a kick that is no command
 * @acc:	decided; value and handler are filled in
 *
 * Return: 0, or the negative errno behind an all-ones / dropped outcome.
 */
int vvb_act(struct vvb_vf *vf, struct vvb_access *acc)
{
	if (READ_ONCE(vf->doomed)) {
		acc->handler = VVB_HANDLER_NOBODY;
		return -ENODEV;
	}
	switch (acc->verdict) {
	case VVB_EMULATE:
		acc->handler = VVB_HANDLER_BPF;
		return 0;
	case VVB_DENY:
		return vvb_act_deny(vf, acc);
	case VVB_DEFER:
		return vvb_act_defer(vf, acc);
	default:
		return vvb_act_awake(vf, acc);
	}
}

/* ---- conclude ---- */

static __always_inline int vvb_outcome(struct vvb_vf *vf, struct vvb_frame *frame, int err)
{
	struct vvb_access *acc = &frame->view.acc;

	acc->error = err;
	if (unlikely(err)) {
		acc->handler = VVB_HANDLER_NOBODY;
		if (!acc->write)
			acc->value = vvb_all_ones(acc->width);
	}
	vvb_decide_done(vf, frame);
	vvb_stats_access(vf, acc, frame->start_ns);
	return err == -EINTR ? -EINTR : 0;
}

/**
 * vvb_conclude - the outcome of an access, for the guest, the policy and the counters
 * @vf:		open
 * @frame:	acted on
 * @err:	what vvb_act() said
 *
 * Context: any.
 * Return: 0, or -EINTR when the caller is being killed.
 */
int vvb_conclude(struct vvb_vf *vf, struct vvb_frame *frame, int err)
{
	return vvb_outcome(vf, frame, err);
}

/*
 * A control access waits as long as its policy wants, bounded like a wait for the daemon.
 * Whoever wants the VF back ends it.
 */
static int vvb_delay(struct vvb_vf *vf, u32 us)
{
	u32 most = READ_ONCE(vf->set->punt_timeout_ms) * USEC_PER_MSEC;

	vvb_stats_event(vf, VVB_EV_DELAYED);
	if (us > most) {
		vvb_stats_event(vf, VVB_EV_DELAY_CUT);
		us = most;
	}
	if (us < 2 * jiffies_to_usecs(1)) {
		fsleep(us);
		return 0;
	}
	return wait_for_completion_killable_timeout(&vf->doom, usecs_to_jiffies(us)) < 0 ? -EINTR :
											   0;
}

/* A decided access from act to done; on return acc->value is what a read gives. */
int vvb_finish(struct vvb_vf *vf, struct vvb_frame *frame)
{
	struct vvb_access *acc = &frame->view.acc;
	int err = 0;

	if (acc->delay_us && !vvb_is_kick(acc))
		err = vvb_delay(vf, acc->delay_us);
	return vvb_outcome(vf, frame, err ?: vvb_act(vf, acc));
}
