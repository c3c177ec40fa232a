/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The legacy registers of a function (virtio 1.3, 4.1.4.10), made of its modern interface.
 *
 * A legacy driver says things in an order of its own, and nothing is final before DRIVER_OK. A modern
 * device wants features agreed on first, then queues, then DRIVER_OK, and no kick before. So what the
 * driver says is kept until it says DRIVER_OK, but for features: they are agreed on no later than when
 * the driver, which has chosen, asks for the size of a queue. If the device does not take them it finds
 * none, and its probe fails cleanly, where later it would wait for ever.
 */
#ifndef VVB_MODERN_LEGACY_H
#define VVB_MODERN_LEGACY_H

#include <vvb/modern_config.h>
#include <vvb/modern_queue.h>

static inline int vvb_modern_ring(struct vvb_modern *m, __u16 queue)
{
	return m->bus->write(m->on, VVB_MODERN_NOTIFY, m->queue[queue].doorbell, 2, queue);
}

/* Kicks that came too early go out. One that did not is kept. */
static inline int vvb_modern_ring_held(struct vvb_modern *m)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < m->nr_queues && !err; i++) {
		if (m->queue[i].held && m->queue[i].enabled)
			err = vvb_modern_ring(m, i);
		m->queue[i].held = m->queue[i].held && err;
	}
	return err;
}

/* All that the driver has said so far, in the order in which the device wants to hear it. */
static inline int vvb_modern_go_live(struct vvb_modern *m)
{
	unsigned int i;
	int err = vvb_modern_agree(m);

	for (i = 0; i < m->nr_queues && !err; i++)
		if (m->queue[i].pfn && !m->queue[i].enabled)
			err = vvb_modern_queue_enable(m, i);
	if (err)
		return err;
	err = vvb_modern_give_status(m, VVB_MODERN_S_DRIVER_OK);
	if (err)
		return err;
	m->live = 1;
	return vvb_modern_ring_held(m);
}

/*
 * device_status. The device keeps a bit that it was given until the reset, as it wants that. What can't
 * be had is no error of the write: the driver finds FAILED, and no DRIVER_OK.
 */
static inline int vvb_modern_status_write(struct vvb_modern *m, __u8 value)
{
	int err = 0;

	if (!value) {
		vvb_modern_forget(m);
		return vvb_modern_reset(m);
	}
	if (value & VVB_MODERN_S_DRIVER_OK)
		err = m->live ? vvb_modern_ring_held(m) : vvb_modern_go_live(m);
	if (err < 0 || m->reset)
		return err;
	if (err)
		value = (value & ~VVB_MODERN_S_DRIVER_OK) | VVB_MODERN_S_FAILED;
	m->status = value & ~VVB_MODERN_S_NEEDS_RESET;
	return vvb_modern_give_status(m, value & VVB_MODERN_S_LEGACY);
}

/*
 * What the driver wrote, as far as the device still has it. Before its first write it is whatever is
 * there, of a driver of the modern interface.
 */
static inline int vvb_modern_status_read(struct vvb_modern *m, __u64 *value)
{
	__u32 status;
	int err = vvb_modern_get(m, VVB_MODERN_STATUS, 1, &status);

	if (err)
		return err;
	if (status == 0xff)
		return VVB_MODERN_GONE;
	if (status & VVB_MODERN_S_NEEDS_RESET)
		vvb_modern_event(m, VVB_MODERN_EV_NEEDS_RESET);
	if (!m->given && !m->status)
		*value = status & ~VVB_MODERN_S_NOT_LEGACY;
	else
		*value = m->status & (status | (__u8)~m->given);
	return 0;
}

/*
 * A kick that is no store. Before DRIVER_OK it is kept for when the device is live. But drivers in old
 * systems ask something of the device in their probe, and wait for the answer: a disk's partitions, what is
 * on a bus, random numbers, the ports of a console. They get DRIVER_OK on their behalf. Those of network
 * cards give buffers there, and wait for nothing.
 */
