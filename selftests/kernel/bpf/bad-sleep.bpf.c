// SPDX-License-Identifier: GPL-2.0-only
/* Asks to sleep in access(), which is called where nothing may: must be refused. */
#include "vvb.bpf.h"

SEC("struct_ops.s/access")
int BPF_PROG(bad_sleep_access, struct vvb_access *acc)
{
	return VVB_DEFAULT;
}

VVB_POLICY(bad_sleep) = {
	.access = (void *)bad_sleep_access,
	.name = "bad-sleep",
};
