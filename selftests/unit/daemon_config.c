// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What is in force is what the file says that one sees; and nothing else is said to be. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"

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

TestSuite(daemon_config, .init = begin, .fini = end);

/* It has started, and said so. */
static void starts(const char *config, const char *says)
{
	if (config)
		daemon_start(&d, "--foreground", "--config", config, NULL);
	else
		daemon_start(&d, "--foreground", NULL);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
	cr_expect(daemon_says(&d, says, 0), "wanted '%s', the log: %s", says, daemon_log(&d));
}

static void reload(const char *says)
{
	d.ready = false;
	cr_assert_eq(truncate(daemon_path(&d, "log"), 0), 0);
	kill(d.pid, SIGHUP);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
	cr_expect(daemon_says(&d, says, 2000), "wanted '%s', the log: %s", says, daemon_log(&d));
}

#define TWO_LINES "[vf 0000:10:00.0]\nhandler = legacy-admin\n"

Test(daemon_config, a_directory_that_comes_later)
{
	starts(NULL, "/etc/vvb/vvb.conf: no such file: the defaults are in force");
	reload("/etc/vvb/vvb.conf: no such file: the defaults are in force");
	mkdir(daemon_path(&d, "etc"), 0755);
	daemon_file(&d, "etc/vvb.conf", "# wrong\n[all]\nhandler = nosuch\n");
	reload("/etc/vvb/vvb.conf:3: handler: what is 'nosuch'?");
	cr_expect(strstr(d.last, "the configuration is wrong"), "%s", d.last);
	daemon_file(&d, "etc/vvb.conf", TWO_LINES);
	reload("/etc/vvb/vvb.conf: 2 lines, 1 sections: in force");
	cr_expect_null(strstr(d.last, "the configuration is wrong"), "%s", d.last);
	unlink(daemon_path(&d, "etc/vvb.conf"));
	reload("/etc/vvb/vvb.conf: no such file: the defaults are in force");
}