static inline int vvb_modern_kick(struct vvb_modern *m, __u16 queue)
{
	int err;

	if (queue >= m->nr_queues)
		return 0;
	if (m->live)
		return m->queue[queue].enabled ? vvb_modern_ring(m, queue) : 0;
	m->queue[queue].held = 1;
	vvb_modern_event(m, VVB_MODERN_EV_HELD_KICK);
	if (m->device_type == VVB_DEVICE_NET || !m->queue[queue].pfn)
		return 0;
	vvb_modern_event(m, VVB_MODERN_EV_EARLY_LIVE);
	err = vvb_modern_go_live(m);
	if (err <= 0 || m->reset)
		return err;
	m->status |= VVB_MODERN_S_FAILED;
	return vvb_modern_give_status(m, VVB_MODERN_S_FAILED);
}

/* Where the driver has told what it chose, whether it can have that shows here. */
static inline int vvb_modern_size_read(struct vvb_modern *m, __u64 *value)
{
	__u16 size = 0;
	int err = m->told ? vvb_modern_agree(m) : 0;

	if (!err)
		err = vvb_modern_queue_size(m, m->select, &size);
	if (!err && m->select < m->nr_queues)
		m->queue[m->select].size = size;
	*value = size;
	return err == VVB_MODERN_REFUSED ? 0 : err;
}

/**
 * vvb_modern_size_told - somebody else has answered the driver's question for the size of a queue
 * @m:		the function
 * @queue:	which
 * @size:	what the driver was told: its ring is going to have so many entries
 *
 * A device that can't have such a ring does not get it, see vvb_modern_queue_enable().
 */
static inline void vvb_modern_size_told(struct vvb_modern *m, __u16 queue, __u16 size)
{
	if (queue < m->nr_queues)
		m->queue[queue].size = size;
}

static inline int vvb_modern_vector_read(struct vvb_modern *m, enum vvb_modern_common field,
					 __u64 *value)
{
	__u32 vector = VVB_NO_VECTOR;
	int err = 0;

	if (field == VVB_MODERN_QUEUE_VECTOR && m->select < m->nr_queues)
		err = vvb_modern_put(m, VVB_MODERN_QUEUE_SELECT, 2, m->select);
	if (!err && (field != VVB_MODERN_QUEUE_VECTOR || m->select < m->nr_queues))
		err = vvb_modern_get(m, field, 2, &vector);
	*value = vector;
	return err;
}

static inline int vvb_modern_vector_write(struct vvb_modern *m, enum vvb_modern_common field,
					  __u16 vector)
{
	__u16 *kept = &m->vector;
	int err = 0;

	if (field == VVB_MODERN_QUEUE_VECTOR) {
		if (m->select >= m->nr_queues)
			return 0;
		kept = &m->queue[m->select].vector;
		err = vvb_modern_put(m, VVB_MODERN_QUEUE_SELECT, 2, m->select);
	}
	if (!err)
		err = vvb_modern_put(m, field, 2, vector);
	if (!err)
		*kept = vector;
	return err;
}

static inline int vvb_modern_legacy_read(struct vvb_modern *m, enum vvb_field field, __u64 *value)
{
	__u32 isr;
	int err;

	*value = 0;
	switch (field) {
	case VVB_FIELD_DEVICE_FEATURES:
		err = vvb_modern_ask(m);
		*value = vvb_modern_offer(m);
		return err;
	case VVB_FIELD_DRIVER_FEATURES:
		*value = m->chosen;
		return 0;
	case VVB_FIELD_QUEUE_ADDRESS:
		*value = m->select < m->nr_queues ? m->queue[m->select].pfn : 0;
		return 0;
	case VVB_FIELD_QUEUE_SIZE:
		return vvb_modern_size_read(m, value);
	case VVB_FIELD_QUEUE_SELECT:
		*value = m->select;
		return 0;
	case VVB_FIELD_DEVICE_STATUS:
		return vvb_modern_status_read(m, value);
	case VVB_FIELD_ISR_STATUS:
		err = m->bus->read(m->on, VVB_MODERN_ISR, 0, 1, &isr);
		*value = err ? 0 : isr;
		return err;
	case VVB_FIELD_CONFIG_VECTOR:
		return vvb_modern_vector_read(m, VVB_MODERN_CONFIG_VECTOR, value);
	case VVB_FIELD_QUEUE_VECTOR:
		return vvb_modern_vector_read(m, VVB_MODERN_QUEUE_VECTOR, value);
	default:
		return 0;
	}
}

