/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* vvbd.conf(5): which handler answers for which VF. Reading it has no effect but memory. */
#ifndef VVBD_CONFIG_H
#define VVBD_CONFIG_H

#include <stdio.h>

#include "libvvb/vvb.h"

#define CONFIG_FILE "/etc/vvbd/vvbd.conf" /* when the command line names none */
#define CONFIG_TRACE_LIMIT (64ULL << 20)
#define CONFIG_TRACE_TOTAL (1024ULL << 20)

enum handler_kind {
	HANDLER_LEGACY_ADMIN,
	HANDLER_RECORD,
	HANDLER_PLUGIN,
	HANDLER_NR,
};

/* What the file calls it. */
extern const char *const handler_names[HANDLER_NR];

/**
 * struct choice - of a handler
 * @vf:		for this VF; unused in the fallback
 * @kind, @plugin, @arguments: the handler; the two texts of a plugin only, else NULL
 * @line, @plugin_line: of the file, for complaints; 0 when nothing was chosen
 */
struct choice {
	__u64 vf;
	enum handler_kind kind;
	char *plugin;
	char *arguments;
	int line;
	int plugin_line;
};

/**
 * struct config
 * @trace_dir:	where record writes, NULL for nowhere
 * @trace_limit: bytes of one trace
 * @trace_total: of all together
 * @fallback:	for VFs without a choice of their own
 * @lines:	of the file, -1 when there was none
 */
struct config {
	char *trace_dir;
	unsigned long long trace_limit;
	unsigned long long trace_total;
	struct choice fallback;
	struct choice *vfs;
	int nr_vfs;
	int lines;
};

/* What is wrong with a file, and in which line of it; 0: with all of it. */
struct complaint {
	int line;
	char text[256];
};

/* What holds without a file. */
void config_init(struct config *config);

/**
 * config_read - read a configuration file
 * @config:	filled in; to be freed in any case
 * @from:	its text
 * @why:	filled in when it is wrong
 *
 * Return: 0, -EINVAL when @why tells, -ENOMEM, or -EIO.
 */
int config_read(struct config *config, FILE *from, struct complaint *why);

void config_free(struct config *config);

/* The choice for a VF. */
const struct choice *config_choice(const struct config *config, __u64 vf);

/* Note what is wrong with a line. Return: -EINVAL. */
int complain(struct complaint *why, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* VVBD_CONFIG_H */
