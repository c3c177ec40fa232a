/* SPDX-License-Identifier: GPL-2.0-only */
/* Between policy.c, which keeps the policies, and hooks.c, which has them from the BPF core. */
#ifndef VVB_POLICY_H
#define VVB_POLICY_H

struct bpf_link;

int vvb_policy_reg(void *kdata, struct bpf_link *link);
void vvb_policy_unreg(void *kdata, struct bpf_link *link);
int vvb_policy_update(void *kdata, void *old_kdata, struct bpf_link *link);

#endif /* VVB_POLICY_H */
