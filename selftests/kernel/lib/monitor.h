/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The monitor of the QEMU that we run in: a serial port leads to it, and it speaks QMP, one
 * JSON object a line. Properties are those of the PF of the device model. Functions return 0,
 * or a negative errno; -EREMOTEIO: the monitor said no, monitor_said() has its words.
 */
#ifndef MONITOR_H
#define MONITOR_H

#include <stddef.h>

#define MONITOR_LINE 131072 /* longest answer: a trace */

/**
 * struct monitor - an open line to it
 * @fd:		the port; it opens once at a time, which is the lock between several of us
 * @id:		of the last command, to tell its answer from others
 * @fill:	bytes of @input that have been read and not been used up
 * @answer:	the last line, and what in it stood for an error
 */
struct monitor {
	int fd;
	int id;
	size_t fill;
	char input[MONITOR_LINE];
	char answer[MONITOR_LINE];
};

int monitor_open(struct monitor *m);
void monitor_close(struct monitor *m);

/* A composite value comes as JSON. */
int monitor_get(struct monitor *m, const char *property, char *value, size_t size);

/* What looks like a number, or is true or false, is sent as such, all else as a string. */
int monitor_set(struct monitor *m, const char *property, const char *value);

/* Any command, with its arguments as a JSON object. */
int monitor_do(struct monitor *m, const char *command, const char *arguments, char *value,
	       size_t size);

/* Why the last command was refused. */
const char *monitor_said(struct monitor *m);

#endif /* MONITOR_H */
