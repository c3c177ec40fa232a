// SPDX-License-Identifier: GPL-2.0-only
/* Each verdict for the registers that it is for, so that all of them appear. */
#include "vvb.bpf.h"

static int verdicts_write(struct vvb_access *acc)
{
	switch (acc->field) {
	case VVB_FIELD_QUEUE_SELECT:
		return VVB_DEFER;
	case VVB_FIELD_QUEUE_NOTIFY:
		return VVB_COALESCE;
	case VVB_FIELD_DRIVER_FEATURES:
		return VVB_DENY;
	default:
		return VVB_DIRECT;
	}
}

VVB_ACCESS(verdicts_access, acc)
{
	if (acc->write)
		return verdicts_write(acc);
	switch (acc->field) {
	case VVB_FIELD_DEVICE_FEATURES:
		return VVB_EMULATE;
	case VVB_FIELD_DEVICE_STATUS:
		return VVB_PUNT;
	case VVB_FIELD_DEVICE_CONFIG:
		return VVB_PREFETCH;
	default:
		return VVB_DIRECT;
	}
}

VVB_POLICY(verdicts) = {
	.access = (void *)verdicts_access,
	.name = "verdicts",
};
