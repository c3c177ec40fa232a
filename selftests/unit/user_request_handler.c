// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Who answers, and what becomes of it: handlers, traces, plugins, a reload. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake.h"
#include "vvbd/running_config.h"
#include "vvbd/log.h"
#include "vvbd/record.h"
#include "conf/safe_path.h"

#define VF1 0x101
#define VF2 0x102

static struct running_config config;
static struct counters served;
static char dir[64], file[96];

static void begin(void)
{
	cr_redirect_stderr();
	log_init(LOG_ERR, false);
	strcpy(dir, "/tmp/vvb-unit-XXXXXX");
	cr_assert_not_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/vvb.conf", dir);
	counters_add_vf(&served, VF1);
	counters_add_vf(&served, VF2);
}

static void end(void)
{
	char command[128];

	running_config_close(&config);
	free(served.vfs);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_expect_eq(system(command), 0);
}

TestSuite(user_request_handler, .init = begin, .fini = end);

/* %s in @text is the directory that the file is in. */
static void write_config(const char *text)
{
	FILE *to = fopen(file, "w");

	fprintf(to, text, dir, dir, dir);
	fclose(to);
}

static int start(const char *text)
{
	int err;

	write_config(text);
	err = running_config_open(&config, file);
	return err ? err : running_config_start(&config, -1, &served);
}

static struct vvb_request request = {
	.id = 42,
	.vf = VF1,
	.member = 1,
	.field = VVB_FIELD_DEVICE_FEATURES,
	.width = 4,
};

static const struct vvb_request read_mac = {
	.id = 43,
	.vf = VF1,
	.member = 1,
	.area = VVB_AREA_DEVICE,
	.field = VVB_FIELD_DEVICE_CONFIG,
	.width = 4,
	.offset = 1,
};

static int ask(struct vvb_request r, __u64 vf, struct vvb_reply *reply)
{
	r.vf = vf;
	return request_handlers_answer(&config.handlers, &r, reply);
}

static const char *trace(void)
{
	static char text[4096];
	char path[128];
	FILE *from;

	snprintf(path, sizeof(path), "%s/0000:01:00.1.trace", dir);
	from = fopen(path, "r");
	if (!from)
		return NULL;
	text[fread(text, 1, sizeof(text) - 1, from)] = '\0';
	fclose(from);
	return text;
}

static int lines(const char *text)
{
	int nr = 0;

	for (; text && *text; text++)
		nr += *text == '\n';
	return nr;
}

Test(user_request_handler, by_default_legacy_admin)
{
	struct vvb_reply reply;

	cr_assert_eq(start(""), 0);
	cr_expect_eq(ask(request, VF1, &reply), 3);
	cr_expect_eq(reply.action, VVB_REPLY_COMMAND);
	cr_expect_eq(reply.id, 42);
	cr_expect_eq(ask(request, 0x999, &reply), 3, "a VF that came without notice");
}

Test(user_request_handler, no_file)
{
	snprintf(file, sizeof(file), "%s/nosuch", dir);
	cr_expect_eq(running_config_open(&config, file), -ENOENT);
	running_config_close(&config);
	cr_expect_eq(running_config_open(&config, "/nosuch/vvb.conf"), -ENOENT);
}

/* Who could put one there is not trusted either. */
Test(user_request_handler, a_directory_for_a_file_to_come)
{
	struct complaint why = {};

	if (geteuid())
		cr_skip_test("only root can give directories away");
	snprintf(file, sizeof(file), "%s/nosuch/vvb.conf", dir);
	cr_expect_eq(safe_path_check(file, 0, &why), -ENOENT);
	cr_assert_eq(chown(dir, 12345, 0), 0);
	cr_expect_eq(safe_path_check(file, 0, &why), -EINVAL);
	cr_expect(strstr(why.text, "belongs to user 12345"), "%s", why.text);
}

Test(user_request_handler, wrong_file)
{
	cr_expect_eq(start("[all]\nhandler = y\n"), -EINVAL);
}

Test(user_request_handler, line_of_a_trace)
{
	struct vvb_request write = request;
	char line[160];
	int len;

	len = record_line(line, sizeof(line), 7, &write, 3);
	cr_expect_str_eq(line, "7 42 read device_features 0+4 - legacy_common_cfg_read\n");
	cr_expect_eq(len, (int)strlen(line));
	write.write = 1;
	write.field = VVB_FIELD_QUEUE_SELECT;
	write.offset = 14;
	write.width = 2;
	write.value = 0x12;
	record_line(line, sizeof(line), 8, &write, 0);
	cr_expect_str_eq(line, "8 42 write queue_select 14+2 0x0012 direct\n");
	memset(&write, 0xff, sizeof(write));
	cr_expect_lt(record_line(line, sizeof(line), ~0ULL >> 1, &write, 0xffff), 160);
}

