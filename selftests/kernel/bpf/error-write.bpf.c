// SPDX-License-Identifier: GPL-2.0-only
/* Changes what the guest writes to driver_features, and then reports an error of its own. */
#include "vvb.bpf.h"

VVB_ACCESS(error_write_access, acc)
{
	if (acc->field != VVB_FIELD_DRIVER_FEATURES || !acc->write)
		return VVB_DEFAULT;
	acc->value = 0;
	acc->delay_us = 5000000;
	vvb_error(acc, 43, "no driver may want this");
	return VVB_DIRECT;
}

VVB_POLICY(error_write) = {
	.access = (void *)error_write_access,
	.name = "error-write",
};
