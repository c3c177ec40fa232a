/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The configuration that is in force, and the file that it is read from, again and again. */
#ifndef VVBD_CONFIGURATION_H
#define VVBD_CONFIGURATION_H

#include "counters.h"
#include "handler.h"

/**
 * struct configuration
 * @path:	of the file, from the root
 * @must_be:	it was asked for by name
 * @stale:	the file is wrong: what was in force before still is
 */
struct configuration {
	char *path;
	bool must_be;
	bool stale;
	struct surroundings around;
	struct handlers handlers;
};

/**
 * configuration_open - read the file for the first time; load plugins, open the directory of traces
 * @c:		filled in
 * @path:	of the file, NULL for the default one, which need not be there
 *
 * Says what is wrong. To be called with all rights. Return: 0 or -errno.
 */
int configuration_open(struct configuration *c, const char *path);

/**
 * configuration_directories - where the file will be looked for again
 * @c:		that was opened
 * @dirs:	filled in with descriptors, -1 for none: of the file's directory, and if the file
 *		is a link, of the one that it leads to
 *
 * The sandbox can let us read what there is only. Where the default directory is missing it is made;
 * who may not make it keeps the right to read the nearest directory above.
 */
void configuration_directories(const struct configuration *c, int dirs[2]);

/*
 * Put the handlers to work, for the VFs of @served, with the rights that we are to keep. Says
 * what is in force, or wrong. Return: 0 or -errno.
 */
int configuration_start(struct configuration *c, int session, const struct counters *served);

/* Read the file again. What is wrong is said, and changes nothing for VFs served already. */
void configuration_reload(struct configuration *c, const struct counters *served);

void configuration_close(struct configuration *c);

#endif /* VVBD_CONFIGURATION_H */
