/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Features between a legacy driver, which knows 32 of them, and a modern device (virtio 1.3, 2.2 and
 * 6): what the driver is offered, and what the device is given on its behalf.
 */
#ifndef VVB_MODERN_FEATURES_H
#define VVB_MODERN_FEATURES_H

#include <vvb/modern.h>

#define VVB_FEATURE(bit) (1ULL << (bit))
#define VVB_F_NET_MRG_RXBUF VVB_FEATURE(15)
#define VVB_F_ANY_LAYOUT VVB_FEATURE(27)
#define VVB_F_INDIRECT_DESC VVB_FEATURE(28)
#define VVB_F_EVENT_IDX VVB_FEATURE(29)
#define VVB_F_VERSION_1 VVB_FEATURE(32)
#define VVB_F_ACCESS_PLATFORM VVB_FEATURE(33)
#define VVB_F_ORDER_PLATFORM VVB_FEATURE(36)
#define VVB_F_RING_RESET VVB_FEATURE(40)

/* Of the device type (0 to 23), and of rings: what means to a legacy driver what it means today. */
#define VVB_F_LEGACY ((VVB_FEATURE(24) - 1) | VVB_F_INDIRECT_DESC | VVB_F_EVENT_IDX)

/*
 * A device that does not take the platform's rules goes around the IOMMU, with addresses of the guest's.
 * And a driver that was offered any layout of buffers uses it: then the device must know.
 */
static inline int vvb_modern_acceptable(const struct vvb_modern *m)
{
	if (!(m->taken & VVB_F_ACCESS_PLATFORM))
		return 0;
	return !(m->chosen & VVB_F_ANY_LAYOUT) || m->taken & (VVB_F_VERSION_1 | VVB_F_ANY_LAYOUT);
}

static inline int vvb_modern_refuse(struct vvb_modern *m)
{
	m->refused = 1;
	vvb_modern_event(m, VVB_MODERN_EV_REFUSED);
	return VVB_MODERN_REFUSED;
}

/* Ask what the device offers, once until it is reset. Return: 0, VVB_MODERN_GONE, or as the bus. */
static inline int vvb_modern_ask(struct vvb_modern *m)
{
	__u32 half[2];
	unsigned int i;
	int err = 0;

	for (i = 0; i < 2 && !m->asked && !err; i++) {
		err = vvb_modern_put(m, VVB_MODERN_DEVICE_FEATURE_SELECT, 4, i);
		if (!err)
			err = vvb_modern_get(m, VVB_MODERN_DEVICE_FEATURE, 4, &half[i]);
	}
	if (err || m->asked)
		return err;
	if (!~half[0] && !~half[1])
		return VVB_MODERN_GONE;
	m->offered = half[0] | (__u64)half[1] << 32;
	m->asked = 1;
	return 0;
}

/*
 * What the driver is offered. Any layout of buffers is what VERSION_1 means, so it may be offered where
 * VERSION_1 can be had: to a network driver only with mergeable buffers, see below.
 */
static inline __u32 vvb_modern_offer(const struct vvb_modern *m)
{
	__u64 offer = m->offered & VVB_F_LEGACY;

	if (m->offered & VVB_F_VERSION_1 &&
	    (m->device_type != VVB_DEVICE_NET || offer & VVB_F_NET_MRG_RXBUF))
		offer |= VVB_F_ANY_LAYOUT;
	return (__u32)offer;
}

/*
 * What the device is given. With VERSION_1 the header of a network packet has 12 bytes, to a legacy
 * driver it has 10 unless buffers are mergeable: such a one can only have a device that does without
 * VERSION_1, and that has to be told of any layout by its own feature. The device has to go by the
 * platform's rules for memory, as there is an IOMMU. Packed rings, notifications with data and all else
 * that a legacy driver would have to know are never taken.
 */
static inline __u64 vvb_modern_choose(const struct vvb_modern *m)
{
	__u64 mine = VVB_F_VERSION_1 | VVB_F_ACCESS_PLATFORM | VVB_F_RING_RESET;

	if (m->strongly_ordered)
		mine |= VVB_F_ORDER_PLATFORM;
	if (m->places.area[VVB_MODERN_COMMON].len < VVB_MODERN_QUEUE_RESET + 2)
		mine &= ~VVB_F_RING_RESET;
	if (m->device_type == VVB_DEVICE_NET && !(m->chosen & VVB_F_NET_MRG_RXBUF)) {
		mine &= ~(VVB_F_VERSION_1 | VVB_F_RING_RESET);
		mine |= m->chosen & VVB_F_ANY_LAYOUT;
	}
	return m->offered & ((m->chosen & VVB_F_LEGACY) | mine);
}

