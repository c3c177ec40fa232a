// SPDX-License-Identifier: GPL-2.0-only
/* Refuses with what is no errno: a writer must still see a failed write, and no more. */
#include "vvb.bpf.h"

VVB_ATTACH(refuse_odd_attach, vf)
{
	return 12345;
}

VVB_ACCESS(refuse_odd_access, acc)
{
	return VVB_DEFAULT;
}

VVB_POLICY(refuse_odd) = {
	.access = (void *)refuse_odd_access,
	.attach = (void *)refuse_odd_attach,
	.name = "refuse-odd",
};
