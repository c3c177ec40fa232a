/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_OPTIONS_H
#define VVBD_OPTIONS_H

#include <stdbool.h>

#include "libvvb/vvb.h"

/**
 * struct options - the command line
 * @foreground:	do not become a background process
 * @log_level:	LOG_* of syslog.h: the least important that is still said
 * @stats_file, @pid_file, @user, @config: NULL when not given
 * @check:	read the configuration, say what is wrong with it, and end
 * @vfs, @nr_vfs: the VFs to serve; none: all that are bound to the driver
 */
struct options {
	bool foreground;
	int log_level;
	const char *stats_file;
	const char *pid_file;
	const char *user;
	const char *config;
	bool check;
	__u64 *vfs;
	int nr_vfs;
};

enum options_result {
	OPTIONS_RUN, /* go on */
	OPTIONS_DONE, /* help or version was printed */
	OPTIONS_WRONG, /* said why on stderr */
};

/* Read the command line. @options->vfs is to be freed. */
enum options_result options_parse(struct options *options, int argc, char **argv);

#endif /* VVBD_OPTIONS_H */
