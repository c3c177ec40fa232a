// SPDX-License-Identifier: GPL-2.0-only
/* A guard that wants to sleep: the kernel must not load it. */
#include "vvb.bpf.h"

SEC("fmod_ret.s/vvb_guard")
int BPF_PROG(guard_sleep, struct vvb_access *acc, u64 vf, u32 field, u32 write, u64 value)
{
	return VVB_DEFAULT;
}
