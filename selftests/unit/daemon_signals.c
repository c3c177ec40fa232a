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

Test(daemon_signals, just_before_the_wait)
{
	long long before;

	start();
	signal_before_the_wait(SIGUSR1);
	before = now_ms();
	while (access(daemon_path(&d, "stats"), R_OK) && now_ms() - before < 5000)
		usleep(1000);
	signal_before_the_wait(SIGHUP);
	before = now_ms();
	cr_expect(daemon_says(&d, "in force", 5000));
	cr_expect_lt(now_ms() - before, 800, "reloaded %lld ms later", now_ms() - before);
	signal_before_the_wait(SIGTERM);
	before = now_ms();
	cr_expect_eq(daemon_wait(&d, 5000), 0);
	cr_expect_lt(now_ms() - before, 800, "ended %lld ms later", now_ms() - before);
}

/* While it waits, which is how most of them come. */
Test(daemon_signals, in_the_wait)
{
	long long before;

	start();
	usleep(100000);
	before = now_ms();
	kill(d.pid, SIGTERM);
	cr_expect_eq(daemon_wait(&d, 5000), 0);
	cr_expect_lt(now_ms() - before, 800);
}

/* A sign of life is due each 500 ms, whatever guests do in between. */
Test(daemon_signals, signs_of_life)
{
	struct vvb_reply reply;

	d.env[0] = "WATCHDOG_USEC=1000000";
	start();
	for (int i = 0; i < 8; i++) {
		long long until = now_ms() + 350;

		while (now_ms() < until) {
			daemon_hear(&d);
			usleep(2000);
		}
		cr_assert(kernel_ask(&d.kernel, &request, &reply, 5000));
	}
	cr_expect(d.longest_ms >= 400 && d.longest_ms < 750, "%lld ms without a sign of life",
		  d.longest_ms);
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
