// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kicks: writes to queue_notify. One that is a store needs no lock of ours and may come from
 * any context. One that became a command queues up behind the control accesses. One that the
 * policy wants coalesced waits, with all others for its queue, and is never lost.
 */
#include <linux/uaccess.h>

#include "kick.h"

/* COALESCE: one notify per queue, when the time is up. Any context. */
int vvb_kick_later(struct vvb_vf *vf, struct vvb_access *acc)
{
	u64 us = min_t(u64, acc->delay_us, READ_ONCE(vf->set->punt_timeout_ms) * USEC_PER_MSEC);

	acc->by = VVB_BY_NOTIFY;
	if (test_and_set_bit(acc->value, vf->kicks))
		vvb_stats_event(vf, VVB_EV_COALESCED);
	queue_delayed_work(system_unbound_wq, &vf->kick_work, usecs_to_jiffies(us));
	return 0;
}

/* Is it neither a command nor a question to the daemon? */
static bool vvb_kick_is_simple(struct vvb_vf *vf, const struct vvb_access *acc)
{
	switch (acc->taken) {
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

/* Carry out a kick that is no store, or can't be one. */
static noinline int vvb_kick_finish(struct vvb_vf *vf, struct vvb_frame *frame)
{
	struct vvb_access *acc = &frame->view.acc;
	int err;

	if (vvb_kick_waits(acc))
		return vvb_conclude(vf, frame, vvb_kick_later(vf, acc));
	if (vvb_kick_is_simple(vf, acc))
		return vvb_finish(vf, frame);
	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	err = vvb_finish(vf, frame);
	mutex_unlock(&vf->lock);
	return err;
}

static __always_inline int vvb_kick(struct vvb_vf *vf, u16 queue)
{
	struct vvb_frame frame __uninitialized;
	struct vvb_access *acc = &frame.view.acc;

	vvb_kick_decide(vf, queue, &frame);
	if (vvb_kick_stores(vf, acc))
		return vvb_kick_stored(vf, &frame, vvb_act_notify(vf, acc));
	return vvb_kick_finish(vf, &frame);
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
	bool woken;
	u16 queue;
	int err;

	if (vvb_io_check(vf))
		return -EIO;
	if (get_user(queue, (const u16 __user *)buf))
		return -EFAULT;
	if (vvb_wake(vf, &woken))
		return -EIO;
	err = vvb_kick(vf, le16_to_cpu((__force __le16)queue));
	vvb_unwake(vf, woken);
	return err ? err : VVB_NOTIFY_LEN;
}

/**
 * vvb_kick_thread - a kick from a thread that is not the user's own
 * @vf:		open and transitional
 * @queue:	queue index
 * @frame:	what vvb_kick_atomic() decided, NULL when it has not
 *
 * Context: sleeps.
 */
void vvb_kick_thread(struct vvb_vf *vf, u16 queue, struct vvb_frame *frame)
{
	bool woken;

	if (vvb_io_check(vf) || vvb_wake(vf, &woken))
		return;
	if (frame)
		vvb_kick_finish(vf, frame);
	else
		vvb_kick(vf, queue);
	vvb_unwake(vf, woken);
}

/* ---- kicks that waited ---- */

/* The policy has seen it when it came; this is its effect. */
static void vvb_kick_deliver(struct vvb_vf *vf, u16 queue)
{
	struct vvb_access acc;

	vvb_access_init(vf, &acc, &vvb_kick_piece, true, READ_ONCE(vf->msix));
	acc.value = queue;
	acc.taken = VVB_NOTIFY;
	vvb_stats_event(vf, VVB_EV_COALESCED_SENT);
	if (vf->notify) {
		vvb_act(vf, &acc);
		return;
	}
	mutex_lock(&vf->lock);
	vvb_act(vf, &acc);
	mutex_unlock(&vf->lock);
}

/* A kick that comes after its bit was cleared queues this work again: none is lost. */
static void vvb_kick_work(struct work_struct *work)
{
	struct vvb_vf *vf = container_of(to_delayed_work(work), struct vvb_vf, kick_work);
	unsigned int word, bit;
	unsigned long waiting;
	bool woken;

	if (vvb_wake(vf, &woken))
		return;
	for (word = 0; word < ARRAY_SIZE(vf->kicks); word++) {
		waiting = xchg(&vf->kicks[word], 0);
		for_each_set_bit(bit, &waiting, BITS_PER_LONG)
			vvb_kick_deliver(vf, word * BITS_PER_LONG + bit);
	}
	vvb_unwake(vf, woken);
}

void vvb_kick_init(struct vvb_vf *vf)
{
	INIT_DELAYED_WORK(&vf->kick_work, vvb_kick_work);
}

/* Before vfio-pci closes the device: what waits has no one to wait for. */
void vvb_kick_close(struct vvb_vf *vf)
{
	cancel_delayed_work_sync(&vf->kick_work);
	bitmap_zero(vf->kicks, VVB_COALESCE_QUEUES);
}
