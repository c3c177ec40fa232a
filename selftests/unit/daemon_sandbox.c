// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * All that vvbd does, under its own sandbox, with many VFs: first with a tracer that notes what the
 * filter of system calls would kill for, then without.
 */
#include <criterion/criterion.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"

static struct daemon d;

static void begin(void)
{
	daemon_init(&d);
	d.env[0] = "WATCHDOG_USEC=400000";
}

static void end(void)
{
	daemon_exit(&d);
}

TestSuite(daemon_sandbox, .init = begin, .fini = end);

static const struct vvb_request read_features = {
	.id = 7,
	.member = 1,
	.field = VVB_FIELD_DEVICE_FEATURES,
	.width = 4,
};

/* Across the end of the MAC address, so that a plugin has to run a command of its own. */
static const struct vvb_request read_mac = {
	.id = 8,
	.member = 1,
	.area = VVB_AREA_DEVICE,
	.field = VVB_FIELD_DEVICE_CONFIG,
	.offset = 4,
	.width = 4,
};

static unsigned int ask(struct vvb_request request, int nr)
{
	struct vvb_reply reply = {};

	request.vf = DAEMON_VF(nr);
	cr_assert(kernel_ask(&d.kernel, &request, &reply, 5000), "no answer; the log: %s",
		  daemon_log(&d));
	return reply.action;
}

/* Each handler for one of the first VFs. */
static void configure(const char *more)
{
	daemon_file(&d, "vvb.conf",
		    "[vvbd]\ntrace_dir = %s\ntrace_limit = 4K\n"
		    "[vf 0000:10:00.1]\nhandler = record\n"
		    "[vf 0000:10:00.2]\nhandler = exec-plugin\nplugin = " PLUGINS
		    "fixed-mac.so\narguments = 02:11:22:33:44:55\n"
		    "[vf 0000:10:00.3]\nhandler = exec-plugin\nplugin = " PLUGINS
		    "plugin-odd.so\narguments = free twice\n%s",
		    d.dir, more);
}

static void reload(const char *says)
{
	d.ready = false;
	cr_assert_eq(truncate(daemon_path(&d, "log"), 0), 0);
	kill(d.pid, SIGHUP);
	cr_assert(daemon_says(&d, says, 20000), "wanted '%s', status %d, the log: %s", says,
		  d.ended ? daemon_wait(&d, 0) : 0, daemon_log(&d));
	cr_assert(daemon_is_ready(&d, 20000));
}

static void answer_all(void)
{
	cr_expect_eq(ask(read_features, 0), VVB_REPLY_COMMAND);
	cr_expect_eq(ask(read_features, 1), VVB_REPLY_COMMAND);
	cr_expect_eq(ask(read_mac, 2), VVB_REPLY_VALUE);
}

static void live(int nr)
{
	configure("");
	daemon_vfs(&d, 4);
	daemon_start(&d, "--foreground", "--log-level=debug", "--config",
		     daemon_path(&d, "vvb.conf"), "--stats-file", daemon_path(&d, "stats"),
		     "--pid-file", daemon_path(&d, "pid"), NULL);
	cr_assert(daemon_is_ready(&d, 60000), "the log: %s", daemon_log(&d));
	answer_all();
	for (int i = 0; i < 80; i++) /* until the trace is full */
		ask(read_features, 1);
	daemon_vfs(&d, nr);
	reload("in force");
	cr_expect_eq(ask(read_features, nr - 1), VVB_REPLY_COMMAND, "a VF that came later");
	configure("[all]\nhandler = nosuch\n");
	reload("stays in force");
	answer_all();
	configure("[all]\nhandler = record\n");
	reload("in force");
	answer_all();
	kill(d.pid, SIGUSR1);
	cr_expect(daemon_stats(&d, 20000), "no counters");
	daemon_hear(&d);
	d.signs = 0;
	for (int i = 0; i < 4000 && !d.signs; i++) {
		usleep(5000);
		daemon_hear(&d);
	}
	cr_expect(d.signs, "no sign of life");
}

/* As where a disk is full: half a line can be taken back. */
static void no_room(void)
{
	struct rlimit limit, none = { RLIM_INFINITY, RLIM_INFINITY };
	struct stat st;
	char path[192];

	snprintf(path, sizeof(path), "%s/0000:10:00.1.trace", d.dir);
	unlink(path);
	reload("in force");
	ask(read_features, 1);
	cr_assert_eq(stat(path, &st), 0);
	limit = (struct rlimit) { (rlim_t)st.st_size + 30, RLIM_INFINITY };
	cr_assert_eq(prlimit(d.pid, RLIMIT_FSIZE, &limit, NULL), 0);
	for (int i = 0; i < 3; i++)
		ask(read_features, 1);
	cr_assert_eq(prlimit(d.pid, RLIMIT_FSIZE, &none, NULL), 0);
	limit.rlim_cur = (rlim_t)st.st_size;
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_size, limit.rlim_cur, "half a line: %ld bytes", (long)st.st_size);
}

static void no_memory(void)
{
	struct rlimit none = { 1 << 20, 1 << 20 };

	cr_assert_eq(prlimit(d.pid, RLIMIT_AS, &none, NULL), 0);
	daemon_file(&d, "vvb.conf", "# %08000000d\n", 1);
	reload("annot allocate memory");
	answer_all();
}

static void ends_with(int wanted)
{
	int status = daemon_wait(&d, 10000);

	cr_expect_eq(status, wanted, "%d; the log ends: %s", status,
		     strlen(daemon_log(&d)) > 600 ? strchr(daemon_log(&d), 0) - 600 :
						    daemon_log(&d));
	for (int i = 0; i < d.nr_forbidden; i++)
		cr_expect_fail("not in the filter: %s",
			       seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, d.forbidden[i]));
}

static void lives(int nr, bool traced)
{
	d.traced = traced;
	live(nr);
	no_room();
	no_memory();
	kill(d.pid, SIGTERM);
	ends_with(0);
}

/* What the C library finds broken it can still tell. */
static void dies(bool traced)
{
	struct vvb_reply reply;
	struct vvb_request request = read_features;

	d.traced = traced;
	request.vf = DAEMON_VF(3);
	configure("");
	daemon_vfs(&d, 4);
	daemon_start(&d, "--foreground", "--config", daemon_path(&d, "vvb.conf"), NULL);
	cr_assert(daemon_is_ready(&d, 60000), "the log: %s", daemon_log(&d));
	kernel_ask(&d.kernel, &request, &reply, 1000);
	ends_with(1000 + SIGABRT);
	cr_expect(daemon_says(&d, "double free", 0), "%s", daemon_log(&d));
}

Test(daemon_sandbox, traced_with_64_vfs)
{
	lives(64, true);
}

Test(daemon_sandbox, with_64_vfs)
{
	lives(64, false);
}

Test(daemon_sandbox, traced_with_1024_vfs)
{
	lives(1024, true);
}

Test(daemon_sandbox, with_1024_vfs)
{
	lives(1024, false);
}

Test(daemon_sandbox, traced_abort)
{
	dies(true);
}

Test(daemon_sandbox, abort)
{
	dies(false);
}
