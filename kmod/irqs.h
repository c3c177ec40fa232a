/* SPDX-License-Identifier: GPL-2.0-only */
/* VFIO's calls about interrupts, see irqs.c. */
#ifndef VVB_IRQS_H
#define VVB_IRQS_H

#include "vf.h"

long vvb_irqs_info(struct vvb_vf *vf, unsigned int cmd, unsigned long arg);
long vvb_irqs_set(struct vvb_vf *vf, unsigned int cmd, unsigned long arg);

#endif /* VVB_IRQS_H */
