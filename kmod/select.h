/* SPDX-License-Identifier: GPL-2.0-only */
/* queue_select, of which a policy may have the kernel keep writes back (DEFER), see select.c. */
#ifndef VVB_SELECT_H
#define VVB_SELECT_H

#include <linux/types.h>

struct vvb_admin_op;
struct vvb_vf;

/**
 * struct vvb_select - of a VF, under its turn, see struct vvb_owner
 * @held:	@value is what the guest wrote last, and the device has not got it
 * @known:	the device has @sent
 * @epoch:	all of this is void once the VF has another
 */
struct vvb_select {
	bool held;
	bool known;
	u16 value;
	u16 sent;
	u32 epoch;
};

bool vvb_select_wanted(struct vvb_vf *vf, const struct vvb_admin_op *op);
void vvb_select_hold(struct vvb_vf *vf, u16 queue);
u16 vvb_select_now(struct vvb_vf *vf);
void vvb_select_moved(struct vvb_vf *vf, u16 queue, int err);
void vvb_select_ran(struct vvb_vf *vf, const struct vvb_admin_op *op, int err);

#endif /* VVB_SELECT_H */
