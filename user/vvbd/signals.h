/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A signal sets a flag, and the time-out of the exchange to 0. So it is never missed: before the
 * exchange's system call it has that call not wait, and a call that waits already is interrupted.
 * The kernel reads the time-out once, when the call begins, so there is nothing in between. A
 * signalfd would need a poll(2) and a read(2) besides for each access that a guest makes.
 */
#ifndef VVBD_SIGNALS_H
#define VVBD_SIGNALS_H

#include <stdbool.h>

#include <linux/types.h>

struct signals {
	bool end; /* SIGTERM, SIGINT */
	bool reload; /* SIGHUP */
	bool stats; /* SIGUSR1 */
};

void signals_init(void);

/**
 * signals_cut_short - which time-out signals are to set to 0 from now on
 * @timeout_ms:	NULL for none. Whoever waits by it sets it first, takes what signals there are,
 *		and then waits: a signal after the first of these steps is seen in the second, or
 *		ends the third
 */
void signals_cut_short(volatile __s32 *timeout_ms);

/* What has come since the last call; false when nothing has. */
bool signals_take(struct signals *taken);

#endif /* VVBD_SIGNALS_H */
