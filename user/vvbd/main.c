// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbd - answers the register accesses that the policies of VFs punt to userspace, each
 * with the virtio administration command that carries it out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemonize.h"
#include "log.h"
#include "sandbox.h"
#include "serve.h"
#include "service_manager.h"
#include "signals.h"

static int failed(const char *what, int err)
{
	say(LOG_ERR, "%s: %s", what, strerror(-err));
	return 1;
}

static const char *device_hint(int err)
{
	if (err == -ENOENT)
		return "/dev/vvb (is the module " VVB_DRIVER " loaded?)";
	return err == -EACCES ? "/dev/vvb (it is for root and the group vvbd)" : "/dev/vvb";
}

static const char *why_not_ours(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a file";
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return NULL;
	return errno == EWOULDBLOCK ? "another vvbd has it" : strerror(errno);
}

/*
 * Locked as long as we live, so that a second daemon finds it taken; and left as it was, so that
 * the second one takes nothing away. Return: fd, or -1 once said why.
 */
static int open_ours(const char *option, const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0644);
	const char *why = fd < 0 ? strerror(errno) : why_not_ours(fd);

	if (!why)
		return fd;
	say(LOG_ERR, "%s %s: %s", option, path, why);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Before anything that another daemon could notice. Return: have we all that are wanted? */
static bool open_files(struct server *s, int *pid_fd)
{
	const struct options *options = s->options;

	if (options->pid_file)
		*pid_fd = open_ours("--pid-file", options->pid_file);
	if (options->pid_file && *pid_fd < 0)
		return false;
	if (options->stats_file)
		s->stats_fd = open_ours("--stats-file", options->stats_file);
	return !options->stats_file || s->stats_fd >= 0;
}

/* We are the one: what a daemon before us has left in them goes. */
static int begin_files(const struct server *s, int pid_fd)
{
	if (pid_fd >= 0 && (ftruncate(pid_fd, 0) || dprintf(pid_fd, "%d\n", getpid()) < 0))
		return -errno;
	return s->stats_fd >= 0 && ftruncate(s->stats_fd, 0) ? -errno : 0;
}

/* What we open is not to become the terminal of somebody who has given us none. */
static int open_stdio(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	return fd < 0 || close(fd) ? -errno : 0;
}

static int enter_sandbox(struct server *s)
{
	struct sandbox sandbox = {
		.user = s->options->user,
		.writable = s->config.env.trace_fd,
		.connects = s->config.env.forwards,
	};
	int err;

	running_config_directories(&s->config, sandbox.readable);
	err = sandbox_enter(&sandbox);
	for (int i = 0; i < 2; i++)
		if (sandbox.readable[i] >= 0)
			close(sandbox.readable[i]);
	return err;
}

/* With a module that is not loaded it is for serve_open() to say so. */
static bool speaks_with_module(void)
{
	char why[256], version[VVB_VERSION_LEN];
	int err = vvb_driver_api(why, sizeof(why));

	if (err && err != -ENOENT)
		say(LOG_ERR, "%s", why);
	else if (!vvb_driver_version(version) && strcmp(version, VVB_VERSION))
		say(LOG_WARNING,
		    "module " VVB_DRIVER " is of version %s, this vvbd of " VVB_VERSION
		    ": they were not tried together",
		    version);
	return !err || err == -ENOENT;
}

/* VFs that would be served: those of the command line, or all that are bound. Return: how many. */
static int would_serve(const struct options *options, __u64 **vfs)
{
	struct vvb_vf *bound;
	int nr;

	*vfs = options->vfs;
	if (options->nr_vfs)
		return options->nr_vfs;
	nr = vvb_vf_list(&bound);
	*vfs = nr > 0 ? calloc(nr, sizeof(**vfs)) : NULL;
	for (int i = 0; *vfs && i < nr; i++)
		(*vfs)[i] = bound[i].id;
	free(bound);
	return *vfs ? nr : 0;
}

/* What a plugin thinks of its arguments only its start() tells. Return: 0 or -errno, once said. */
static int check_plugins(struct server *s)
{
	__u64 *vfs;
	int nr, err;

	if (!running_config_has_plugins(&s->config))
		return 0;
	nr = would_serve(s->options, &vfs);
	err = enter_sandbox(s);
	if (!err)
		err = running_config_try(&s->config, vfs, nr);
	if (vfs != s->options->vfs)
		free(vfs);
	return err;
}

/* Everything that needs rights, and then giving them up. Return: exit status, 0 to go on. */
static int prepare(struct server *s, int *pid_fd)
{
	const struct options *options = s->options;
	int err = sandbox_check(&(struct sandbox) { .user = options->user });

	if (err)
		return 1;
	err = running_config_open(&s->config, options->config);
	if (!err && options->check)
		err = check_plugins(s);
	if (err || options->check)
		return err ? 1 : 0;
	if (!speaks_with_module())
		return 1;
	s->manager_fd = manager_open();
	if (s->manager_fd < -1)
		say(LOG_WARNING, "NOTIFY_SOCKET: %s", strerror(-s->manager_fd));
	if (!open_files(s, pid_fd))
		return 1;
	err = serve_open(s);
	if (err)
		return failed(s->session >= 0 ? "VFs" : device_hint(err), err);
	err = manager_no_wait(s->manager_fd);
	if (err)
		return failed("NOTIFY_SOCKET", err);
	watchdog_init(&s->watchdog, s->manager_fd);
	err = begin_files(s, *pid_fd);
	if (err)
		return failed("pid or stats file", err);
	if (!options->foreground && chdir("/")) /* all paths have been looked at */
		return failed("/", -errno);
	if (enter_sandbox(s))
		return 1;
	err = running_config_start(&s->config, s->session, &s->counters);
	return err ? 1 : 0;
}

static int run(struct server *s, const struct daemon *daemon)
{
	int pid_fd = -1, err;

	signals_init();
	if (prepare(s, &pid_fd))
		return 1;
	if (s->options->check) {
		running_config_tell_checked(&s->config);
		return 0;
	}
	say(LOG_NOTICE, "ready");
	serve_ready(s);
	daemonize_done(daemon);
	err = serve(s);
	manager_send(s->manager_fd, "STOPPING=1");
	say(LOG_NOTICE, "ends after %llu requests", s->counters.requests);
	if (pid_fd >= 0 && ftruncate(pid_fd, 0))
		say(LOG_WARNING, "pid file: %s", strerror(errno));
	return err ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct options options;
	struct server server = {
		.options = &options,
		.channel = -1,
		.session = -1,
		.manager_fd = -1,
		.stats_fd = -1,
	};
	enum options_result result = options_parse(&options, argc, argv);
	struct daemon daemon = { .tell = -1 };
	int ret;

	if (result == OPTIONS_DONE) /* if it could be written */
		return fflush(stdout) || ferror(stdout) ? failed("standard output", -errno) : 0;
	if (result == OPTIONS_WRONG)
		return 2;
	log_init(options.log_level, log_is_journal(getenv("JOURNAL_STREAM")));
	if (options.check)
		options.foreground = true;
	ret = open_stdio();
	if (ret)
		return failed("/dev/null", ret);
	ret = options.foreground ? 0 : daemonize(&daemon);
	if (ret)
		return failed("going to the background", ret);
	ret = run(&server, &daemon);
	forwards_free(&server.forwards);
	running_config_close(&server.config);
	free(server.counters.vfs);
	free(options.vfs);
	return ret;
}
