/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What a load, update or unload has to tell besides its errno: ours, and what libbpf says. */
#ifndef LIBVVB_MESSAGES_H
#define LIBVVB_MESSAGES_H

#include <stddef.h>

/* Collect messages into @log of @size bytes until vvb_messages_end(). */
void vvb_messages_begin(char *log, size_t size);

/* Return: @err; a number of libbpf's own, which is no errno, becomes a message and -EINVAL. */
int vvb_messages_end(int err);

/* One more, with its line feed. */
void vvb_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Say why the pins could not be locked. Return: @err. */
int vvb_message_no_lock(int err);

#endif /* LIBVVB_MESSAGES_H */
