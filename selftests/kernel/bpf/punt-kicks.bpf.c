// SPDX-License-Identifier: GPL-2.0-only
/* Has the daemon asked about each notify. */
#include "vvb.bpf.h"

VVB_ACCESS(punt_kicks_access, acc)
{
	return vvb_is_notify(acc->field, acc->write) ? VVB_PUNT : VVB_DEFAULT;
}

VVB_POLICY(punt_kicks) = {
	.access = (void *)punt_kicks_access,
	.name = "punt-kicks",
};
