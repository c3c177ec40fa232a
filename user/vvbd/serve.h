/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The daemon at work: one channel, one session, many VFs, one thread. */
#ifndef VVBD_SERVE_H
#define VVBD_SERVE_H

#include "counters.h"
#include "forward.h"
#include "options.h"
#include "running_config.h"
#include "watchdog.h"

/**
 * struct server
 * @options:	the command line
 * @channel, @session: of /dev/vvb
 * @manager_fd:	the service manager's socket, or -1
 * @untold:	what it had no room for and must get: that we reload, and that we are ready; "" for
 *		nothing
 * @stats_fd:	open stats file, or -1
 * @answered:	the VF that the last reply is about
 */
struct server {
	const struct options *options;
	int channel;
	int session;
	int manager_fd;
	char untold[2][128];
	int stats_fd;
	struct watchdog watchdog;
	struct running_config config;
	struct counters counters;
	struct forwards forwards;
	__u64 answered;
};

/*
 * Open the device, or take up the channel that a daemon before us left with the service
 * manager, and claim the VFs that the options name, or all. Return: 0 or -errno.
 */
int serve_open(struct server *s);

/* Tell who started us that requests are being answered. */
void serve_ready(struct server *s);

/* Answer requests until a signal ends it. Return: 0, or -errno of what went wrong. */
int serve(struct server *s);

#endif /* VVBD_SERVE_H */
