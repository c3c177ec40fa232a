// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every verdict it gives is illegal: NOTIFY where nothing may be notified, and a number
 * that is no verdict for the notifies. Each must eject it and be answered by the default.
 */
#include "vvb.bpf.h"

VVB_ACCESS(bad_verdict_access, acc)
{
	return vvb_is_notify(acc->field, acc->write) ? 99 : VVB_NOTIFY;
}

VVB_POLICY(bad_verdict) = {
	.access = (void *)bad_verdict_access,
	.name = "bad-verdict",
};
