/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A function whose legacy registers are made of its own modern interface: what is known of it, and how
 * its registers are reached. modern_legacy.h is what a legacy driver sees; below it modern_features.h
 * (what guest and device agree on), modern_queue.h (rings and doorbells) and modern_config.h (the
 * device configuration). Plain C, without a lock: kernel, tests and fuzzers share it.
 *
 * Nothing that the device says is taken on faith, and no wait is without end.
 */
#ifndef VVB_MODERN_H
#define VVB_MODERN_H

#include <vvb/admin.h>
#include <vvb/modern_places.h>

#define VVB_MODERN_QUEUES 1024 /* at most, as on QEMU's devices */
#define VVB_MODERN_SIZE_MAX 32768 /* of a split virtqueue (virtio 1.3, 2.7) */
#define VVB_NO_VECTOR 0xffff

/* Fields of the common configuration (virtio 1.3, 4.1.4.3). */
enum vvb_modern_common {
	VVB_MODERN_DEVICE_FEATURE_SELECT = 0,
	VVB_MODERN_DEVICE_FEATURE = 4,
	VVB_MODERN_DRIVER_FEATURE_SELECT = 8,
	VVB_MODERN_DRIVER_FEATURE = 12,
	VVB_MODERN_CONFIG_VECTOR = 16,
	VVB_MODERN_NUM_QUEUES = 18,
	VVB_MODERN_STATUS = 20,
	VVB_MODERN_CONFIG_GENERATION = 21,
	VVB_MODERN_QUEUE_SELECT = 22,
	VVB_MODERN_QUEUE_SIZE = 24,
	VVB_MODERN_QUEUE_VECTOR = 26,
	VVB_MODERN_QUEUE_ENABLE = 28,
	VVB_MODERN_QUEUE_NOTIFY_OFF = 30,
	VVB_MODERN_QUEUE_DESC = 32,
	VVB_MODERN_QUEUE_DRIVER = 40,
	VVB_MODERN_QUEUE_DEVICE = 48,
	VVB_MODERN_QUEUE_RESET = 58,
};

/* device_status (virtio 1.3, 2.1) */
#define VVB_MODERN_S_ACKNOWLEDGE 1
#define VVB_MODERN_S_DRIVER 2
#define VVB_MODERN_S_DRIVER_OK 4
#define VVB_MODERN_S_FEATURES_OK 8
#define VVB_MODERN_S_NEEDS_RESET 64
#define VVB_MODERN_S_FAILED 128
/* bits that the legacy interface has not got */
#define VVB_MODERN_S_NOT_LEGACY (VVB_MODERN_S_FEATURES_OK | VVB_MODERN_S_NEEDS_RESET)
/* and those that a device hears of: were all bits set, it could not be told from one that has gone */
#define VVB_MODERN_S_LEGACY                                                        \
	(VVB_MODERN_S_ACKNOWLEDGE | VVB_MODERN_S_DRIVER | VVB_MODERN_S_DRIVER_OK | \
	 VVB_MODERN_S_FAILED)

/* Why something came to nothing; what the bus says is negative. */
enum vvb_modern_refusal {
	VVB_MODERN_OK,
	VVB_MODERN_REFUSED, /* features: the device did not set FEATURES_OK, or can't be let have them */
	VVB_MODERN_NO_DOORBELL, /* queue_notify_off points past the doorbells */
	VVB_MODERN_SILENT, /* what it has to do did not end */
	VVB_MODERN_GONE, /* registers read as all-ones */
	VVB_MODERN_SHRUNK, /* a queue can't have the entries that the driver's ring was made for */
};

/* A reset, while it is not over. */
enum vvb_modern_pending {
	VVB_MODERN_AT_REST,
	VVB_MODERN_TO_RESET, /* the device could not be told */
	VVB_MODERN_RESETTING, /* it has been told */
};

