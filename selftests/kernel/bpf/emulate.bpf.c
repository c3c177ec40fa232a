// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers everything itself but the notifies: a control read returns a number made of
 * its field, with bits beyond the width that must be cut; writes are swallowed.
 */
#include "vvb.bpf.h"

VVB_ACCESS(emulate_access, acc)
{
	if (vvb_is_notify(acc->field, acc->write))
		return VVB_DEFAULT;
	if (!acc->write)
		acc->value = 0xa5a5a5a5a5a5a500ull | (acc->field << 4) | acc->width;
	return VVB_EMULATE;
}

VVB_POLICY(emulate) = {
	.access = (void *)emulate_access,
	.name = "emulate",
};
