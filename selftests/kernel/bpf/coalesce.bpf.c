// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivers notifies half a second late at most, once per queue; delays reads of queue_size. Gives
 * up on a notify that has a number: control accesses have one.
 */
#include "vvb.bpf.h"

VVB_ACCESS(coalesce_access, acc)
{
	if (acc->field == VVB_FIELD_QUEUE_SIZE)
		acc->delay_us = 100000;
	if (!vvb_is_notify(acc->field, acc->write))
		return VVB_DEFAULT;
	if (acc->seq)
		vvb_error(acc, acc->seq, "a notify with a sequence number");
	acc->delay_us = 500000;
	return VVB_COALESCE;
}

VVB_POLICY(coalesce) = {
	.access = (void *)coalesce_access,
	.name = "coalesce",
};
