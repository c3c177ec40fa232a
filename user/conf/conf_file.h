/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * vvb.conf(5): what is to hold for which VF. vvbctl and vvbd read the same file by this. Reading it has
 * no effect but memory, and asks nobody: what it names need not be there.
 */
#ifndef CONF_CONF_FILE_H
#define CONF_CONF_FILE_H

#include <stdio.h>

#include "complaint.h"
#include "keys.h"
#include "libvvb/vvb.h"

#define CONF_FILE_DEFAULT "/etc/vvb/vvb.conf" /* when the command line names none */

enum conf_section_kind {
	CONF_ALL, /* [all]: every VF */
	CONF_PF, /* [pf ADDRESS]: every VF of it */
	CONF_VF, /* [vf ADDRESS] */
	CONF_A_POLICY, /* [policy NAME] */
	CONF_VVBD, /* [vvbd] */
};

/**
 * struct conf_value - what stands behind a '='
 * @text:	NULL: the section does not have the key
 * @line:	of the file
 */
struct conf_value {
	char *text;
	int line;
};

/**
 * struct conf_knob - "POLICY.KNOB = VALUE": of a policy, a shadow or a guard. The value is for who
 *		      knows the policy to judge
 */
struct conf_knob {
	char policy[VVB_WORD_LEN];
	char *name;
	struct conf_value value;
};

/**
 * struct conf_section - from one [...] to the next
 * @address:	VVB_VF_ID of a PF or VF
 * @name:	of a policy
 * @set:	by enum conf_key
 */
struct conf_section {
	enum conf_section_kind kind;
	__u64 address;
	char name[VVB_WORD_LEN];
	int line;
	struct conf_value set[CONF_KEY_NR];
	struct conf_knob *knobs;
	int nr_knobs;
};

/**
 * struct conf_file - what the file says
 * @lines:	of the file, -1 when there was none
 */
struct conf_file {
	struct conf_section *sections;
	int nr;
	int lines;
};

/* What holds without a file: nothing. */
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

/* The section of that kind and address (0 where it has none); NULL for none. */
const struct conf_section *conf_section(const struct conf_file *conf, enum conf_section_kind kind,
					__u64 address);

/* The knob of a section, made without a value if it is not there; NULL without memory. */
struct conf_knob *conf_make_knob(struct conf_section *section, const char *policy,
				 const char *name);

/* The section of a policy, NULL for none. */
const struct conf_section *conf_policy(const struct conf_file *conf, const char *name);

#endif /* CONF_CONF_FILE_H */
