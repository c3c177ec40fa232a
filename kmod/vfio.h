/* SPDX-License-Identifier: GPL-2.0-only */
/* What a VF does for its VFIO user, see vfio.c. */
#ifndef VVB_VFIO_H
#define VVB_VFIO_H

struct vfio_device_ops;

extern const struct vfio_device_ops vvb_vfio_ops;

#endif /* VVB_VFIO_H */
