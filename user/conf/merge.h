/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What of a configuration holds for one VF: of each key what its most specific section says. */
#ifndef CONF_MERGE_H
#define CONF_MERGE_H

#include "conf_file.h"

#define CONF_NO_PF (~0ULL) /* of a VF whose PF is not known */

/* The value of a key that holds for a VF, NULL for none. @pf: of the VF. */
const struct conf_value *conf_value_of(const struct conf_file *conf, enum conf_key key, __u64 vf,
				       __u64 pf);

/*
 * The section that names the handler of a VF, with all that belongs to the handler; NULL for none.
 */
const struct conf_section *conf_handler_of(const struct conf_file *conf, __u64 vf, __u64 pf);

/**
 * conf_each_knob_of - the knobs that hold for a VF, each once
 * @call:	called for each; what is not 0 ends it
 *
 * Return: 0, or what @call said.
 */
int conf_each_knob_of(const struct conf_file *conf, __u64 vf, __u64 pf,
		      int (*call)(const struct conf_knob *knob, void *arg), void *arg);

#endif /* CONF_MERGE_H */
