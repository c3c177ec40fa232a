/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a load, update or unload that failed has to tell: why, in a line or some; behind an empty one
 * what libbpf and the verifier said, of which the end is kept where room is short.
 */
#ifndef LIBVVB_MESSAGES_H
#define LIBVVB_MESSAGES_H

#include <stddef.h>

/* Collect messages into @log of @size bytes until vvb_messages_end(). */
void vvb_messages_begin(char *log, size_t size);

/*
 * Put them in order. Where nobody has said why, that is found in what the verifier or libbpf said, or
 * is what @err means. Return: @err; -EINVAL for a number of libbpf's own, which is no errno.
 */
int vvb_messages_end(int err);

/* One line of why, with its line feed. */
void vvb_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Say why the pins could not be locked. Return: @err. */
int vvb_message_no_lock(int err);

#endif /* LIBVVB_MESSAGES_H */
