// SPDX-License-Identifier: GPL-2.0-only
/* Refuses everything, notifies included. */
#include "vvb.bpf.h"

VVB_ACCESS(deny_access, acc)
{
	return VVB_DENY;
}

VVB_POLICY(deny) = {
	.access = (void *)deny_access,
	.name = "deny",
};
