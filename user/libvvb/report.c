// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What the driver has to say about a VF: what it counted, why a policy is gone, what another
 * would do.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <vvb/names.h>

#include "vvb.h"

static const char *const kinds[] = { VVB_EJECTION_NAMES(VVB_NAME_AT, VVB_NAME_AT) };

/* clang-format off */
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

/* All of them begin with a struct vvb_vf_arg. What the kernel does not fill in is zero. */
static int read_report(int channel, unsigned long request, __u64 vf, void *report, size_t size)
{
	const struct vvb_vf_arg arg = { .argsz = (__u32)size, .vf = vf };

	if (size < sizeof(arg) || size != arg.argsz)
		return -EINVAL;
	memset(report, 0, size);
	memcpy(report, &arg, sizeof(arg));
	return ioctl(channel, request, report) ? -errno : 0;
}

int vvb_ejection_read_sized(int channel, __u64 vf, struct vvb_ejection *ejection, size_t size)
{
	return read_report(channel, VVB_IOC_EJECTION, vf, ejection, size);
}

int vvb_shadow_read_sized(int channel, __u64 vf, struct vvb_shadow *shadow, size_t size)
{
	return read_report(channel, VVB_IOC_SHADOW, vf, shadow, size);
}

int vvb_stats_read_sized(int channel, __u64 vf, struct vvb_stats *stats, size_t size)
{
	return read_report(channel, VVB_IOC_STATS, vf, stats, size);
}
