/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of one PF that are on their way: a counting semaphore that knows who has it. Who
 * comes when as many are in flight as there may be waits, first come, first served. Who has the
 * lock sees every command that the device could still carry out.
 *
 * No semaphore of the kernel's can be waited for until a deadline and until a signal that kills,
 * nor can one be told that a VF is wanted back. What makes this one correct:
 *
 *   (1) nr is the length of @holders, at most VVB_INFLIGHT_MAX;
 *   (2) while somebody waits, nr is VVB_INFLIGHT_MAX.
 *
 * All changes are under @lock, and each keeps both. Who enters takes a place when there is one
 * and else joins the end of @waiting, where (2) holds. Who leaves hands its place to the first
 * that waits, if any, in the same critical section, so that nr stays; only when nobody waits it
 * falls. Who gives up waiting takes itself off @waiting, or, when it finds that it was handed a
 * place meanwhile, leaves as above. So no place is free while somebody waits for one: no wake-up
 * is lost, and nobody overtakes, as who comes later finds no place either.
 */
#ifndef VVB_INFLIGHT_H
#define VVB_INFLIGHT_H

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#define VVB_INFLIGHT_MAX 8

/*
 * How long a VF that is unbound waits for a command of its own that was given up. A device that
 * is only slow answers in that time, in front of the VF's next driver. The writer of `unbind` holds
 * the VF's lock, and with sriov_numvfs=0 the PF's, meanwhile, and all VFs of a PF that hangs share
 * this: whoever watches over such a writer counts in tens of seconds.
 */
#define VVB_GRACE (3 * HZ)

/**
 * struct vvb_ticket - a command in flight, or that wants to be; under vvb_inflight.lock
 * @holder, @waiter: among @holders or @waiting of struct vvb_inflight, by @granted
 * @member:	group member id of the VF that it is for
 * @sender:	the task that has it inside of virtio_pci, NULL before and after
 * @granted:	it is in flight
 * @given_up:	nobody waits for its answer
 * @over:	it has left: answered, or never sent. Who waits reads it without the lock
 * @event:	completed when it is granted after a wait, when it is over, and when either is of no
 *		use any more
 */
struct vvb_ticket {
	union {
		struct hlist_node holder;
		struct list_head waiter;
	};
	u64 member;
	struct task_struct *sender;
	bool granted;
	bool given_up;
	bool over;
	struct completion event;
};

/**
 * struct vvb_deadline - how long somebody waits
 * @timeout:	in jiffies, 0: as long as it takes. Who finds that no command of the PF has gone out
 *		for so long does not wait at all
 * @at:		when the wait ends, in jiffies; of no meaning without a @timeout
 * @revoked:	the VF is wanted back, which ends it, too; see vvb_inflight_revoke()
 */
struct vvb_deadline {
	unsigned long timeout;
	unsigned long at;
	const bool *revoked;
};

/* Jiffies that are left. */
static inline long vvb_deadline_left(const struct vvb_deadline *deadline)
{
	if (!deadline->timeout)
		return MAX_SCHEDULE_TIMEOUT;
	return max_t(long, deadline->at - jiffies, 0);
}

/**
 * struct vvb_inflight - of a PF
 * @closed:	why no command may go out, a bit for each reason; read without the lock, too
 * @nr:		of @holders; a guess without the lock
 * @given_up:	commands that nobody waits for
 * @holders:	struct vvb_ticket of each command in flight
 * @waiting:	and of each that waits, the longest first
 * @moved:	when one was last granted, in jiffies
 * @grace:	jiffies that vvb_inflight_await() may still wait in all, until one is over
 * @left:	woken when a command that was given up is over, and any while closed
 */
struct vvb_inflight {
	spinlock_t lock;
	u8 closed;
	u8 nr;
	u8 given_up;
	struct hlist_head holders;
	struct list_head waiting;
	unsigned long moved;
	long grace;
	wait_queue_head_t left;
};

