// SPDX-License-Identifier: GPL-2.0-only
/* Takes three milliseconds over reads of the ISR byte, and has no opinion. */
#include "vvb.bpf.h"

static long guard_wait(__u32 i, void *until)
{
	return vvb_now() > *(u64 *)until;
}

VVB_GUARD(guard_slow)
{
	u64 until = vvb_now() + 3000000;

	if (field == VVB_FIELD_ISR_STATUS && !write)
		bpf_loop(1 << 20, guard_wait, &until, 0);
	return VVB_DEFAULT;
}
