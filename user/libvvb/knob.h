/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Knobs by file descriptor, for a policy that is not pinned yet. */
#ifndef LIBVVB_KNOB_H
#define LIBVVB_KNOB_H

#include "vvb.h"

/* What is wrong with a declaration? Return: NULL for nothing, or what, in words. */
const char *vvb_knob_fault(const struct vvb_knob *knob);

/* Are these @size bytes declarations? Return: how many, or -EPROTO. */
int vvb_knobs_check(const void *data, size_t size);

/* The knob's value for a VF, out of its map. Return: 0, -EPROTO the map is another, -errno. */
int vvb_knob_read(int map, const struct vvb_knob *knob, __u64 vf, __u64 *number);

/**
 * vvb_knob_write - set one knob in its map
 * @map:	the knob's
 * @knobs, @nr:	all, for what else a VF without an entry gets
 * @knob:	one of them
 * @vf, @number: the VF, and a legal value
 *
 * Return: 0, -EPROTO the map is another, -errno.
 */
int vvb_knob_write(int map, const struct vvb_knob *knobs, int nr, const struct vvb_knob *knob,
		   __u64 vf, __u64 number);

#endif /* LIBVVB_KNOB_H */