/* Others than root read the configuration to come there: whatever root keeps from them elsewhere. */
Test(daemon_config, a_directory_made_under_a_umask)
{
	struct stat st;
	mode_t before;

	if (geteuid())
		cr_skip_test("only root makes it");
	before = umask(0077);
	starts(NULL, "/etc/vvb: made, for a configuration to come");
	cr_assert_eq(stat(daemon_path(&d, "etc"), &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0755, "%04o", st.st_mode & 07777);
	umask(before);
}

/* What else it makes stays as private as the umask says. */
Test(daemon_config, other_files_under_a_umask)
{
	struct stat st;
	mode_t before = umask(0077);

	daemon_start(&d, "--foreground", "--stats-file", daemon_path(&d, "stats"), NULL);
	cr_assert(daemon_is_ready(&d, 20000), "the log: %s", daemon_log(&d));
	umask(before);
	cr_assert_eq(stat(daemon_path(&d, "stats"), &st), 0);
	cr_expect_eq(st.st_mode & 07777, 0600, "%04o", st.st_mode & 07777);
}

Test(daemon_config, a_file_that_comes_later)
{
	mkdir(daemon_path(&d, "etc"), 0755);
	starts(NULL, "no such file: the defaults are in force");
	daemon_file(&d, "etc/vvb.conf", TWO_LINES "\n\n");
	reload("4 lines, 1 sections: in force");
}

/* Links lead on, also to another file than before. */
Test(daemon_config, a_link)
{
	mkdir(daemon_path(&d, "etc"), 0755);
	mkdir(daemon_path(&d, "real"), 0755);
	daemon_file(&d, "real/one", TWO_LINES);
	daemon_file(&d, "real/two", TWO_LINES "# more\n");
	cr_assert_eq(symlink("../real/one", daemon_path(&d, "etc/vvb.conf")), 0);
	starts(daemon_path(&d, "etc/vvb.conf"), "2 lines, 1 sections: in force");
	daemon_file(&d, "real/one", TWO_LINES "# more\n# and more\n");
	reload("4 lines, 1 sections: in force");
	unlink(daemon_path(&d, "etc/vvb.conf"));
	cr_assert_eq(symlink("../real/two", daemon_path(&d, "etc/vvb.conf")), 0);
	reload("3 lines, 1 sections: in force");
}

/* Not the file of the old directory, which is still there but not what one sees. */
Test(daemon_config, another_directory_in_its_place)
{
	mkdir(daemon_path(&d, "etc"), 0755);
	daemon_file(&d, "etc/vvb.conf", TWO_LINES);
	starts(daemon_path(&d, "etc/vvb.conf"), "2 lines");
	cr_assert_eq(rename(daemon_path(&d, "etc"), daemon_path(&d, "old")), 0);
	mkdir(daemon_path(&d, "etc"), 0755);
	daemon_file(&d, "etc/vvb.conf", TWO_LINES "# new\n");
	reload("restart it");
	cr_expect(daemon_says(&d, "the configuration of before stays in force", 0));
	cr_expect_not(daemon_says(&d, "lines, ", 0));
}

Test(daemon_config, what_is_no_file)
{
	daemon_file(&d, "vvb.conf", TWO_LINES);
	starts(daemon_path(&d, "vvb.conf"), "2 lines");
	unlink(daemon_path(&d, "vvb.conf"));
	reload("vvb.conf: No such file");
	cr_expect(daemon_says(&d, "the configuration of before stays in force", 0));
	mkdir(daemon_path(&d, "vvb.conf"), 0755);
	reload("vvb.conf: not a file");
	rmdir(daemon_path(&d, "vvb.conf"));
	mkfifo(daemon_path(&d, "vvb.conf"), 0600);
	reload("vvb.conf: not a file");
}

Test(daemon_config, checked)
{
	daemon_start(&d, "--check-config", NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 0);
	cr_expect_neq(access(daemon_path(&d, "etc"), F_OK), 0, "it has made a directory");
	cr_expect(daemon_says(&d, "vvb.conf: no such file: the defaults would be in force\n", 0));
	daemon_file(&d, "right.conf", TWO_LINES);
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, "right.conf"), NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 0);
	cr_expect(daemon_says(&d, "right.conf: 2 lines, 1 sections: would be in force\n", 0));
	daemon_start(&d, "--check-config", "--config", daemon_path(&d, ""), NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 1);
	cr_expect(daemon_says(&d, "not a file", 0));
}

/* ---- whose files are believed ---- */

static void refused(const char *says)
{
	daemon_start(&d, "--foreground", "--config", daemon_path(&d, "etc/vvb.conf"), NULL);
	cr_expect_eq(daemon_wait(&d, 10000), 1);
	cr_expect(daemon_says(&d, says, 0), "wanted '%s', the log: %s", says, daemon_log(&d));
	cr_assert_eq(truncate(daemon_path(&d, "log"), 0), 0);
}

static void own(const char *name, uid_t uid, mode_t mode)
{
	if (geteuid())
		cr_skip_test("only root can give files away");
	cr_assert_eq(chown(daemon_path(&d, name), uid, 0), 0);
	cr_assert_eq(chmod(daemon_path(&d, name), mode), 0);
}

Test(daemon_config, of_others)
{
	char wanted[128];

	mkdir(daemon_path(&d, "etc"), 0755);
	daemon_file(&d, "etc/vvb.conf", TWO_LINES);
	own("etc/vvb.conf", 12345, 0644);
	snprintf(wanted, sizeof(wanted),
		 "vvbd: %s/etc/vvb.conf: belongs to user 12345; it must be root's\n", d.dir);
	refused(wanted);
	own("etc/vvb.conf", 0, 0664);
	refused("etc/vvb.conf: others may write to it, mode 0664");
	own("etc/vvb.conf", 0, 0646);
	refused("etc/vvb.conf: others may write to it, mode 0646");
	own("etc/vvb.conf", 0, 0644);
	own("etc", 12345, 0755);
	refused("etc: belongs to user 12345");
	own("etc", 0, 0757);
	refused("etc: others may write to it, mode 0757");
	own("etc", 0, 01777); /* as /tmp is */
	starts(daemon_path(&d, "etc/vvb.conf"), "2 lines");
	own("etc/vvb.conf", 0, 0666);
	reload("etc/vvb.conf: others may write to it, mode 0666");
	cr_expect(daemon_says(&d, "the configuration of before stays in force", 0));
	own("etc/vvb.conf", 0, 0600);
	reload("2 lines");
}

