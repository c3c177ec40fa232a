/* SPDX-License-Identifier: GPL-2.0-only */
/* The one question to a daemon that a VF can have pending: see punt.c. */
#ifndef VVB_PUNT_H
#define VVB_PUNT_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <vvb/admin.h>

struct vvb_access;
struct vvb_channel;
struct vvb_vf;

enum vvb_punt_state {
	VVB_PUNT_IDLE,
	VVB_PUNT_QUEUED, /* on the channel's queue, or waiting for a channel */
	VVB_PUNT_HELD, /* a session has it */
	VVB_PUNT_DONE, /* answered, the vCPU has not picked it up yet */
};

/* What became of a punt. */
struct vvb_answer {
	enum vvb_reply_action action;
	u64 value;
	struct vvb_admin_op op;
};

/**
 * struct vvb_punt - the one request a VF can have pending, as its lock allows one
 *		     control access at a time. All under vvb_punt_lock
 * @node:	on the channel's queue, or among those that sessions hold
 * @hold:	numbers who is handed a request, also the same one again; never 0
 * @own_command: the daemon runs a command of its own right now
 * @done:	completed with the state, for the vCPU that waits
 */
struct vvb_punt {
	struct list_head node;
	enum vvb_punt_state state;
	u64 hold;
	bool own_command;
	struct vvb_request req;
	struct vvb_answer answer;
	struct completion done;
};

extern spinlock_t vvb_punt_lock;

/* For the vCPU, and the life of a VF. */
void vvb_punt_init(void);
int vvb_punt_ask(struct vvb_vf *vf, struct vvb_access *acc, struct vvb_answer *answer);
void vvb_punt_revoke(struct vvb_vf *vf);
void vvb_punt_drain(struct vvb_vf *vf);

/* For channels, claims and operations, under vvb_punt_lock. */
void vvb_punt_offer(struct vvb_channel *ch, struct vvb_vf *vf);
void vvb_punt_return(struct vvb_vf *vf);
void vvb_punt_lose(struct vvb_channel *ch, struct vvb_vf *vf);
void vvb_punt_next(struct vvb_channel *ch, struct vvb_request *req);
void vvb_punt_missed(struct vvb_vf *vf, bool held);
u64 vvb_punt_new_id(void);

/* For sessions. */
int vvb_punt_reply(struct vvb_channel *ch, const struct vvb_reply *reply);
int vvb_punt_command(struct vvb_channel *ch, struct vvb_own_command *own);

#endif /* VVB_PUNT_H */
