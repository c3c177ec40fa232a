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

/* Each of them begins with the VF's id, and is filled in whole. */
union vvb_report {
	u64 vf;
	struct vvb_stats stats;
	struct vvb_ejection ejection;
	struct vvb_shadow shadow;
};

static void vvb_report_fill(struct vvb_vf *vf, unsigned int cmd, union vvb_report *report)
{
	switch (cmd) {
	case VVB_IOC_STATS:
		vvb_stats_sum(vf, &report->stats);
		break;
	case VVB_IOC_EJECTION:
		vvb_eject_report(vf, &report->ejection);
		break;
	case VVB_IOC_SHADOW:
		vvb_shadow_report(vf, &report->shadow);
		break;
	}
}

/**
 * vvb_report_read - one of the reports
 * @cmd:	VVB_IOC_STATS, VVB_IOC_EJECTION or VVB_IOC_SHADOW
 * @arg:	of the ioctl
 *
 * Context: sleeps; takes vvb_vfs_lock.
 * Return: 0; -ENODEV no such VF; -EFAULT, -ENOMEM.
 */
long vvb_report_read(unsigned int cmd, void __user *arg)
{
	union vvb_report *report;
	struct vvb_vf *vf;
	u64 id;
	long err;

	if (get_user(id, (u64 __user *)arg))
		return -EFAULT;
	report = kzalloc(sizeof(*report), GFP_KERNEL);
	if (!report)
		return -ENOMEM;
	mutex_lock(&vvb_vfs_lock);
	vf = vvb_vf_find(id);
	if (vf)
		vvb_report_fill(vf, cmd, report);
	mutex_unlock(&vvb_vfs_lock);
	err = vf ? 0 : -ENODEV;
	if (!err && copy_to_user(arg, report, _IOC_SIZE(cmd)))
		err = -EFAULT;
	kfree(report);
	return err;
}

/**
 * vvb_report_reset - set a VF's counters to zero
 * @id:		VVB_VF_ID
 *
 * Context: sleeps; takes vvb_vfs_lock. Return: 0, or -ENODEV.
 */
long vvb_report_reset(u64 id)
{
	struct vvb_vf *vf;

	guard(mutex)(&vvb_vfs_lock);
	vf = vvb_vf_find(id);
	if (!vf)
		return -ENODEV;
	vvb_stats_reset(vf);
	return 0;
}
