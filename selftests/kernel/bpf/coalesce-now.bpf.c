// SPDX-License-Identifier: GPL-2.0-only
/* Puts notifies off for no time at all. */
#include "vvb.bpf.h"

VVB_ACCESS(coalesce_now_access, acc)
{
	return vvb_is_notify(acc->field, acc->write) ? VVB_COALESCE : VVB_DEFAULT;
}

VVB_POLICY(coalesce_now) = {
	.access = (void *)coalesce_now_access,
	.name = "coalesce-now",
};