Test(user_request_handler, record)
{
	struct vvb_reply reply;

	cr_assert_eq(start("[vvbd]\ntrace_dir = %s\n[vf 01:00.1]\nhandler = record\n"), 0);
	cr_expect_eq(ask(request, VF1, &reply), 3);
	cr_expect_eq(reply.action, VVB_REPLY_COMMAND);
	cr_expect_eq(ask(request, VF2, &reply), 3);
	cr_expect_eq(ask(request, VF1, &reply), 3);
	cr_expect_eq(lines(trace()), 2, "%s", trace());
	cr_expect(strstr(trace(), " 42 read device_features 0+4 - legacy_common_cfg_read\n"));
}

Test(user_request_handler, a_trace_has_an_end)
{
	struct vvb_reply reply;
	struct stat st;
	char path[128];

	cr_assert_eq(start("[vvbd]\ntrace_limit = 4K\ntrace_dir = %s\n"
			   "[all]\nhandler = record\n"),
		     0);
	for (int i = 0; i < 200; i++)
		cr_expect_eq(ask(request, VF1, &reply), 3);
	snprintf(path, sizeof(path), "%s/0000:01:00.1.trace", dir);
	cr_assert_eq(stat(path, &st), 0);
	cr_expect(st.st_size <= 4096 && st.st_size > 4000, "%ld", (long)st.st_size);
	running_config_reload(&config, &served); /* as long as it was: still none */
	cr_expect_eq(ask(request, VF1, &reply), 3);
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_leq(st.st_size, 4096);
}

/* As where a disk is full: there is no room for all of a line. */
Test(user_request_handler, no_half_of_a_line)
{
	struct rlimit limit = { 100, RLIM_INFINITY }, none = { RLIM_INFINITY, RLIM_INFINITY };
	struct vvb_reply reply;

	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(start("[vvbd]\ntrace_dir = %s\n[all]\nhandler = record\n"), 0);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 3; i++)
		cr_expect_eq(ask(request, VF1, &reply), 3);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	cr_expect_eq(lines(trace()), 1);
	cr_expect_eq(trace()[strlen(trace()) - 1], '\n', "%s", trace());
	running_config_reload(&config, &served); /* there is room again */
	cr_expect_eq(ask(request, VF1, &reply), 3);
	cr_expect_eq(lines(trace()), 2, "%s", trace());
}

/* Of all traces together, whatever the reloads. */
Test(user_request_handler, traces_have_an_end)
{
	struct vvb_reply reply;
	struct stat one, two;
	char path[128];

	cr_assert_eq(start("[vvbd]\ntrace_total = 8K\ntrace_limit = 6K\ntrace_dir = %s\n"
			   "[all]\nhandler = record\n"),
		     0);
	for (int i = 0; i < 200; i++) {
		cr_expect_eq(ask(request, VF1, &reply), 3);
		if (i == 20)
			running_config_reload(&config, &served);
	}
	running_config_reload(&config, &served);
	for (int i = 0; i < 200; i++)
		cr_expect_eq(ask(request, VF2, &reply), 3);
	snprintf(path, sizeof(path), "%s/0000:01:00.1.trace", dir);
	cr_assert_eq(stat(path, &one), 0);
	snprintf(path, sizeof(path), "%s/0000:01:00.2.trace", dir);
	cr_assert_eq(stat(path, &two), 0);
	cr_expect(one.st_size <= 6144 && one.st_size > 6000, "%ld", (long)one.st_size);
	cr_expect(one.st_size + two.st_size <= 8192 && one.st_size + two.st_size > 8000, "%ld",
		  (long)two.st_size);
	unlink(path); /* moved away: there is room for another */
	running_config_reload(&config, &served);
	cr_expect_eq(ask(request, VF2, &reply), 3);
	cr_assert_eq(stat(path, &two), 0);
	cr_expect_gt(two.st_size, 0);
}

/* A link that somebody left in the directory is not followed. */
Test(user_request_handler, a_trace_is_a_file)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/0000:01:00.1.trace", dir);
	cr_assert_eq(symlink("/dev/null", path), 0);
	cr_expect_eq(start("[vvbd]\ntrace_dir = %s\n[all]\nhandler = record\n"), -EINVAL);
	running_config_close(&config);
	unlink(path);
	cr_assert_eq(mkfifo(path, 0600), 0); /* nor is a pipe waited for */
	cr_expect_eq(start("[vvbd]\ntrace_dir = %s\n[all]\nhandler = record\n"), -EINVAL);
}

Test(user_request_handler, no_directory_of_traces)
{
	cr_expect_eq(start("[vvbd]\ntrace_dir = %s/nosuch\n"), -ENOENT);
}

