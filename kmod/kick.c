// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kicks: writes to queue_notify. One that is a store needs no lock of ours and may come from
 * any task. One that became a command queues up behind the control accesses. One that the
 * policy wants coalesced waits, with all others for its queue, and is never lost. One that is
 * signalled, by an eventfd, is done right there if it is a store and there is a task.
 *
 * A VF has one work for all its kicks that wait: those put off, and those that could not be done
 * where they were signalled. That work may block on the VF's lock, on its daemon and on its
 * device, so the workqueue is ours: what blocks there holds up nobody else's works. A signal does
 * not use the work that a virqfd has: ours takes vf->lock, and vfio waits for its own works in
 * SET_IRQS, for which vf->lock is held.
 *
 * Kicks are in the kernel as they are all that a guest does while it runs.
 */
#include <linux/uaccess.h>
#include <linux/virtio_pci.h>

#include "access.h"
#include "act.h"
#include "kick.h"
#include "notify.h"
#include "settings.h"
#include "trace.h"

#define VVB_SAMPLE_MASK 63 /* one kick in 64 is timed, a clock read costs too much */

/* Who has the context of a signal. */
enum vvb_signal_state {
	VVB_SIGNAL_IDLE,
	VVB_SIGNAL_BUSY, /* who signals */
	VVB_SIGNAL_DECIDED, /* nobody: it waits for the work */
};

static const struct vvb_field_access vvb_kick_access = {
	.field = VVB_FIELD_QUEUE_NOTIFY,
	.area = VVB_AREA_COMMON,
	.offset = VIRTIO_PCI_QUEUE_NOTIFY,
	.width = VVB_NOTIFY_LEN,
	.len = VVB_NOTIFY_LEN,
};

static struct workqueue_struct *vvb_kick_wq;

/* ---- the work ---- */

/*
 * Have the work run in time for the first of what waits; a signal has waited long enough.
 * kicks.lock is held: what waits, and when the work runs, change together.
 */
static void vvb_kick_schedule(struct vvb_vf *vf)
{
	unsigned long now = jiffies, delay = 0;

	lockdep_assert_held(&vf->kicks.lock);
	if (list_empty(&vf->kicks.signals)) {
		if (bitmap_empty(vf->kicks.queues, VVB_COALESCE_QUEUES))
			return;
		if (time_after(vf->kicks.at, now))
			delay = vf->kicks.at - now;
	}
	mod_delayed_work(vvb_kick_wq, &vf->kicks.work, delay);
}

/* COALESCE: one notify per queue, when the time of the first of them is up. Any context. */
static int vvb_kick_later(struct vvb_vf *vf, struct vvb_access *acc)
{
	u64 us = min_t(u64, acc->delay_us, READ_ONCE(vf->set->punt_timeout_ms) * USEC_PER_MSEC);
	unsigned long at = jiffies + usecs_to_jiffies(us);
	struct vvb_kicks *kicks = &vf->kicks;
	bool sooner;

	acc->handler = VVB_HANDLER_NOTIFY;
	guard(spinlock_irqsave)(&kicks->lock);
	sooner = bitmap_empty(kicks->queues, VVB_COALESCE_QUEUES) || time_before(at, kicks->at);
	if (__test_and_set_bit(acc->value, kicks->queues))
		vvb_stats_event(vf, VVB_EV_COALESCED);
	if (sooner) {
		kicks->at = at;
		vvb_kick_schedule(vf);
	}
	return 0;
}

/* ---- one kick ---- */

/* Is this one of those that are timed? */
static __always_inline bool vvb_kick_sampled(struct vvb_vf *vf)
{
#ifdef VVB_UNCOUNTED
	return false;
#else
	return !(this_cpu_inc_return(vf->counters->kicks_seen) & VVB_SAMPLE_MASK);
#endif
}

static __always_inline void vvb_kick_prepare(struct vvb_vf *vf, struct vvb_access *acc, u16 queue)
{
	vvb_access_prepare(vf, acc, &vvb_kick_access, true, READ_ONCE(vf->state.msix));
	acc->value = queue;
}

/* Decide about a kick; takes no lock, sleeps not. A task, see vvb_access_decide(). */
static __always_inline void vvb_kick_decide(struct vvb_vf *vf, struct vvb_access_ctx *ctx,
					    u64 start_ns)
{
	ctx->start_ns = start_ns;
	vvb_access_decide(vf, ctx, VVB_INTEREST(VVB_FIELD_QUEUE_NOTIFY, true), VVB_NOTIFY);
}