static inline int vvb_modern_give_features(struct vvb_modern *m)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < 2 && !err; i++) {
		err = vvb_modern_put(m, VVB_MODERN_DRIVER_FEATURE_SELECT, 4, i);
		if (!err)
			err = vvb_modern_put(m, VVB_MODERN_DRIVER_FEATURE, 4,
					     (__u32)(m->taken >> (32 * i)));
	}
	return err;
}

static inline int vvb_modern_give_vectors(struct vvb_modern *m)
{
	unsigned int i;
	int err = 0;

	if (m->vector != VVB_NO_VECTOR)
		err = vvb_modern_put(m, VVB_MODERN_CONFIG_VECTOR, 2, m->vector);
	for (i = 0; i < m->nr_queues && !err; i++) {
		if (m->queue[i].vector == VVB_NO_VECTOR)
			continue;
		err = vvb_modern_put(m, VVB_MODERN_QUEUE_SELECT, 2, i);
		if (!err)
			err = vvb_modern_put(m, VVB_MODERN_QUEUE_VECTOR, 2, m->queue[i].vector);
	}
	return err;
}

/*
 * The device is to forget what it was told, which it does with a reset only: the driver has changed its
 * mind about features that were agreed on, or nobody knows what has reached the device. It is not live: all
 * that the driver expects it to have are status and vectors.
 */
static inline int vvb_modern_disagree(struct vvb_modern *m)
{
	__u8 status = m->status & VVB_MODERN_S_LEGACY & ~VVB_MODERN_S_DRIVER_OK;
	unsigned int i;
	int err;

	m->stale = 1;
	m->agreed = 0;
	m->refused = 0;
	m->given = 0;
	for (i = 0; i < m->nr_queues; i++)
		m->queue[i].enabled = 0;
	err = vvb_modern_reset(m);
	if (!err)
		err = vvb_modern_give_status(m, status);
	if (!err)
		err = vvb_modern_give_vectors(m);
	m->stale = !!err;
	return err;
}

/**
 * vvb_modern_agree - have the device take the features, on the driver's behalf
 * @m:		the function
 *
 * Return: 0, VVB_MODERN_REFUSED, VVB_MODERN_GONE, VVB_MODERN_SILENT, or as the bus.
 */
static inline int vvb_modern_agree(struct vvb_modern *m)
{
	__u32 status;
	int err = m->stale ? vvb_modern_disagree(m) : 0;

	if (!err && m->refused)
		return VVB_MODERN_REFUSED;
	if (!err && !m->agreed)
		err = vvb_modern_ask(m);
	if (err || m->agreed)
		return err;
	m->taken = vvb_modern_choose(m);
	if (!vvb_modern_acceptable(m))
		return vvb_modern_refuse(m);
	err = vvb_modern_give_status(m, VVB_MODERN_S_ACKNOWLEDGE | VVB_MODERN_S_DRIVER);
	if (!err)
		err = vvb_modern_give_features(m);
	if (err)
		return err;
	m->stale = 1; /* until the answer is there */
	err = vvb_modern_put(m, VVB_MODERN_STATUS, 1, m->given | VVB_MODERN_S_FEATURES_OK);
	if (!err)
		err = vvb_modern_get(m, VVB_MODERN_STATUS, 1, &status);
	if (err)
		return err;
	if (status == 0xff)
		return VVB_MODERN_GONE;
	m->stale = 0;
	m->agreed = !!(status & VVB_MODERN_S_FEATURES_OK);
	if (!m->agreed)
		return vvb_modern_refuse(m);
	m->given |= VVB_MODERN_S_FEATURES_OK;
	if (!(m->taken & VVB_F_VERSION_1))
		vvb_modern_event(m, VVB_MODERN_EV_WITHOUT_V1);
	return 0;
}

/**
 * vvb_modern_tell - the driver writes the features that it has chosen
 * @m:		the function
 * @features:	what it was not offered it has not got
 *
 * Return: 0, VVB_MODERN_GONE, VVB_MODERN_SILENT, or as the bus.
 */
static inline int vvb_modern_tell(struct vvb_modern *m, __u32 features)
{
	int err = vvb_modern_ask(m);

	if (err)
		return err;
	m->chosen = features & vvb_modern_offer(m);
	m->told = 1;
	if ((!m->agreed && !m->refused) || vvb_modern_choose(m) == m->taken)
		return 0;
	if (!m->live)
		return vvb_modern_disagree(m);
	vvb_modern_event(m, VVB_MODERN_EV_LATE_FEATURES);
	return 0;
}

#endif /* VVB_MODERN_FEATURES_H */