static inline int vvb_modern_legacy_write(struct vvb_modern *m, enum vvb_field field, __u32 value)
{
	switch (field) {
	case VVB_FIELD_DRIVER_FEATURES:
		return vvb_modern_tell(m, value);
	case VVB_FIELD_QUEUE_ADDRESS:
		if (m->select >= m->nr_queues)
			return 0;
		return vvb_modern_queue_address(m, m->select, value);
	case VVB_FIELD_QUEUE_SELECT:
		m->select = (__u16)value;
		return 0;
	case VVB_FIELD_QUEUE_NOTIFY:
		return vvb_modern_kick(m, (__u16)value);
	case VVB_FIELD_DEVICE_STATUS:
		return vvb_modern_status_write(m, (__u8)value);
	case VVB_FIELD_CONFIG_VECTOR:
		return vvb_modern_vector_write(m, VVB_MODERN_CONFIG_VECTOR, (__u16)value);
	case VVB_FIELD_QUEUE_VECTOR:
		return vvb_modern_vector_write(m, VVB_MODERN_QUEUE_VECTOR, (__u16)value);
	default:
		return 0;
	}
}

/*
 * A reset that did not end, or that the device could not be told of, comes before anything else. The status
 * may be looked at meanwhile, and written 0 to once more.
 */
static inline int vvb_modern_ready(struct vvb_modern *m, const struct vvb_admin_op *op)
{
	if (m->reset == VVB_MODERN_AT_REST)
		return 0;
	if (vvb_opcode_area(op->opcode) == VVB_AREA_COMMON &&
	    vvb_common_field(op->offset) == VVB_FIELD_DEVICE_STATUS && !op->registers[0])
		return 0;
	return vvb_modern_rest(m);
}

/**
 * vvb_modern_run - carry out one legacy operation
 * @m:		the function; its driver's operations come one after the other
 * @op:		checked: one whole common field, or within one of the device configuration
 * @value:	of a read: set, missing bytes zero
 *
 * Return: 0; a negative number of the bus; VVB_MODERN_SILENT what the device has to do did not end;
 * VVB_MODERN_GONE it does not answer.
 */
static inline int vvb_modern_run(struct vvb_modern *m, const struct vvb_admin_op *op, __u64 *value)
{
	__u64 given = vvb_get_le(op->registers, 8);
	int err = vvb_modern_ready(m, op);

	if (err)
		return err;
	switch (op->opcode) {
	case VVB_OP_COMMON_READ:
		return vvb_modern_legacy_read(m, vvb_common_field(op->offset), value);
	case VVB_OP_COMMON_WRITE:
		err = vvb_modern_legacy_write(m, vvb_common_field(op->offset), (__u32)given);
		/* of a queue that can't be had, and counted: the guest's write was all right */
		return err == VVB_MODERN_NO_DOORBELL || err == VVB_MODERN_SHRUNK ? 0 : err;
	case VVB_OP_DEVICE_READ:
		return vvb_modern_config_read(m, op->offset, op->width, value);
	case VVB_OP_DEVICE_WRITE:
		return vvb_modern_config_write(m, op->offset, op->width, given);
	default:
		return 0;
	}
}

#endif /* VVB_MODERN_LEGACY_H */
