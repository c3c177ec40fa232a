/* SPDX-License-Identifier: GPL-2.0-only */
/* A policy without a fault, but for the name BAD_NAME: the kernel must refuse it. */
#include "vvb.bpf.h"

VVB_ACCESS(bad_name_access, acc)
{
	return VVB_DEFAULT;
}

VVB_POLICY(bad_name) = {
	.access = (void *)bad_name_access,
	.name = BAD_NAME,
};
