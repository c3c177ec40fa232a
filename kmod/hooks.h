/* SPDX-License-Identifier: GPL-2.0-only */
/* What the BPF verifier has to know of us, see hooks.c. */
#ifndef VVB_HOOKS_H
#define VVB_HOOKS_H

#include "policy_ops.h"

void vvb_policy_error(struct vvb_access *acc, s32 code, const char *message__str);
void vvb_hooks_init(void);

#endif /* VVB_HOOKS_H */
