// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "fake.h"
#include "libvvb/vvb.h"
#include "protocol.h"

#define ARGS 24

/* ---- files ---- */

const char *daemon_path(struct daemon *d, const char *name)
{
	static char path[4][192];
	static int nr;

	nr = (nr + 1) % 4;
	snprintf(path[nr], sizeof(path[nr]), "%s/%s", d->dir, name);
	return path[nr];
}

void daemon_file(struct daemon *d, const char *name, const char *fmt, ...)
{
	FILE *file = fopen(daemon_path(d, name), "w");
	va_list args;

	cr_assert_not_null(file, "%s: %s", name, strerror(errno));
	va_start(args, fmt);
	vfprintf(file, fmt, args);
	va_end(args);
	cr_assert_eq(fclose(file), 0);
}

void daemon_vfs(struct daemon *d, int nr)
{
	static int made;
	char bdf[VVB_BDF_LEN];

	(void)d;
	for (; made < nr; made++) {
		vvb_bdf_format(DAEMON_VF(made), bdf);
		fake_vf(bdf, DAEMON_VF(made), (unsigned int)made + 1);
	}
}

static int listen_as_manager(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

void daemon_init(struct daemon *d)
{
	memset(d, 0, sizeof(*d));
	fake_tree();
	fake_driver("available\n", "");
	fake_file("", "sys/devices/none");
	snprintf(d->dir, sizeof(d->dir), "%s", getenv("VVB_SYSFS"));
	*strrchr(d->dir, '/') = '\0';
	kernel_start(&d->kernel, daemon_path(d, "kernel"));
	d->manager = listen_as_manager(daemon_path(d, "manager"));
}

void daemon_exit(struct daemon *d)
{
	if (d->pid && !d->ended) {
		kill(d->pid, SIGKILL);
		daemon_wait(d, 5000);
	}
	kernel_stop(&d->kernel);
	close(d->manager);
}

/* ---- the process ---- */

/* In a child of one thread that shares our memory as it was: nothing that takes a lock. */
static void __attribute__((noreturn)) run(struct daemon *d, char **env, int log)
{
	char pid[32];
	int nr;

	if (d->cwd && chdir(d->cwd))
		_exit(125);
	dup2(log, STDERR_FILENO);
	dup2(log, STDOUT_FILENO);
	if (d->handed_down) {
		dup2(open("/dev/null", O_RDWR), 3);
		snprintf(pid, sizeof(pid), "LISTEN_PID=%d", getpid());
		for (nr = 0; env[nr]; nr++)
			;
		env[nr++] = pid;
		env[nr++] = "LISTEN_FDS=1";
		env[nr++] = "LISTEN_FDNAMES=vvb-channel";
		env[nr] = NULL;
	}
	if (d->traced) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
	}
	execve(VVBD, d->argv, env);
	_exit(126);
}

static void note(struct daemon *d)
{
	struct __ptrace_syscall_info info = {};
	int nr;

	ptrace(PTRACE_GET_SYSCALL_INFO, d->pid, sizeof(info), &info);
	nr = info.op == PTRACE_SYSCALL_INFO_SECCOMP ? (int)info.seccomp.nr : -1;
	for (int i = 0; i < d->nr_forbidden; i++)
		if (d->forbidden[i] == nr)
			return;
	if (d->nr_forbidden < DAEMON_CALLS)
		d->forbidden[d->nr_forbidden++] = nr;
}

/* Return: over? */
static bool see(struct daemon *d, int status)
{
	int signal = WSTOPSIG(status);

	if (!WIFSTOPPED(status))
		return true;
	if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
		note(d);
	if (signal == SIGTRAP || (signal == SIGSTOP && !d->started))
		signal = 0;
	ptrace(PTRACE_SETOPTIONS, d->pid, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL);
	ptrace(PTRACE_CONT, d->pid, 0, signal);
	d->started = true;
	return false;
}

