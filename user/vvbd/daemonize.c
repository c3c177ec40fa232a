// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemonize.h"
#include "log.h"

/* It has said why it ends, unless it could not. */
static void tell_end(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) == child && WIFSIGNALED(status))
		say(LOG_ERR, "ended by signal %d (%s) before it was ready", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
}

static void wait_for_child(int fd, pid_t child)
{
	char byte;
	ssize_t got;

	do
		got = read(fd, &byte, 1);
	while (got < 0 && errno == EINTR);
	if (got == 1)
		_exit(0);
	tell_end(child);
	_exit(1);
}

static bool is_file(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode);
}

static int begin_session(struct daemon *d)
{
	d->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	return d->null < 0 || setsid() < 0 ? -errno : 0;
}

int daemonize(struct daemon *d)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid) {
		close(ends[1]);
		wait_for_child(ends[0], pid);
	}
	close(ends[0]);
	d->tell = ends[1];
	return begin_session(d);
}

void daemonize_done(const struct daemon *d)
{
	if (d->tell < 0)
		return;
	for (int fd = 0; fd < 3; fd++)
		if (fd != STDERR_FILENO || !is_file(fd))
			dup3(d->null, fd, 0);
	close(d->null);
	if (write(d->tell, "", 1) < 0)
		return; /* the parent was killed; nothing depends on it */
	close(d->tell);
}
