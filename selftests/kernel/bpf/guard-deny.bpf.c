// SPDX-License-Identifier: GPL-2.0-only
/*
 * Test only: refuses every access of every VF. Over a write of 256 or more it takes two
 * milliseconds.
 */
#include "vvb.bpf.h"

static long guard_wait(__u32 i, void *until)
{
	return vvb_now() > *(u64 *)until;
}

VVB_GUARD(guard_deny)
{
	u64 until;

	if (write && value >= 256) {
		until = vvb_now() + 2000000;
		bpf_loop(1 << 20, guard_wait, &until, 0);
	}
	return VVB_DENY;
}
