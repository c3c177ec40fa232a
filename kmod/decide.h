/* SPDX-License-Identifier: GPL-2.0-only */
/* Who has an opinion of an access, see decide.c; vvb_access_decide() asks. */
#ifndef VVB_DECIDE_H
#define VVB_DECIDE_H

#include "policy_ops.h"

struct vvb_access_ctx;
struct vvb_vf;

int vvb_guard(struct vvb_access *acc, u64 vf, u32 field, u32 write, u64 value);
enum vvb_verdict vvb_decide_guard(struct vvb_vf *vf, struct vvb_access *acc, int rule);
enum vvb_verdict vvb_decide_policy(struct vvb_vf *vf, struct vvb_access_ctx *ctx, u32 interest);
void vvb_decide_outcome(struct vvb_vf *vf, struct vvb_access_ctx *ctx);

#endif /* VVB_DECIDE_H */
