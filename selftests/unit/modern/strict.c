// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stddef.h>
#include <string.h>

#include "strict.h"

/* PACKED, IN_ORDER, SR_IOV, NOTIFICATION_DATA, NOTIF_CONFIG_DATA, ADMIN_VQ: for drivers that know them */
#define NEVER                                                                                      \
	(VVB_FEATURE(34) | VVB_FEATURE(35) | VVB_FEATURE(37) | VVB_FEATURE(38) | VVB_FEATURE(39) | \
	 VVB_FEATURE(41))

#define FIXED_COST 96u /* an odd part of the configuration, eight times over; or features */
#define QUEUE_COST 14u /* its vector, its ring, its doorbell */

static void rule(struct strict *s, bool holds, const char *what)
{
	if (!holds && !s->wrong)
		s->wrong = what;
}

static void touch(struct strict *s, enum vvb_modern_area area, uint32_t offset, uint8_t width)
{
	const struct vvb_modern_place *place = &s->m.places.area[area];

	s->accesses++;
	rule(s, width == 1 || width == 2 || width == 4, "a width that no register has");
	rule(s, width && !(offset % width), "an access that is not aligned");
	rule(s, place->len && offset < place->len && width <= place->len - offset,
	     "an access out of its area");
}

static int strict_read(void *on, enum vvb_modern_area area, uint32_t offset, uint8_t width,
		       uint32_t *value)
{
	struct strict *s = on;
	int err;

	touch(s, area, offset, width);
	err = s->behind->read(s->on, area, offset, width, value);
	if (area == VVB_MODERN_COMMON && offset == VVB_MODERN_STATUS && !err && !*value)
		s->resetting = false;
	return err;
}

/* The selected queue's ring is where a legacy driver has it that was told its size (virtio 1.3, 2.7.2). */
static void told_ring(struct strict *s)
{
	const uint64_t desc = (uint64_t)s->queue[s->selected].pfn << 12;
	const uint64_t avail = desc + 16u * s->size, end = avail + 6 + 2u * s->size;

	rule(s, s->size && !(s->size & (s->size - 1)), "a queue size that no ring has");
	rule(s, desc && s->ring[0] == desc, "descriptors somewhere else");
	rule(s, s->ring[1] == avail, "available ring somewhere else");
	rule(s, s->ring[2] == ((end + 4095) & ~UINT64_C(4095)), "used ring somewhere else");
	rule(s, !s->made_for[s->selected] || s->made_for[s->selected] == s->size,
	     "a ring that was made for another size");
}

static void told_half(uint64_t *to, bool high, uint32_t value)
{
	*to = high ? (*to & UINT32_MAX) | (uint64_t)value << 32 :
		     (*to & ~(uint64_t)UINT32_MAX) | value;
}

/* Bits are never taken away, but FEATURES_OK from a device that has refused it. */
static void told_status(struct strict *s, uint8_t value)
{
	if (!value) {
		s->said = 0;
		s->resetting = true;
		return;
	}
	rule(s, !(s->said & ~value & ~VVB_MODERN_S_FEATURES_OK), "status bits taken away");
	rule(s, !(value & ~s->said & VVB_MODERN_S_FEATURES_OK) || s->features == s->m.taken,
	     "other features than are taken");
	s->said |= value;
}

static void told_common(struct strict *s, uint32_t offset, uint32_t value)
{
	rule(s, !s->resetting || (offset == VVB_MODERN_STATUS && !value),
	     "something told to a device that is resetting");
	switch (offset) {
	case VVB_MODERN_STATUS:
		told_status(s, (uint8_t)value);
		break;
	case VVB_MODERN_DRIVER_FEATURE_SELECT:
		s->feature_word = (uint16_t)value;
		break;
	case VVB_MODERN_QUEUE_SELECT:
		s->selected = (uint16_t)value;
		rule(s, value < s->m.nr_queues, "a queue that there is not");
		break;
	case VVB_MODERN_QUEUE_SIZE:
		s->size = (uint16_t)value;
		break;
	case VVB_MODERN_DRIVER_FEATURE:
		told_half(&s->features, s->feature_word, value);
		rule(s, !(s->said & VVB_MODERN_S_FEATURES_OK), "features behind FEATURES_OK");
		break;
	case VVB_MODERN_QUEUE_ENABLE:
		rule(s, s->said & VVB_MODERN_S_FEATURES_OK, "a queue before features");
		rule(s, value == 1, "a queue neither enabled nor not");
		told_ring(s);
		break;
	case VVB_MODERN_QUEUE_RESET:
		rule(s, s->m.taken & VVB_F_RING_RESET, "a queue reset that was not agreed on");
		break;
	default:
		if (offset >= VVB_MODERN_QUEUE_DESC && offset < VVB_MODERN_QUEUE_DEVICE + 8)
			told_half(&s->ring[(offset - VVB_MODERN_QUEUE_DESC) / 8], offset & 4,
				  value);
		break;
	}
}

static void told_doorbell(struct strict *s, uint32_t offset, uint32_t value)
{
	rule(s, s->said & VVB_MODERN_S_DRIVER_OK, "a kick before DRIVER_OK");
	rule(s,
	     value < s->m.nr_queues && s->queue[value].enabled &&
		     s->queue[value].doorbell == offset,
	     "a kick of another queue");
}