static int open_log(struct daemon *d)
{
	int ends[2];

	if (!d->piped)
		return open(daemon_path(d, "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	d->pipe = ends[0];
	return ends[1];
}

/* A tracer is a thread, so the one that begins it does all the waiting. */
static void *attend(void *arg)
{
	struct daemon *d = arg;
	char *env[28];
	int nr = 0, status = 0, log;

	for (int i = 0; d->env[i]; i++)
		env[nr++] = (char *)d->env[i];
	for (int i = 0; environ[i] && nr < 23; i++)
		if (!strncmp(environ[i], "VVB_", 4))
			env[nr++] = environ[i];
	env[nr] = NULL;
	log = open_log(d);
	d->pid = fork();
	if (!d->pid)
		run(d, env, log);
	close(log);
	d->started = !d->traced;
	while (waitpid(d->pid, &status, 0) == d->pid && !see(d, status))
		;
	d->status = status;
	d->ended = true;
	return NULL;
}

void daemon_start(struct daemon *d, ...)
{
	static char notify[192], fake[192], etc[192], preload[256], *argv[ARGS];
	int nr = 0, given = 0;
	va_list args;

	d->argv = argv;
	argv[nr++] = "vvbd";
	va_start(args, d);
	while (nr < ARGS - 1 && (argv[nr] = va_arg(args, char *)))
		nr++;
	va_end(args);
	argv[nr] = NULL;
	while (d->env[given])
		given++;
	snprintf(fake, sizeof(fake), FAKE_SOCKET "=%s/kernel", d->dir);
	snprintf(notify, sizeof(notify), "NOTIFY_SOCKET=%s/manager", d->dir);
	snprintf(preload, sizeof(preload), "LD_PRELOAD=" PLUGINS "kernel-side.so%s",
		 d->preload ? d->preload : "");
	setenv("VVB_DEVICE", "/dev/null", 1);
	snprintf(etc, sizeof(etc), FAKE_ETC "=%s/etc", d->dir);
	d->env[given] = fake;
	d->env[given + 1] = notify;
	d->env[given + 2] = preload;
	d->env[given + 3] = etc;
	d->env[given + 4] = d->traced ? FAKE_TRACE "=1" : NULL;
	d->ended = d->ready = d->started = false;
	d->nr_forbidden = 0;
	d->signs = 0;
	pthread_create(&d->thread, NULL, attend, d);
	while (!d->started)
		usleep(1000);
	for (int i = given; i < given + 5; i++)
		d->env[i] = NULL;
}

static long long ms_left(long long until)
{
	return until > now_ms() ? until - now_ms() : 0;
}

int daemon_wait(struct daemon *d, int ms)
{
	long long until = now_ms() + ms;

	while (!d->ended && ms_left(until))
		usleep(2000);
	if (!d->ended)
		return -1;
	if (d->pid)
		pthread_join(d->thread, NULL);
	d->pid = 0;
	return WIFEXITED(d->status) ? WEXITSTATUS(d->status) : 1000 + WTERMSIG(d->status);
}

/* ---- what it says ---- */

static void hear(struct daemon *d, const char *text, const struct msghdr *message)
{
	if (!strcmp(text, "WATCHDOG=1")) {
		d->signs++;
		return;
	}
	if (strstr(text, "FDSTOREREMOVE=1")) {
		d->removed++;
		d->kept = 0;
	}
	d->kept += message->msg_controllen > 0;
	d->ready |= strstr(text, "READY=1") != NULL;
	if (strstr(text, "RELOADING=1")) {
		d->ready = false;
		d->reloads++;
	}
	snprintf(d->last, sizeof(d->last), "%s", text);
}

void daemon_hear(struct daemon *d)
{
	char text[512], control[CMSG_SPACE(sizeof(int))];
	struct iovec data = { .iov_base = text, .iov_len = sizeof(text) - 1 };
	struct msghdr message;
	struct cmsghdr *passed;
	ssize_t len;

	for (;;) {
		message = (struct msghdr) { .msg_iov = &data,
					    .msg_iovlen = 1,
					    .msg_control = control,
					    .msg_controllen = sizeof(control) };
		len = recvmsg(d->manager, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (len < 0)
			return;
		text[len] = '\0';
		hear(d, text, &message);
		passed = CMSG_FIRSTHDR(&message);
		if (passed)
			close(*(int *)CMSG_DATA(passed));
	}
}

bool daemon_is_ready(struct daemon *d, int ms)
{
	long long until = now_ms() + ms;

	for (;;) {
		daemon_hear(d);
		if (d->ready || d->ended || !ms_left(until))
			return d->ready;
		usleep(2000);
	}
}

/* Return: what the last read returned. */
static ssize_t drain(struct daemon *d)
{
	FILE *to = fopen(daemon_path(d, "log"), "a");
	char text[512];
	ssize_t len;

	while ((len = read(d->pipe, text, sizeof(text))) > 0)
		fwrite(text, 1, (size_t)len, to);
	fclose(to);
	return len;
}

bool daemon_let_go(struct daemon *d, int ms)
{
	long long until = now_ms() + ms;

	while (drain(d))
		if (!ms_left(until))
			return false;
	return true;
}

const char *daemon_log(struct daemon *d)
{
	static char text[1 << 16];
	FILE *from;

	if (d->piped)
		drain(d);
	from = fopen(daemon_path(d, "log"), "r");

	text[0] = '\0';
	if (!from)
		return text;
	text[fread(text, 1, sizeof(text) - 1, from)] = '\0';
	fclose(from);
	return text;
}

bool daemon_says(struct daemon *d, const char *text, int ms)
{
	long long until = now_ms() + ms;

	while (!strstr(daemon_log(d), text)) {
		if (!ms_left(until) || d->ended)
			return false;
		daemon_hear(d);
		usleep(2000);
	}
	return true;
}

bool daemon_stats(struct daemon *d, int ms)
{
	long long until = now_ms() + ms;
	struct stat st;

	for (;;) { /* the file itself is there from the start */
		if (stat(daemon_path(d, "stats"), &st))
			return false;
		if (st.st_size || d->ended || !ms_left(until))
			return st.st_size;
		usleep(2000);
	}
}
