/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a kick that is a store, in line: no lock of ours, any task. What else it can
 * become is in kick.c.
 */
#ifndef VVB_KICK_H
#define VVB_KICK_H

#include <linux/virtio_pci.h>

#include "act.h"
#include "compat.h"
#include "decide.h"
#include "notify.h"
#include "trace.h"

#define VVB_NOTIFY_LEN 2
#define VVB_SAMPLE_MASK 63 /* one kick in 64 is timed, a clock read costs too much */

static const struct vvb_field_access vvb_kick_access = {
	.field = VVB_FIELD_QUEUE_NOTIFY,
	.area = VVB_AREA_COMMON,
	.offset = VIRTIO_PCI_QUEUE_NOTIFY,
	.width = VVB_NOTIFY_LEN,
	.len = VVB_NOTIFY_LEN,
};

/* Is this one of those that are timed? */
static __always_inline bool vvb_kick_sampled(struct vvb_vf *vf)
{
#ifdef VVB_UNCOUNTED
	return false;
#else
	return !(this_cpu_inc_return(vf->counters->kicks_seen) & VVB_SAMPLE_MASK);
#endif
}

/* Decide about a kick; takes no lock, sleeps not. A task, see vvb_decide(). */
static __always_inline void vvb_kick_decide(struct vvb_vf *vf, u16 queue, struct vvb_frame *frame)
{
	struct vvb_access *acc = &frame->view.acc;

	frame->start_ns = vvb_kick_sampled(vf) ? vvb_clock() : 0;
	vvb_access_init(vf, acc, &vvb_kick_access, true, READ_ONCE(vf->msix));
	acc->value = queue;
	vvb_decide(vf, frame);
}

int vvb_kick_later(struct vvb_vf *vf, struct vvb_access *acc);

/* Can it wait? A queue that can have no notify waiting is kicked now. */
static inline bool vvb_kick_waits(const struct vvb_access *acc)
{
	return acc->verdict == VVB_COALESCE && acc->value < VVB_COALESCE_QUEUES;
}

/* A kick that was a store, or was to be one. */
static __always_inline int vvb_kick_stored(struct vvb_vf *vf, struct vvb_frame *frame, int err)
{
	struct vvb_access *acc = &frame->view.acc;

	if (unlikely(err || frame->start_ns))
		return vvb_conclude(vf, frame, err);
	vvb_decide_done(vf, frame);
	vvb_count(vf->counters->kicks);
	trace_vvb_access(acc, 0);
	return 0;
}

/* Is it a store? */
static __always_inline bool vvb_kick_stores(struct vvb_vf *vf, const struct vvb_access *acc)
{
	return likely(acc->verdict == VVB_NOTIFY && vf->notify && !READ_ONCE(vf->doomed));
}

/* memory_lock is held: the device does not fall asleep now. */
static __always_inline int vvb_kick_at_once(struct vvb_vf *vf, u16 queue, struct vvb_frame *frame)
{
	struct vvb_access *acc = &frame->view.acc;

	if (unlikely(vvb_pm_engaged(&vf->core)))
		return -EAGAIN;
	vvb_kick_decide(vf, queue, frame);
	if (vvb_kick_stores(vf, acc))
		return vvb_kick_stored(vf, frame, vvb_notify_store(vf, acc));
	if (vvb_kick_waits(acc))
		return vvb_conclude(vf, frame, vvb_kick_later(vf, acc));
	return 1;
}

/**
 * vvb_kick_atomic - a kick from a context that can't sleep
 * @vf:		open and transitional
 * @queue:	queue index
 * @frame:	filled in when it was decided
 *
 * An interrupt asks nobody: it may have come while the guard is being asked, see vvb_decide().
 *
 * Context: any.
 * Return: 0 done; 1 decided, vvb_kick_thread() must follow, with it; -EAGAIN not even
 * decided: vvb_kick_thread() without it.
 */
static __always_inline int vvb_kick_atomic(struct vvb_vf *vf, u16 queue, struct vvb_frame *frame)
{
	int ret;

	if (unlikely(!in_task()) || !down_read_trylock(&vf->core.memory_lock))
		return -EAGAIN;
	ret = vvb_kick_at_once(vf, queue, frame);
	up_read(&vf->core.memory_lock);
	return ret;
}

#endif /* VVB_KICK_H */
