// SPDX-License-Identifier: GPL-2.0-only
/* Reads of the ISR byte get the verdict that a knob says; of those that are emulated the value is 0. */
#include "vvb.bpf.h"

VVB_VF_MAP(isr_verdict, u8);

VVB_KNOBS = {
	VVB_KNOB_ONE("verdict", isr_verdict, u8, NUMBER, "", 0, 255, 0, "enum vvb_verdict"),
};

VVB_ACCESS(isr_access, acc)
{
	u8 *verdict = vvb_map_get(&isr_verdict, acc->vf);

	acc->value = 0;
	return verdict ? *verdict : VVB_DEFAULT;
}

VVB_POLICY(isr) = {
	.access = (void *)isr_access,
	.name = "isr",
	.interest = VVB_READS(ISR_STATUS),
};
