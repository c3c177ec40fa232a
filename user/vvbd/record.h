/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_RECORD_H
#define VVBD_RECORD_H

#include <stddef.h>

#include "libvvb/vvb.h"

/* How a trace is opened; the one way to write that the sandbox leaves. A pipe would block. */
#define RECORD_FLAGS (O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

/* One line of a trace into @line, 160 bytes are enough. Return: its length. */
int record_line(char *line, size_t room, long long ns, const struct vvb_request *request,
		int opcode);

#endif /* VVBD_RECORD_H */
