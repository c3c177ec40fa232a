// SPDX-License-Identifier: GPL-2.0-only
/* Has every write of queue_select kept back until a command needs it. */
#include "vvb.bpf.h"

VVB_ACCESS(defer_access, acc)
{
	return acc->field == VVB_FIELD_QUEUE_SELECT && acc->write ? VVB_DEFER : VVB_DEFAULT;
}

VVB_POLICY(defer) = {
	.access = (void *)defer_access,
	.name = "defer",
	.flags = VVB_POLICY_STATELESS,
};
