/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of one PF that are on their way, and how many there may be at once. Who comes
 * when all slots are taken waits, first come, first served. Who has the lock sees every command
 * that the device could still carry out.
 */
#ifndef VVB_SLOTS_H
#define VVB_SLOTS_H

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#define VVB_SLOTS 8

/*
 * How long a VF that is unbound waits for a command of its own that was given up. A device that
 * is only slow answers in that time, in front of the VF's next driver. The writer of `unbind` holds
 * the VF's lock, and with sriov_numvfs=0 the PF's, meanwhile, and all VFs of a PF that hangs share
 * this: whoever watches over such a writer counts in tens of seconds.
 */
#define VVB_GRACE (3 * HZ)

/**
 * struct vvb_pass - a command, as the slots know it; under vvb_slots.lock
 * @member:	group member id of the VF that it is for
 * @carrier:	the task that has it inside of virtio_pci, NULL before and after
 * @slot:	which one it has, or had
 * @given_up:	nobody waits for its answer
 * @over:	it has left: answered, or never sent
 * @done:	completed when it is over, or before, when the VF is wanted back
 */
struct vvb_pass {
	u64 member;
	struct task_struct *carrier;
	u8 slot;
	bool given_up;
	bool over;
	struct completion done;
};

/* Without the lock. What was written before vvb_slots_leave() can be read then. */
static inline bool vvb_pass_over(const struct vvb_pass *pass)
{
	return smp_load_acquire(&pass->over); /* as vvb_slots_leave() stored it */
}

/**
 * struct vvb_patience - how long somebody waits for a slot
 * @timeout:	in jiffies, 0: as long as it takes. Who finds that no command of the PF has got a
 *		slot for so long does not wait at all
 * @deadline:	when the wait ends, in jiffies; of no meaning without a @timeout
 * @revoked:	the VF is wanted back, which ends it, too; see vvb_slots_revoke()
 */
struct vvb_patience {
	unsigned long timeout;
	unsigned long deadline;
	const bool *revoked;
};

/**
 * struct vvb_slots - of a PF
 * @closed:	why no command may go out, a bit for each reason
 * @taken:	slots that are
 * @given_up:	commands that nobody waits for
 * @holder:	who has the slot
 * @waiting:	struct vvb_turn of each who wants one, the longest first
 * @moved:	when a slot was last taken, in jiffies
 * @grace:	jiffies that vvb_slots_await() may still wait in all, until one is over
 * @left:	woken when a command that was given up is over, and any while closed
 */
struct vvb_slots {
	spinlock_t lock;
	u8 closed;
	u8 taken;
	u8 given_up;
	struct vvb_pass *holder[VVB_SLOTS];
	struct list_head waiting;
	unsigned long moved;
	long grace;
	wait_queue_head_t left;
};

/* Without the lock: it may have changed when the caller looks at it. */
static inline bool vvb_slots_closed(const struct vvb_slots *slots)
{
	return READ_ONCE(slots->closed);
}

void vvb_slots_init(struct vvb_slots *slots);
int vvb_slots_wait(struct vvb_slots *slots, struct vvb_pass *pass,
		   const struct vvb_patience *patience);
bool vvb_slots_send(struct vvb_slots *slots, struct vvb_pass *pass);
void vvb_slots_next(struct vvb_slots *slots);
bool vvb_slots_give_up(struct vvb_slots *slots, struct vvb_pass *pass);
unsigned int vvb_slots_stalled(struct vvb_slots *slots, u64 member);
bool vvb_slots_await(struct vvb_slots *slots, u64 member);
void vvb_slots_revoke(struct vvb_slots *slots, u64 member, bool holders);
bool vvb_slots_close(struct vvb_slots *slots, u8 reason);
void vvb_slots_open(struct vvb_slots *slots, u8 reason);

/* There is a free slot. The lock is held. */
static __always_inline void vvb_slots_give(struct vvb_slots *slots, struct vvb_pass *pass)
{
	u8 slot = pass->slot;

	while (unlikely(slots->holder[slot]))
		slot = (slot + 1) % VVB_SLOTS;
	slots->holder[slot] = pass;
	slots->taken++;
	slots->moved = jiffies;
	pass->slot = slot;
}

/* A slot loses its holder. The lock is held. */
static __always_inline void vvb_slots_free(struct vvb_slots *slots, struct vvb_pass *pass)
{
	slots->holder[pass->slot] = NULL;
	slots->taken--;
	pass->carrier = NULL;
	if (unlikely(!list_empty(&slots->waiting)))
		vvb_slots_next(slots);
}

/**
 * vvb_slots_enter - take a slot for a command
 * @slots:	of the PF
 * @pass:	new, but for @member
 * @patience:	how long to wait for it
 * @send:	the caller calls virtio_pci next, and then vvb_slots_leave(). Else somebody asks
 *		vvb_slots_send() before
 *
 * In line, as each command of a guest pays for it.
 * Context: may sleep; killable.
 * Return: 0; -ENODEV closed; -ECANCELED the VF is wanted back; -EBUSY a command to this VF was
 * given up, or none of the PF has moved for longer than the caller would wait; -ETIMEDOUT;
 * -EINTR.
 */
static __always_inline int vvb_slots_enter(struct vvb_slots *slots, struct vvb_pass *pass,
					   const struct vvb_patience *patience, bool send)
{
	int err = 0;

	spin_lock(&slots->lock);
	if (likely(!slots->closed && !slots->given_up && slots->taken < VVB_SLOTS &&
		   !READ_ONCE(*patience->revoked)))
		vvb_slots_give(slots, pass);
	else
		err = vvb_slots_wait(slots, pass, patience);
	if (send && likely(!err))
		pass->carrier = current;
	spin_unlock(&slots->lock);
	return err;
}

/**
 * vvb_slots_leave - a command is over
 * @slots:	of the PF
 * @pass:	has entered
 *
 * Return: was it given up?
 */
static __always_inline bool vvb_slots_leave(struct vvb_slots *slots, struct vvb_pass *pass)
{
	bool given_up, awaited;

	spin_lock(&slots->lock);
	given_up = pass->given_up;
	if (unlikely(given_up)) {
		slots->given_up--;
		WRITE_ONCE(slots->grace, VVB_GRACE);
	}
	awaited = given_up || slots->closed;
	vvb_slots_free(slots, pass);
	smp_store_release(&pass->over, true); /* what came back is seen by who sees this */
	spin_unlock(&slots->lock);
	if (unlikely(awaited))
		wake_up_all(&slots->left);
	return given_up;
}

#endif /* VVB_SLOTS_H */
