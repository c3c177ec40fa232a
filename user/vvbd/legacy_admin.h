/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The handler legacy-admin: from a request to its reply. No I/O, no memory of its own. */
#ifndef VVBD_LEGACY_ADMIN_H
#define VVBD_LEGACY_ADMIN_H

#include "libvvb/vvb.h"

/**
 * legacy_admin_reply - what to reply to a request
 * @request:	from the kernel
 * @reply:	filled in: the administration command that carries the access out, or, for
 *		a request that names no register of ours, "do it yourself"
 *
 * Return: the opcode of the command, 0 for none.
 */
unsigned int legacy_admin_reply(const struct vvb_request *request, struct vvb_reply *reply);

#endif /* VVBD_LEGACY_ADMIN_H */
