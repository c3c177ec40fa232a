// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for one of the slots of slots.h. */
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "slots.h"

/*
 * Waits no more. When nobody is wanting beyond those that have a slot or are about to get one,
 * one is on its way to the caller, who takes it: its giver has but to call up().
 */
static void vvb_slots_turn_back(struct vvb_slots *slots)
{
	int wanted = atomic_read(&slots->wanted);

	while (wanted > VVB_SLOTS)
		if (atomic_try_cmpxchg(&slots->wanted, &wanted, wanted - 1))
			return;
	down(&slots->handed);
	vvb_slots_give(slots);
}

/* The caller is counted. Return: 0, it has a slot; or -EINTR, it is counted no more. */
int vvb_slots_wait(struct vvb_slots *slots)
{
	if (!down_killable(&slots->handed))
		return 0;
	vvb_slots_turn_back(slots);
	return -EINTR;
}

/* As above, whatever signals come; or -ETIME when it is @until in jiffies. */
int vvb_slots_wait_until(struct vvb_slots *slots, unsigned long until)
{
	long left = max_t(long, until - jiffies, 0);

	if (!down_timeout(&slots->handed, left))
		return 0;
	vvb_slots_turn_back(slots);
	return -ETIME;
}
