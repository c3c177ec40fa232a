// SPDX-License-Identifier: GPL-2.0-only
/* What takes the place of interest: is asked about reads of queue_size alone. */
#include "vvb.bpf.h"

VVB_ACCESS(interest_access, acc)
{
	return VVB_DENY;
}

VVB_POLICY(interest) = {
	.access = (void *)interest_access,
	.name = "interest",
	.flags = VVB_POLICY_STATELESS,
	.interest = VVB_READS(QUEUE_SIZE),
};
