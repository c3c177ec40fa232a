/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A few slots, first come, first served. Taking one that is free costs an atomic; a semaphore
 * alone takes its spinlock twice for each command.
 */
#ifndef VVB_SLOTS_H
#define VVB_SLOTS_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/semaphore.h>

#define VVB_SLOTS 8

/**
 * struct vvb_slots - see above
 * @wanted:	who has a slot, and who waits for one
 * @handed:	slots on their way from who had one to who waits; FIFO and killable
 *
 * As who waits is counted, a slot that is given back goes to one of them, never to who comes
 * just then: those that have a slot and those that are on their way are min(wanted, VVB_SLOTS).
 */
struct vvb_slots {
	atomic_t wanted;
	struct semaphore handed;
};

int vvb_slots_wait(struct vvb_slots *slots);
int vvb_slots_wait_until(struct vvb_slots *slots, unsigned long until);

static inline void vvb_slots_init(struct vvb_slots *slots)
{
	atomic_set(&slots->wanted, 0);
	/* a completion would do, but who comes last could be served first */
	sema_init(&slots->handed, 0U);
}

/* Take one. Return: 0, or -EINTR when the caller is being killed. */
static inline int vvb_slots_take(struct vvb_slots *slots)
{
	return likely(atomic_inc_return(&slots->wanted) <= VVB_SLOTS) ? 0 : vvb_slots_wait(slots);
}

/* Take one until a time in jiffies. Return: 0 or -ETIME. */
static inline int vvb_slots_take_until(struct vvb_slots *slots, unsigned long until)
{
	return atomic_inc_return(&slots->wanted) <= VVB_SLOTS ? 0 :
								vvb_slots_wait_until(slots, until);
}

/* Give one back. */
static inline void vvb_slots_give(struct vvb_slots *slots)
{
	if (unlikely(atomic_dec_return(&slots->wanted) >= VVB_SLOTS))
		up(&slots->handed);
}

#endif /* VVB_SLOTS_H */
