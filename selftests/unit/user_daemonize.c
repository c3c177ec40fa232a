// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vvbd/daemonize.h"

enum end {
	READY,
	ENDED,
	KILLED
};

/* What the processes have said. */
static char said[256];

static void run(enum end end)
{
	struct daemon d;

	if (daemonize(&d))
		_exit(3);
	if (end == READY)
		daemonize_done(&d);
	else if (end == KILLED)
		raise(SIGKILL);
	_exit(2);
}

/* In a child, as daemonize() ends the process that calls it. */
static int status_of_parent(enum end end)
{
	FILE *log = tmpfile();
	int status;
	pid_t pid = fork();

	if (!pid) {
		dup2(fileno(log), STDERR_FILENO);
		run(end);
	}
	waitpid(pid, &status, 0);
	rewind(log);
	said[fread(said, 1, sizeof(said) - 1, log)] = '\0';
	fclose(log);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(user_daemonize, the_parent_tells_how_it_went)
{
	cr_expect_eq(status_of_parent(READY), 0);
	cr_expect_eq(status_of_parent(ENDED), 1);
	cr_expect_str_eq(said, "", "who ends says why");
}

/* By the sandbox, or for want of memory: it can't say anything. */
Test(user_daemonize, the_parent_tells_of_a_child_that_was_killed)
{
	cr_expect_eq(status_of_parent(KILLED), 1);
	cr_expect_str_eq(said, "vvbd: ended by signal 9 (Killed) before it was ready\n");
}
