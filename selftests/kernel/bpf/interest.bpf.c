// SPDX-License-Identifier: GPL-2.0-only
/* Denies all that it is asked about: reads of device_status, writes of queue_select. */
#include "vvb.bpf.h"

VVB_ACCESS(interest_access, acc)
{
	return VVB_DENY;
}

VVB_POLICY(interest) = {
	.access = (void *)interest_access,
	.name = "interest",
	.flags = VVB_POLICY_STATELESS,
	.interest = VVB_READS(DEVICE_STATUS) | VVB_WRITES(QUEUE_SELECT),
};
