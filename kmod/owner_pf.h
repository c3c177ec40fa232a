/* SPDX-License-Identifier: GPL-2.0-only */
/* The PF as the owner of a VF, see owner_pf.c. */
#ifndef VVB_OWNER_PF_H
#define VVB_OWNER_PF_H

struct vvb_call;
struct vvb_deadline;
struct vvb_vf;

int vvb_owner_pf_init(struct vvb_vf *vf);
void vvb_owner_pf_free(struct vvb_vf *vf);
bool vvb_owner_pf_waits(struct vvb_vf *vf);
bool vvb_owner_pf_await(struct vvb_vf *vf);
const char *vvb_owner_pf_lacks(struct vvb_vf *vf);
const char *vvb_owner_pf_gone(struct vvb_vf *vf);
int vvb_owner_pf_back_off(struct vvb_vf *vf, const struct vvb_deadline *deadline,
			  unsigned int tries);
int vvb_owner_pf_ask(struct vvb_vf *vf, struct vvb_call *call);

#endif /* VVB_OWNER_PF_H */
