// SPDX-License-Identifier: GPL-2.0-only
/* Test only: every access of every VF goes the slow way, kicks too. */
#include "vvb.bpf.h"

VVB_GUARD(guard_direct)
{
	return VVB_DIRECT;
}
