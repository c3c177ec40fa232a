// SPDX-License-Identifier: GPL-2.0-only
/*
 * Claims: which channel a VF's accesses are punted to, and who may say so. In the kernel, as it is
 * what keeps daemons of different users apart.
 *
 * A claim outlives the session that made it, with what the VF has pending, until another channel
 * takes the VF, the channel gives it back or is closed, or the VF is unbound.
 */
#include "channel.h"
#include "settings.h"
#include "vf.h"

static LIST_HEAD(vvb_claim_standing); /* channels that want VFs as they come; under vvb_punt_lock */

/**
 * vvb_claim_end - a VF belongs to no channel any more; what it has pending waits for the next
 * @vf:		claimed
 *
 * Context: vvb_punt_lock is held.
 */
void vvb_claim_end(struct vvb_vf *vf)
{
	list_del_init(&vf->claim.node);
	list_del_init(&vf->claim.notice);
	vvb_punt_return(vf);
	vvb_operation_return(vf);
	vf->claim.channel = NULL;
}

/* From whoever has it, unless that one lives. */
static int vvb_claim_take(struct vvb_channel *ch, struct vvb_vf *vf)
{
	struct vvb_channel *other = vf->claim.channel;

	if (other == ch)
		return 0;
	if (!ch->admin && !uid_eq(ch->uid, READ_ONCE(vf->set->daemon_uid)))
		return -EPERM;
	if (other && other->live)
		return -EBUSY;
	if (other)
		vvb_claim_end(vf);
	vf->claim.channel = ch;
	list_add_tail(&vf->claim.node, &ch->vfs);
	vvb_punt_offer(ch, vf);
	vvb_operation_offer(ch, vf);
	return 0;
}

/**
 * vvb_claim_change - a channel takes a VF, or gives it back
 * @ch:		with a session
 * @id:		VVB_VF_ID
 * @take:	which of both
 *
 * Context: sleeps; takes vvb_vfs_lock.
 * Return: 0; -ENODEV no such VF; -EPERM not for this channel's opener to take, or not the
 * channel's to give back; -EBUSY another channel has it and its session lives.
 */
int vvb_claim_change(struct vvb_channel *ch, u64 id, bool take)
{
	struct vvb_vf *vf;

	guard(mutex)(&vvb_vfs_lock);
	vf = vvb_vf_find(id);
	if (!vf)
		return -ENODEV;
	guard(spinlock)(&vvb_punt_lock);
	if (take)
		return vvb_claim_take(ch, vf);
	if (vf->claim.channel != ch)
		return -EPERM;
	vvb_punt_lose(ch, vf);
	vvb_operation_lose(ch, vf);
	vvb_claim_end(vf);
	return 0;
}

/* ---- VFs that come ---- */

/* Its session hears of it before it gets a request of such a VF. vvb_punt_lock is held. */
static void vvb_claim_changed(struct vvb_channel *ch)
{
	if (ch->standing == VVB_STANDING_NONE)
		return;
	ch->changed = true;
	wake_up_interruptible(&ch->wait);
}

/**
 * vvb_claim_offer - a VF that no channel has is for the first that wants it and may have it
 * @vf:		bound
 *
 * Context: vvb_punt_lock is held.
 */
void vvb_claim_offer(struct vvb_vf *vf)
{
	struct vvb_channel *ch;

	list_for_each_entry(ch, &vvb_claim_standing, standing_node) {
		if (vf->claim.channel)
			return;
		if (ch->standing == VVB_STANDING_TAKE && !vvb_claim_take(ch, vf))
			vvb_claim_changed(ch);
	}
}

/**
 * vvb_claim_vf_come - a VF was bound, or is for others to claim than before
 * @vf:		on the list of VFs
 *
 * Context: vvb_vfs_lock is held; takes vvb_punt_lock.
 */
void vvb_claim_vf_come(struct vvb_vf *vf)
{
	struct vvb_channel *ch;

	guard(spinlock)(&vvb_punt_lock);
	vvb_claim_offer(vf);
	list_for_each_entry(ch, &vvb_claim_standing, standing_node)
		if (ch->standing == VVB_STANDING_TELL)
			vvb_claim_changed(ch);
}

/**
 * vvb_claim_stand - what a channel wants of VFs that come
 * @ch:		with a session
 * @standing:	to take them: those that are there, too
 *
 * Context: sleeps; takes vvb_vfs_lock. Return: 0.
 */
int vvb_claim_stand(struct vvb_channel *ch, enum vvb_standing standing)
{
	struct vvb_vf *vf;

	guard(mutex)(&vvb_vfs_lock);
	guard(spinlock)(&vvb_punt_lock);
	ch->standing = standing;
	list_del_init(&ch->standing_node);
	if (standing == VVB_STANDING_NONE) {
		ch->changed = false;
		return 0;
	}
	list_add_tail(&ch->standing_node, &vvb_claim_standing);
	list_for_each_entry(vf, &vvb_vfs, node)
		if (standing == VVB_STANDING_TAKE && !vf->claim.channel)
			vvb_claim_take(ch, vf);
	return 0;
}

/* VFs have come or gone. vvb_punt_lock is held. */
void vvb_claim_notice_vfs(struct vvb_channel *ch, struct vvb_request *req)
{
	ch->changed = false;
	*req = (struct vvb_request) { .kind = VVB_REQUEST_VFS };
}

/**
 * vvb_claim_tell - the VF's policy was ejected: its daemon may want to know
 * @vf:		bound
 *
 * Context: any but interrupts; takes vvb_punt_lock.
 */
void vvb_claim_tell(struct vvb_vf *vf)
{
	struct vvb_channel *ch;

	guard(spinlock)(&vvb_punt_lock);
	ch = vf->claim.channel;
	if (!ch)
		return;
	list_move_tail(&vf->claim.notice, &ch->notices);
	wake_up_interruptible(&ch->wait);
}

/**
 * vvb_claim_notice - the next VF that the channel's session is to hear of
 * @ch:		channel
 * @req:	filled in
 *
 * Context: vvb_punt_lock is held, and there is one.
 */
void vvb_claim_notice(struct vvb_channel *ch, struct vvb_request *req)
{
	struct vvb_vf *vf = list_first_entry(&ch->notices, struct vvb_vf, claim.notice);

	list_del_init(&vf->claim.notice);
	*req = (struct vvb_request) { .vf = vf->id, .kind = VVB_REQUEST_EJECTED };
}

/* How the VF's daemon is, as the attribute `daemon` says it. */
const char *vvb_claim_daemon(struct vvb_vf *vf)
{
	struct vvb_channel *ch;

	guard(spinlock)(&vvb_punt_lock);
	ch = vf->claim.channel;
	if (!ch)
		return "none";
	if (!ch->live)
		return "lost";
	return ch->late ? "late" : "live";
}

/* The VF is being unbound: nobody has it open, so nothing is pending. */
void vvb_claim_vf_gone(struct vvb_vf *vf)
{
	guard(spinlock)(&vvb_punt_lock);
	if (!vf->claim.channel)
		return;
	vvb_claim_changed(vf->claim.channel);
	vvb_claim_end(vf);
}
