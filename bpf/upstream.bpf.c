// SPDX-License-Identifier: GPL-2.0-only
/*
 * upstream - what the kernel's own driver for such VFs does: a notify goes to the
 * notify address, everything else is an administration command built by the kernel.
 *
 *   vvbctl policy load upstream.bpf.o && vvbctl policy select 0000:01:00.1 upstream
 */
#include "vvb.bpf.h"

VVB_ACCESS(upstream_access, acc)
{
	return vvb_is_notify(acc->field, acc->write) ? VVB_NOTIFY : VVB_DIRECT;
}

VVB_POLICY(upstream) = {
	.access = (void *)upstream_access,
	.name = "upstream",
	.flags = VVB_POLICY_STATELESS,
};
