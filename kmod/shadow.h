/* SPDX-License-Identifier: GPL-2.0-only */
/* A policy that only shows what it would do, see shadow.c. */
#ifndef VVB_SHADOW_H
#define VVB_SHADOW_H

#include "context.h"
#include "vf.h"

void vvb_shadow_ask(struct vvb_vf *vf, struct vvb_access_ctx *ctx, u32 interest);
void vvb_shadow_compare(struct vvb_vf *vf, struct vvb_access_ctx *ctx, u64 value);
void vvb_shadow_restart(struct vvb_vf *vf);
void vvb_shadow_report(struct vvb_vf *vf, struct vvb_shadow *report);

#endif /* VVB_SHADOW_H */
