/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* vvbd.conf(5): which handler answers for which VF. Reading it has no effect but memory. */
#ifndef VVBD_CONF_FILE_H
#define VVBD_CONF_FILE_H

#include <stdio.h>

#include "complaint.h"
#include "libvvb/vvb.h"

#define CONF_FILE_DEFAULT "/etc/vvbd/vvbd.conf" /* when the command line names none */
#define CONF_FILE_TRACE_LIMIT (64ULL << 20)
#define CONF_FILE_TRACE_TOTAL (1024ULL << 20)

enum request_handler_kind {
	REQUEST_HANDLER_LEGACY_ADMIN,
	REQUEST_HANDLER_RECORD,
	REQUEST_HANDLER_PLUGIN,
	REQUEST_HANDLER_NR,
};

/* What the file calls it. */
extern const char *const request_handler_names[REQUEST_HANDLER_NR];

/**
 * struct handler_choice - which handler a section names
 * @vf:		for this VF; unused in the fallback
 * @kind, @plugin, @arguments: the handler; the two texts of a plugin only, else NULL
 * @line, @plugin_line, @arguments_line: of the file, for complaints; 0 when nothing was chosen
 */
struct handler_choice {
	__u64 vf;
	enum request_handler_kind kind;
	char *plugin;
	char *arguments;
	int line;
	int plugin_line;
	int arguments_line;
};

/**
 * struct conf_file - what the file says
 * @trace_dir:	where record writes, NULL for nowhere
 * @trace_limit: bytes of one trace
 * @trace_total: of all together
 * @fallback:	for VFs without a choice of their own
 * @lines:	of the file, -1 when there was none
 */
struct conf_file {
	char *trace_dir;
	unsigned long long trace_limit;
	unsigned long long trace_total;
	struct handler_choice fallback;
	struct handler_choice *vfs;
	int nr_vfs;
	int lines;
};

/* What holds without a file. */
void conf_file_init(struct conf_file *conf);

/**
 * conf_file_read - read a configuration file
 * @conf:	filled in; to be freed in any case
 * @from:	its text
 * @why:	filled in when it is wrong
 *
 * Return: 0, -EINVAL when @why tells, -ENOMEM, or -EIO.
 */
int conf_file_read(struct conf_file *conf, FILE *from, struct complaint *why);

void conf_file_free(struct conf_file *conf);

/* The choice for a VF. */
const struct handler_choice *conf_file_choice(const struct conf_file *conf, __u64 vf);

#endif /* VVBD_CONF_FILE_H */
