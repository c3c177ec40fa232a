/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Virtqueues of a legacy driver, as a modern device wants to hear of them (virtio 1.3, 4.1.5.1.3). */
#ifndef VVB_MODERN_QUEUE_H
#define VVB_MODERN_QUEUE_H

#include <vvb/modern_features.h>

#define VVB_RING_ALIGN 4096 /* of a legacy ring, and the unit of its address (virtio 1.3, 2.7.2) */

/* Where the parts of a ring of @size entries are, that begins at page @pfn. */
static inline __u64 vvb_ring_desc(__u32 pfn)
{
	return (__u64)pfn * VVB_RING_ALIGN;
}

static inline __u64 vvb_ring_avail(__u32 pfn, __u16 size)
{
	return vvb_ring_desc(pfn) + 16ull * size;
}

static inline __u64 vvb_ring_used(__u32 pfn, __u16 size)
{
	__u64 end = vvb_ring_avail(pfn, size) + 6 + 2ull * size;

	return (end + VVB_RING_ALIGN - 1) / VVB_RING_ALIGN * VVB_RING_ALIGN;
}

/* The largest power of two up to @size, which both sides understand; 0 for 0. */
static inline __u16 vvb_modern_size_cut(__u32 size)
{
	__u16 cut = VVB_MODERN_SIZE_MAX;

	while (cut > size)
		cut /= 2;
	return cut;
}

/**
 * vvb_modern_queue_size - how large a queue is, as the driver may have it
 * @m:		its queue is selected then
 * @queue:	which
 * @size:	set to a power of two; 0: there is no such queue
 *
 * Return: 0 or as the bus.
 */
static inline int vvb_modern_queue_size(struct vvb_modern *m, __u16 queue, __u16 *size)
{
	__u32 most = 0;
	int err = 0;

	if (queue < m->nr_queues)
		err = vvb_modern_put(m, VVB_MODERN_QUEUE_SELECT, 2, queue);
	if (!err && queue < m->nr_queues)
		err = vvb_modern_get(m, VVB_MODERN_QUEUE_SIZE, 2, &most);
	if (m->queue_size_max && most > m->queue_size_max)
		most = m->queue_size_max;
	*size = vvb_modern_size_cut(most);
	return err;
}

static inline int vvb_modern_put64(struct vvb_modern *m, enum vvb_modern_common field, __u64 value)
{
	int err = vvb_modern_put(m, field, 4, (__u32)value);

	return err ? err : vvb_modern_put(m, field + 4, 4, (__u32)(value >> 32));
}

/* The selected queue's ring. */
static inline int vvb_modern_queue_ring(struct vvb_modern *m, __u32 pfn, __u16 size)
{
	int err = vvb_modern_put(m, VVB_MODERN_QUEUE_SIZE, 2, size);

	if (!err)
		err = vvb_modern_put64(m, VVB_MODERN_QUEUE_DESC, vvb_ring_desc(pfn));
	if (!err)
		err = vvb_modern_put64(m, VVB_MODERN_QUEUE_DRIVER, vvb_ring_avail(pfn, size));
	if (!err)
		err = vvb_modern_put64(m, VVB_MODERN_QUEUE_DEVICE, vvb_ring_used(pfn, size));
	return err;
}

/* The selected queue's doorbell (virtio 1.3, 4.1.4.4). */
static inline int vvb_modern_queue_doorbell(struct vvb_modern *m, __u32 *doorbell)
{
	const struct vvb_modern_place *place = &m->places.area[VVB_MODERN_NOTIFY];
	__u32 off;
	__u64 at;
	int err = vvb_modern_get(m, VVB_MODERN_QUEUE_NOTIFY_OFF, 2, &off);

	if (err)
		return err;
	at = (__u64)off * m->places.multiplier;
	if (at + 2 > place->len || at % 2)
		return VVB_MODERN_NO_DOORBELL;
	*doorbell = (__u32)at;
	return 0;
}

/**
 * vvb_modern_queue_enable - give the device a queue that the driver has set up
 * @m:		features are agreed on
 * @queue:	which; it has a page number
 *
 * One that the device has not got any more is forgotten.
 * Return: 0, VVB_MODERN_NO_DOORBELL, VVB_MODERN_SHRUNK, or as the bus.
 */
static inline int vvb_modern_queue_enable(struct vvb_modern *m, __u16 queue)
{
	struct vvb_modern_queue *q = &m->queue[queue];
	__u16 size;
	int err = vvb_modern_queue_size(m, queue, &size);

	if (err)
		return err;
	if (!size) {
		vvb_modern_event(m, VVB_MODERN_EV_BAD_QUEUE);
		q->pfn = 0;
		return 0;
	}
	if (q->laid_out > size || q->laid_out & (q->laid_out - 1))
		err = VVB_MODERN_SHRUNK;
	else
		err = vvb_modern_queue_doorbell(m, &q->doorbell);
	if (!err)
		err = vvb_modern_queue_ring(m, q->pfn, q->laid_out);
	if (!err)
		err = vvb_modern_put(m, VVB_MODERN_QUEUE_ENABLE, 2, 1);
	q->enabled = !err;
	if (err > 0)
		vvb_modern_event(m, VVB_MODERN_EV_BAD_QUEUE);
	return err;
}

/*
 * The driver takes a queue back from a device that is live (virtio 1.3, 2.6.1). Without RING_RESET
 * nothing but a reset stops it. To the device the vector goes with the ring, to the driver it does not.
 */
static inline int vvb_modern_queue_stop(struct vvb_modern *m, __u16 queue)
{
	int err;

	if (!(m->taken & VVB_F_RING_RESET)) {
		vvb_modern_event(m, VVB_MODERN_EV_QUEUE_RUNS);
		return 0;
	}
	err = vvb_modern_put(m, VVB_MODERN_QUEUE_SELECT, 2, queue);
	if (!err)
		err = vvb_modern_put(m, VVB_MODERN_QUEUE_RESET, 2, 1);
	if (!err)
		err = vvb_modern_until_zero(m, VVB_MODERN_QUEUE_RESET, 2);
	if (err)
		return err;
	m->queue[queue].enabled = 0;
	if (m->queue[queue].vector == VVB_NO_VECTOR)
		return 0;
	return vvb_modern_put(m, VVB_MODERN_QUEUE_VECTOR, 2, m->queue[queue].vector);
}

/**
 * vvb_modern_queue_address - the driver says where a queue is, or takes it back
 * @m:		the function
 * @queue:	selected by the driver
 * @pfn:	page number, 0: none
 *
 * The device gets to know when it is live; what comes later it is told at once.
 * Return: 0, VVB_MODERN_NO_DOORBELL, VVB_MODERN_SHRUNK, VVB_MODERN_SILENT, or as the bus.
 */
static inline int vvb_modern_queue_address(struct vvb_modern *m, __u16 queue, __u32 pfn)
{
	struct vvb_modern_queue *q = &m->queue[queue];
	__u16 size;
	int err = vvb_modern_queue_size(m, queue, &size);

	if (err || !size || (q->enabled && q->pfn == pfn))
		return err;
	if (q->enabled) /* while it is not live: what else it had to hear came to nothing */
		err = m->live ? vvb_modern_queue_stop(m, queue) : vvb_modern_disagree(m);
	if (err)
		return err;
	q->pfn = pfn;
	q->laid_out = q->size ? q->size : size;
	return pfn && m->live && !q->enabled ? vvb_modern_queue_enable(m, queue) : 0;
}

#endif /* VVB_MODERN_QUEUE_H */
