// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "write.h"

struct conf_section *conf_make_section(struct conf_file *conf, enum conf_section_kind kind,
				       __u64 address, const char *name)
{
	const struct conf_section *there =
		name ? conf_policy(conf, name) : conf_section(conf, kind, address);
	struct conf_section *more;

	if (there)
		return &conf->sections[there - conf->sections];
	more = realloc(conf->sections, (conf->nr + 1) * sizeof(*more));
	if (!more)
		return NULL;
	conf->sections = more;
	more = &more[conf->nr++];
	*more = (struct conf_section) { .kind = kind, .address = address };
	if (name)
		snprintf(more->name, sizeof(more->name), "%s", name);
	return more;
}

static int replace(struct conf_value *value, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	free(value->text);
	value->text = copy;
	return 0;
}

int conf_set(struct conf_section *section, enum conf_key key, const char *text)
{
	return section ? replace(&section->set[key], text) : -ENOMEM;
}

int conf_set_knob(struct conf_section *section, const char *policy, const char *name,
		  const char *text)
{
	struct conf_knob *knob = section ? conf_make_knob(section, policy, name) : NULL;

	return knob ? replace(&knob->value, text) : -ENOMEM;
}

/* ---- text ---- */

static void write_heading(const struct conf_section *s, FILE *to)
{
	char bdf[VVB_BDF_LEN];

	vvb_bdf_format(s->address, bdf);
	switch (s->kind) {
	case CONF_ALL:
		fputs("\n[all]\n", to);
		break;
	case CONF_PF:
	case CONF_VF:
		fprintf(to, "\n[%s %s]\n", s->kind == CONF_PF ? "pf" : "vf", bdf);
		break;
	case CONF_A_POLICY:
		fprintf(to, "\n[policy %s]\n", s->name);
		break;
	case CONF_VVBD:
		fputs("\n[vvbd]\n", to);
		break;
	}
}

static void write_section(const struct conf_section *s, FILE *to)
{
	write_heading(s, to);
	if (s->set[CONF_BIND].text)
		fprintf(to, "bind = %s\n", s->set[CONF_BIND].text);
	for (int key = 0; key < CONF_KEY_NR; key++)
		if (key != CONF_BIND && s->set[key].text)
			fprintf(to, "%s = %s\n", conf_keys[key].name, s->set[key].text);
	for (int i = 0; i < s->nr_knobs; i++)
		fprintf(to, "%s.%s = %s\n", s->knobs[i].policy, s->knobs[i].name,
			s->knobs[i].value.text);
}

void conf_file_write(const struct conf_file *conf, FILE *to)
{
	for (int kind = CONF_ALL; kind <= CONF_VVBD; kind++)
		for (int i = 0; i < conf->nr; i++)
			if ((int)conf->sections[i].kind == kind)
				write_section(&conf->sections[i], to);
}