static int strict_write(void *on, enum vvb_modern_area area, uint32_t offset, uint8_t width,
			uint32_t value)
{
	struct strict *s = on;
	int err;

	touch(s, area, offset, width);
	rule(s, area != VVB_MODERN_ISR, "a write to the ISR");
	err = s->behind->write(s->on, area, offset, width, value);
	if (err)
		return err;
	if (area == VVB_MODERN_COMMON)
		told_common(s, offset, value);
	else if (area == VVB_MODERN_NOTIFY)
		told_doorbell(s, offset, value);
	return 0;
}

static int strict_pause(void *on)
{
	struct strict *s = on;

	if (s->behind->pause)
		s->behind->pause(s->on);
	return s->waits++ >= s->patience;
}

void strict_init(struct strict *s)
{
	static const struct vvb_modern_bus bus = {
		.read = strict_read,
		.write = strict_write,
		.pause = strict_pause,
	};

	s->m.bus = &bus;
	s->m.on = s;
	s->m.queue = s->queue;
	vvb_modern_forget(&s->m);
}

unsigned int strict_bound(const struct strict *s)
{
	return FIXED_COST + QUEUE_COST * s->m.nr_queues + 4 * (s->patience + 1);
}

/* The guest remembers what it was told of a queue, until it resets the device. */
static void remember(struct strict *s, enum vvb_field field, bool write, uint64_t value)
{
	if (field == VVB_FIELD_DEVICE_STATUS && write && !value) {
		memset(s->told, 0, sizeof(s->told));
		memset(s->made_for, 0, sizeof(s->made_for));
	}
	if (s->m.select >= s->m.nr_queues)
		return;
	if (field == VVB_FIELD_QUEUE_SIZE && !write)
		s->told[s->m.select] = (uint16_t)value;
	if (field == VVB_FIELD_QUEUE_ADDRESS && write)
		s->made_for[s->m.select] = s->told[s->m.select];
}

/* What the guest wrote may have come to nothing: nobody knows then what its ring is like. */
static void doubt(struct strict *s, int err, uint64_t pfn)
{
	if (s->m.select < s->m.nr_queues && (err || s->queue[s->m.select].pfn != (uint32_t)pfn))
		s->made_for[s->m.select] = 0;
}

static void look_at_queues(struct strict *s)
{
	const struct vvb_modern_queue *q = s->queue;
	unsigned int i;

	for (i = 0; i < s->m.nr_queues; i++, q++) {
		rule(s, !q->enabled || s->m.agreed, "a queue enabled without features");
	}
}

/* What must hold behind every operation, whatever the device has answered. */
static void look(struct strict *s)
{
	const struct vvb_modern *m = &s->m;
	bool short_header = m->device_type == VVB_DEVICE_NET && !(m->chosen & VVB_F_NET_MRG_RXBUF);

	rule(s, !(m->agreed && m->refused), "agreed and refused");
	rule(s, !m->live || m->agreed, "live without features");
	rule(s, !(m->taken & ~m->offered), "features that are not offered");
	rule(s, !(m->taken & NEVER), "features that no legacy driver knows");
	rule(s, !(m->chosen & ~vvb_modern_offer(m)), "chosen what was not offered");
	rule(s, !m->agreed || m->live || !short_header || !(m->taken & VVB_F_VERSION_1),
	     "a header of 12 bytes for a driver with 10");
	rule(s, !(m->status & VVB_MODERN_S_NEEDS_RESET), "DEVICE_NEEDS_RESET kept");
	look_at_queues(s);
}

int strict_run(struct strict *s, enum vvb_opcode opcode, uint8_t offset, uint8_t width,
	       uint64_t *value)
{
	struct vvb_admin_op op = { .opcode = opcode, .offset = offset, .width = width };
	__u64 result = 0;
	unsigned int before = s->accesses;
	int err;

	if (vvb_admin_check(&op, 0, 1, s->m.config_len, s->m.layout) != VVB_ACCEPTED)
		return 0;
	vvb_put_le(op.registers, *value, width);
	s->waits = 0;
	if (opcode == VVB_OP_COMMON_WRITE)
		remember(s, vvb_common_field(offset), true, *value & vvb_all_ones(width));
	err = vvb_modern_run(&s->m, &op, &result);
	rule(s, s->accesses - before <= strict_bound(s), "more accesses than it takes");
	if (!vvb_opcode_writes(opcode)) {
		rule(s, err || !(result & ~vvb_all_ones(width)), "more bits than the register has");
		*value = err ? vvb_all_ones(width) : result;
	}
	if (opcode == VVB_OP_COMMON_READ && !err)
		remember(s, vvb_common_field(offset), false, result);
	if (opcode == VVB_OP_COMMON_WRITE && vvb_common_field(offset) == VVB_FIELD_QUEUE_ADDRESS)
		doubt(s, err, *value);
	look(s);
	return err;
}

int strict_get(struct strict *s, enum vvb_field field, uint64_t *value)
{
	*value = 0;
	return strict_run(s, VVB_OP_COMMON_READ, vvb_fields[field].offset, vvb_fields[field].width,
			  value);
}

int strict_put(struct strict *s, enum vvb_field field, uint64_t value)
{
	return strict_run(s, VVB_OP_COMMON_WRITE, vvb_fields[field].offset, vvb_fields[field].width,
			  &value);
}

void strict_size_told(struct strict *s, uint16_t queue, uint16_t size)
{
	if (queue < s->m.nr_queues)
		s->told[queue] = size;
	vvb_modern_size_told(&s->m, queue, size);
}
