// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <sched.h>
#include <sys/mman.h>

#include "check.h"
#include "clock.h"

void clock_steady(void)
{
	const struct sched_param first = { .sched_priority = 50 };

	if (sched_setscheduler(0, SCHED_FIFO, &first) || mlockall(MCL_CURRENT | MCL_FUTURE))
		check_die("SCHED_FIFO: %s", strerror(errno));
}
