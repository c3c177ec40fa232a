// SPDX-License-Identifier: GPL-2.0-only
/* Refuses reads of the ISR byte. */
#include "vvb.bpf.h"

VVB_GUARD(guard_isr)
{
	return field == VVB_FIELD_ISR_STATUS && !write ? VVB_DENY : VVB_DEFAULT;
}
