// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <signal.h>
#include <unistd.h>

#include "signals.h"

static volatile sig_atomic_t came, end, reload, stats;

static void handle(int signal)
{
	switch (signal) {
	case SIGTERM:
	case SIGINT:
		end = 1;
		break;
	case SIGHUP:
		reload = 1;
		break;
	case SIGUSR1:
		stats = 1;
		break;
	}
	came = 1;
	alarm(1);
}

void signals_init(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGALRM };
	struct sigaction action = { .sa_handler = handle }; /* no SA_RESTART */

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static bool take(volatile sig_atomic_t *flag)
{
	bool was = *flag;

	*flag = 0;
	return was;
}

/* The alarm goes first: what comes after this sets it, and @came, anew. */
bool signals_take(struct signals *taken)
{
	if (!came)
		return false;
	came = 0;
	alarm(0);
	taken->end = take(&end);
	taken->reload = take(&reload);
	taken->stats = take(&stats);
	return true;
}
