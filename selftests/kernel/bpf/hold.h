/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread of the kernel that is held where it is, as if its CPU were taken from it right there. */
#ifndef HOLD_H
#define HOLD_H

#include "vvb.bpf.h"

static long hold_look(__u32 i, void *until)
{
	return vvb_now() > *(u64 *)until;
}

/* One loop is no longer than 2^23 rounds. */
static long hold_round(__u32 i, void *until)
{
	bpf_loop(1 << 20, hold_look, until, 0);
	return vvb_now() > *(u64 *)until;
}

static __always_inline void hold_ms(u64 ms)
{
	u64 until = vvb_now() + ms * 1000000;

	bpf_loop(1 << 10, hold_round, &until, 0);
}

#endif /* HOLD_H */
