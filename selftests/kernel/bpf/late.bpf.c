// SPDX-License-Identifier: GPL-2.0-only
/* Takes a second over reads of queue_size. */
#include "vvb.bpf.h"

VVB_ACCESS(late_access, acc)
{
	if (acc->field == VVB_FIELD_QUEUE_SIZE)
		acc->delay_us = 1000000;
	return VVB_DEFAULT;
}

VVB_POLICY(late) = {
	.access = (void *)late_access,
	.name = "late",
};
