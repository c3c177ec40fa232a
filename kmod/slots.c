// SPDX-License-Identifier: GPL-2.0-only
/* See slots.h. */
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "slots.h"

/*
 * How long who closes waits for the commands inside. One that hangs is let go by the PF's own
 * reset, which comes after.
 */
#define VVB_DRAIN_MS 2000

/* And at most, while there is one that has not got as far as the device. */
#define VVB_DRAIN_MAX_MS 10000

/**
 * struct vvb_turn - somebody who waits for a slot
 * @served:	has been given one
 * @come:	completed with that, or when there is none to be had any more
 */
struct vvb_turn {
	struct list_head node;
	struct vvb_pass *pass;
	bool served;
	struct completion come;
};

void vvb_slots_init(struct vvb_slots *slots)
{
	spin_lock_init(&slots->lock);
	INIT_LIST_HEAD(&slots->waiting);
	init_waitqueue_head(&slots->left);
	slots->grace = VVB_GRACE;
}

/* ---- slots->lock is held ---- */

/* One is free, and somebody waits: who has waited longest is the next. */
void vvb_slots_next(struct vvb_slots *slots)
{
	struct vvb_turn *turn = list_first_entry(&slots->waiting, struct vvb_turn, node);

	list_del(&turn->node);
	turn->served = true;
	vvb_slots_give(slots, turn->pass);
	complete(&turn->come);
}

/* Commands that were given up and are not over: to @member, or to all when that is 0. */
static unsigned int vvb_slots_count(struct vvb_slots *slots, u64 member)
{
	unsigned int slot, nr = 0;
	struct vvb_pass *pass;

	for (slot = 0; slot < VVB_SLOTS; slot++) {
		pass = slots->holder[slot];
		nr += pass && pass->given_up && (!member || pass->member == member);
	}
	return nr;
}

/* What keeps a command from going out, whether there is a slot or not. */
static int vvb_slots_refusal(struct vvb_slots *slots, const struct vvb_pass *pass,
			     const struct vvb_patience *patience)
{
	if (unlikely(slots->closed))
		return -ENODEV;
	if (unlikely(READ_ONCE(*patience->revoked)))
		return -ECANCELED;
	return unlikely(slots->given_up) && vvb_slots_count(slots, pass->member) ? -EBUSY : 0;
}

/* Is one inside of virtio_pci? And, with @busy, does any of those do something there? */
static bool vvb_slots_inside(struct vvb_slots *slots, bool busy)
{
	struct task_struct *carrier;
	unsigned int slot;

	for (slot = 0; slot < VVB_SLOTS; slot++) {
		carrier = slots->holder[slot] ? slots->holder[slot]->carrier : NULL;
		if (carrier && (!busy || task_is_running(carrier)))
			return true;
	}
	return false;
}

/* ---- without the lock ---- */

static long vvb_slots_time_left(const struct vvb_patience *patience)
{
	if (!patience->timeout)
		return MAX_SCHEDULE_TIMEOUT;
	return max_t(long, patience->deadline - jiffies, 0);
}

/* All slots are taken. The lock is held, and again on return. */
static int vvb_slots_await_turn(struct vvb_slots *slots, struct vvb_pass *pass,
				const struct vvb_patience *patience)
{
	struct vvb_turn turn = { .pass = pass };
	long left;
	int err;

	if (patience->timeout && time_after(jiffies, slots->moved + patience->timeout))
		return -EBUSY;
	init_completion(&turn.come);
	list_add_tail(&turn.node, &slots->waiting);
	spin_unlock(&slots->lock);
	left = wait_for_completion_killable_timeout(&turn.come, vvb_slots_time_left(patience));
	spin_lock(&slots->lock);
	err = vvb_slots_refusal(slots, pass, patience);
	if (!err && !turn.served)
		err = left < 0 ? -EINTR : -ETIMEDOUT;
	if (!turn.served)
		list_del(&turn.node);
	else if (err)
		vvb_slots_free(slots, pass);
	return err;
}

/* vvb_slots_enter(), where something is in the way. The lock is held, and again on return. */
int vvb_slots_wait(struct vvb_slots *slots, struct vvb_pass *pass,
		   const struct vvb_patience *patience)
{
	int err = vvb_slots_refusal(slots, pass, patience);

	if (err)
		return err;
	if (slots->taken == VVB_SLOTS)
		return vvb_slots_await_turn(slots, pass, patience);
	vvb_slots_give(slots, pass);
	return 0;
}

/**
 * vvb_slots_send - may a command that has a slot still go out?
 * @slots:	of the PF
 * @pass:	has entered
 *
 * What is refused here never gets to the device: who closes does not wait for it, and who gave
 * it up is told so by vvb_slots_leave(), which is due in any case.
 * Return: yes, and the caller calls virtio_pci next.
 */
