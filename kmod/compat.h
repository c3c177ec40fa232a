/* SPDX-License-Identifier: GPL-2.0-only */
/* The only place that knows kernel versions. Built and tested: Linux 6.12. */
#ifndef VVB_COMPAT_H
#define VVB_COMPAT_H

#include <linux/vfio_pci_core.h>

/**
 * vvb_map_bar - have vfio-pci map a BAR, for the time the device is open
 * @core:	open device
 * @bar:	0..5, not empty
 *
 * Return: the mapping, or an ERR_PTR. vfio-pci unmaps it at close.
 */
static inline void __iomem *vvb_map_bar(struct vfio_pci_core_device *core, u8 bar)
{
	int err = vfio_pci_core_setup_barmap(core, bar);

	return err ? IOMEM_ERR_PTR(err) : core->barmap[bar];
}

/**
 * vvb_pm_engaged - has the user put the device to sleep (VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY)?
 * @core:	open device; the answer stands while memory_lock is held. Without it, who holds a
 *		runtime PM reference knows at least that a device that was awake stays so
 *
 * A bool in some 6.12s, a bit-field in others, of which there is no READ_ONCE.
 */
static inline bool vvb_pm_engaged(const struct vfio_pci_core_device *core)
{
	/* a race is for who calls to think of, as above */
	return data_race(!!core->pm_runtime_engaged);
}

#endif /* VVB_COMPAT_H */
