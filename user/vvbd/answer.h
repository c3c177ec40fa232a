/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The daemon's one decision: from a request to its reply. No I/O, no memory of its own. */
#ifndef VVBD_ANSWER_H
#define VVBD_ANSWER_H

#include "libvvb/vvb.h"

/**
 * answer - what to reply to a request
 * @request:	from the kernel
 * @reply:	filled in: the administration command that carries the access out, or, for
 *		a request that names no register of ours, "do it yourself"
 *
 * Return: the opcode of the command, 0 for none.
 */
unsigned int answer(const struct vvb_request *request, struct vvb_reply *reply);

#endif /* VVBD_ANSWER_H */
