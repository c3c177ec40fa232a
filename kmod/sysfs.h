/* SPDX-License-Identifier: GPL-2.0-only */
/* What a VF, and the driver, show in sysfs, see sysfs.c. */
#ifndef VVB_SYSFS_H
#define VVB_SYSFS_H

struct attribute_group;

extern const struct attribute_group *vvb_vf_groups[];
extern const struct attribute_group *vvb_driver_groups[];

#endif /* VVB_SYSFS_H */