bool vvb_slots_send(struct vvb_slots *slots, struct vvb_pass *pass)
{
	bool may;

	spin_lock(&slots->lock);
	may = !slots->closed && !pass->given_up;
	if (may)
		pass->carrier = current;
	spin_unlock(&slots->lock);
	return may;
}

/**
 * vvb_slots_give_up - nobody waits for a command any more
 * @slots:	of the PF
 * @pass:	has entered
 *
 * Return: false: it is over, there is an answer after all.
 */
bool vvb_slots_give_up(struct vvb_slots *slots, struct vvb_pass *pass)
{
	bool over;

	spin_lock(&slots->lock);
	over = pass->over;
	if (!over) {
		pass->given_up = true;
		slots->given_up++;
	}
	spin_unlock(&slots->lock);
	return !over;
}

/* Commands that were given up and are not over: to @member, or to all when that is 0. */
unsigned int vvb_slots_stalled(struct vvb_slots *slots, u64 member)
{
	unsigned int nr;

	spin_lock(&slots->lock);
	nr = vvb_slots_count(slots, member);
	spin_unlock(&slots->lock);
	return nr;
}

/**
 * vvb_slots_await - wait, up to a time, for commands to a VF that were given up
 * @slots:	of the PF
 * @member:	group member id of the VF
 *
 * Context: sleeps; killable. Return: none is left that could still be carried out.
 */
bool vvb_slots_await(struct vvb_slots *slots, u64 member)
{
	long left = READ_ONCE(slots->grace);

	left = wait_event_killable_timeout(slots->left, !vvb_slots_stalled(slots, member), left);
	if (left > 0)
		return true;
	if (!left)
		WRITE_ONCE(slots->grace, 0);
	return false;
}

/*
 * Nobody waits for a slot for this VF any more; vvb_patience.revoked has been set. Nor, with
 * @holders, for the device.
 */
void vvb_slots_revoke(struct vvb_slots *slots, u64 member, bool holders)
{
	struct vvb_turn *turn;
	unsigned int slot;

	spin_lock(&slots->lock);
	list_for_each_entry(turn, &slots->waiting, node)
		if (turn->pass->member == member)
			complete(&turn->come);
	for (slot = 0; holders && slot < VVB_SLOTS; slot++)
		if (slots->holder[slot] && slots->holder[slot]->member == member)
			complete_all(&slots->holder[slot]->done);
	spin_unlock(&slots->lock);
}

static bool vvb_slots_quiet(struct vvb_slots *slots, bool busy)
{
	bool quiet;

	spin_lock(&slots->lock);
	quiet = !vvb_slots_inside(slots, busy);
	spin_unlock(&slots->lock);
	return quiet;
}

/*
 * A command that the device does not answer is overtaken after a time. virtio_pci does not say
 * how far one has got, but who waits for the device sleeps. A carrier that runs, or would if it
 * got a CPU, may be about to put its command into a queue that is freed next: it is waited for,
 * and needs no device to get on. That wait has an end, too, as one that finds the queue full of
 * commands that hang spins until virtio_pci resets it. Left: a carrier that sleeps for memory all
 * this time.
 */
static bool vvb_slots_drain(struct vvb_slots *slots)
{
	unsigned long until = jiffies + msecs_to_jiffies(VVB_DRAIN_MAX_MS);
	bool busy;

	do {
		busy = !vvb_slots_quiet(slots, true);
		if (wait_event_timeout(slots->left, vvb_slots_quiet(slots, false),
				       msecs_to_jiffies(VVB_DRAIN_MS)))
			return true;
		/* who was busy may have been at it until now: once more for the device */
	} while (busy && time_before(jiffies, until));
	return false;
}

/**
 * vvb_slots_close - no command goes out from now on; wait for those inside, up to a time
 * @slots:	of the PF
 * @reason:	a bit; it stays closed while there is one
 *
 * Context: sleeps. Return: false: there are still some.
 */
bool vvb_slots_close(struct vvb_slots *slots, u8 reason)
{
	struct vvb_turn *turn;

	spin_lock(&slots->lock);
	WRITE_ONCE(slots->closed, slots->closed | reason);
	list_for_each_entry(turn, &slots->waiting, node)
		complete(&turn->come);
	spin_unlock(&slots->lock);
	return vvb_slots_drain(slots);
}

/* A reason is gone. */
void vvb_slots_open(struct vvb_slots *slots, u8 reason)
{
	spin_lock(&slots->lock);
	WRITE_ONCE(slots->closed, slots->closed & ~reason);
	spin_unlock(&slots->lock);
}
