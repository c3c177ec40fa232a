// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* How vvbd starts, and what keeps it from starting. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "fake.h"
#include "protocol.h"

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

TestSuite(daemon_start, .init = begin, .fini = end);

static void refused(const char *says)
{
	int status = daemon_wait(&d, 10000);

	cr_expect_eq(status, 1, "%d", status);
	cr_expect(strstr(daemon_log(&d), says), "wanted: %s; the log: %s", says, daemon_log(&d));
}

/* Rights are a thread's own: it would keep what vvbd gives up. */
Test(daemon_start, a_plugin_with_a_thread)
{
	daemon_file(&d, "vvb.conf", "[all]\nhandler = exec-plugin\nplugin = %s\n",
		    PLUGINS "plugin-thread.so");
	daemon_start(&d, "--foreground", "--config", daemon_path(&d, "vvb.conf"), NULL);
	refused("plugin-thread.so: starts threads, and may start none");
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), NULL);
	refused("vvb.conf:3: ");
}

/*
 * One that is over by itself is none: the kernel may list a thread a moment longer than
 * pthread_join() waits for it, so vvbd looks again.
 */
Test(daemon_start, a_thread_that_is_over)
{
	daemon_file(&d, "vvb.conf", "[all]\nhandler = exec-plugin\nplugin = %s\n",
		    PLUGINS "plugin-brief.so");
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 0, "the log: %s", daemon_log(&d));
	d.preload = " " PLUGINS
		    "plugin-brief.so"; /* nobody waits for it between this and the sandbox */
	daemon_start(&d, "--foreground", NULL);
	cr_expect(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
}

/* Not a plugin's, but of something that came with one, or with the C library. */
Test(daemon_start, a_thread_of_nobody)
{
	d.preload = " " PLUGINS "plugin-thread.so";
	daemon_start(&d, "--foreground", NULL);
	refused("2 threads");
}

#define WITH_PLUGIN(vf, name, with) \
	"[" vf "]\nhandler = exec-plugin\nplugin = " PLUGINS name ".so\narguments = " with "\n"

/* Plugins begin as they would, with the rights that they would have; and nothing else does. */
Test(daemon_start, plugins_that_are_only_looked_at)
{
	daemon_file(&d, "vvb.conf", WITH_PLUGIN("all", "fixed-mac", "nonsense"));
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), NULL);
	refused("vvb.conf:4: fixed-mac does not start for 0000:10:00.0: Invalid argument");
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), "--vf",
		     "0000:20:00.7", NULL);
	refused("vvb.conf:4: fixed-mac does not start for 0000:20:00.7: Invalid argument");
	daemon_file(&d, "vvb.conf", WITH_PLUGIN("vf 0000:30:00.7", "fixed-mac", "nonsense"));
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), NULL);
	refused("vvb.conf:4: fixed-mac does not start for 0000:30:00.7: Invalid argument");
	daemon_file(&d, "vvb.conf", WITH_PLUGIN("all", "fixed-mac", "52:54:00:12:34:56"));
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 0, "the log: %s", daemon_log(&d));
	cr_expect(strstr(daemon_log(&d), "would be in force"), "%s", daemon_log(&d));
}

/* A trace would be begun, or gone on with. */
Test(daemon_start, what_is_only_looked_at_records_nothing)
{
	struct stat st;

	mkdir(daemon_path(&d, "traces"), 0755);
	daemon_file(&d, "vvb.conf",
		    "[vvbd]\ntrace_dir = %s\n[vf 0000:10:00.1]\nhandler = record\n" WITH_PLUGIN(
			    "all", "fixed-mac", "52:54:00:12:34:56"),
		    daemon_path(&d, "traces"));
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 0, "the log: %s", daemon_log(&d));
	cr_expect_neq(stat(daemon_path(&d, "traces/0000:10:00.1.trace"), &st), 0);
}

/* Levels are for the journal: a unit's stderr may be a file, of which the variable knows nothing. */
Test(daemon_start, levels_in_the_log)
{
	char stream[64];
	struct stat st;

	d.env[0] = "JOURNAL_STREAM=8:12345";
	daemon_start(&d, "--foreground", "--user", "nosuch", NULL);
	refused("vvbd: --user nosuch");
	cr_expect_null(strstr(daemon_log(&d), "<"), "%s", daemon_log(&d));
	cr_assert_eq(stat(daemon_path(&d, "log"), &st), 0);
	snprintf(stream, sizeof(stream), "JOURNAL_STREAM=%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino);
	d.env[0] = stream;
	daemon_start(&d, "--foreground", "--user", "nosuch", NULL);
	refused("<3>--user nosuch");
}

/* What is wrong, where, and what would be right. */
Test(daemon_start, what_is_missing)
{
	d.env[0] = "VVB_DEVICE=/nosuch"; /* before the one of the test */
	daemon_start(&d, "--foreground", NULL);
	refused("/dev/vvb (is the module virtio_vfio_bpf loaded?): No such file or directory");
	d.env[0] = NULL;
	daemon_file(&d, "vvb.conf", "[vvbd]\ntrace_dir = /nosuch\n");
	daemon_start(&d, "--foreground", "--config", daemon_path(&d, "vvb.conf"), NULL);
	refused("vvb.conf: trace_dir /nosuch: No such file or directory");
}

/* A value out of a file, on a terminal; and no second line that looks like one of vvbd's. */
Test(daemon_start, what_it_says_is_shown_safely)
{
	daemon_file(&d, "vvb.conf", "[all]\nhandler = \033[31mx\rvvbd: ready\n");
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "vvb.conf"), NULL);
	refused("vvb.conf:2: handler: what is '\\x1b[31mx\\x0dvvbd: ready'?");
	cr_expect_null(strchr(daemon_log(&d), '\033'));
}

