// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vvbd/watchdog.h"

static int ends[2];

static void manager(void)
{
	cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
	unsetenv("WATCHDOG_PID");
}

TestSuite(user_watchdog, .init = manager);

static int period(const char *usec)
{
	struct watchdog w;

	setenv("WATCHDOG_USEC", usec, 1);
	watchdog_init(&w, ends[0]);
	return w.period_ms;
}

/* How many signs of life have come. */
static int signs(void)
{
	char text[32];
	ssize_t len;
	int nr = 0;

	while ((len = recv(ends[1], text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		text[len] = '\0';
		cr_expect_str_eq(text, "WATCHDOG=1");
		nr++;
	}
	return nr;
}

Test(user_watchdog, period)
{
	struct watchdog w;

	cr_expect_eq(period("10000000"), 5000);
	cr_expect_eq(period("9000000000000000000"), INT_MAX);
	cr_expect_eq(period("0"), -1);
	cr_expect_eq(period("-5"), -1);
	cr_expect_eq(period("x"), -1);
	watchdog_init(&w, -1);
	cr_expect_eq(w.period_ms, -1);
	unsetenv("WATCHDOG_USEC");
	watchdog_init(&w, ends[0]);
	cr_expect_eq(w.period_ms, -1);
}

Test(user_watchdog, meant_for_a_process)
{
	char pid[16];

	setenv("WATCHDOG_PID", "1", 1);
	cr_expect_eq(period("10000000"), -1);
	snprintf(pid, sizeof(pid), "%d", getpid());
	setenv("WATCHDOG_PID", pid, 1);
	cr_expect_eq(period("10000000"), 5000);
}

Test(user_watchdog, signs_of_life)
{
	struct watchdog w;

	setenv("WATCHDOG_USEC", "200000", 1);
	watchdog_init(&w, ends[0]);
	for (int i = 0; i < 100; i++)
		watchdog_feed(&w, 7000 + i);
	cr_expect_eq(signs(), 1, "at once, and then not before it is due");
	watchdog_feed(&w, 7100);
	cr_expect_eq(signs(), 1);
	watchdog_feed(&w, 7350);
	cr_expect_eq(signs(), 1, "late: one, not all that are missing");
	watchdog_feed(&w, 7449);
	cr_expect_eq(signs(), 0, "the period begins with the last");
	w.period_ms = -1;
	watchdog_feed(&w, 8000);
	cr_expect_eq(signs(), 0);
}

Test(user_watchdog, the_wait_ends_when_a_sign_is_due)
{
	struct watchdog w;

	setenv("WATCHDOG_USEC", "2000000", 1);
	watchdog_init(&w, ends[0]);
	cr_expect_eq(watchdog_left_ms(&w, 7000), 0, "at once");
	watchdog_feed(&w, 7000);
	cr_expect_eq(watchdog_left_ms(&w, 7000), 1000);
	watchdog_feed(&w, 7300);
	cr_expect_eq(watchdog_left_ms(&w, 7300), 700, "nothing was due: no later than before");
	cr_expect_eq(watchdog_left_ms(&w, 8000), 0);
	cr_expect_eq(watchdog_left_ms(&w, 9000), 0, "late");
	w.period_ms = -1;
	cr_expect_eq(watchdog_left_ms(&w, 9000), -1);
}
