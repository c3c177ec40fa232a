/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only place that knows kernels apart. The rest of the module is written for the newest. What
 * this one has is found out by compiling (probe/, features.h), and not from its version: vendors
 * backport. Built and tested: Linux 6.12, 6.18, 7.2, 7.3.
 */
#ifndef VVB_COMPAT_H
#define VVB_COMPAT_H

#include <linux/btf.h>
#include <linux/uaccess.h>
#include <linux/vfio_pci_core.h>
#include <linux/workqueue.h>

#include "features.h"

/* Since about 7.0 a kfunc's arguments are trusted in any case. */
#ifndef KF_TRUSTED_ARGS
#define KF_TRUSTED_ARGS 0
#endif

/* Before there was a flag for it, works ran where they were queued unless WQ_UNBOUND was given. */
#ifndef VVB_HAVE_WQ_PERCPU
#define WQ_PERCPU 0
#endif

/**
 * vvb_map_bar - have vfio-pci map a BAR, for the time the device is open
 * @core:	open device
 * @bar:	0..5, not empty
 *
 * Return: the mapping, or an ERR_PTR. vfio-pci unmaps it at close.
 */
static inline void __iomem *vvb_map_bar(struct vfio_pci_core_device *core, u8 bar)
{
#ifdef VVB_HAVE_SETUP_BARMAP
	int err = vfio_pci_core_setup_barmap(core, bar);

	return err ? IOMEM_ERR_PTR(err) : core->barmap[bar];
#else
	return vfio_pci_core_get_iomap(core, bar);
#endif
}

/**
 * vvb_pm_engaged - has the user put the device to sleep (VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY)?
 * @core:	open device; the answer stands while memory_lock is held. Without it, who holds a
 *		runtime PM reference knows at least that a device that was awake stays so
 *
 * A bool in some 6.12s and again from 7.1 on, else a bit-field, of which there is no READ_ONCE.
 */
static inline bool vvb_pm_engaged(const struct vfio_pci_core_device *core)
{
	/* a race is for who calls to think of, as above */
	return data_race(!!core->pm_runtime_engaged);
}

/*
 * ---- ops that not all kernels have: vfio.c gives them by these names ----
 *
 * VFIO_DEVICE_GET_REGION_INFO goes to an op of its own, vvb_region_info(), or is one of the ioctls, which
 * vvb_region_info_ioctl() is to be called for.
 */

typedef int vvb_region_info_fn(struct vfio_device *vdev, struct vfio_region_info *info,
			       struct vfio_info_cap *caps);

#ifdef VVB_HAVE_REGION_INFO_CAPS

#define VVB_IOCTL_OPS .ioctl = vvb_ioctl, .get_region_info_caps = vvb_region_info

/* vfio asks the op, and does not come here. */
static inline long vvb_region_info_ioctl(struct vfio_device *vdev, unsigned long arg,
					 vvb_region_info_fn *fn)
{
	return -ENOTTY;
}

#else

#define VVB_IOCTL_OPS .ioctl = vvb_ioctl

/* vfio-pci's own wants the user's pointer, which vvb_region_info_ioctl() has. */
static inline int vfio_pci_ioctl_get_region_info(struct vfio_device *vdev,
						 struct vfio_region_info *info,
						 struct vfio_info_cap *caps)
{
	return -ENOIOCTLCMD;
}

/**
 * vvb_region_info_ioctl - the ioctl, by what would be the op
 * @vdev, @arg:	as vfio_pci_core_ioctl()
 * @fn:		tells of one region, or leaves it to vfio_pci_ioctl_get_region_info()
 *
 * vfio-pci reads the argument once more. Who changes the index in between is told of a region that
 * @fn would have spoken for, but gets no access to it.
 */
static inline long vvb_region_info_ioctl(struct vfio_device *vdev, unsigned long arg,
					 vvb_region_info_fn *fn)
{
	unsigned long minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;
	int err;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	err = fn(vdev, &info, NULL);
	if (err == -ENOIOCTLCMD)
		return vfio_pci_core_ioctl(vdev, VFIO_DEVICE_GET_REGION_INFO, arg);
	return err ?: copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

#endif

#ifdef VVB_HAVE_MATCH_TOKEN_UUID
#define VVB_MATCH_OPS \
	.match = vfio_pci_core_match, .match_token_uuid = vfio_pci_core_match_token_uuid
#else
#define VVB_MATCH_OPS .match = vfio_pci_core_match
#endif

#endif /* VVB_COMPAT_H */
