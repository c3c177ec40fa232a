// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <string.h>

#include "merge.h"

#define LEVELS 3

/* The sections that a VF may have, the most specific first; NULL where there is none. */
static void sections_of(const struct conf_file *conf, __u64 vf, __u64 pf,
			const struct conf_section *sections[LEVELS])
{
	sections[0] = conf_section(conf, CONF_VF, vf);
	sections[1] = pf == CONF_NO_PF ? NULL : conf_section(conf, CONF_PF, pf);
	sections[2] = conf_section(conf, CONF_ALL, 0);
}

static const struct conf_section *first_with(const struct conf_file *conf, enum conf_key key,
					     __u64 vf, __u64 pf)
{
	const struct conf_section *sections[LEVELS];

	sections_of(conf, vf, pf, sections);
	for (int i = 0; i < LEVELS; i++)
		if (sections[i] && sections[i]->set[key].text)
			return sections[i];
	return NULL;
}

const struct conf_value *conf_value_of(const struct conf_file *conf, enum conf_key key, __u64 vf,
				       __u64 pf)
{
	const struct conf_section *section = first_with(conf, key, vf, pf);

	return section ? &section->set[key] : NULL;
}

const struct conf_section *conf_handler_of(const struct conf_file *conf, __u64 vf, __u64 pf)
{
	return first_with(conf, CONF_HANDLER, vf, pf);
}

static bool has_knob(const struct conf_section *section, const struct conf_knob *knob)
{
	for (int i = 0; section && i < section->nr_knobs; i++)
		if (!strcmp(section->knobs[i].policy, knob->policy) &&
		    !strcmp(section->knobs[i].name, knob->name))
			return true;
	return false;
}

int conf_each_knob_of(const struct conf_file *conf, __u64 vf, __u64 pf,
		      int (*call)(const struct conf_knob *knob, void *arg), void *arg)
{
	const struct conf_section *sections[LEVELS];
	int ret = 0;

	sections_of(conf, vf, pf, sections);
	for (int level = 0; level < LEVELS; level++)
		for (int i = 0; !ret && sections[level] && i < sections[level]->nr_knobs; i++) {
			const struct conf_knob *knob = &sections[level]->knobs[i];
			bool hidden = false;

			for (int above = 0; above < level; above++)
				hidden = hidden || has_knob(sections[above], knob);
			if (!hidden)
				ret = call(knob, arg);
		}
	return ret;
}
