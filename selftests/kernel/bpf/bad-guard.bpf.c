// SPDX-License-Identifier: GPL-2.0-only
/* A guard may not emulate, and 77 is no verdict: both opinions must be ignored. */
#include "vvb.bpf.h"

VVB_GUARD(bad_guard)
{
	return vvb_is_notify(field, write) ? 77 : VVB_EMULATE;
}
