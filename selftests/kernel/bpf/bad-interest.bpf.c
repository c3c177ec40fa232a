// SPDX-License-Identifier: GPL-2.0-only
/* There is no such register: the kernel must refuse it. */
#include "vvb.bpf.h"

VVB_ACCESS(bad_interest_access, acc)
{
	return VVB_DEFAULT;
}

VVB_POLICY(bad_interest) = {
	.access = (void *)bad_interest_access,
	.name = "bad-interest",
	.interest = 1U << VVB_FIELD_NR,
};
