// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What the driver has to say about a VF's policies: why one is gone, what another would do. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "vvb.h"

/* clang-format off */
static const char *const kinds[] = {
	[VVB_EJECTED_NOT] = "none",
	[VVB_EJECTED_ILLEGAL_VERDICT] = "illegal_verdict",
	[VVB_EJECTED_ERROR] = "error",
	[VVB_EJECTED_OVER_BUDGET] = "over_budget",
	[VVB_EJECTED_BY_OPERATOR] = "by_operator",
};

static const char *const reasons[] = {
	[VVB_EJECTED_NOT] = "it was not ejected",
	[VVB_EJECTED_ILLEGAL_VERDICT] = "it returned what is no verdict for the register",
	[VVB_EJECTED_ERROR] = "it reported an error of its own",
	[VVB_EJECTED_OVER_BUDGET] = "its callbacks took longer than policy_budget_us",
	[VVB_EJECTED_BY_OPERATOR] = "the operator ejected it",
};
/* clang-format on */

#define NR_KINDS (sizeof(kinds) / sizeof(*kinds))

const char *vvb_ejection_kind(unsigned int kind)
{
	return kind < NR_KINDS ? kinds[kind] : "?";
}

const char *vvb_ejection_reason(unsigned int kind)
{
	return kind < NR_KINDS ? reasons[kind] : "?";
}

int vvb_ejection_read(int channel, __u64 vf, struct vvb_ejection *ejection)
{
	memset(ejection, 0, sizeof(*ejection));
	ejection->vf = vf;
	return ioctl(channel, VVB_IOC_EJECTION, ejection) ? -errno : 0;
}

int vvb_shadow_read(int channel, __u64 vf, struct vvb_shadow *shadow)
{
	memset(shadow, 0, sizeof(*shadow));
	shadow->vf = vf;
	return ioctl(channel, VVB_IOC_SHADOW, shadow) ? -errno : 0;
}
