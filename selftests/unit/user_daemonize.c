// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <criterion/criterion.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vvbd/daemonize.h"

/* In a child, as daemonize() ends the process that calls it. */
static int status_of_parent(int ready)
{
	struct daemon d;
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (daemonize(&d))
			_exit(3);
		if (ready)
			daemonize_done(&d);
		_exit(2);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(user_daemonize, the_parent_tells_how_it_went)
{
	cr_expect_eq(status_of_parent(1), 0);
	cr_expect_eq(status_of_parent(0), 1);
}
