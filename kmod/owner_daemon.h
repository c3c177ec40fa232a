/* SPDX-License-Identifier: GPL-2.0-only */
/* A process that has the PF as the owner of a VF, see owner_daemon.c. */
#ifndef VVB_OWNER_DAEMON_H
#define VVB_OWNER_DAEMON_H

struct vvb_call;
struct vvb_vf;

const char *vvb_owner_daemon_lacks(struct vvb_vf *vf);
int vvb_owner_daemon_ask(struct vvb_vf *vf, struct vvb_call *call);

#endif /* VVB_OWNER_DAEMON_H */
