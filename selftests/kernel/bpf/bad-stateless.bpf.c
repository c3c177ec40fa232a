// SPDX-License-Identifier: GPL-2.0-only
/* Claims to be stateless, yet wants to be told of VFs: must be refused. */
#include "vvb.bpf.h"

VVB_ACCESS(bad_stateless_access, acc)
{
	return VVB_DEFAULT;
}

VVB_ATTACH(bad_stateless_attach, vf)
{
	return 0;
}

VVB_POLICY(bad_stateless) = {
	.access = (void *)bad_stateless_access,
	.attach = (void *)bad_stateless_attach,
	.name = "bad-stateless",
	.flags = VVB_POLICY_STATELESS,
};
