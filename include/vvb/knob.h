/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Knobs: what of a policy can be tuned per VF while it runs. A policy declares each of them
 * once; the declarations travel in a section of its object, and lie beside its maps once it
 * is loaded. A knob is some bytes of a value in a per-VF map, so a map update sets it.
 */
#ifndef VVB_KNOB_H
#define VVB_KNOB_H

#ifndef __VMLINUX_H__ /* a policy has these types from the kernel's BTF */
#include <linux/types.h>
#endif

/* Where the declarations are in an object; also the name of the map they become. */
#define VVB_KNOBS_SECTION ".rodata.knobs"

enum vvb_knob_type {
	VVB_KNOB_NUMBER = 0,
	VVB_KNOB_SWITCH = 1, /* off, on */
	VVB_KNOB_BITS = 2, /* a number that is read bit by bit: shown in hexadecimal */
};

/**
 * struct vvb_knob - one declaration
 * @name:	what the operator calls it
 * @map:	the per-VF map, in which nobody but operators writes
 * @unit:	of the value, "" for none
 * @help:	one line
 * @type:	enum vvb_knob_type
 * @offset, @size: where in a value of the map; 1, 2, 4 or 8 bytes, of the machine's order
 * @zero:	keeps the numbers behind it aligned
 * @min, @max, @default_value: legal values, and the one that holds for a VF with none in the map
 */
struct vvb_knob {
	char name[32];
	char map[32];
	char unit[16];
	char help[96];
	__u32 type;
	__u32 offset;
	__u32 size;
	__u32 zero;
	__u64 min;
	__u64 max;
	__u64 default_value;
};

#endif /* VVB_KNOB_H */
