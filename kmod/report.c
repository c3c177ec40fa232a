// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports: what a VF has to tell to whoever opens /dev/vvb: counters, why it lost its policy, what
 * its shadow would have done. In the kernel, as all of it is gathered there.
 */
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "eject.h"
#include "report.h"
#include "shadow.h"
#include "stats.h"
#include "vf.h"

/* Each of them begins so. */
union vvb_report {
	struct vvb_vf_arg arg;
	struct vvb_stats stats;
	struct vvb_ejection ejection;
	struct vvb_shadow shadow;
};

static_assert(VVB_FIELD_NR <= VVB_FIELD_ROOM && VVB_VERDICT_NR <= VVB_VERDICT_ROOM &&
	      VVB_HANDLER_NR <= VVB_HANDLER_ROOM && VVB_EV_NR <= VVB_EVENT_ROOM);

/* clang-format off */
#define VVB_CONFIG_FITS(name, TYPE, transitional) \
	static_assert(VVB_CONFIG_##TYPE##_END < VVB_CONFIG_ROOM);
VVB_DEVICE_TYPES(VVB_CONFIG_FITS)
/* clang-format on */

/* @report is all zero. Return: how long it is; a reset has nothing to tell. */
static u32 vvb_report_fill(struct vvb_vf *vf, unsigned int cmd, union vvb_report *report)
{
	switch (cmd) {
	case VVB_IOC_STATS_RESET:
		vvb_stats_reset(vf);
		return 0;
	case VVB_IOC_STATS:
		vvb_stats_sum(vf, &report->stats);
		return sizeof(report->stats);
	case VVB_IOC_EJECTION:
		vvb_eject_report(vf, &report->ejection);
		return sizeof(report->ejection);
	default:
		vvb_shadow_report(vf, &report->shadow);
		return sizeof(report->shadow);
	}
}

/**
 * vvb_report_call - one of the reports, or a reset of the counters
 * @cmd:	VVB_IOC_STATS, VVB_IOC_EJECTION, VVB_IOC_SHADOW or VVB_IOC_STATS_RESET
 * @arg:	what @to began with; argsz is at least that, and may be any more
 * @to:		where it goes, as much of it as both know
 *
 * Context: sleeps; takes vvb_vfs_lock.
 * Return: 0; -ENODEV no such VF; -EFAULT, -ENOMEM.
 */
long vvb_report_call(unsigned int cmd, const struct vvb_vf_arg *arg, void __user *to)
{
	union vvb_report *report __free(kvfree) = kvzalloc(sizeof(*report), GFP_KERNEL);
	struct vvb_vf *vf;
	u32 len;

	if (!report)
		return -ENOMEM;
	scoped_guard(mutex, &vvb_vfs_lock) {
		vf = vvb_vf_find(arg->vf);
		if (!vf)
			return -ENODEV;
		len = min(arg->argsz, vvb_report_fill(vf, cmd, report));
	}
	report->arg = (struct vvb_vf_arg) { .argsz = len, .vf = arg->vf };
	return copy_to_user(to, report, len) ? -EFAULT : 0;
}
