// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Each in a child: there is no way back. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vvbd/landlock.h"

static int tries(const char *path, int flags)
{
	int fd = open(path, flags, 0600), err = errno;

	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 0 : err;
}

/* Return: 0, or the number of the line that is not as it should be. */
static int restricted(const char *dir, bool writable)
{
	int fd = open(dir, O_PATH | O_DIRECTORY), proc = open("/proc", O_PATH | O_DIRECTORY);
	int denied, version;
	char path[96];

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	version = landlock_restrict(&proc, 1, writable ? fd : -1);
	if (version < 0)
		return __LINE__;
	denied = version ? EACCES : 0; /* without it everything is as it was */
	if (tries("/proc/self/status", O_RDONLY))
		return __LINE__;
	if (tries("/etc/passwd", O_RDONLY) != denied || tries("/", O_RDONLY) != denied)
		return __LINE__;
	snprintf(path, sizeof(path), "%s/new", dir);
	if (tries(path, O_WRONLY | O_CREAT | O_APPEND) != (writable ? 0 : denied))
		return __LINE__;
	if (writable && tries(path, O_RDONLY) != denied)
		return __LINE__;
	return 0;
}

static int in_child(bool writable)
{
	char dir[] = "/tmp/vvb-unit-XXXXXX", command[64];
	int status;
	pid_t pid;

	cr_assert_not_null(mkdtemp(dir));
	pid = fork();
	if (!pid)
		_exit(restricted(dir, writable));
	waitpid(pid, &status, 0);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_expect_eq(system(command), 0);
	cr_expect(WIFEXITED(status) && !WEXITSTATUS(status), "line %d", WEXITSTATUS(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(user_landlock, reading_only)
{
	cr_expect_eq(in_child(false), 0);
}

Test(user_landlock, writing_in_one_place)
{
	cr_expect_eq(in_child(true), 0);
}
