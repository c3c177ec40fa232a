// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The channel in a manager's keeping, with a manager of our own. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vvbd/fd_store.h"

#define HANDED 3

/* Is @fd open, and the same file as /dev/zero? Only in a child is 3 free for us to use. */
static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void hand_down(const char *pid, const char *nr, const char *names)
{
	char own[16];

	snprintf(own, sizeof(own), "%d", getpid());
	for (int fd = HANDED; fd < HANDED + 3; fd++)
		dup2(STDERR_FILENO, fd);
	setenv("LISTEN_PID", pid ? pid : own, 1);
	setenv("LISTEN_FDS", nr, 1);
	setenv("LISTEN_FDNAMES", names, 1);
}

/* What a child that was handed three descriptors takes, and leaves open, as bits; -1: none. */
static int taken(const char *pid, const char *nr, const char *names, int *open_after)
{
	int status, channel;
	pid_t child = fork();

	if (!child) {
		hand_down(pid, nr, names);
		channel = fd_store_take();
		if (getenv("LISTEN_PID") || getenv("LISTEN_FDS") || getenv("LISTEN_FDNAMES"))
			_exit(255);
		if (channel >= 0 && fcntl(channel, F_GETFD) != FD_CLOEXEC)
			_exit(254);
		_exit((channel < 0 ? 0 : channel) << 3 | is_open(HANDED) |
		      is_open(HANDED + 1) << 1 | is_open(HANDED + 2) << 2);
	}
	waitpid(child, &status, 0);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) < 254);
	*open_after = WEXITSTATUS(status) & 7;
	return WEXITSTATUS(status) >> 3 ? WEXITSTATUS(status) >> 3 : -1;
}

Test(user_fd_store, one_handed_down)
{
	int left;

	cr_expect_eq(taken(NULL, "1", "vvb-channel", &left), HANDED);
	cr_expect_eq(left, 7, "what was not handed down is not touched");
}

Test(user_fd_store, among_others)
{
	int left;

	cr_expect_eq(taken(NULL, "3", "socket:vvb-channel:vvb-channel", &left), HANDED + 1);
	cr_expect_eq(left, 2, "the others are closed");
	cr_expect_eq(taken(NULL, "2", "vvb-channels:vvb-chan", &left), -1);
	cr_expect_eq(left, 4);
	cr_expect_eq(taken(NULL, "2", "", &left), -1);
}

Test(user_fd_store, not_for_us)
{
	int left;

	cr_expect_eq(taken("1", "1", "vvb-channel", &left), -1);
	cr_expect_eq(left, 7);
	cr_expect_eq(taken(NULL, "0", "vvb-channel", &left), -1);
	cr_expect_eq(taken(NULL, "-1", "vvb-channel", &left), -1);
	cr_expect_eq(taken(NULL, "1x", "vvb-channel", &left), -1);
	cr_expect_eq(taken(NULL, "99999999999999999999", "vvb-channel", &left), -1);
	cr_expect_eq(left, 7);
}

/* One message: its text, and whether a descriptor came with it. */
static int receive(int fd, char *text, size_t size)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec data = { .iov_base = text, .iov_len = size - 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t len = recvmsg(fd, &message, MSG_DONTWAIT);
	struct cmsghdr *passed = CMSG_FIRSTHDR(&message);
	int got;

	cr_assert_geq(len, 0);
	text[len] = '\0';
	cr_assert(passed && passed->cmsg_type == SCM_RIGHTS);
	memcpy(&got, CMSG_DATA(passed), sizeof(got));
	return got;
}

Test(user_fd_store, given_away)
{
	char text[64], through[2] = "";
	int ends[2], pipes[2], got;
	ssize_t len;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
	cr_assert_eq(pipe(pipes), 0);
	cr_assert_eq(fd_store_put(ends[0], pipes[1]), 0);
	len = recv(ends[1], text, sizeof(text) - 1, MSG_DONTWAIT);
	cr_assert_gt(len, 0);
	text[len] = '\0';
	cr_expect_str_eq(text, "FDSTOREREMOVE=1\nFDNAME=vvb-channel", "what was there goes first");
	got = receive(ends[1], text, sizeof(text));
	cr_expect_str_eq(text, "FDSTORE=1\nFDNAME=vvb-channel");
	cr_assert_eq(write(got, "x", 1), 1);
	cr_assert_eq(read(pipes[0], through, 1), 1);
	cr_expect_str_eq(through, "x");
}

Test(user_fd_store, to_nobody)
{
	int ends[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
	close(ends[1]);
	cr_expect_lt(fd_store_put(ends[0], 0), 0);
	cr_expect_eq(fd_store_put(-1, 0), -EBADF);
}
