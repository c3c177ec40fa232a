// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fd_store.h"
#include "service_manager.h"

#define FIRST_FD 3
#define NAME "vvb-channel"

/* A whole number out of the environment, -1 for none. */
static long variable(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long number;

	if (!text || !*text)
		return -1;
	errno = 0;
	number = strtol(text, &end, 10);
	return errno || *end || number < 0 ? -1 : number;
}

/* Is the @nr-th of names with colons between them ours? */
static bool is_channel(const char *names, long nr)
{
	while (nr-- && names) {
		names = strchr(names, ':');
		names = names ? names + 1 : NULL;
	}
	return names && strcspn(names, ":") == strlen(NAME) && !strncmp(names, NAME, strlen(NAME));
}

static int take_channel(const char *names, long nr)
{
	int channel = -1;

	for (long i = 0; i < nr; i++) {
		int fd = FIRST_FD + (int)i;

		if (channel < 0 && is_channel(names, i) && !fcntl(fd, F_SETFD, FD_CLOEXEC))
			channel = fd;
		else
			close(fd);
	}
	return channel;
}

int fd_store_take(void)
{
	long nr = variable("LISTEN_FDS");
	int channel = -1;

	if (variable("LISTEN_PID") == getpid() && nr > 0 && nr < INT_MAX - FIRST_FD)
		channel = take_channel(getenv("LISTEN_FDNAMES"), nr);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return channel;
}

int fd_store_put(int manager_fd, int channel)
{
	char state[] = "FDSTORE=1\nFDNAME=" NAME;
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	struct iovec data = { .iov_base = state, .iov_len = strlen(state) };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	struct cmsghdr *passed = CMSG_FIRSTHDR(&message);

	passed->cmsg_level = SOL_SOCKET;
	passed->cmsg_type = SCM_RIGHTS;
	passed->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(passed), &channel, sizeof(int));
	manager_send(manager_fd, "FDSTOREREMOVE=1\nFDNAME=" NAME);
	return sendmsg(manager_fd, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}
