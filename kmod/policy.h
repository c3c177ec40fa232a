/* SPDX-License-Identifier: GPL-2.0-only */
/* Which policies there are, and which of them a VF runs, see policy.c. */
#ifndef VVB_POLICY_H
#define VVB_POLICY_H

#include <linux/rcupdate.h>

#include "policy_ops.h"

struct bpf_link;
struct vvb_vf;

/**
 * struct vvb_binding - a policy bound to a VF
 * @generation:	no two bindings of a slot have the same, none has 0
 * @done:	the same, 0 when the policy has no done()
 * @interest:	VVB_INTEREST() of each access that it is asked about
 * @ejected:	it is asked nothing any more. Set once, under vf->eject.lock, or taken over from the
 *		version before
 * @asked:	control accesses that it was asked about; under vf->lock
 * @slow:	callbacks in a row that took too long
 */
struct vvb_binding {
	const struct vvb_policy_ops *ops;
	u32 generation;
	u32 done;
	u32 interest;
	bool ejected;
	u8 asked;
	u8 slow;
};

/**
 * struct vvb_policy_slot - what a VF runs a policy as: to decide, or as its shadow
 * @binding:	NULL, or one of @bindings. A grace period lies between the end of one's use and
 *		its next, so that the other one has no reader
 * @interest:	of the binding, to see without it that there is nobody to ask
 * @name:	as selected, in the VF's settings, "" for none; @binding is NULL while no policy of
 *		that name is there
 * @refusal:	why the policy of that name was not bound, a negative errno
 * @generation:	of the last binding
 * @leaving:	one of @bindings, of what is being let go
 *
 * All but @binding and @interest is used under vvb_vfs_lock only.
 */
struct vvb_policy_slot {
	struct vvb_binding __rcu *binding;
	u32 interest;
	struct vvb_binding bindings[2];
	u32 generation;
	struct vvb_binding *leaving;
	char *name;
	int refusal;
};

/* Why there can be no policies, NULL when there can. */
extern const char *vvb_policy_unavailable;

bool vvb_policy_name_valid(const char *name);
void vvb_policy_join(struct vvb_vf *vf);
void vvb_policy_leave(struct vvb_vf *vf);
int vvb_policy_select(struct vvb_vf *vf, struct vvb_policy_slot *slot, const char *name);
void vvb_policy_eject(struct vvb_vf *vf, struct vvb_binding *binding, enum vvb_ejection_kind kind,
		      s32 code, const char *message, const struct vvb_access *acc);
int vvb_policy_eject_by_operator(struct vvb_vf *vf, const char *message);
const char *vvb_policy_state(struct vvb_vf *vf);
int vvb_policy_admit(struct vvb_vf *vf);
ssize_t vvb_policy_list(char *buf);
void vvb_policy_exit(void);

/* For hooks.c, which has them from the BPF core. */
int vvb_policy_reg(void *kdata, struct bpf_link *link);
void vvb_policy_unreg(void *kdata, struct bpf_link *link);
int vvb_policy_update(void *kdata, void *old_kdata, struct bpf_link *link);

#endif /* VVB_POLICY_H */
