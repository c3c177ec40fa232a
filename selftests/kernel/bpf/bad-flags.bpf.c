// SPDX-License-Identifier: GPL-2.0-only
/* No flag is defined: the kernel must refuse one that is set. */
#include "vvb.bpf.h"

VVB_ACCESS(bad_flags_access, acc)
{
	return VVB_DEFAULT;
}

VVB_POLICY(bad_flags) = {
	.access = (void *)bad_flags_access,
	.name = "bad-flags",
	.flags = 1,
};