/* Who asks for help and gets none is told so. */
Test(daemon_start, output_that_can_not_be_written)
{
	char command[512];

	for (int i = 0; i < 2; i++) {
		snprintf(command, sizeof(command), "%s %s >/dev/full 2>>%s", VVBD,
			 i ? "--version" : "--help", daemon_path(&d, "log"));
		cr_expect_eq(system(command) >> 8, 1);
	}
	cr_expect(strstr(daemon_log(&d), "vvbd: standard output: No space left on device"), "%s",
		  daemon_log(&d));
}

/* ---- two of them ---- */

static char text_of_file[256];

static const char *text_of(const char *name)
{
	FILE *from = fopen(daemon_path(&d, name), "r");

	cr_assert_not_null(from);
	text_of_file[fread(text_of_file, 1, sizeof(text_of_file) - 1, from)] = '\0';
	fclose(from);
	return text_of_file;
}

/* A second one that is not to be, and how it ends. */
static int run_another(const char *arguments)
{
	char command[1024];

	snprintf(command, sizeof(command),
		 "LD_PRELOAD=%skernel-side.so " FAKE_SOCKET "=%s " FAKE_ETC
		 "=%s timeout -s KILL 10 %s --foreground %s 2>>%s",
		 PLUGINS, daemon_path(&d, "kernel"), daemon_path(&d, "etc"), VVBD, arguments,
		 daemon_path(&d, "log"));
	return system(command) >> 8;
}

Test(daemon_start, another_takes_nothing_away)
{
	char pid[256], other[256];

	daemon_file(&d, "stats", "of an earlier life, which has ended\n");
	daemon_start(&d, "--foreground", "--pid-file", daemon_path(&d, "pid"), "--stats-file",
		     daemon_path(&d, "stats"), NULL);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
	cr_expect_str_empty(text_of("stats"));
	kill(d.pid, SIGUSR1);
	for (int i = 0; i < 1000 && !*text_of("stats"); i++)
		usleep(5000);
	strcpy(pid, text_of("pid"));
	snprintf(other, sizeof(other), "--pid-file %s --stats-file %s", daemon_path(&d, "pid"),
		 daemon_path(&d, "stats"));
	cr_expect_eq(run_another(other), 1);
	cr_expect(strstr(daemon_log(&d), "/pid: another vvbd has it"), "%s", daemon_log(&d));
	snprintf(other, sizeof(other), "--stats-file %s", daemon_path(&d, "stats"));
	cr_expect_eq(run_another(other), 1);
	cr_expect(strstr(daemon_log(&d), "/stats: another vvbd has it"), "%s", daemon_log(&d));
	cr_expect_eq(strncmp(text_of("stats"), "{\"requests\":0,", 13), 0, "%s", text_of_file);
	cr_expect_str_eq(text_of("pid"), pid);
}

Test(daemon_start, files_that_are_none)
{
	daemon_start(&d, "--foreground", "--stats-file", "/dev/null", NULL);
	refused("--stats-file /dev/null: not a file");
	daemon_start(&d, "--foreground", "--pid-file", d.dir, NULL);
	refused(": Is a directory");
	daemon_start(&d, "--foreground", "--pid-file", "/nosuch/pid", NULL);
	refused("--pid-file /nosuch/pid: No such file or directory");
}

/* ---- what the manager has kept ---- */

/* The channel is one, and stays in the store for the next start. */
Test(daemon_start, a_channel_that_has_to_wait)
{
	static const struct {
		const char *env, *says;
	} errors[] = { { FAKE_SESSION "=24", "Too many open files" },
		       { FAKE_SESSION "=12", "Cannot allocate memory" },
		       { FAKE_SESSION "=16", "Device or resource busy" } };

	d.handed_down = true;
	for (int i = 0; i < 3; i++) {
		d.env[0] = errors[i].env;
		daemon_start(&d, "--foreground", NULL);
		refused(errors[i].says);
		daemon_hear(&d);
		cr_expect_eq(d.kept, 0);
		cr_expect_str_empty(d.last, "the manager was told: %s", d.last);
	}
}

