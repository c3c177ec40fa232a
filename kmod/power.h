/* SPDX-License-Identifier: GPL-2.0-only */
/* Runtime power management: the device is awake while something is done with it. */
#ifndef VVB_POWER_H
#define VVB_POWER_H

#include <linux/pm_runtime.h>

#include "compat.h"
#include "vf.h"

/**
 * vvb_power_get - have the device awake until vvb_power_put()
 * @vf:		open
 *
 * The device is awake while it is open, but for a user that put it to sleep: then vfio-pci has
 * given up its own reference, and says so in pm_runtime_engaged. That can change at any moment,
 * so a reference of ours comes first, and is ordered before the look: a device that is awake
 * then stays so, and one that may sleep, or be about to, is woken.
 *
 * Context: sleeps. Return: 0 or -EIO.
 */
static inline int vvb_power_get(struct vvb_vf *vf)
{
	struct device *dev = &vf->core.pdev->dev;

	pm_runtime_get_noresume(dev);
	/* the reference before the look; vfio-pci says so before it gives up its own */
	smp_mb__after_atomic();
	if (likely(!vvb_pm_engaged(&vf->core)) || pm_runtime_resume(dev) >= 0)
		return 0;
	pm_runtime_put_noidle(dev);
	return -EIO;
}

static inline void vvb_power_put(struct vvb_vf *vf)
{
	pm_runtime_put(&vf->core.pdev->dev);
}

#endif /* VVB_POWER_H */
