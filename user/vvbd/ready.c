// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ready.h"

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd, err;

	if (len < 2 || len >= sizeof(address.sun_path))
		return -EINVAL;
	memcpy(address.sun_path, path, len);
	if (path[0] == '@')
		address.sun_path[0] = '\0'; /* abstract: a name, not a file */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + len))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	return path ? connect_to(path) : -1;
}

void notify_send(int fd, const char *state)
{
	if (fd >= 0 && write(fd, state, strlen(state)) < 0)
		return; /* the manager is gone; we are not */
}

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

/*
 * Terminals are left behind, and pipes, whose readers would wait for our end. A log file
 * given as stderr is kept.
 */
static int detach(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), fd;

	if (null < 0)
		return -errno;
	for (fd = 0; fd < 3; fd++)
		if (fd != STDERR_FILENO || !is_file(fd))
			dup2(null, fd);
	if (null > 2)
		close(null);
	return setsid() < 0 || chdir("/") ? -errno : 0;
}

int background(void)
{
	int ends[2], err;
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
	err = detach();
	return err ? err : ends[1];
}

void background_ready(int fd)
{
	if (fd < 0)
		return;
	if (write(fd, "", 1) < 0)
		return; /* the parent was killed; nothing depends on it */
	close(fd);
}
