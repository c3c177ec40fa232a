// SPDX-License-Identifier: GPL-2.0-only
/* No policy: holds the host before it freezes its tasks, when all have been told that it sleeps. */
#include "hold.h"

SEC("fentry/freeze_processes") int BPF_PROG(hold_sleep)
{
	hold_ms(6000);
	return 0;
}
