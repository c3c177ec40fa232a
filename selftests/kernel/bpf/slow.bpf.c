// SPDX-License-Identifier: GPL-2.0-only
/* Takes three milliseconds over every access. */
#include "vvb.bpf.h"

static long slow_wait(__u32 i, void *until)
{
	return vvb_now() > *(u64 *)until;
}

VVB_ACCESS(slow_access, acc)
{
	u64 until = vvb_now() + 3000000;

	bpf_loop(1 << 20, slow_wait, &until, 0);
	return VVB_DEFAULT;
}

VVB_POLICY(slow) = {
	.access = (void *)slow_access,
	.name = "slow",
};