/* What is none makes room for one. */
Test(daemon_start, what_is_no_channel)
{
	d.handed_down = true;
	d.env[0] = FAKE_SESSION "=25";
	daemon_start(&d, "--foreground", NULL);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
	cr_expect(daemon_says(&d, "the file descriptor handed down is no channel", 0));
	cr_expect_eq(d.kept, 1);
	cr_expect_eq(d.removed, 1);
}

/* ---- in the background ---- */

/* The process behind the one that we have started, which it has ended by now. */
static pid_t hidden(void)
{
	FILE *file = fopen(daemon_path(&d, "pid"), "r");
	int pid = 0;

	cr_assert_not_null(file);
	cr_assert_eq(fscanf(file, "%d", &pid), 1);
	fclose(file);
	return pid;
}

static void end_hidden(pid_t pid)
{
	cr_assert_eq(kill(pid, SIGTERM), 0);
	for (int i = 0; i < 1000 && !kill(pid, 0); i++)
		usleep(5000);
}

/* What goes wrong after it has left its parent is told all the same. */
Test(daemon_start, in_the_background_errors_are_told)
{
	d.piped = true;
	daemon_start(&d, "--user", "nosuch", NULL);
	refused("--user nosuch: no such user");
	daemon_file(&d, "vvb.conf",
		    "[all]\nhandler = exec-plugin\nplugin = " PLUGINS
		    "fixed-mac.so\narguments = none\n");
	daemon_start(&d, "--config", daemon_path(&d, "vvb.conf"), NULL);
	refused("vvb.conf:4: fixed-mac does not start for 0000:10:00.");
}

Test(daemon_start, in_the_background_paths_are_where_it_was_started)
{
	pid_t pid;

	d.piped = true;
	d.cwd = d.dir;
	daemon_file(&d, "vvb.conf", "[all]\nhandler = record\n[vvbd]\ntrace_dir = %s\n", d.dir);
	daemon_start(&d, "--config", "vvb.conf", "--pid-file", "pid", "--stats-file", "stats",
		     NULL);
	cr_assert_eq(daemon_wait(&d, 20000), 0, "the log: %s", daemon_log(&d));
	cr_expect(daemon_let_go(&d, 5000), "it has kept its stderr");
	pid = hidden();
	daemon_file(&d, "vvb.conf", "[vvbd]\ntrace_dir = %s\n", d.dir);
	daemon_hear(&d);
	d.ready = false;
	kill(pid, SIGHUP);
	cr_expect(daemon_is_ready(&d, 5000) || !kill(pid, 0));
	cr_expect_null(strstr(d.last, "wrong"), "%s", d.last);
	end_hidden(pid);
	cr_expect_eq(access(daemon_path(&d, "stats"), R_OK), 0);
}

/* A log file is kept. */
Test(daemon_start, in_the_background_with_a_log)
{
	pid_t pid;

	daemon_start(&d, "--pid-file", daemon_path(&d, "pid"), NULL);
	cr_assert_eq(daemon_wait(&d, 20000), 0, "the log: %s", daemon_log(&d));
	pid = hidden();
	end_hidden(pid);
	cr_expect(daemon_says(&d, "ends after 0 requests", 5000));
}

/* Nothing is made or claimed before that is known. */
Test(daemon_start, a_user_that_is_none)
{
	daemon_start(&d, "--foreground", "--user", "nosuch", "--stats-file",
		     daemon_path(&d, "stats"), NULL);
	refused("vvbd: --user nosuch: no such user\n");
	cr_expect_null(strchr(strchr(daemon_log(&d), '\n') + 1, '\n'), "%s", daemon_log(&d));
	cr_expect_neq(access(daemon_path(&d, "etc"), F_OK), 0);
	cr_expect_neq(access(daemon_path(&d, "stats"), F_OK), 0);
	daemon_hear(&d);
	cr_expect_eq(d.kept, 0);
}

/* That speaks the same language: it is worth a word, and no more. */
Test(daemon_start, a_module_of_another_release)
{
	fake_file("0.0.1\n", "sys/module/virtio_vfio_bpf/version");
	daemon_start(&d, "--foreground", NULL);
	cr_expect(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
	cr_expect(
		strstr(daemon_log(&d), "module virtio_vfio_bpf is of version 0.0.1, this vvbd of "),
		"%s", daemon_log(&d));
}

/* Nothing is opened, claimed or left with the manager. */
Test(daemon_start, a_module_of_another_version)
{
	fake_file("2\n", FAKE_API_VERSION);
	daemon_start(&d, "--foreground", NULL);
	refused("this program is older than module virtio_vfio_bpf (version 1");
	fake_remove(FAKE_API_VERSION);
	daemon_start(&d, "--foreground", NULL);
	refused("module virtio_vfio_bpf is older than this program (version 0");
	daemon_hear(&d);
	cr_expect_eq(d.kept, 0);
	cr_expect_eq(d.kernel.claims, 0);
	daemon_start(&d, "--check-config", NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 0, "the log: %s", daemon_log(&d));
}
