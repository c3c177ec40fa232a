/* SPDX-License-Identifier: GPL-2.0-only */
/* VFIO_DEVICE_IOEVENTFD on queue_notify, see ioeventfd.c. */
#ifndef VVB_IOEVENTFD_H
#define VVB_IOEVENTFD_H

#include "vf.h"

#define VVB_IOEVENTFDS_MAX 256 /* per VF: one per queue is what a VMM wants */

int vvb_ioeventfd_set(struct vvb_vf *vf, u64 data, u8 width, int fd);
void vvb_ioeventfd_close(struct vvb_vf *vf);

#endif /* VVB_IOEVENTFD_H */
