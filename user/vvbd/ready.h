/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Telling a service manager, or the shell that started us, that we are at work. */
#ifndef VVBD_READY_H
#define VVBD_READY_H

/* Connect to the socket that NOTIFY_SOCKET names. Return: fd, -1 for none, or -errno. */
int notify_open(void);

/* Send "READY=1" or the like; -1 as @fd is no error, and no action. */
void notify_send(int fd, const char *state);

/**
 * background - go on as a daemon, in a child process and a session of its own
 *
 * The parent stays until the child calls background_ready(), and then exits with 0, or
 * with 1 when the child has died before.
 * Return: a file descriptor for background_ready(), or -errno. Only the child returns.
 */
int background(void);
void background_ready(int fd);

#endif /* VVBD_READY_H */
