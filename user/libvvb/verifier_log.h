/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Where in the many lines that libbpf prints the one is that says what was wrong. */
#ifndef LIBVVB_VERIFIER_LOG_H
#define LIBVVB_VERIFIER_LOG_H

#include <stdbool.h>
#include <stddef.h>

/**
 * verifier_log_cause - why the verifier has refused a program
 * @log:	what libbpf printed; its beginning may be missing
 * @cause:	for one line: which program, what the verifier said last, and of which line of the
 *		source, if it knows that
 * @size:	of @cause
 *
 * Return: false: no verifier has said anything.
 */
bool verifier_log_cause(const char *log, char *cause, size_t size);

/* The first line that libbpf itself has said. Return: false: there is none. */
bool libbpf_log_cause(const char *log, char *cause, size_t size);

#endif /* LIBVVB_VERIFIER_LOG_H */
