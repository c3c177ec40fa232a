/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Which handler the configuration names for a VF. */
#ifndef VVBD_HANDLER_CHOICE_H
#define VVBD_HANDLER_CHOICE_H

#include "conf/conf_file.h"

/**
 * struct handler_choice - which handler a section names
 * @kind, @plugin, @arguments: the handler; the two texts of a plugin only, else NULL. They are the
 *		configuration's
 * @line, @plugin_line, @arguments_line: of the file, for complaints; 0 when nothing was chosen
 */
struct handler_choice {
	enum request_handler_kind kind;
	const char *plugin;
	const char *arguments;
	int line;
	int plugin_line;
	int arguments_line;
};

/* What a section says; NULL, or none in it, is legacy-admin. */
struct handler_choice handler_choice_in(const struct conf_section *section);

/*
 * The choice for a VF. Asks sysfs for its PF, and does not need to: a VF whose PF is not known has
 * what its own section and [all] say.
 */
struct handler_choice handler_choice_of(const struct conf_file *conf, __u64 vf);

/* The socket of the process that has the VF's PF, NULL for none. */
const char *forward_of(const struct conf_file *conf, __u64 vf);

#endif /* VVBD_HANDLER_CHOICE_H */
