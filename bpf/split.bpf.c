// SPDX-License-Identifier: GPL-2.0-only
/*
 * split - data path in the kernel, control path in userspace: a notify goes to the
 * notify address, which nobody is asked about, everything else waits for the daemon.
 *
 *   vvbctl policy load split.bpf.o && vvbctl policy select 0000:01:00.1 split
 */
#include "vvb.bpf.h"

VVB_ACCESS(split_access, acc)
{
	return VVB_PUNT;
}

VVB_POLICY(split) = {
	.access = (void *)split_access,
	.name = "split",
	.flags = VVB_POLICY_STATELESS,
	.interest = VVB_CONTROL,
};
