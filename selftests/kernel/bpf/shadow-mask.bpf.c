// SPDX-License-Identifier: GPL-2.0-only
/*
 * A candidate: would hide bit 15 of the features in both directions, refuse to select queue 3,
 * say that queues have 64 entries, wider than the register, and say nonsense of queue_address.
 * As a shadow it must not do any of it.
 */
#include "vvb.bpf.h"

#define HIDDEN (1ull << 15)

VVB_ACCESS(shadow_access, acc)
{
	if (acc->field == VVB_FIELD_DRIVER_FEATURES && acc->write)
		acc->value &= ~HIDDEN;
	if (acc->field == VVB_FIELD_QUEUE_SELECT && acc->write && acc->value == 3)
		return VVB_DENY;
	if (acc->field == VVB_FIELD_QUEUE_SIZE) {
		acc->value = 0x10040;
		return VVB_EMULATE;
	}
	return acc->field == VVB_FIELD_QUEUE_ADDRESS ? VVB_NOTIFY : VVB_DEFAULT;
}

VVB_DONE(shadow_done, acc)
{
	if (acc->field == VVB_FIELD_DEVICE_FEATURES)
		acc->value &= ~HIDDEN;
}

VVB_POLICY(shadow_mask) = {
	.access = (void *)shadow_access,
	.done = (void *)shadow_done,
	.name = "shadow-mask",
	.flags = VVB_POLICY_STATELESS,
};