void vvb_inflight_init(struct vvb_inflight *inflight);
int vvb_inflight_wait(struct vvb_inflight *inflight, struct vvb_ticket *ticket,
		      const struct vvb_deadline *deadline);
bool vvb_inflight_send(struct vvb_inflight *inflight, struct vvb_ticket *ticket);
void vvb_inflight_hand_over(struct vvb_inflight *inflight);
bool vvb_inflight_give_up(struct vvb_inflight *inflight, struct vvb_ticket *ticket);
unsigned int vvb_inflight_stalled(struct vvb_inflight *inflight, u64 member);
bool vvb_inflight_await(struct vvb_inflight *inflight, u64 member);
void vvb_inflight_revoke(struct vvb_inflight *inflight, u64 member, bool holders);
bool vvb_inflight_close(struct vvb_inflight *inflight, u8 reason);
void vvb_inflight_open(struct vvb_inflight *inflight, u8 reason);

/* There is a place. The lock is held. */
static __always_inline void vvb_inflight_grant(struct vvb_inflight *inflight,
					       struct vvb_ticket *ticket)
{
	hlist_add_head(&ticket->holder, &inflight->holders); /* whose checks cost nothing */
	WRITE_ONCE(inflight->nr, inflight->nr + 1);
	inflight->moved = jiffies;
	ticket->granted = true;
}

/* A place is free. The lock is held. */
static __always_inline void vvb_inflight_drop(struct vvb_inflight *inflight,
					      struct vvb_ticket *ticket)
{
	hlist_del(&ticket->holder);
	WRITE_ONCE(inflight->nr, inflight->nr - 1);
	ticket->granted = false;
	ticket->sender = NULL;
	if (unlikely(!list_empty(&inflight->waiting)))
		vvb_inflight_hand_over(inflight);
}

/**
 * vvb_inflight_enter - may a command go out?
 * @inflight:	of the PF
 * @ticket:	in nobody else's hands
 * @deadline:	how long to wait for that
 * @send:	the caller calls virtio_pci next, and then vvb_inflight_leave(). Else somebody asks
 *		vvb_inflight_send() before
 *
 * In line, as each command of a guest pays for it.
 * Context: may sleep; killable.
 * Return: 0; -ENODEV closed; -ECANCELED the VF is wanted back; -EBUSY a command to this VF was
 * given up, or none of the PF has moved for longer than the caller would wait; -ETIMEDOUT;
 * -EINTR.
 */
static __always_inline int vvb_inflight_enter(struct vvb_inflight *inflight,
					      struct vvb_ticket *ticket,
					      const struct vvb_deadline *deadline, bool send)
{
	int err = 0;

	spin_lock(&inflight->lock);
	if (likely(!inflight->closed && !inflight->given_up && inflight->nr < VVB_INFLIGHT_MAX &&
		   !READ_ONCE(*deadline->revoked)))
		vvb_inflight_grant(inflight, ticket);
	else
		err = vvb_inflight_wait(inflight, ticket, deadline);
	if (send && likely(!err))
		ticket->sender = current;
	spin_unlock(&inflight->lock);
	return err;
}

/**
 * vvb_inflight_leave - a command is over
 * @inflight:	of the PF
 * @ticket:	has entered
 *
 * Return: was it given up?
 */
static __always_inline bool vvb_inflight_leave(struct vvb_inflight *inflight,
					       struct vvb_ticket *ticket)
{
	bool given_up, awaited;

	spin_lock(&inflight->lock);
	given_up = ticket->given_up;
	if (unlikely(given_up)) {
		ticket->given_up = false;
		inflight->given_up--;
		WRITE_ONCE(inflight->grace, VVB_GRACE);
	}
	awaited = given_up || inflight->closed;
	vvb_inflight_drop(inflight, ticket);
	smp_store_release(&ticket->over, true); /* what came back is seen by who sees this */
	spin_unlock(&inflight->lock);
	if (unlikely(awaited))
		wake_up_all(&inflight->left);
	return given_up;
}

#endif /* VVB_INFLIGHT_H */
