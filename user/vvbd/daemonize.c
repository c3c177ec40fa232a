// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemonize.h"

static void wait_for_child(int fd)
{
	char byte;

	_exit(read(fd, &byte, 1) == 1 ? 0 : 1);
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
		wait_for_child(ends[0]);
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
