/* SPDX-License-Identifier: GPL-2.0-only */
/* The one operation that a VF can have under way at a daemon: see operation.c. */
#ifndef VVB_OPERATION_H
#define VVB_OPERATION_H

#include <linux/completion.h>
#include <linux/list.h>
#include <uapi/vvb.h>

struct vvb_call;
struct vvb_channel;
struct vvb_vf;

enum vvb_operation_state {
	VVB_OPERATION_IDLE,
	VVB_OPERATION_QUEUED, /* on the channel's list, or waiting for a channel */
	VVB_OPERATION_HELD, /* a session has it */
	VVB_OPERATION_DONE, /* over, who waits has not picked it up yet */
};

/**
 * struct vvb_operation - as the VF has one turn, there is one. All under vvb_punt_lock
 * @node:	of what the channel's sessions are to take, or have taken
 * @unanswered:	id of one that was given up while a session had it; 0: there is none. The operation
 *		may yet reach the device, so there is no other meanwhile
 * @request, @command: what a session gets
 * @err:	what became of it: 0, there is @result; -ENOTCONN no daemon; -ENODEV the daemon can't
 *		reach the PF; -EIO its answer made no sense; -ECANCELED
 * @done:	completed with the state, for who waits
 * @answered:	completed when there is none unanswered any more
 */
struct vvb_operation {
	struct list_head node;
	enum vvb_operation_state state;
	u64 unanswered;
	struct vvb_request request;
	struct vvb_command command;
	int err;
	struct vvb_result result;
	struct completion done;
	struct completion answered;
};

/* For the owner, and the life of a VF. */
void vvb_operation_init(struct vvb_vf *vf);
int vvb_operation_run(struct vvb_vf *vf, const struct vvb_call *call, struct vvb_result *result);
void vvb_operation_revoke(struct vvb_vf *vf, bool removed);
bool vvb_operation_stalled(struct vvb_vf *vf);
bool vvb_operation_await(struct vvb_vf *vf);
bool vvb_operation_possible(struct vvb_vf *vf);

/* For channels and claims, under vvb_punt_lock. */
void vvb_operation_offer(struct vvb_channel *ch, struct vvb_vf *vf);
void vvb_operation_return(struct vvb_vf *vf);
void vvb_operation_lose(struct vvb_channel *ch, struct vvb_vf *vf);
void vvb_operation_next(struct vvb_channel *ch, struct vvb_exchange *x);

/* For sessions. */
bool vvb_operation_reply(struct vvb_channel *ch, const struct vvb_exchange *x, int *err);

#endif /* VVB_OPERATION_H */
