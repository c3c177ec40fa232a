/* SPDX-License-Identifier: GPL-2.0-only */
/* A verdict is carried out, see act.c. */
#ifndef VVB_ACT_H
#define VVB_ACT_H

#include "vf.h"

int vvb_act(struct vvb_vf *vf, struct vvb_access *acc);

#endif /* VVB_ACT_H */
