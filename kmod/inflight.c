// SPDX-License-Identifier: GPL-2.0-only
/* See inflight.h. */
#include <linux/minmax.h>

#include "inflight.h"

/*
 * How long who closes waits for the commands inside. One that hangs is let go by the PF's own
 * reset, which comes after.
 */
#define VVB_DRAIN_MS 2000

/* And at most, while there is one that has not got as far as the device. */
#define VVB_DRAIN_MAX_MS 10000

void vvb_inflight_init(struct vvb_inflight *inflight)
{
	spin_lock_init(&inflight->lock);
	INIT_HLIST_HEAD(&inflight->holders);
	INIT_LIST_HEAD(&inflight->waiting);
	init_waitqueue_head(&inflight->left);
	inflight->grace = VVB_GRACE;
}

/* ---- the lock is held ---- */

/* A place is free, and somebody waits: who has waited longest is the next. */
void vvb_inflight_hand_over(struct vvb_inflight *inflight)
{
	struct vvb_ticket *next = list_first_entry(&inflight->waiting, struct vvb_ticket, waiter);

	list_del(&next->waiter);
	vvb_inflight_grant(inflight, next);
	complete(&next->event);
}

/* Commands that were given up and are not over: to @member, or to all when that is 0. */
static unsigned int vvb_inflight_count(struct vvb_inflight *inflight, u64 member)
{
	const struct vvb_ticket *ticket;
	unsigned int nr = 0;

	hlist_for_each_entry(ticket, &inflight->holders, holder)
		nr += ticket->given_up && (!member || ticket->member == member);
	return nr;
}

/* What keeps a command from going out, whether there is a place or not. */
static int vvb_inflight_refusal(struct vvb_inflight *inflight, const struct vvb_ticket *ticket,
				const struct vvb_deadline *deadline)
{
	if (unlikely(inflight->closed))
		return -ENODEV;
	if (unlikely(READ_ONCE(*deadline->revoked)))
		return -ECANCELED;
	return unlikely(inflight->given_up) && vvb_inflight_count(inflight, ticket->member) ?
		       -EBUSY :
		       0;
}

/* There is no place. The lock is held, and again on return. */
static int vvb_inflight_queue(struct vvb_inflight *inflight, struct vvb_ticket *ticket,
			      const struct vvb_deadline *deadline)
{
	long left;
	int err;

	if (deadline->timeout && time_after(jiffies, inflight->moved + deadline->timeout))
		return -EBUSY;
	reinit_completion(&ticket->event);
	list_add_tail(&ticket->waiter, &inflight->waiting);
	spin_unlock(&inflight->lock);
	left = wait_for_completion_killable_timeout(&ticket->event, vvb_deadline_left(deadline));
	spin_lock(&inflight->lock);
	reinit_completion(&ticket->event);
	err = vvb_inflight_refusal(inflight, ticket, deadline);
	/* woken for no reason that is left: it was closed, and is open again */
	if (!err && !ticket->granted)
		err = left > 0 ? -ENODEV : left ? -EINTR : -ETIMEDOUT;
	if (!ticket->granted)
		list_del(&ticket->waiter);
	else if (err)
		vvb_inflight_drop(inflight, ticket);
	return err;
}

/* vvb_inflight_enter(), where something is in the way. The lock is held, and again on return. */
int vvb_inflight_wait(struct vvb_inflight *inflight, struct vvb_ticket *ticket,
		      const struct vvb_deadline *deadline)
{
	int err = vvb_inflight_refusal(inflight, ticket, deadline);

	if (err)
		return err;
	if (inflight->nr == VVB_INFLIGHT_MAX)
		return vvb_inflight_queue(inflight, ticket, deadline);
	vvb_inflight_grant(inflight, ticket);
	return 0;
}

/* ---- without the lock ---- */

/**
 * vvb_inflight_send - may a command that has entered still go out?
 * @inflight:	of the PF
 * @ticket:	has entered
 *
 * What is refused here never gets to the device: who closes does not wait for it, and who gave
 * it up is told so by vvb_inflight_leave(), which is due in any case.
 * Return: yes, and the caller calls virtio_pci next.
 */
bool vvb_inflight_send(struct vvb_inflight *inflight, struct vvb_ticket *ticket)
{
	guard(spinlock)(&inflight->lock);
	if (inflight->closed || ticket->given_up)
		return false;
	ticket->sender = current;
	return true;
}

