// SPDX-License-Identifier: GPL-2.0-only
/* There is no such flag: the kernel must refuse it. */
#include "vvb.bpf.h"

VVB_ACCESS(bad_flags_access, acc)
{
	return VVB_DEFAULT;
}

VVB_POLICY(bad_flags) = {
	.access = (void *)bad_flags_access,
	.name = "bad-flags",
	.flags = 0x80,
};