/* Is it a store? */
static __always_inline bool vvb_kick_stores(struct vvb_vf *vf, const struct vvb_access *acc)
{
	return likely(acc->verdict == VVB_NOTIFY && vf->notify_addr &&
		      !READ_ONCE(vf->revoke.revoked));
}

/* A kick that was a store, or was to be one. Is there nothing left of it but to count it? */
static __always_inline bool vvb_kick_stored(struct vvb_vf *vf, struct vvb_access_ctx *ctx, int err,
					    u64 start_ns)
{
	if (unlikely(err || start_ns))
		return false;
	vvb_access_show(vf, ctx);
	trace_vvb_access(&ctx->arg.acc, 0);
	return true;
}

/* Can it wait? A queue that can have no notify waiting is kicked now. */
static bool vvb_kick_waits(const struct vvb_access *acc)
{
	return acc->verdict == VVB_COALESCE && acc->value < VVB_COALESCE_QUEUES;
}

/* Is it neither a command nor a question to the daemon? */
static bool vvb_kick_is_simple(struct vvb_vf *vf, const struct vvb_access *acc)
{
	if (acc->verdict == VVB_NOTIFY || acc->verdict == VVB_COALESCE)
		return vf->notify_addr;
	return acc->verdict == VVB_EMULATE || acc->verdict == VVB_DENY;
}

/* Carry out a kick that is no store, or can't be one. */
static noinline int vvb_kick_run(struct vvb_vf *vf, struct vvb_access_ctx *ctx)
{
	struct vvb_access *acc = &ctx->arg.acc;
	int err;

	if (vvb_kick_waits(acc))
		return vvb_access_done(vf, ctx, vvb_kick_later(vf, acc));
	if (vvb_kick_is_simple(vf, acc))
		return vvb_access_run(vf, ctx);
	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	err = vvb_access_run(vf, ctx);
	mutex_unlock(&vf->lock);
	return err;
}

static __always_inline int vvb_kick_do(struct vvb_vf *vf, u16 queue)
{
	struct vvb_access_ctx ctx __uninitialized;
	struct vvb_access *acc = &ctx.arg.acc;
	u64 start_ns = vvb_kick_sampled(vf) ? vvb_clock() : 0;
	int err;

	vvb_kick_prepare(vf, acc, queue);
	vvb_kick_decide(vf, &ctx, start_ns);
	if (!vvb_kick_stores(vf, acc))
		return vvb_kick_run(vf, &ctx);
	err = vvb_notify(vf, acc);
	if (!vvb_kick_stored(vf, &ctx, err, start_ns))
		return vvb_access_done(vf, &ctx, err);
	vvb_count(vf->counters->kicks);
	return 0;
}

/**
 * vvb_kick - a write of queue_notify, of any width
 * @vf:		open and transitional
 * @queue:	queue index
 *
 * Context: process context, sleeps, killable.
 * Return: 0 or -EINTR.
 */
int vvb_kick(struct vvb_vf *vf, u16 queue)
{
	return vvb_kick_do(vf, queue);
}

/**
 * vvb_kick_user - a write of queue_notify in its own width, by the user
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
	err = vvb_kick_do(vf, le16_to_cpu((__force __le16)queue));
	return err ? err : VVB_NOTIFY_LEN;
}

/* ---- a kick that is signalled ---- */

static __always_inline bool vvb_signal_take(struct vvb_kick_signal *signal,
					    enum vvb_signal_state from)
{
	int old = from;

	return atomic_try_cmpxchg_acquire(&signal->state, &old, VVB_SIGNAL_BUSY);
}

/* One signal is prepared as the one before it, but for what changes. */
static __always_inline void vvb_signal_prepare(struct vvb_kick_signal *signal,
					       struct vvb_access *acc)
{
	struct vvb_vf *vf = signal->vf;

	acc->epoch = READ_ONCE(vf->state.epoch);
	acc->msix = READ_ONCE(vf->state.msix);
	acc->verdict = VVB_DEFAULT;
	acc->handler = 0;
	acc->error = 0;
	acc->delay_us = 0;
	acc->value = signal->queue;
	acc->scratch = 0;
}

