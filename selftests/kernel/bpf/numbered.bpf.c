// SPDX-License-Identifier: GPL-2.0-only
/* Gives up when a read of the ISR byte has no number: it came beside the other control accesses. */
#include "vvb.bpf.h"

VVB_ACCESS(numbered_access, acc)
{
	if (!acc->seq)
		vvb_error(acc, 1, "out of order");
	return VVB_DEFAULT;
}

VVB_POLICY(numbered) = {
	.access = (void *)numbered_access,
	.name = "numbered",
	.interest = VVB_READS(ISR_STATUS),
};
