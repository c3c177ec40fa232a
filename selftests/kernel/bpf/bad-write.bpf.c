// SPDX-License-Identifier: GPL-2.0-only
/* Writes a field of the access that is not a policy's to write: the verifier must refuse. */
#include "vvb.bpf.h"

VVB_ACCESS(bad_write_access, acc)
{
	acc->vf = 0;
	return VVB_DEFAULT;
}

VVB_POLICY(bad_write) = {
	.access = (void *)bad_write_access,
	.name = "bad-write",
};