/* A signal that is done. */
static __always_inline int vvb_signal_done(struct vvb_vf *vf, struct vvb_access_ctx *ctx, int err)
{
	vvb_stats_event(vf, VVB_EV_KICK_BY_IOEVENTFD);
	return vvb_access_done(vf, ctx, err);
}

static __always_inline int vvb_signal_store(struct vvb_vf *vf, struct vvb_access_ctx *ctx,
					    u64 start_ns)
{
	int err = vvb_notify_store(vf, &ctx->arg.acc);

	if (!vvb_kick_stored(vf, ctx, err, start_ns))
		return vvb_signal_done(vf, ctx, err);
	vvb_count(vf->counters->kicks_signalled);
	return 0;
}

/*
 * The context is the caller's, memory_lock is held: the device does not fall asleep now. Return: 0
 * done; VVB_SIGNAL_DECIDED the work has to do it.
 */
static __always_inline int vvb_signal_kick_awake(struct vvb_kick_signal *signal, u64 start_ns)
{
	struct vvb_access_ctx *ctx = &signal->ctx;
	struct vvb_access *acc = &ctx->arg.acc;
	struct vvb_vf *vf = signal->vf;

	vvb_signal_prepare(signal, acc);
	vvb_kick_decide(vf, ctx, start_ns);
	if (vvb_kick_stores(vf, acc))
		return vvb_signal_store(vf, ctx, start_ns);
	if (vvb_kick_waits(acc))
		return vvb_signal_done(vf, ctx, vvb_kick_later(vf, acc));
	return VVB_SIGNAL_DECIDED;
}

static noinline int vvb_signal_kick_timed(struct vvb_kick_signal *signal)
{
	return vvb_signal_kick_awake(signal, vvb_clock());
}

/*
 * A kick from a context that can't sleep. An interrupt asks nobody: it may have come while the
 * guard is being asked, see vvb_access_decide(). Return: 0 done; or the work has to do it, with
 * what was decided or without.
 */
static __always_inline int vvb_signal_kick(struct vvb_kick_signal *signal)
{
	struct vvb_vf *vf = signal->vf;
	int left = -EAGAIN;

	if (!READ_ONCE(vf->state.io_enabled) || !vvb_signal_take(signal, VVB_SIGNAL_IDLE))
		return -EAGAIN;
	if (likely(in_task()) && down_read_trylock(&vf->core.memory_lock)) {
		if (likely(!vvb_pm_engaged(&vf->core)))
			left = unlikely(vvb_kick_sampled(vf)) ? vvb_signal_kick_timed(signal) :
								vvb_signal_kick_awake(signal, 0);
		up_read(&vf->core.memory_lock);
	}
	atomic_set_release(&signal->state, unlikely(left == VVB_SIGNAL_DECIDED) ?
						   VVB_SIGNAL_DECIDED :
						   VVB_SIGNAL_IDLE);
	return left;
}

/* Let the work do it, unless that has still to begin with an earlier one. */
static noinline void vvb_signal_wait(struct vvb_kick_signal *signal)
{
	struct vvb_vf *vf = signal->vf;

	guard(spinlock_irqsave)(&vf->kicks.lock);
	if (!list_empty(&signal->node))
		return;
	list_add_tail(&signal->node, &vf->kicks.signals);
	vvb_kick_schedule(vf);
}

/**
 * vvb_kick_signalled - an eventfd that stands for a kick is signalled
 * @opaque:	struct vvb_kick_signal
 * @unused:	of the virqfd
 *
 * Signals that come while one waits for the work are one kick, as for any eventfd. Two are at once
 * here when one is of the set-up.
 * Context: in the wake-up of an eventfd, interrupts off. Return: 0, nothing is left to vfio.
 */
int vvb_kick_signalled(void *opaque, void *unused)
{
	struct vvb_kick_signal *signal = opaque;

	if (vvb_signal_kick(signal))
		vvb_signal_wait(signal);
	return 0;
}

/*
 * Take a signal off the list; kicks.lock is held. Return: it is decided, and @ctx is filled in. If
 * not, it found nobody to ask, or the context taken.
 */
