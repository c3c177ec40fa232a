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

int notify_no_wait(int fd)
{
	return fd < 0 || !fcntl(fd, F_SETFL, O_NONBLOCK) ? 0 : -errno;
}

bool notify_send(int fd, const char *state)
{
	size_t len = strlen(state);

	while (fd >= 0 && write(fd, state, len) < 0)
		if (errno != EINTR)
			return errno != EAGAIN; /* when the manager is gone, we are not */
	return true;
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

static int begin_session(struct background *b)
{
	b->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	return b->null < 0 || setsid() < 0 ? -errno : 0;
}

int background(struct background *b)
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
	b->tell = ends[1];
	return begin_session(b);
}

void background_ready(const struct background *b)
{
	if (b->tell < 0)
		return;
	for (int fd = 0; fd < 3; fd++)
		if (fd != STDERR_FILENO || !is_file(fd))
			dup3(b->null, fd, 0);
	close(b->null);
	if (write(b->tell, "", 1) < 0)
		return; /* the parent was killed; nothing depends on it */
	close(b->tell);
}
