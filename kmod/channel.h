/* SPDX-License-Identifier: GPL-2.0-only */
/* What an open of /dev/vvb is: see channel.c. */
#ifndef VVB_CHANNEL_H
#define VVB_CHANNEL_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/uidgid.h>
#include <linux/wait.h>

#include "claim.h"

/**
 * struct vvb_channel - claims VFs; all but @kref, @waiting, @uid and @admin under vvb_punt_lock
 * @vfs:	that it has claimed, by vvb_claim.node
 * @queue:	requests that wait for a session, by vvb_punt.node
 * @operations, @carried: that wait for a session, and that one has, by vvb_operation.node
 * @carries:	the session carries out operations
 * @notices:	VFs with a notice for the session, by vvb_claim.notice
 * @standing, @standing_node: what it wants of VFs that come; among all that want anything
 * @changed:	VFs have come or gone, and the session is to hear of it
 * @wait:	for any of these
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
	struct list_head operations;
	struct list_head carried;
	struct list_head notices;
	enum vvb_standing standing;
	struct list_head standing_node;
	bool changed;
	wait_queue_head_t wait;
	bool live;
	bool late;
	bool carries;
	atomic_t waiting;
	kuid_t uid;
	bool admin;
};

int vvb_channel_init(void);
void vvb_channel_exit(void);

#endif /* VVB_CHANNEL_H */
