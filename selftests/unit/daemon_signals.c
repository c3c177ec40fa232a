// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Signals just before vvbd waits for a request, and signs of life between requests. */
#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon.h"

static struct daemon d;

static void begin(void)
{
	daemon_init(&d);
	daemon_vfs(&d, 1);
}

static void end(void)
{
	daemon_exit(&d);
}

TestSuite(daemon_signals, .init = begin, .fini = end);

static const struct vvb_request request = {
	.id = 7,
	.vf = DAEMON_VF(0),
	.member = 1,
	.field = VVB_FIELD_DEVICE_FEATURES,
	.width = 4,
};

static void start(void)
{
	daemon_start(&d, "--foreground", "--stats-file", daemon_path(&d, "stats"), NULL);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
}

/* An access, and @signal between its reply and the wait for the next. */
static void signal_before_the_wait(int signal)
{
	struct vvb_reply reply;

	kernel_signal_at_exchange(&d.kernel, d.pid, signal);
	cr_assert(kernel_ask(&d.kernel, &request, &reply, 5000));
}

/*
 * The wait has no end of its own: a signal that is lost is not answered late but never. So no test
 * here asks how soon.
 */
Test(daemon_signals, just_before_the_wait)
{
	start();
	signal_before_the_wait(SIGUSR1);
	cr_expect(daemon_stats(&d, 20000), "no counters");
	cr_assert_eq(truncate(daemon_path(&d, "log"), 0), 0);
	signal_before_the_wait(SIGHUP);
	cr_expect(daemon_says(&d, "in force", 20000));
	signal_before_the_wait(SIGTERM);
	cr_expect_eq(daemon_wait(&d, 20000), 0);
}

/* While it waits, which is how most of them come. */
Test(daemon_signals, in_the_wait)
{
	start();
	usleep(100000);
	kill(d.pid, SIGUSR1);
	cr_expect(daemon_stats(&d, 20000), "no counters");
	usleep(100000);
	kill(d.pid, SIGTERM);
	cr_expect_eq(daemon_wait(&d, 20000), 0);
}

static void hear_for(int ms)
{
	long long until = now_ms() + ms;

	while (now_ms() < until) {
		daemon_hear(&d);
		usleep(2000);
	}
}

/*
 * One is due each 500 ms, whatever guests do in between: they ask more often here, so that a wait
 * that began anew with each request would never come to its end. In two turns at the latest one
 * must have come, and none before it was due, however slow the machine is.
 */
Test(daemon_signals, signs_of_life)
{
	struct vvb_reply reply;
	long long begin;

	d.env[0] = "WATCHDOG_USEC=1000000";
	start();
	d.signs = 0;
	begin = now_ms();
	for (int i = 0; i < 8; i++) {
		hear_for(350);
		cr_assert(kernel_ask(&d.kernel, &request, &reply, 20000));
	}
	daemon_hear(&d);
	cr_expect(d.signs >= 3 && d.signs <= (now_ms() - begin) / 500 + 2, "%d in %lld ms", d.signs,
		  now_ms() - begin);
}

/* And without any guest. */
Test(daemon_signals, signs_of_life_in_the_wait)
{
	d.env[0] = "WATCHDOG_USEC=200000";
	start();
	for (int i = 0; i < 100 && d.signs < 3; i++)
		hear_for(200);
	cr_expect_geq(d.signs, 3);
}

/* ---- a manager that has come to stand: guests do not wait for it ---- */

/* Until nothing more goes in. */
static void fill_manager(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, daemon_path(&d, "manager"));
	cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	while (write(fd, "X", 1) == 1)
		;
	cr_assert_eq(errno, EAGAIN);
	close(fd);
}

/* As daemon_says(), which would have the manager read. */
static bool is_in_log(const char *text)
{
	for (int i = 0; i < 4000 && !strstr(daemon_log(&d), text); i++)
		usleep(5000);
	return strstr(daemon_log(&d), text);
}

static void expect_answer(void)
{
	struct vvb_reply reply;

	cr_expect(kernel_ask(&d.kernel, &request, &reply, 20000), "it waits for the manager");
}

Test(daemon_signals, no_room_for_signs_of_life)
{
	d.env[0] = "WATCHDOG_USEC=20000"; /* a sign each 10 ms */
	start();
	fill_manager();
	usleep(200000);
	expect_answer();
}

/* It gets to know of a reload all the same, later: READY=1 ends what RELOADING=1 has begun. */
Test(daemon_signals, no_room_for_a_reload)
{
	start();
	fill_manager();
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(truncate(daemon_path(&d, "log"), 0), 0);
		kill(d.pid, SIGHUP);
		cr_expect(is_in_log("in force"), "it waits for the manager");
		expect_answer();
	}
	d.ready = false;
	cr_expect(daemon_is_ready(&d, 20000));
	cr_expect_eq(d.reloads, 1, "told of %d reloads", d.reloads);
}

Test(daemon_signals, no_room_for_the_end)
{
	start();
	fill_manager();
	kill(d.pid, SIGTERM);
	cr_expect_eq(daemon_wait(&d, 20000), 0, "it waits for the manager");
}

/* With the channel of a daemon before, guests may be waiting already. */
Test(daemon_signals, no_room_at_the_start)
{
	d.handed_down = true;
	fill_manager();
	daemon_start(&d, "--foreground", NULL);
	cr_expect(is_in_log("vvbd: ready"), "it waits for the manager");
	expect_answer();
	cr_expect(daemon_is_ready(&d, 20000));
}
