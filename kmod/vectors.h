/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MSI-X vectors of a VF that are ours, as the guest knows no MSI-X: what comes by them raises the
 * line that the guest knows. See vectors.c.
 */
#ifndef VVB_VECTORS_H
#define VVB_VECTORS_H

#include <linux/bitmap.h>
#include <linux/types.h>

struct vvb_admin_op;
struct vvb_call;
struct vvb_vf;

#define VVB_VECTOR_QUEUES 1024 /* queues that can have one */

/**
 * struct vvb_vectors - of a VF
 * @nr:		that are ours; 0: none, 1: of all queues, 2: of the configuration, and of all queues.
 *		Under vf->lock
 * @refused:	there are none to be had, or the device did not take them; until it is reset. Written
 *		under vf->lock or the VF's turn
 * @names:	of them, for /proc/interrupts
 *
 * The rest is what the device was told, under the VF's turn (struct vvb_owner):
 * @epoch:	it is void once the VF has another
 * @given:	as many were ours when the device was told of them
 * @live:	queues that have an address
 * @ours:	queues whose vector is ours
 * @config_ours: the configuration's is
 * @config, @queue: what the guest has set, and the device would have without us
 */
struct vvb_vectors {
	unsigned int nr;
	bool refused;
	char names[2][32];
	u32 epoch;
	unsigned int given;
	DECLARE_BITMAP(live, VVB_VECTOR_QUEUES);
	DECLARE_BITMAP(ours, VVB_VECTOR_QUEUES);
	bool config_ours;
	u16 config;
	u16 queue[VVB_VECTOR_QUEUES];
};

void vvb_vectors_open(struct vvb_vf *vf);
void vvb_vectors_close(struct vvb_vf *vf);
void vvb_vectors_settle(struct vvb_vf *vf);
void vvb_vectors_pause(struct vvb_vf *vf);
void vvb_vectors_before(struct vvb_vf *vf, const struct vvb_call *call);
void vvb_vectors_ran(struct vvb_vf *vf, const struct vvb_admin_op *op, int err);

#endif /* VVB_VECTORS_H */
