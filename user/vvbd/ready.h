/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Telling a service manager, or the shell that started us, that we are at work. */
#ifndef VVBD_READY_H
#define VVBD_READY_H

#include <stdbool.h>

/* Connect to the socket that NOTIFY_SOCKET names. Return: fd, -1 for none, or -errno. */
int notify_open(void);

/* From now on what is sent there waits for nobody: guests would wait for the manager. */
int notify_no_wait(int fd);

/*
 * Send "READY=1" or the like; -1 as @fd is no error, and no action. Return: false when there is no
 * room for it as long as the manager does not read; true when there is nothing more to be done.
 */
bool notify_send(int fd, const char *state);

/**
 * struct background - what a daemon that was sent there has of its beginning
 * @tell:	the parent waits for a byte from it; -1 in the foreground
 * @null:	/dev/null, in place of the terminal
 */
struct background {
	int tell;
	int null;
};

/**
 * background - go on as a daemon, in a child process and a session of its own
 * @b:		filled in
 *
 * The child keeps terminal and directory until background_ready(), as it may have errors to tell
 * and files to find. The parent stays until then, and exits with 0, or with 1 when the child has
 * died before. Return: 0 or -errno. Only the child returns.
 */
int background(struct background *b);

/*
 * Leave the terminal, have the parent exit. Pipes are left too, as their readers would wait for
 * our end, but a log file given as stderr is kept. Inside the sandbox as well.
 */
void background_ready(const struct background *b);

#endif /* VVBD_READY_H */
