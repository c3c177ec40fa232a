// SPDX-License-Identifier: GPL-2.0-only
/* A guard may put nothing off: both opinions must be ignored. */
#include "vvb.bpf.h"

VVB_GUARD(guard_late)
{
	return vvb_is_notify(field, write) ? VVB_COALESCE : VVB_DEFER;
}
