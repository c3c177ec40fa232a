/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Which VFs we serve: those that the options name, or all that let us. */
#ifndef VVBD_CLAIM_H
#define VVBD_CLAIM_H

#include "counters.h"
#include "options.h"

/**
 * claim_vfs - claim what is there and not ours yet
 * @session:	of /dev/vvb
 * @options:	which VFs; none named: all that are bound to the driver
 * @served:	tells which are ours then
 * @level:	LOG_* of what is said of VFs that are not to be had
 *
 * Return: 0, or -errno when one named is not to be had.
 */
int claim_vfs(int session, const struct options *options, struct counters *served, int level);

/*
 * Hear of VFs that come and go, by notices; and have them at once, where none are named. An older module
 * that knows no such thing is told of in the log. Return: 0, -errno.
 */
int claim_coming(int session, const struct options *options);

/* Give back what the options do not name: the daemon before us may have served others. */
int disclaim_others(int session, const struct options *options);

#endif /* VVBD_CLAIM_H */
