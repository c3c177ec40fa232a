/* SPDX-License-Identifier: GPL-2.0-only */
/* The most that `legacy` can be for a VF, and why not more, see capable.c. */
#ifndef VVB_CAPABLE_H
#define VVB_CAPABLE_H

#include "settings.h"

struct vvb_vf;

#define VVB_CAPABLE_LEN 96

enum vvb_legacy vvb_capable(struct vvb_vf *vf, enum vvb_owner_kind *owner, const char **why);
void vvb_capable_print(struct vvb_vf *vf, char text[VVB_CAPABLE_LEN]);

#endif /* VVB_CAPABLE_H */
