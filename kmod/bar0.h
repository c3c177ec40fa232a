/* SPDX-License-Identifier: GPL-2.0-only */
/* The legacy I/O BAR, see bar0.c. */
#ifndef VVB_BAR0_H
#define VVB_BAR0_H

#include "vf.h"

ssize_t vvb_bar0_rw(struct vvb_vf *vf, char __user *buf, size_t count, loff_t pos, bool write);

#endif /* VVB_BAR0_H */
