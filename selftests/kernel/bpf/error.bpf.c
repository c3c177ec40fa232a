// SPDX-License-Identifier: GPL-2.0-only
/* Reports an error of its own about a read of queue_size, after having said EMULATE. */
#include "vvb.bpf.h"

VVB_ACCESS(error_access, acc)
{
	if (acc->field != VVB_FIELD_QUEUE_SIZE)
		return VVB_DEFAULT;
	acc->value = 7;
	vvb_error(acc, 42, "no queue is this small");
	return VVB_EMULATE;
}

VVB_POLICY(error) = {
	.access = (void *)error_access,
	.name = "error",
};
