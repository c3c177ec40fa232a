// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "service_manager.h"
#include "watchdog.h"

/* Milliseconds that we may be silent, 0 when nobody minds. */
static long long allowed(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	long long number;

	if (!usec || (pid && strtoll(pid, NULL, 10) != getpid()))
		return 0;
	errno = 0;
	number = strtoll(usec, NULL, 10);
	return errno || number < 0 ? 0 : number / 1000;
}

void watchdog_init(struct watchdog *w, int manager_fd)
{
	long long ms = allowed() / 2;

	*w = (struct watchdog) { .manager_fd = manager_fd, .period_ms = -1 };
	if (manager_fd >= 0 && ms > 0)
		w->period_ms = ms > INT_MAX ? INT_MAX : (int)ms;
}

void watchdog_feed(struct watchdog *w, long long now_ms)
{
	if (w->period_ms < 0 || now_ms < w->due_ms)
		return;
	w->due_ms = now_ms + w->period_ms;
	manager_send(w->manager_fd, "WATCHDOG=1");
}

int watchdog_left_ms(const struct watchdog *w, long long now_ms)
{
	long long left;

	if (w->period_ms < 0)
		return -1;
	left = w->due_ms - now_ms;
	return left > 0 ? (int)left : 0;
}