/* What is worth counting, a bit each: see struct vvb_modern, @events. */
enum vvb_modern_event {
	VVB_MODERN_EV_REFUSED, /* features, see VVB_MODERN_REFUSED */
	VVB_MODERN_EV_WITHOUT_V1, /* taken, without VIRTIO_F_VERSION_1 */
	VVB_MODERN_EV_LATE_FEATURES, /* the driver wrote others when the device was live */
	VVB_MODERN_EV_HELD_KICK, /* a kick came before the device was live */
	VVB_MODERN_EV_EARLY_LIVE, /* DRIVER_OK on the guest's behalf */
	VVB_MODERN_EV_BAD_QUEUE, /* a queue that could not be had: its doorbell, or a lying device */
	VVB_MODERN_EV_QUEUE_RUNS, /* a queue was to stop, and the device can't */
	VVB_MODERN_EV_NEEDS_RESET, /* DEVICE_NEEDS_RESET: no legacy driver knows it */
	VVB_MODERN_EV_PARTIAL_WRITE, /* part of an integer was written, and never the rest */
	VVB_MODERN_EV_RESTLESS, /* config_generation did not stand still */
	VVB_MODERN_EV_NR
};

/**
 * struct vvb_modern_bus - how the registers are reached
 * @read:	@width is 1, 2 or 4, and natural; *@value is set. @offset is within the area
 * @write:	the same
 * @pause:	before what the device has to do is looked at again. Return: nonzero, it took too long
 *
 * Return: 0, or a negative number, which ends what is being done.
 */
struct vvb_modern_bus {
	int (*read)(void *on, enum vvb_modern_area area, __u32 offset, __u8 width, __u32 *value);
	int (*write)(void *on, enum vvb_modern_area area, __u32 offset, __u8 width, __u32 value);
	int (*pause)(void *on);
};

/**
 * struct vvb_modern_queue - what the device is not told before its time
 * @pfn, @vector: as the driver wrote them; pfn 0: none
 * @doorbell:	offset in the area of doorbells, while @enabled
 * @size:	that the driver was told last, by the device or a policy; 0: it was not
 * @laid_out:	entries that the driver's ring was made for, with @pfn
 * @enabled:	the device has it
 * @held:	a kick waits until the device is live
 */
struct vvb_modern_queue {
	__u32 pfn;
	__u32 doorbell;
	__u16 size;
	__u16 laid_out;
	__u16 vector;
	__u8 enabled;
	__u8 held;
};

/**
 * struct vvb_modern - a function and its legacy driver
 * @bus, @on:	its registers, and who has them
 * @places, @layout, @config_len, @device_type: what it is; the last is virtio's number
 * @queue, @nr_queues: room for those that the device has, at most VVB_MODERN_QUEUES
 * @queue_size_max: the guest sees none larger; 0: as the device has it
 * @strongly_ordered: the processor orders memory as VIRTIO_F_ORDER_PLATFORM wants
 * @offered:	by the device, once @asked
 * @chosen:	features, by the driver, once @told
 * @taken:	features that the device was given; they count once @agreed
 * @stale:	what the device knows of this may not hold any more: it is reset before it is told
 * @refused:	the device does not take them, or may not have them
 * @live:	DRIVER_OK
 * @reset:	of the device, an enum vvb_modern_pending. Until it is over the device is told nothing
 * @status, @select, @vector: as the driver wrote them; the last is that of the configuration
 * @given:	the status that the device was given
 * @partial:	an integer of the device configuration that the guest writes in parts: where it
 *		begins, which of its bytes are there, and these
 * @events:	what happened, bits of enum vvb_modern_event; whoever counts them clears them
 */
struct vvb_modern {
	const struct vvb_modern_bus *bus;
	void *on;
	struct vvb_modern_places places;
	const struct vvb_config_layout *layout;
	__u8 config_len;
	__u8 device_type;
	struct vvb_modern_queue *queue;
	__u16 nr_queues;
	__u16 queue_size_max;
	__u8 strongly_ordered;

