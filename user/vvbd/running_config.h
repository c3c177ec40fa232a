/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The configuration that is in force, and the file that it is read from, again and again. */
#ifndef VVBD_RUNNING_CONFIG_H
#define VVBD_RUNNING_CONFIG_H

#include "counters.h"
#include "request_handler.h"

/**
 * struct running_config - what vvbd goes by now
 * @path:	of the file, from the root
 * @must_be:	it was asked for by name
 * @stale:	the file is wrong: what was in force before still is
 */
struct running_config {
	char *path;
	bool must_be;
	bool stale;
	struct handler_env env;
	struct request_handlers handlers;
};

/**
 * running_config_open - read the file for the first time; load plugins, open the directory of traces
 * @c:		filled in
 * @path:	of the file, NULL for the default one, which need not be there
 *
 * Says what is wrong. To be called with all rights. Return: 0 or -errno.
 */
int running_config_open(struct running_config *c, const char *path);

/* Does the file of one that is only looked at name a plugin? */
bool running_config_has_plugins(const struct running_config *c);

/**
 * running_config_try - have the plugins begin with their VFs, as they would, and end
 * @c:		that was opened
 * @vfs, @nr:	VFs that would be served, beside those that the file names
 *
 * To be called with the rights that they will have. Nothing is recorded. Says what is wrong. Return: 0 or
 * -errno.
 */
int running_config_try(struct running_config *c, const __u64 *vfs, int nr);

/* Say what was read, of one that is only looked at. */
void running_config_tell_checked(const struct running_config *c);

/**
 * running_config_directories - where the file will be looked for again
 * @c:		that was opened
 * @dirs:	filled in with descriptors, -1 for none: of the file's directory, and if the file
 *		is a link, of the one that it leads to
 *
 * The sandbox can let us read what there is only. Where the default directory is missing it is made;
 * who may not make it keeps the right to read the nearest directory above.
 */
void running_config_directories(const struct running_config *c, int dirs[2]);

/*
 * Put the handlers to work, for the VFs of @served, with the rights that we are to keep. Says
 * what is in force, or wrong. Return: 0 or -errno.
 */
int running_config_start(struct running_config *c, int session, const struct counters *served);

/* Read the file again. What is wrong is said, and changes nothing for VFs served already. */
void running_config_reload(struct running_config *c, const struct counters *served);

/*
 * VFs have come or gone: have handlers for those that are served, and for no others. What keeps one from
 * starting is said, and legacy-admin answers then.
 */
void running_config_follow(struct running_config *c, const struct counters *served);

void running_config_close(struct running_config *c);

#endif /* VVBD_RUNNING_CONFIG_H */
