// SPDX-License-Identifier: GPL-2.0-only
/* Delays writes of queue_select by a second. */
#include "vvb.bpf.h"

VVB_ACCESS(late_select_access, acc)
{
	if (acc->field == VVB_FIELD_QUEUE_SELECT && acc->write)
		acc->delay_us = 1000000;
	return VVB_DEFAULT;
}

VVB_POLICY(late_select) = {
	.access = (void *)late_select_access,
	.name = "late-select",
};
