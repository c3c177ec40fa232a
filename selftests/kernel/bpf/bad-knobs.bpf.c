// SPDX-License-Identifier: GPL-2.0-only
/* Two of its three knobs make no sense: the loader must refuse it, and say which. */
#include "vvb.bpf.h"

VVB_VF_MAP(bad_knobs, u32);

VVB_KNOBS = {
	VVB_KNOB_ONE("good", bad_knobs, u32, NUMBER, "", 0, 10, 5, "one that is right"),
	VVB_KNOB_ONE("odd", bad_knobs, u32, NUMBER, "", 0, 10, 11, "its default is too much"),
	VVB_KNOB_ONE("large", bad_knobs, u8, NUMBER, "", 0, 256, 0, "its most is too much"),
};

VVB_ACCESS(bad_knobs_access, acc)
{
	return VVB_DEFAULT;
}

VVB_POLICY(bad_knobs_policy) = {
	.access = (void *)bad_knobs_access,
	.name = "bad-knobs",
};
