/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_SANDBOX_H
#define VVBD_SANDBOX_H

#include <stdbool.h>

/**
 * struct sandbox - what is kept
 * @user:	become this user, NULL to stay
 * @readable:	open directories that may still be read, or -1; sysfs may in any case
 * @writable:	open directory in which traces may still be opened, or -1
 * @connects:	UNIX sockets may still be connected to, as those of processes that have PFs are
 */
struct sandbox {
	const char *user;
	int readable[2];
	int writable;
	bool connects;
};

/* What can be said beforehand: is there such a user? Return: 0 or -errno, once said. */
int sandbox_check(const struct sandbox *box);

/**
 * sandbox_enter - give up every right that serving does not need
 *
 * After it: no capability, none to be had again, of the file system only what @box names, and
 * only the system calls of the serving loop. Any other ends us by SIGSYS, once the log has
 * which. A kernel without Landlock is told of in the log, and so is what goes wrong.
 * Return: 0 or -errno.
 */
int sandbox_enter(const struct sandbox *box);

#endif /* VVBD_SANDBOX_H */
