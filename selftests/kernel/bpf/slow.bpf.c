// SPDX-License-Identifier: GPL-2.0-only
/* Takes its time over every access: some milliseconds. */
#include "vvb.bpf.h"

VVB_ACCESS(slow_access, acc)
{
	u64 until = vvb_now() + 3000000;
	int i;

	for (i = 0; i < 100000; i++)
		if (vvb_now() > until)
			break;
	return VVB_DEFAULT;
}

VVB_POLICY(slow) = {
	.access = (void *)slow_access,
	.name = "slow",
};
