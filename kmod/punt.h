/* SPDX-License-Identifier: GPL-2.0-only */
/* Between punt.c, which knows requests, and channel.c, which knows daemons. */
#ifndef VVB_PUNT_H
#define VVB_PUNT_H

#include <linux/kref.h>
#include <linux/wait.h>

#include "vf.h"

/**
 * struct vvb_channel - who owns VFs; all but @kref, @waiting, @uid and @admin under vvb_punt_lock
 * @vfs:	VFs owned, by vvb_vf.owned
 * @queue:	requests that wait for a session
 * @notices:	VFs with a notice for the session, by vvb_vf.notice
 * @live:	a session is open
 * @late:	it missed a deadline and has not been heard of since; whoever exchanges, polls or
 *		sends a command of its own is heard of
 * @waiting:	calls that wait for a request
 * @uid, @admin: of the opener, not of whoever calls
 */
struct vvb_channel {
	struct kref kref;
	struct list_head vfs;
	struct list_head queue;
	struct list_head notices;
	wait_queue_head_t wait;
	bool live;
	bool late;
	atomic_t waiting;
	kuid_t uid;
	bool admin;
};

extern spinlock_t vvb_punt_lock;

/* Under vvb_punt_lock. */
void vvb_punt_lose(struct vvb_channel *ch, struct vvb_vf *vf);
void vvb_disown(struct vvb_vf *vf);
int vvb_own(struct vvb_channel *ch, struct vvb_vf *vf);

/* Taking it themselves. */
void vvb_punt_init(void);
void vvb_punt_vf_init(struct vvb_vf *vf);
void vvb_punt_vf_gone(struct vvb_vf *vf);
int vvb_punt_ask(struct vvb_vf *vf, struct vvb_access *acc, struct vvb_answer *answer);
int vvb_punt_begin(struct vvb_vf *vf);
void vvb_punt_end(struct vvb_vf *vf, bool removed);
void vvb_punt_tell(struct vvb_vf *vf);
void vvb_punt_drain(struct vvb_vf *vf);
const char *vvb_punt_daemon(struct vvb_vf *vf);
int vvb_punt_reply(struct vvb_channel *ch, const struct vvb_reply *reply);
__poll_t vvb_punt_poll(struct vvb_channel *ch);
bool vvb_punt_next(struct vvb_channel *ch, struct vvb_request *req);
int vvb_punt_own_command(struct vvb_channel *ch, struct vvb_own_command *own);

#endif /* VVB_PUNT_H */
