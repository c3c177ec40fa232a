// SPDX-License-Identifier: GPL-2.0-only
/* A candidate that would refuse every kick: as a shadow it makes each of them a difference. */
#include "vvb.bpf.h"

VVB_ACCESS(shadow_kick_access, acc)
{
	return vvb_is_notify(acc->field, acc->write) ? VVB_DENY : VVB_DEFAULT;
}

VVB_POLICY(shadow_kick) = {
	.access = (void *)shadow_kick_access,
	.name = "shadow-kick",
	.flags = VVB_POLICY_STATELESS,
};
