/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The configuration that is in force, and the file that it is read from, again and again. */
#ifndef VVBD_CONFIGURATION_H
#define VVBD_CONFIGURATION_H

#include "counters.h"
#include "handler.h"

/**
 * struct configuration
 * @path:	of the file, for messages
 * @name:	of the file in @dir, which stays open, as files get replaced
 * @dir:	-1 when there is no file to be read
 * @must_be:	it was asked for by name
 * @stale:	the file is wrong: what was in force before still is
 */
struct configuration {
	const char *path;
	const char *name;
	int dir;
	bool must_be;
	bool stale;
	struct surroundings around;
	struct handlers handlers;
};

/**
 * configuration_open - read the file for the first time; load plugins, open the directory of traces
 * @c:		filled in
 * @path:	of the file, NULL for the usual one, which need not be there
 *
 * Says what is wrong. To be called with all rights. Return: 0 or -errno.
 */
int configuration_open(struct configuration *c, const char *path);

/*
 * Put the handlers to work, for the VFs of @served, with the rights that we are to keep. Says
 * what is wrong. Return: 0 or -errno.
 */
int configuration_start(struct configuration *c, int session, const struct counters *served);

/* Read the file again. What is wrong is said, and changes nothing for VFs served already. */
void configuration_reload(struct configuration *c, const struct counters *served);

void configuration_close(struct configuration *c);

#endif /* VVBD_CONFIGURATION_H */
