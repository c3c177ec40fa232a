// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes a millisecond over every access, and counts those during which a VF let go of it:
 * there must be none.
 */
#include "vvb.bpf.h"
#include "grace.h"

struct grace grace;

static long grace_wait(u32 i, void *until)
{
	return vvb_now() > *(u64 *)until;
}

VVB_ACCESS(grace_access, acc)
{
	u64 until = vvb_now() + 1000000, before = grace.left;

	__sync_fetch_and_add(&grace.running, 1);
	bpf_loop(1 << 20, grace_wait, &until, 0);
	__sync_fetch_and_add(&grace.running, -1);
	if (grace.left != before)
		vvb_count(&grace.wrong);
	return VVB_DEFAULT;
}

VVB_DETACH(grace_detach, vf)
{
	vvb_count(&grace.left);
}

VVB_POLICY(grace_policy) = {
	.access = (void *)grace_access,
	.detach = (void *)grace_detach,
	.name = "grace",
};
