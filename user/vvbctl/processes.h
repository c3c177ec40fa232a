/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Which processes have a file open. Those of other users are for root to see. */
#ifndef VVBCTL_PROCESSES_H
#define VVBCTL_PROCESSES_H

#include <json-c/json.h>

/* One more for a list of {"pid", "name"}; @pid is a directory's name below /proc. Once each. */
void process_add(json_object *list, const char *pid);

/* Add those that have it open; @target: what /proc/PID/fd/N leads to. */
void processes_with(json_object *list, const char *target);

#endif /* VVBCTL_PROCESSES_H */
