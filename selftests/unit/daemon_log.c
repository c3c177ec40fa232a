// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The log: of a request it names the VF, as the id alone leads nowhere; and what has ended vvbd. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "daemon.h"

#define TAKEN_MS 3000 /* within that vvbd has taken a request, also on a loaded machine */

static struct daemon d;

static void begin(void)
{
	daemon_init(&d);
	daemon_vfs(&d, 2);
}

static void end(void)
{
	daemon_exit(&d);
}

TestSuite(daemon_log, .init = begin, .fini = end);

static const struct vvb_request read_features = {
	.id = 7,
	.vf = DAEMON_VF(1),
	.member = 1,
	.field = VVB_FIELD_DEVICE_FEATURES,
	.width = 4,
};

static void starts(void)
{
	daemon_start(&d, "--foreground", "--log-level=debug", "--config",
		     daemon_path(&d, "vvb.conf"), NULL);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
}

static void says(const char *text)
{
	cr_expect(daemon_says(&d, text, 5000), "wanted '%s', the log: %s", text, daemon_log(&d));
}

Test(daemon_log, a_plugin_that_answers_nothing)
{
	struct vvb_reply reply = {};

	daemon_file(&d, "vvb.conf",
		    "[all]\nhandler = exec-plugin\nplugin = " PLUGINS
		    "plugin-odd.so\narguments = unknown\n");
	starts();
	cr_assert(kernel_ask(&d.kernel, &read_features, &reply, 5000));
	says("0000:10:00.1: odd: answers with action 77, which answers nothing\n");
	says("0000:10:00.1: request 7: read device_features at 0+4\n");
	says("0000:10:00.1: reply 7: left to the kernel\n");
}

/* An ordinary system call, of which vvbd makes none: it ends, and says why. */
Test(daemon_log, a_plugin_that_sleeps)
{
	struct vvb_reply reply = {};
	char wanted[64];
	int status;

	daemon_file(&d, "vvb.conf",
		    "[all]\nhandler = exec-plugin\nplugin = " PLUGINS
		    "plugin-odd.so\narguments = sleep\n");
	starts();
	kernel_ask(&d.kernel, &read_features, &reply, 1000);
	status = daemon_wait(&d, 10000);
	cr_expect_eq(status, 1000 + SIGSYS, "%d", status);
	snprintf(wanted, sizeof(wanted), "system call %d (clock_nanosleep) is not allowed here",
		 SYS_clock_nanosleep);
	says(wanted);
}

/* Which, why and where. The words of a policy do nothing to a terminal, and begin no line. */
Test(daemon_log, an_ejection)
{
	struct vvb_request notice = { .vf = DAEMON_VF(0), .kind = VVB_REQUEST_EJECTED };
	struct vvb_reply reply = {};

	daemon_file(&d, "vvb.conf", "[all]\nhandler = legacy-admin\n");
	starts();
	kernel_ask(&d.kernel, &notice, &reply, TAKEN_MS);
	says("0000:10:00.0: policy mine was ejected: it reported an error of its own, code -7, "
	     "\"no\\x1b\\x0aqueue\", at a read of queue_size, 2 bytes at 12\n");
	notice.vf = DAEMON_VF(1);
	kernel_ask(&d.kernel, &notice, &reply, TAKEN_MS);
	says("0000:10:00.1: its policy was ejected; why: another has been selected since\n");
}

Test(daemon_log, a_request_of_no_register)
{
	struct vvb_request request = read_features;
	struct vvb_reply reply = {};

	daemon_file(&d, "vvb.conf", "[all]\nhandler = legacy-admin\n");
	starts();
	request.width = 16;
	cr_assert(kernel_ask(&d.kernel, &request, &reply, 5000));
	says("0000:10:00.1: field 0, area 0, 0+16: left to the kernel\n");
}

/* It stands still with a reply in hand, until another request is there. */
Test(daemon_log, a_reply_that_comes_too_late)
{
	struct vvb_request request = read_features;
	struct vvb_reply reply = {};

	daemon_file(&d, "vvb.conf", "[all]\nhandler = legacy-admin\n");
	starts();
	kernel_signal_at_exchange(&d.kernel, d.pid, SIGSTOP);
	cr_expect_not(kernel_ask(&d.kernel, &request, &reply, TAKEN_MS));
	request.id = 8;
	request.vf = DAEMON_VF(0);
	cr_expect_not(kernel_ask(&d.kernel, &request, &reply, 0));
	kill(d.pid, SIGCONT);
	says("0000:10:00.1: a reply came too late\n");
}
