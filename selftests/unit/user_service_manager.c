// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a service manager is told, as systemd wants it, spoken to a socket of our own. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "vvbd/service_manager.h"

/* A manager listening at @path, '@' for an abstract name. */
static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	size_t len = strlen(path);

	memcpy(address.sun_path, path, len);
	if (*path == '@')
		address.sun_path[0] = '\0';
	cr_assert_eq(
		bind(fd, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + len),
		0);
	setenv("NOTIFY_SOCKET", path, 1);
	return fd;
}

static void hears(int fd, const char *wanted)
{
	char text[64];
	ssize_t len = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	cr_assert_geq(len, 0);
	text[len] = '\0';
	cr_expect_str_eq(text, wanted);
}

Test(user_service_manager, no_manager)
{
	unsetenv("NOTIFY_SOCKET");
	cr_expect_eq(manager_open(), -1);
	manager_send(-1, "READY=1");
}

Test(user_service_manager, a_socket_in_a_directory)
{
	char path[64];
	int listening, fd;

	snprintf(path, sizeof(path), "/tmp/vvb-unit-notify-%d", getpid());
	listening = listen_at(path);
	fd = manager_open();
	unlink(path);
	cr_assert_geq(fd, 0);
	manager_send(fd, "READY=1");
	hears(listening, "READY=1");
	manager_send(fd, "STOPPING=1");
	hears(listening, "STOPPING=1");
}

Test(user_service_manager, an_abstract_socket)
{
	char path[64];
	int listening;

	snprintf(path, sizeof(path), "@vvb-unit-notify-%d", getpid());
	listening = listen_at(path);
	manager_send(manager_open(), "READY=1");
	hears(listening, "READY=1");
}

Test(user_service_manager, a_manager_that_does_not_read)
{
	char path[64], text[8];
	int listening, fd, nr = 0;

	snprintf(path, sizeof(path), "@vvb-unit-notify-%d", getpid());
	listening = listen_at(path);
	fd = manager_open();
	cr_assert_eq(manager_no_wait(fd), 0);
	while (nr < 100000 && manager_send(fd, "X"))
		nr++;
	cr_expect(nr > 0 && nr < 100000, "%d", nr);
	cr_assert_eq(recv(listening, text, sizeof(text), 0), 1);
	cr_expect(manager_send(fd, "X"), "there is room again");
	close(listening);
	cr_expect(manager_send(fd, "X"), "nobody to try it again for");
	cr_expect_eq(manager_no_wait(-1), 0);
	cr_expect_eq(manager_no_wait(1 << 20), -EBADF);
}

Test(user_service_manager, a_manager_that_is_gone)
{
	setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
	cr_expect_eq(manager_open(), -ENOENT);
	setenv("NOTIFY_SOCKET", "", 1);
	cr_expect_eq(manager_open(), -EINVAL);
}
