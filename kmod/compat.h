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

#endif /* VVB_COMPAT_H */