static bool vvb_signal_claim(struct vvb_kick_signal *signal, struct vvb_access_ctx *ctx)
{
	list_del_init(&signal->node);
	if (!vvb_signal_take(signal, VVB_SIGNAL_DECIDED))
		return false;
	*ctx = signal->ctx;
	atomic_set_release(&signal->state, VVB_SIGNAL_IDLE);
	return true;
}

/*
 * Do the kick that was signalled where it could not be done: the one that has waited longest, if
 * any; or @signal, if it waits. Sleeps, killable.
 */
static void vvb_signal_next(struct vvb_vf *vf, struct vvb_kick_signal *signal)
{
	struct vvb_access_ctx ctx __uninitialized;
	bool decided;
	u16 queue;

	scoped_guard(spinlock_irq, &vf->kicks.lock) {
		if (!signal)
			signal = list_first_entry_or_null(&vf->kicks.signals,
							  struct vvb_kick_signal, node);
		if (!signal || list_empty(&signal->node))
			return;
		queue = signal->queue;
		decided = vvb_signal_claim(signal, &ctx);
	}
	if (vvb_io_check(vf))
		return;
	vvb_stats_event(vf, VVB_EV_KICK_BY_THREAD);
	if (decided)
		vvb_kick_run(vf, &ctx);
	else
		vvb_kick(vf, queue);
}

void vvb_kick_signal_init(struct vvb_kick_signal *signal, struct vvb_vf *vf, u16 queue)
{
	INIT_LIST_HEAD(&signal->node);
	signal->vf = vf;
	signal->queue = queue;
	vvb_kick_prepare(vf, &signal->ctx.arg.acc, queue);
	atomic_set(&signal->state, VVB_SIGNAL_IDLE);
}

/*
 * No signal comes any more. One that waits is done here, as if its user had written it: none is
 * lost. Nobody waits for the work: it has a copy of all that it needs. Sleeps, killable.
 */
void vvb_kick_signal_end(struct vvb_kick_signal *signal)
{
	vvb_signal_next(signal->vf, signal);
}

/* ---- kicks that waited ---- */

/* The policy has seen it when it came; this is its effect. */
static void vvb_kick_deliver(struct vvb_vf *vf, u16 queue)
{
	struct vvb_access acc;

	vvb_kick_prepare(vf, &acc, queue);
	acc.verdict = VVB_NOTIFY;
	vvb_stats_event(vf, VVB_EV_COALESCED_SENT);
	if (vf->notify_addr) {
		vvb_act(vf, &acc);
		return;
	}
	guard(mutex)(&vf->lock);
	vvb_act(vf, &acc);
}

/* Take the queues whose notifies are to be delivered now: all that were put off, or none. */
static void vvb_kick_take(struct vvb_vf *vf, unsigned long *due)
{
	bitmap_zero(due, VVB_COALESCE_QUEUES);
	guard(spinlock_irq)(&vf->kicks.lock);
	if (time_before(jiffies, vf->kicks.at))
		return;
	bitmap_copy(due, vf->kicks.queues, VVB_COALESCE_QUEUES);
	bitmap_zero(vf->kicks.queues, VVB_COALESCE_QUEUES);
}

/* One signal a time, and then what is due again: neither keeps the other waiting. */
static void vvb_kick_work(struct work_struct *work)
{
	struct vvb_vf *vf = container_of(to_delayed_work(work), struct vvb_vf, kicks.work);
	DECLARE_BITMAP(due, VVB_COALESCE_QUEUES);
	unsigned int queue;

	vvb_kick_take(vf, due);
	for_each_set_bit(queue, due, VVB_COALESCE_QUEUES)
		vvb_kick_deliver(vf, queue);
	vvb_signal_next(vf, NULL);
	guard(spinlock_irq)(&vf->kicks.lock);
	vvb_kick_schedule(vf);
}

void vvb_kick_init(struct vvb_vf *vf)
{
	spin_lock_init(&vf->kicks.lock);
	INIT_LIST_HEAD(&vf->kicks.signals);
	INIT_DELAYED_WORK(&vf->kicks.work, vvb_kick_work);
}

/*
 * Before vfio-pci closes the device, when nobody kicks any more and the VF is revoked, which has
 * ended what the work may wait for: what was put off has no one to wait for.
 */
void vvb_kick_close(struct vvb_vf *vf)
{
	cancel_delayed_work_sync(&vf->kicks.work);
	bitmap_zero(vf->kicks.queues, VVB_COALESCE_QUEUES);
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
