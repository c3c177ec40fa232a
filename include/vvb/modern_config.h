/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The device configuration of a modern device, for a driver that reads and writes any part of a field:
 * a field is moved in its natural width (virtio 1.3, 4.1.3.1), and read anew when it changed on the
 * way (2.5.1).
 */
#ifndef VVB_MODERN_CONFIG_H
#define VVB_MODERN_CONFIG_H

#include <vvb/modern.h>

#define VVB_MODERN_CONFIG_TRIES 8

/* An integer that is cut off by the end of the configuration is bytes. */
static inline __u8 vvb_modern_config_step(const struct vvb_modern *m, __u8 at)
{
	if (vvb_config_field_end(m->layout, at) > m->config_len)
		return 1;
	return vvb_config_field_step(m->layout, at);
}

/* Bytes from @at to @end, in steps. */
static inline int vvb_modern_config_fetch(struct vvb_modern *m, __u8 at, __u8 end, __u8 step,
					  __u64 *value)
{
	__u8 bytes[8];
	__u32 part;
	__u8 i;
	int err;

	for (i = 0; at + i < end; i += step) {
		err = m->bus->read(m->on, VVB_MODERN_DEVICE, at + i, step, &part);
		if (err)
			return err;
		vvb_put_le(bytes + i, part, step);
	}
	*value = vvb_get_le(bytes, i);
	return 0;
}

/* More than one step, while the device may change them: until its generation stands still. */
static inline int vvb_modern_config_steady(struct vvb_modern *m, __u8 at, __u8 end, __u8 step,
					   __u64 *value)
{
	__u32 before, after;
	unsigned int i;
	int err = vvb_modern_get(m, VVB_MODERN_CONFIG_GENERATION, 1, &before);

	for (i = 0; i < VVB_MODERN_CONFIG_TRIES && !err; i++) {
		err = vvb_modern_config_fetch(m, at, end, step, value);
		if (!err)
			err = vvb_modern_get(m, VVB_MODERN_CONFIG_GENERATION, 1, &after);
		if (err || before == after)
			return err;
		before = after;
	}
	if (!err)
		vvb_modern_event(m, VVB_MODERN_EV_RESTLESS);
	return err;
}

/**
 * vvb_modern_config_read - part of one field of the device configuration
 * @m:		the function
 * @at, @width:	within the field, and within config_len
 * @value:	set
 *
 * One that does not stop changing is what it was when it was looked at last.
 * Return: 0, or as the bus.
 */
static inline int vvb_modern_config_read(struct vvb_modern *m, __u8 at, __u8 width, __u64 *value)
{
	__u8 step = vvb_modern_config_step(m, at);
	__u8 start = vvb_config_field_start(m->layout, at);
	__u8 from = start + (at - start) / step * step;
	__u8 end = start + (at + width - start + step - 1) / step * step;
	int err;

	if (end - from > step)
		err = vvb_modern_config_steady(m, from, end, step, value);
	else
		err = vvb_modern_config_fetch(m, from, end, step, value);
	if (!err)
		*value = *value >> (8 * (at - from)) & vvb_all_ones(width);
	return err;
}

/* Part of an integer of @len bytes at @start. It is written once all of it is there. */
static inline int vvb_modern_config_gather(struct vvb_modern *m, __u8 start, __u8 len, __u8 skip,
					   __u8 width, __u64 value)
{
	__u8 mask = (__u8)((1u << width) - 1) << skip;

	if (m->partial.have && (m->partial.at != start || m->partial.have & mask)) {
		vvb_modern_event(m, VVB_MODERN_EV_PARTIAL_WRITE);
		m->partial.have = 0;
	}
	m->partial.at = start;
	m->partial.have |= mask;
	vvb_put_le(m->partial.bytes + skip, value, width);
	if (m->partial.have != (1u << len) - 1)
		return 0;
	m->partial.have = 0;
	return m->bus->write(m->on, VVB_MODERN_DEVICE, start, len,
			     (__u32)vvb_get_le(m->partial.bytes, len));
}

/**
 * vvb_modern_config_write - part of one field of the device configuration
 * @m:		the function
 * @at, @width:	within the field, and within config_len
 * @value:	what the driver wrote
 *
 * Return: 0, or as the bus.
 */
static inline int vvb_modern_config_write(struct vvb_modern *m, __u8 at, __u8 width, __u64 value)
{
	__u8 step = vvb_modern_config_step(m, at);
	__u8 skip = (at - vvb_config_field_start(m->layout, at)) % step, len;
	int err = 0;

	for (; width && !err; width -= len, at += len, value >>= 8 * len, skip = 0) {
		len = vvb_min_u8(width, step - skip);
		err = vvb_modern_config_gather(m, at - skip, step, skip, len,
					       value & vvb_all_ones(len));
	}
	return err;
}

#endif /* VVB_MODERN_CONFIG_H */
