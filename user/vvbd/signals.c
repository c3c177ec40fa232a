// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <signal.h>
#include <stddef.h>

#include "signals.h"

static volatile sig_atomic_t end, reload, stats;
static volatile __s32 *volatile cut_short;

static void on_signal(int signal)
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
	if (cut_short)
		*cut_short = 0;
}

void signals_init(void)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
	struct sigaction action = { .sa_handler = on_signal }; /* no SA_RESTART */

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a trace or the stats file at the limit for files is an error */
}

void signals_cut_short(volatile __s32 *timeout_ms)
{
	cut_short = timeout_ms;
}

/*
 * Only a flag that is set is cleared. One that is set between the two had been set before, and
 * both are answered by what the caller does now.
 */
static bool take_flag(volatile sig_atomic_t *flag)
{
	if (!*flag)
		return false;
	*flag = 0;
	return true;
}

bool signals_take(struct signals *taken)
{
	taken->end = take_flag(&end);
	taken->reload = take_flag(&reload);
	taken->stats = take_flag(&stats);
	return taken->end || taken->reload || taken->stats;
}
