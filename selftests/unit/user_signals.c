// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * No signal is lost, whenever it comes: a child is stepped through what vvbd does before it waits,
 * one instruction at a time, and gets a signal after the first, after the second, and so on.
 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vvbd/signals.h"

/* ---- the child: rounds of which each begins and ends with a stop ---- */

static volatile __s32 timeout_ms;

/* How often a reload was asked for in this round. */
static int reloads(bool wait)
{
	struct signals taken = {};
	int nr = 0;

	raise(SIGUSR1); /* there is something to take in any case */
	raise(SIGSTOP);
	timeout_ms = 5000;
	signals_take(&taken);
	raise(SIGSTOP); /* the wait */
	nr += taken.reload;
	if (wait)
		return nr || !timeout_ms;
	while (signals_take(&taken))
		nr += taken.reload;
	return nr;
}

static void child(bool wait)
{
	signals_init();
	signals_cut_short(&timeout_ms);
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	while (reloads(wait) == 1) {
		struct signals rest;

		while (signals_take(&rest))
			;
	}
	_exit(1);
}

/* ---- the parent ---- */

static int go(pid_t pid, int how, int signal)
{
	int status = 0;

	ptrace(how, pid, 0, signal);
	waitpid(pid, &status, 0);
	return WIFSTOPPED(status) ? WSTOPSIG(status) : -1;
}

static int to_stop(pid_t pid, int signal)
{
	do /* other signals are on their way to the child */
		signal = go(pid, PTRACE_CONT, signal == SIGSTOP ? 0 : signal);
	while (signal > 0 && signal != SIGSTOP);
	return signal;
}

/* Return: how many instructions there are; -1 - n when a signal was lost after n of them. */
static int step_through(bool wait)
{
	pid_t pid = fork();
	int status, nr;

	if (!pid)
		child(wait);
	waitpid(pid, &status, 0);
	if (WSTOPSIG(status) != SIGSTOP)
		cr_assert_eq(to_stop(pid, WSTOPSIG(status)), SIGSTOP);
	for (nr = 0;; nr++) {
		int signal = SIGTRAP;

		for (int i = 0; i < nr && signal == SIGTRAP; i++)
			signal = go(pid, PTRACE_SINGLESTEP, 0);
		if (signal != SIGTRAP)
			break;
		if (to_stop(pid, SIGHUP) != SIGSTOP || to_stop(pid, 0) != SIGSTOP) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return -1 - nr;
		}
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return nr;
}

Test(user_signals, none_is_lost_as_they_are_taken)
{
	int nr = step_through(false);

	cr_expect(nr > 20, "%d", nr);
}

/* It is taken before the wait, or has set the time-out of the wait to 0 after it was set. */
Test(user_signals, none_is_missed_by_a_wait)
{
	int nr = step_through(true);

	cr_expect(nr > 20, "%d", nr);
}

Test(user_signals, each_has_its_flag)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
	struct signals taken;

	signals_init();
	cr_expect_not(signals_take(&taken));
	for (int i = 0; i < 4; i++) {
		raise(signals[i]);
		cr_assert(signals_take(&taken));
		cr_expect_eq(taken.end, i < 2);
		cr_expect_eq(taken.reload, i == 2);
		cr_expect_eq(taken.stats, i == 3);
		cr_expect_not(signals_take(&taken));
	}
}
