/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The real vvbd as a process, in its real sandbox, with a kernel and a service manager played by
 * the test.
 */
#ifndef UNIT_DAEMON_H
#define UNIT_DAEMON_H

#include <stdbool.h>
#include <sys/types.h>

#include "kernel.h"

#define DAEMON_CALLS 16

/**
 * struct daemon
 * @dir:	everything of the test is below it, and below @dir/etc what is /etc/vvb for vvbd
 * @env:	more of vvbd's environment, "NAME=VALUE"; up to the first NULL
 * @preload:	loaded into it besides the kernel's side, " PATH"
 * @traced:	what the sandbox forbids is noted in @forbidden, and done
 * @handed_down: the manager hands a descriptor down, as the channel that it has kept
 * @piped:	its stderr is a pipe, whose end for reading is @pipe
 * @cwd:	where it is started, NULL for where we are
 * @pid:	of the process that was started
 * @status:	of waitpid(2), once @ended
 */
struct daemon {
	char dir[64];
	struct kernel kernel;
	const char *env[8];
	const char *preload;
	bool traced;
	bool handed_down;
	bool piped;
	int pipe;
	const char *cwd;
	pid_t pid;
	pthread_t thread;
	char **argv;
	volatile bool started, ended;
	int status;
	int forbidden[DAEMON_CALLS];
	int nr_forbidden;
	int manager;
	bool ready;
	int reloads; /* it was told of */
	int signs; /* of life */
	int kept; /* descriptors left with the manager */
	int removed; /* and how often it was told to remove them */
	char last[512]; /* what it was told last but for signs of life */
};

/* A tree with the driver's sysfs in it, and a kernel that listens. */
void daemon_init(struct daemon *d);
void daemon_exit(struct daemon *d);

/* @nr VFs bound to the driver, more than there are. */
void daemon_vfs(struct daemon *d, int nr);
#define DAEMON_VF(nr) (0x1000u + (unsigned int)(nr))

/* Start it; the arguments end with NULL. */
void daemon_start(struct daemon *d, ...);

/* What vvbd has told the manager since. */
void daemon_hear(struct daemon *d);

bool daemon_is_ready(struct daemon *d, int ms);

/* Wait for its end. Return: its exit status, 1000 + the signal that killed it, -1 for too late. */
int daemon_wait(struct daemon *d, int ms);

/* Its log so far. */
const char *daemon_log(struct daemon *d);

/* Does the log say it, within @ms? */
bool daemon_says(struct daemon *d, const char *text, int ms);

/* Has it written counters to the file "stats", within @ms? */
bool daemon_stats(struct daemon *d, int ms);

/* Is nobody left who could write to the pipe, within @ms? */
bool daemon_let_go(struct daemon *d, int ms);

/* A file below @dir. */
void daemon_file(struct daemon *d, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
const char *daemon_path(struct daemon *d, const char *name);

#endif /* UNIT_DAEMON_H */
