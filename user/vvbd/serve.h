/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The daemon at work: one channel, one session, many VFs, one thread. */
#ifndef VVBD_SERVE_H
#define VVBD_SERVE_H

#include "counters.h"
#include "options.h"

/**
 * struct server
 * @options:	the command line
 * @channel, @session: of /dev/vvb
 * @stats_fd:	open stats file, or -1
 */
struct server {
	const struct options *options;
	int channel;
	int session;
	int stats_fd;
	struct counters counters;
};

/* Open the device and claim the VFs that the options name, or all. Return: 0 or -errno. */
int serve_open(struct server *s);

/* Claim what has appeared since. */
void serve_rescan(struct server *s);

/* Answer requests until a signal ends it. Return: 0, or -errno of what went wrong. */
int serve(struct server *s);

#endif /* VVBD_SERVE_H */
