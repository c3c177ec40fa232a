// SPDX-License-Identifier: GPL-2.0-only
/* A VF token can come by way of the device's own file (from 6.18 on). */
#include <linux/vfio_pci_core.h>

extern const struct vfio_device_ops probe;
const struct vfio_device_ops probe = {
	.match_token_uuid = vfio_pci_core_match_token_uuid,
};
