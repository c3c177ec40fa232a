/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes of queue_notify, see kick.c. */
#ifndef VVB_KICK_H
#define VVB_KICK_H

#include <linux/atomic.h>

#include "context.h"
#include "vf.h"

/**
 * struct vvb_kick_signal - a kick that is signalled, in a context that may not sleep
 * @node:	on the VF's list of signals while it waits for the VF's work, under vf->kicks.lock
 * @state:	enum vvb_signal_state, of kick.c: who has @ctx
 * @ctx:	the access, where it was decided already
 */
struct vvb_kick_signal {
	struct list_head node;
	struct vvb_vf *vf;
	u16 queue;
	atomic_t state;
	struct vvb_access_ctx ctx;
};

int vvb_kicks_init(void);
void vvb_kicks_exit(void);
void vvb_kick_init(struct vvb_vf *vf);
void vvb_kick_close(struct vvb_vf *vf);
ssize_t vvb_kick_user(struct vvb_vf *vf, const char __user *buf);
int vvb_kick(struct vvb_vf *vf, u16 queue);
void vvb_kick_signal_init(struct vvb_kick_signal *signal, struct vvb_vf *vf, u16 queue);
int vvb_kick_signalled(void *opaque, void *unused);
void vvb_kick_signal_end(struct vvb_kick_signal *signal);

#endif /* VVB_KICK_H */
