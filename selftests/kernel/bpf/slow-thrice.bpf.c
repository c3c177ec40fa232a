// SPDX-License-Identifier: GPL-2.0-only
/*
 * Of the accesses that the kernel times, one in 64, three in a row take three milliseconds and
 * the next is quick.
 */
#include "vvb.bpf.h"

static long slow_wait(__u32 i, void *until)
{
	return vvb_now() > *(u64 *)until;
}

VVB_ACCESS(thrice_access, acc)
{
	u64 until = vvb_now() + 3000000;

	if (!(acc->seq & 63) && acc->seq >> 6 & 3)
		bpf_loop(1 << 20, slow_wait, &until, 0);
	return VVB_DEFAULT;
}

VVB_POLICY(slow_thrice) = {
	.access = (void *)thrice_access,
	.name = "slow-thrice",
};
