// SPDX-License-Identifier: GPL-2.0-only
/* Changes what the guest writes to driver_features, and gives a verdict that is none there. */
#include "vvb.bpf.h"

VVB_ACCESS(verdict_write_access, acc)
{
	if (acc->field != VVB_FIELD_DRIVER_FEATURES || !acc->write)
		return VVB_DEFAULT;
	acc->value = 0;
	acc->delay_us = 5000000;
	return VVB_PREFETCH;
}

VVB_POLICY(verdict_write) = {
	.access = (void *)verdict_write_access,
	.name = "verdict-write",
};
