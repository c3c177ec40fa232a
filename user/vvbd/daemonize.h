/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Going to the background, as daemon(7) has it, and telling the shell that started us how it went. */
#ifndef VVBD_DAEMONIZE_H
#define VVBD_DAEMONIZE_H

/**
 * struct daemon - a process in the background, before it is at work
 * @tell:	its parent waits for a byte from it; -1 in the foreground
 * @null:	/dev/null, in place of the terminal
 */
struct daemon {
	int tell;
	int null;
};

/**
 * daemonize - go on in a child process and a session of its own
 * @d:		filled in
 *
 * The child keeps terminal and directory until daemonize_done(), as it may have errors to tell
 * and files to find. The parent stays until then, and exits with 0, or with 1 when the child has
 * ended before; of one that was killed it says so. Return: 0 or -errno. Only the child returns.
 */
int daemonize(struct daemon *d);

/*
 * Leave the terminal, have the parent exit. Pipes are left too, as their readers would wait for
 * our end, but a log file given as stderr is kept. Inside the sandbox as well.
 */
void daemonize_done(const struct daemon *d);

#endif /* VVBD_DAEMONIZE_H */
