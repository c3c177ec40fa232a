/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Signals set a flag and interrupt the system call that waits for requests. One that
 * comes just before the call would be missed; so each also sets an alarm, which comes a
 * second later, again and again until the flags have been looked at.
 */
#ifndef VVBD_SIGNALS_H
#define VVBD_SIGNALS_H

#include <stdbool.h>

struct signals {
	bool end; /* SIGTERM, SIGINT */
	bool reload; /* SIGHUP */
	bool stats; /* SIGUSR1 */
};

void signals_init(void);

/* What has come since the last call; false, and cheap, when nothing has. */
bool signals_take(struct signals *taken);

#endif /* VVBD_SIGNALS_H */