Test(user_request_handler, plugin)
{
	struct vvb_reply reply;

	cr_assert_eq(start("[vf 01:00.1]\nhandler = exec-plugin\nplugin = " PLUGINS
			   "fixed-mac.so\narguments = 02:11:22:33:44:55\n"),
		     0);
	cr_expect_eq(ask(read_mac, VF1, &reply), 0);
	cr_expect_eq(reply.action, VVB_REPLY_VALUE);
	cr_expect_eq(reply.value, 0x44332211);
	cr_expect_eq(reply.id, 43);
	cr_expect_eq(ask(request, VF1, &reply), 3, "not about the address");
	cr_expect_eq(ask(read_mac, VF2, &reply), 5, "not its VF");
}

Test(user_request_handler, plugin_that_fails)
{
	struct vvb_request across = read_mac;
	struct vvb_reply reply;

	cr_assert_eq(start("[all]\nhandler = exec-plugin\nplugin = " PLUGINS
			   "fixed-mac.so\narguments = 02:11:22:33:44:55\n"),
		     0);
	across.offset = 4; /* its command goes to no session */
	cr_expect_lt(ask(across, VF1, &reply), 0);
	cr_expect_eq(reply.action, VVB_REPLY_DIRECT);
	cr_expect_eq(reply.id, 43);
	cr_expect_eq(reply.value, 0);
}

/* NONE tells the kernel to wait on, so that guest and all others would. */
Test(user_request_handler, plugin_that_answers_nothing)
{
	struct vvb_reply reply;

	cr_assert_eq(start("[vf 01:00.1]\nhandler = exec-plugin\nplugin = " PLUGINS
			   "plugin-odd.so\narguments = nothing\n"
			   "[vf 01:00.2]\nhandler = exec-plugin\nplugin = " PLUGINS
			   "plugin-odd.so\narguments = unknown\n"),
		     0);
	cr_expect_eq(ask(request, VF1, &reply), -EPROTO);
	cr_expect_eq(reply.action, VVB_REPLY_DIRECT);
	cr_expect_eq(reply.id, 42);
	cr_expect_eq(reply.value, 0);
	cr_expect_eq(ask(request, VF2, &reply), -EPROTO);
	cr_expect_eq(reply.action, VVB_REPLY_DIRECT);
}

#define PLUGIN(name) "[all]\nhandler = exec-plugin\nplugin = " PLUGINS name "\n"

Test(user_request_handler, plugins_that_are_none)
{
	cr_expect_eq(start(PLUGIN("nosuch.so")), -EINVAL);
	running_config_close(&config);
	cr_expect_eq(start(PLUGIN("plugin-none.so")), -EINVAL);
	running_config_close(&config);
	cr_expect_eq(start(PLUGIN("plugin-old.so")), -EINVAL);
	running_config_close(&config);
	cr_expect_eq(start(PLUGIN("plugin-bare.so")), -EINVAL);
	running_config_close(&config);
	cr_expect_eq(start(PLUGIN("fixed-mac.so") "arguments = no address\n"), -EINVAL);
}

Test(user_request_handler, reload)
{
	struct vvb_reply reply;

	cr_assert_eq(start("[vvbd]\ntrace_dir = %s\n"), 0);
	ask(request, VF1, &reply);
	cr_expect_null(trace());
	write_config("[vvbd]\ntrace_dir = %s\n[vf 01:00.1]\nhandler = record\n");
	running_config_reload(&config, &served);
	cr_expect_not(config.stale);
	ask(request, VF1, &reply);
	cr_expect_eq(lines(trace()), 1);
	unlink(file);
	write_config("[vvbd]\ntrace_dir = %s\n[vf 01:00.1]\nhandler = nosuch\n");
	running_config_reload(&config, &served);
	cr_expect(config.stale);
	ask(request, VF1, &reply);
	cr_expect_eq(lines(trace()), 2, "the one of before");
	write_config("");
	running_config_reload(&config, &served);
	cr_expect_not(config.stale);
	ask(request, VF1, &reply);
	cr_expect_eq(lines(trace()), 2);
}

/* Right in itself, but not to be had any more; VFs that are new get what there was. */
Test(user_request_handler, reload_with_what_was_not_there_at_the_start)
{
	struct vvb_reply reply;

	cr_assert_eq(start(""), 0);
	write_config("[vvbd]\ntrace_dir = %s\n[all]\nhandler = record\n");
	counters_add_vf(&served, 0x103);
	running_config_reload(&config, &served);
	cr_expect(config.stale);
	cr_expect_eq(ask(request, 0x103, &reply), 3);
	cr_expect_null(trace());
	write_config("[all]\nhandler = exec-plugin\nplugin = " PLUGINS "nosuch.so\n");
	running_config_reload(&config, &served);
	cr_expect(config.stale);
	cr_expect_eq(ask(request, VF1, &reply), 3);
}
