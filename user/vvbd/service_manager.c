// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "service_manager.h"

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

int manager_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	return path ? connect_to(path) : -1;
}

int manager_no_wait(int fd)
{
	return fd < 0 || !fcntl(fd, F_SETFL, O_NONBLOCK) ? 0 : -errno;
}

bool manager_send(int fd, const char *state)
{
	size_t len = strlen(state);

	while (fd >= 0 && write(fd, state, len) < 0)
		if (errno != EINTR)
			return errno != EAGAIN; /* when the manager is gone, we are not */
	return true;
}