/**
 * vvb_inflight_give_up - nobody waits for a command any more
 * @inflight:	of the PF
 * @ticket:	has entered
 *
 * Return: false: it is over, there is an answer after all.
 */
bool vvb_inflight_give_up(struct vvb_inflight *inflight, struct vvb_ticket *ticket)
{
	guard(spinlock)(&inflight->lock);
	if (ticket->over)
		return false;
	ticket->given_up = true;
	inflight->given_up++;
	return true;
}

/* Commands that were given up and are not over: to @member, or to all when that is 0. */
unsigned int vvb_inflight_stalled(struct vvb_inflight *inflight, u64 member)
{
	guard(spinlock)(&inflight->lock);
	return vvb_inflight_count(inflight, member);
}

/**
 * vvb_inflight_await - wait, up to a time, for commands to a VF that were given up
 * @inflight:	of the PF
 * @member:	group member id of the VF
 *
 * Context: sleeps; killable. Return: none is left that could still be carried out.
 */
bool vvb_inflight_await(struct vvb_inflight *inflight, u64 member)
{
	long left = READ_ONCE(inflight->grace);

	left = wait_event_killable_timeout(inflight->left, !vvb_inflight_stalled(inflight, member),
					   left);
	if (left > 0)
		return true;
	if (!left)
		WRITE_ONCE(inflight->grace, 0);
	return false;
}

/* The lock is held. Who waits for a place for @member, or all when that is 0, looks why. */
static void vvb_inflight_wake(struct vvb_inflight *inflight, u64 member)
{
	struct vvb_ticket *ticket;

	list_for_each_entry(ticket, &inflight->waiting, waiter)
		if (!member || ticket->member == member)
			complete_all(&ticket->event);
}

/*
 * Nobody waits for a place for this VF any more; vvb_deadline.revoked has been set. Nor, with
 * @holders, for the device.
 */
void vvb_inflight_revoke(struct vvb_inflight *inflight, u64 member, bool holders)
{
	struct vvb_ticket *ticket;

	guard(spinlock)(&inflight->lock);
	vvb_inflight_wake(inflight, member);
	if (!holders)
		return;
	hlist_for_each_entry(ticket, &inflight->holders, holder)
		if (ticket->member == member)
			complete_all(&ticket->event);
}

/* Is none inside of virtio_pci? Or, with @busy, does none of those do something there? */
static bool vvb_inflight_quiet(struct vvb_inflight *inflight, bool busy)
{
	const struct vvb_ticket *ticket;

	guard(spinlock)(&inflight->lock);
	hlist_for_each_entry(ticket, &inflight->holders, holder)
		if (ticket->sender && (!busy || task_is_running(ticket->sender)))
			return false;
	return true;
}

/*
 * A command that the device does not answer is overtaken after a time. virtio_pci does not say
 * how far one has got, but who waits for the device sleeps. A sender that runs, or would if it
 * got a CPU, may be about to put its command into a queue that is freed next: it is waited for,
 * and needs no device to get on. That wait has an end, too, as one that finds the queue full of
 * commands that hang spins until virtio_pci resets it. Left: a sender that sleeps for memory all
 * this time.
 */
static bool vvb_inflight_drain(struct vvb_inflight *inflight)
{
	unsigned long until = jiffies + msecs_to_jiffies(VVB_DRAIN_MAX_MS);
	bool busy;

	do {
		busy = !vvb_inflight_quiet(inflight, true);
		if (wait_event_timeout(inflight->left, vvb_inflight_quiet(inflight, false),
				       msecs_to_jiffies(VVB_DRAIN_MS)))
			return true;
		/* who was busy may have been at it until now: once more for the device */
	} while (busy && time_before(jiffies, until));
	return false;
}

/**
 * vvb_inflight_close - no command goes out from now on; wait for those inside, up to a time
 * @inflight:	of the PF
 * @reason:	a bit; it stays closed while there is one
 *
 * Context: sleeps. Return: false: there are still some.
 */
bool vvb_inflight_close(struct vvb_inflight *inflight, u8 reason)
{
	scoped_guard(spinlock, &inflight->lock) {
		WRITE_ONCE(inflight->closed, inflight->closed | reason);
		vvb_inflight_wake(inflight, 0);
	}
	return vvb_inflight_drain(inflight);
}

/* A reason is gone. */
void vvb_inflight_open(struct vvb_inflight *inflight, u8 reason)
{
	guard(spinlock)(&inflight->lock);
	WRITE_ONCE(inflight->closed, inflight->closed & ~reason);
}
