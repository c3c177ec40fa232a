/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * As much of a service manager as vvbd needs: starts it, waits until it says that it is ready,
 * and keeps the channel that it leaves (sd_notify(3)) for the next one. Many starts in a short
 * time are cheaper so than under systemd.
 */
#ifndef MANAGER_H
#define MANAGER_H

#include <sys/types.h>

#define MANAGER_ARGS 24

/**
 * struct manager - one service
 * @argv:	what is run; [0] may be changed between two starts
 * @log:	file that its stderr is appended to
 * @uid:	whom it runs as, if not 0
 * @socket:	where it speaks to us
 * @address:	its name, with '@' for the zero in front
 * @kept:	the channel left with us, or -1
 * @pid:	of the process, 0 while there is none
 */
struct manager {
	const char *argv[MANAGER_ARGS];
	const char *log;
	uid_t uid;
	int socket;
	char address[32];
	int kept;
	pid_t pid;
};

/* Every field but @argv, @log and @uid. 0 or a negative errno. */
int manager_init(struct manager *m);

/**
 * manager_start - start the service and wait until it is ready
 * @m:		no process of it runs
 * @ms:		how long to wait
 *
 * Return: 0; -ECHILD it ended instead; -ETIMEDOUT.
 */
int manager_start(struct manager *m, long ms);

/* Send @signal and wait for the end. Return: the status of waitpid(2). */
int manager_end(struct manager *m, int signal);

/* Close the channel that is kept. */
void manager_forget(struct manager *m);

#endif /* MANAGER_H */
