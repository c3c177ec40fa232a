// SPDX-License-Identifier: GPL-2.0-only
/* Lets no VF select it: the writer of the attribute must get EACCES. */
#include "vvb.bpf.h"

#define EACCES 13

VVB_ATTACH(refuse_attach, vf)
{
	return -EACCES;
}

VVB_ACCESS(refuse_access, acc)
{
	return VVB_DENY;
}

VVB_POLICY(refuse_attach_policy) = {
	.access = (void *)refuse_access,
	.attach = (void *)refuse_attach,
	.name = "refuse-attach",
};
