/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A configuration that a program makes, and its text. */
#ifndef CONF_WRITE_H
#define CONF_WRITE_H

#include "conf_file.h"

/* A section, made if it is not there. @name: of a policy, else NULL. Return: NULL without memory. */
struct conf_section *conf_make_section(struct conf_file *conf, enum conf_section_kind kind,
				       __u64 address, const char *name);

/* Set a key, or a knob, in place of what was. Return: 0, -ENOMEM. */
int conf_set(struct conf_section *section, enum conf_key key, const char *text);
int conf_set_knob(struct conf_section *section, const char *policy, const char *name,
		  const char *text);

/* Write it so that conf_file_read() reads the same: [all], PFs, VFs, policies, [vvbd]. */
void conf_file_write(const struct conf_file *conf, FILE *to);

#endif /* CONF_WRITE_H */
