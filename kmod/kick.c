// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kicks: writes to queue_notify. One that is a store needs no lock of ours and may come from
 * any task. One that became a command queues up behind the control accesses. One that the
 * policy wants coalesced waits, with all others for its queue, and is never lost.
 *
 * A VF has one work for all its kicks that wait: those put off, and those of ioeventfds that
 * could not be done where they were signalled. That work may block on the VF's lock, on its
 * daemon and on its device, so the workqueue is ours: what blocks there holds up nobody else's
 * works.
 */
#include <linux/uaccess.h>

#include "kick.h"

static struct workqueue_struct *vvb_kick_wq;

/**
 * vvb_kick_schedule - have the work run in time for the first of what waits
 * @vf:		its kick_lock is held: what waits, and when the work runs, change together
 *
 * A signal of an ioeventfd has waited long enough. Context: any.
 */
void vvb_kick_schedule(struct vvb_vf *vf)
{
	unsigned long now = jiffies, delay = 0;

	lockdep_assert_held(&vf->kick_lock);
	if (list_empty(&vf->signals)) {
		if (bitmap_empty(vf->kicks, VVB_COALESCE_QUEUES))
			return;
		if (time_after(vf->kicks_at, now))
			delay = vf->kicks_at - now;
	}
	mod_delayed_work(vvb_kick_wq, &vf->kick_work, delay);
}

/* COALESCE: one notify per queue, when the time of the first of them is up. Any context. */
int vvb_kick_later(struct vvb_vf *vf, struct vvb_access *acc)
{
	u64 us = min_t(u64, acc->delay_us, READ_ONCE(vf->set->punt_timeout_ms) * USEC_PER_MSEC);
	unsigned long at = jiffies + usecs_to_jiffies(us), flags;
	bool sooner;

	acc->handler = VVB_HANDLER_NOTIFY;
	spin_lock_irqsave(&vf->kick_lock, flags);
	sooner = bitmap_empty(vf->kicks, VVB_COALESCE_QUEUES) || time_before(at, vf->kicks_at);
	if (__test_and_set_bit(acc->value, vf->kicks))
		vvb_stats_event(vf, VVB_EV_COALESCED);
	if (sooner) {
		vf->kicks_at = at;
		vvb_kick_schedule(vf);
	}
	spin_unlock_irqrestore(&vf->kick_lock, flags);
	return 0;
}

/* Is it neither a command nor a question to the daemon? */
static bool vvb_kick_is_simple(struct vvb_vf *vf, const struct vvb_access *acc)
{
	switch (acc->verdict) {
	case VVB_EMULATE:
	case VVB_DENY:
		return true;
	case VVB_NOTIFY:
	case VVB_COALESCE:
		return vf->notify;
	default:
		return false;
	}
}

/* Carry out a kick that is no store, or can't be one. @held: the caller has vf->lock. */
static noinline int vvb_kick_finish(struct vvb_vf *vf, struct vvb_frame *frame, bool held)
{
	struct vvb_access *acc = &frame->view.acc;
	int err;

	if (vvb_kick_waits(acc))
		return vvb_conclude(vf, frame, vvb_kick_later(vf, acc));
	if (held || vvb_kick_is_simple(vf, acc))
		return vvb_finish(vf, frame);
	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	err = vvb_finish(vf, frame);
	mutex_unlock(&vf->lock);
	return err;
}

static __always_inline int vvb_kick(struct vvb_vf *vf, u16 queue, bool held)
{
	struct vvb_frame frame __uninitialized;
	struct vvb_access *acc = &frame.view.acc;

	vvb_kick_decide(vf, queue, &frame);
	if (vvb_kick_stores(vf, acc))
		return vvb_kick_stored(vf, &frame, vvb_act_notify(vf, acc));
	return vvb_kick_finish(vf, &frame, held);
}

/**
 * vvb_kick_held - a write of queue_notify, whole, within a wider write
 * @vf:		open and transitional; its lock is held
 * @queue:	queue index
 *
 * Context: sleeps, killable.
 * Return: 0 or -EINTR.
 */
int vvb_kick_held(struct vvb_vf *vf, u16 queue)
{
	return vvb_kick(vf, queue, true);
}

