/* SPDX-License-Identifier: GPL-2.0-only */
/* Which channel a VF's accesses are punted to: see claim.c. */
#ifndef VVB_CLAIM_H
#define VVB_CLAIM_H

#include <linux/list.h>
#include <linux/types.h>

struct vvb_channel;
struct vvb_request;
struct vvb_vf;

/* What a channel wants of VFs that come, see VVB_VF_ALL. */
enum vvb_standing {
	VVB_STANDING_NONE,
	VVB_STANDING_TELL,
	VVB_STANDING_TAKE,
};

/**
 * struct vvb_claim - a channel's claim on a VF. All under vvb_punt_lock
 * @channel:	NULL while there is none
 * @node:	among the VFs that the channel has claimed
 * @notice:	among those that its session is to hear of
 */
struct vvb_claim {
	struct vvb_channel *channel;
	struct list_head node;
	struct list_head notice;
};

void vvb_claim_vf_come(struct vvb_vf *vf);
void vvb_claim_vf_gone(struct vvb_vf *vf);
int vvb_claim_stand(struct vvb_channel *ch, enum vvb_standing standing);
int vvb_claim_change(struct vvb_channel *ch, u64 id, bool take);
void vvb_claim_tell(struct vvb_vf *vf);
const char *vvb_claim_daemon(struct vvb_vf *vf);

/* Under vvb_punt_lock. */
void vvb_claim_end(struct vvb_vf *vf);
void vvb_claim_offer(struct vvb_vf *vf);
void vvb_claim_notice_vfs(struct vvb_channel *ch, struct vvb_request *req);
void vvb_claim_notice(struct vvb_channel *ch, struct vvb_request *req);

#endif /* VVB_CLAIM_H */