/* A link that others can turn to another file, of whoever that is. */
Test(daemon_config, a_link_of_others)
{
	mkdir(daemon_path(&d, "etc"), 0755);
	daemon_file(&d, "real", TWO_LINES);
	cr_assert_eq(symlink("../real", daemon_path(&d, "etc/vvb.conf")), 0);
	own("etc", 12345, 0755);
	refused("etc: belongs to user 12345");
}

/* A copy of a plugin that works, which root owns; and a configuration that names @path. */
static void plugin_at(const char *path)
{
	char command[512];

	snprintf(command, sizeof(command), "install -m 644 %sfixed-mac.so %s/plugin.so", PLUGINS,
		 d.dir);
	cr_assert_eq(system(command), 0);
	daemon_file(&d, "etc/vvb.conf",
		    "[all]\nhandler = exec-plugin\narguments = 02:00:00:00:00:01\n"
		    "plugin = %s/%s\n",
		    d.dir, path);
}

static void link_to(const char *target, const char *name)
{
	cr_assert_eq(symlink(target, daemon_path(&d, name)), 0);
}

/*
 * On the way to a good file, all in good directories: who owns one of the links, or the directory
 * of one, can turn it to another file a moment later.
 */
Test(daemon_config, links_on_the_way)
{
	own("", 0, 0755);
	mkdir(daemon_path(&d, "etc"), 0755);
	mkdir(daemon_path(&d, "theirs"), 0755);
	link_to("..", "theirs/dir"); /* stands for a directory */
	link_to("../plugin.so", "theirs/file"); /* in the middle */
	link_to("theirs/file", "to-theirs");
	link_to("plugin.so", "sticky"); /* as one in /tmp that is somebody's */
	link_to("sticky", "to-sticky");
	own("theirs", 12345, 0755);
	cr_assert_eq(lchown(daemon_path(&d, "sticky"), 12345, 0), 0);
	plugin_at("theirs/dir/plugin.so");
	refused("theirs: belongs to user 12345");
	plugin_at("to-theirs");
	refused("theirs: belongs to user 12345");
	plugin_at("sticky");
	refused("sticky: belongs to user 12345");
	plugin_at("to-sticky");
	refused("sticky: belongs to user 12345");
}

/* Links of those who are trusted lead on, whatever their form; and each way has an end. */
Test(daemon_config, links_that_are_trusted)
{
	char target[256];

	own("", 0, 0755);
	mkdir(daemon_path(&d, "etc"), 0755);
	mkdir(daemon_path(&d, "lib"), 0755);
	snprintf(target, sizeof(target), "%s//lib/./../one/", d.dir);
	link_to(target, "whole");
	link_to("lib", "one");
	link_to("../plugin.so", "lib/two");
	link_to("round", "round");
	plugin_at("whole/two");
	starts(daemon_path(&d, "etc/vvb.conf"), "4 lines");
	kill(d.pid, SIGTERM);
	cr_assert_eq(daemon_wait(&d, 10000), 0);
	plugin_at("round");
	refused("round: Too many levels of symbolic links");
	plugin_at("plugin.so/two");
	refused("plugin.so/two: Not a directory");
	plugin_at("lib/nosuch");
	refused("lib/nosuch: No such file or directory");
}

Test(daemon_config, plugins_of_others)
{
	mkdir(daemon_path(&d, "etc"), 0755);
	plugin_at("plugin.so");
	own("plugin.so", 12345, 0755);
	refused("vvb.conf:4: ");
	own("plugin.so", 0, 0775);
	refused("plugin.so: others may write to it, mode 0775");
	own("", 12345, 0755);
	refused("belongs to user 12345");
	own("", 0, 0755);
	own("plugin.so", 0, 0644);
	starts(daemon_path(&d, "etc/vvb.conf"), "4 lines");
}