/**
 * vvb_kick_user - a write of queue_notify, whole, by the user
 * @vf:		open and transitional
 * @buf:	the queue index, little-endian
 *
 * Context: process context, sleeps, killable.
 * Return: the two bytes done; -EIO while I/O decoding is off; -EFAULT; -EINTR.
 */
ssize_t vvb_kick_user(struct vvb_vf *vf, const char __user *buf)
{
	u16 queue;
	int err;

	if (vvb_io_check(vf))
		return -EIO;
	if (get_user(queue, (const u16 __user *)buf))
		return -EFAULT;
	err = vvb_kick(vf, le16_to_cpu((__force __le16)queue), false);
	return err ? err : VVB_NOTIFY_LEN;
}

/**
 * vvb_kick_thread - a kick that was signalled where it could not be done
 * @vf:		open and transitional
 * @queue:	queue index
 * @frame:	what vvb_kick_atomic() decided, NULL when it has not
 *
 * Context: sleeps, killable.
 */
void vvb_kick_thread(struct vvb_vf *vf, u16 queue, struct vvb_frame *frame)
{
	if (vvb_io_check(vf))
		return;
	if (frame)
		vvb_kick_finish(vf, frame, false);
	else
		vvb_kick(vf, queue, false);
}

/* ---- kicks that waited ---- */

/* The policy has seen it when it came; this is its effect. */
static void vvb_kick_deliver(struct vvb_vf *vf, u16 queue)
{
	struct vvb_access acc;

	vvb_access_init(vf, &acc, &vvb_kick_access, true, READ_ONCE(vf->msix));
	acc.value = queue;
	acc.verdict = VVB_NOTIFY;
	vvb_stats_event(vf, VVB_EV_COALESCED_SENT);
	if (vf->notify) {
		vvb_act(vf, &acc);
		return;
	}
	mutex_lock(&vf->lock);
	vvb_act(vf, &acc);
	mutex_unlock(&vf->lock);
}

/* Take the queues whose notifies are to be delivered now: all that were put off, or none. */
static void vvb_kick_take(struct vvb_vf *vf, unsigned long *due)
{
	bitmap_zero(due, VVB_COALESCE_QUEUES);
	guard(spinlock_irq)(&vf->kick_lock);
	if (time_before(jiffies, vf->kicks_at))
		return;
	bitmap_copy(due, vf->kicks, VVB_COALESCE_QUEUES);
	bitmap_zero(vf->kicks, VVB_COALESCE_QUEUES);
}

/* One signal a time, and then what is due again: neither keeps the other waiting. */
static void vvb_kick_work(struct work_struct *work)
{
	struct vvb_vf *vf = container_of(to_delayed_work(work), struct vvb_vf, kick_work);
	DECLARE_BITMAP(due, VVB_COALESCE_QUEUES);
	unsigned int queue;

	vvb_kick_take(vf, due);
	for_each_set_bit(queue, due, VVB_COALESCE_QUEUES)
		vvb_kick_deliver(vf, queue);
	vvb_ioeventfd_next(vf);
	spin_lock_irq(&vf->kick_lock);
	vvb_kick_schedule(vf);
	spin_unlock_irq(&vf->kick_lock);
}

void vvb_kick_init(struct vvb_vf *vf)
{
	spin_lock_init(&vf->kick_lock);
	INIT_LIST_HEAD(&vf->signals);
	INIT_DELAYED_WORK(&vf->kick_work, vvb_kick_work);
}

/*
 * Before vfio-pci closes the device, when nobody kicks any more and vvb_punt_end() has ended
 * what the work may wait for: what was put off has no one to wait for.
 */
void vvb_kick_close(struct vvb_vf *vf)
{
	cancel_delayed_work_sync(&vf->kick_work);
	bitmap_zero(vf->kicks, VVB_COALESCE_QUEUES);
}

/*
 * A VF has one work, which may block for as long as its commands and punts may take. As many run
 * as the kernel has for one queue, 512, which it divides among the NUMA nodes.
 */
int vvb_kicks_init(void)
{
	vvb_kick_wq = alloc_workqueue("vvb_kick", WQ_UNBOUND, WQ_MAX_ACTIVE);
	return vvb_kick_wq ? 0 : -ENOMEM;
}

void vvb_kicks_exit(void)
{
	destroy_workqueue(vvb_kick_wq);
}
