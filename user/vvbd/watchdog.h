/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A sign of life for the service manager, as often as it asks for one. */
#ifndef VVBD_WATCHDOG_H
#define VVBD_WATCHDOG_H

/**
 * struct watchdog
 * @manager_fd:	where signs go; one for which there is no room is left out
 * @period_ms:	between two of them; -1 when nobody asked
 * @due_ms:	CLOCK_MONOTONIC
 */
struct watchdog {
	int manager_fd;
	int period_ms;
	long long due_ms;
};

/* Looks at WATCHDOG_USEC and WATCHDOG_PID. Twice in the time allowed, to be on the safe side. */
void watchdog_init(struct watchdog *w, int manager_fd);

/*
 * To be called when a sign is due, and more often as one likes: cheap when none is. @now_ms: of
 * CLOCK_MONOTONIC, here and below.
 */
void watchdog_feed(struct watchdog *w, long long now_ms);

/* How long we may wait until then: milliseconds, -1 for ever. */
int watchdog_left_ms(const struct watchdog *w, long long now_ms);

#endif /* VVBD_WATCHDOG_H */
