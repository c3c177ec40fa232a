/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What policies put into their ring buffers, for `vvbctl policy events` and other readers. */
#ifndef VVB_EVENT_H
#define VVB_EVENT_H

#ifndef __VMLINUX_H__ /* a policy has these types from the kernel's BTF */
#include <linux/types.h>
#endif

/**
 * struct vvb_access_event - one access
 * @time_ns:	CLOCK_MONOTONIC
 * @vf, @seq, @value, @field, @offset, @width, @write: see struct vvb_access
 * @lost:	events of this VF that found the ring full, so far
 * @done:	the outcome is known: @error, @verdict and @handler tell it
 * @pid, @tid, @comm: process and thread that made the access; 0 when that was not looked at
 */
struct vvb_access_event {
	__u64 time_ns;
	__u64 vf;
	__u64 seq;
	__u64 value;
	__u64 lost;
	__s32 error;
	__u32 pid;
	__u32 tid;
	__u8 field;
	__u8 offset;
	__u8 width;
	__u8 write;
	__u8 done;
	__u8 verdict;
	__u8 handler;
	__u8 pad[5];
	char comm[16];
};

#endif /* VVB_EVENT_H */