	__u8 asked;
	__u8 told;
	__u8 agreed;
	__u8 stale;
	__u8 refused;
	__u8 live;
	__u8 reset;
	__u8 status;
	__u8 given;
	__u16 select;
	__u16 vector;
	__u32 chosen;
	__u64 offered;
	__u64 taken;
	struct {
		__u8 at;
		__u8 have;
		__u8 bytes[4];
	} partial;
	__u32 events;
};

static inline void vvb_modern_event(struct vvb_modern *m, enum vvb_modern_event event)
{
	m->events |= 1u << event;
}

static inline int vvb_modern_get(struct vvb_modern *m, enum vvb_modern_common field, __u8 width,
				 __u32 *value)
{
	return m->bus->read(m->on, VVB_MODERN_COMMON, field, width, value);
}

static inline int vvb_modern_put(struct vvb_modern *m, enum vvb_modern_common field, __u8 width,
				 __u32 value)
{
	return m->bus->write(m->on, VVB_MODERN_COMMON, field, width, value);
}

/**
 * vvb_modern_forget - the device was reset, by whomever: nothing is known of it any more
 * @m:		all that does not change is set
 */
static inline void vvb_modern_forget(struct vvb_modern *m)
{
	static const struct vvb_modern_queue none = { .vector = VVB_NO_VECTOR };
	unsigned int i;

	for (i = 0; i < m->nr_queues; i++)
		m->queue[i] = none;
	m->asked = 0;
	m->told = 0;
	m->agreed = 0;
	m->stale = 0;
	m->refused = 0;
	m->live = 0;
	m->reset = VVB_MODERN_AT_REST;
	m->status = 0;
	m->given = 0;
	m->select = 0;
	m->vector = VVB_NO_VECTOR;
	m->chosen = 0;
	m->offered = 0;
	m->taken = 0;
	m->partial.have = 0;
}

/*
 * Wait until a field of @width bytes reads as 0; all-ones it has only where there is no device. Return: 0,
 * VVB_MODERN_SILENT, VVB_MODERN_GONE, or as the bus.
 */
static inline int vvb_modern_until_zero(struct vvb_modern *m, enum vvb_modern_common field,
					__u8 width)
{
	__u32 value;
	int err;

	for (;;) {
		err = vvb_modern_get(m, field, width, &value);
		if (err || !value)
			return err;
		if (value == vvb_all_ones(width))
			return VVB_MODERN_GONE;
		if (m->bus->pause(m->on))
			return VVB_MODERN_SILENT;
	}
}

/*
 * Go on with a reset that is not over. A legacy driver looks once, or not at all; a modern device wants
 * to be waited for (virtio 1.3, 4.1.4.3.2). Return: 0, VVB_MODERN_SILENT, or as the bus.
 */
static inline int vvb_modern_rest(struct vvb_modern *m)
{
	int err = 0;

	if (m->reset == VVB_MODERN_TO_RESET)
		err = vvb_modern_put(m, VVB_MODERN_STATUS, 1, 0);
	if (err)
		return err;
	m->reset = VVB_MODERN_RESETTING;
	err = vvb_modern_until_zero(m, VVB_MODERN_STATUS, 1);
	if (!err)
		m->reset = VVB_MODERN_AT_REST;
	return err;
}

/* Reset the device, and wait for it. Return: as vvb_modern_rest(). */
static inline int vvb_modern_reset(struct vvb_modern *m)
{
	m->reset = VVB_MODERN_TO_RESET;
	return vvb_modern_rest(m);
}

/*
 * The device is to have these bits of the status, beside those that it has: none is taken away. None at all
 * would be a reset.
 */
static inline int vvb_modern_give_status(struct vvb_modern *m, __u8 status)
{
	__u8 all = m->given | status;
	int err = all ? vvb_modern_put(m, VVB_MODERN_STATUS, 1, all) : 0;

	if (!err)
		m->given = all;
	return err;
}

#endif /* VVB_MODERN_H */
