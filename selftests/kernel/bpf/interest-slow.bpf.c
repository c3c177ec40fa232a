// SPDX-License-Identifier: GPL-2.0-only
/* Takes three milliseconds over each access that it wants to be asked about, and over no other. */
#include "vvb.bpf.h"

static long slow_wait(__u32 i, void *until)
{
	return vvb_now() > *(u64 *)until;
}

VVB_ACCESS(interest_slow_access, acc)
{
	u64 until = vvb_now() + 3000000;

	bpf_loop(1 << 20, slow_wait, &until, 0);
	return VVB_DEFAULT;
}

VVB_POLICY(interest_slow) = {
	.access = (void *)interest_slow_access,
	.name = "interest-slow",
	.interest = VVB_READS(DEVICE_STATUS),
};
