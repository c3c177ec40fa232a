// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf_file.h"
#include "libvvb/pins.h"

#define TEXT_MAX_LEN 1024 /* of a line */

#define SECTIONS "[all], [pf ADDRESS], [vf ADDRESS], [policy NAME], [vvbd]"

/**
 * struct parser - where we are
 * @section:	that lines belong to, NULL before the first
 */
struct parser {
	struct conf_file *conf;
	struct complaint *why;
	int line;
	struct conf_section *section;
};

#define WRONG(p, ...) complain((p)->why, (p)->line, __VA_ARGS__)

/* ---- lines of a section ---- */

static enum conf_place place_of(const struct conf_section *s)
{
	switch (s->kind) {
	case CONF_A_POLICY:
		return CONF_OF_POLICY;
	case CONF_VVBD:
		return CONF_OF_VVBD;
	default:
		return CONF_OF_VFS;
	}
}

static int unknown_key(struct parser *p, const char *key)
{
	enum conf_place place = place_of(p->section);
	char list[256];
	size_t at = 0;

	for (int i = 0; i < CONF_KEY_NR && at < sizeof(list); i++)
		if (conf_keys[i].place == place)
			at += snprintf(list + at, sizeof(list) - at, "%s%s", at ? ", " : "",
				       conf_keys[i].name);
	return WRONG(p, "what is '%.40s'? Here: %s%s", key, list,
		     place == CONF_OF_VFS ? ", POLICY.KNOB" : "");
}

static int keep(struct parser *p, struct conf_value *to, const char *key, const char *text)
{
	if (to->text)
		return WRONG(p, "a second %.60s in this section", key);
	to->text = strdup(text);
	to->line = p->line;
	return to->text ? 0 : -ENOMEM;
}

static int set_key(struct parser *p, enum conf_key key, const char *value)
{
	const struct conf_key_info *info = &conf_keys[key];

	if (!conf_key_takes(key, value))
		return WRONG(p, "%s: what is '%.60s'? %s", info->name, value, info->wanted);
	return keep(p, &p->section->set[key], info->name, value);
}

static struct conf_knob *find_knob(struct conf_section *s, const char *policy, const char *name)
{
	for (int i = 0; i < s->nr_knobs; i++)
		if (!strcmp(s->knobs[i].policy, policy) && !strcmp(s->knobs[i].name, name))
			return &s->knobs[i];
	return NULL;
}

struct conf_knob *conf_make_knob(struct conf_section *s, const char *policy, const char *name)
{
	struct conf_knob *more = NULL, *knob = find_knob(s, policy, name);

	if (knob)
		return knob;
	more = realloc(s->knobs, (s->nr_knobs + 1) * sizeof(*more));
	if (!more)
		return NULL;
	s->knobs = more;
	knob = &more[s->nr_knobs];
	*knob = (struct conf_knob) { .name = strdup(name) };
	if (!knob->name)
		return NULL;
	strcpy(knob->policy, policy);
	s->nr_knobs++;
	return knob;
}

/* @dot: in @key, which is cut there. */
static int set_knob_of(struct parser *p, char *key, char *dot, const char *value)
{
	struct conf_knob *knob;

	*dot = '\0';
	if (!vvb_pins_name_ok(key))
		return WRONG(p,
			     "what is '%.40s'? A policy's name has 1 to %d characters out of "
			     "a-z 0-9 _ -: POLICY.KNOB = VALUE",
			     key, VVB_WORD_LEN - 1);
	if (!dot[1])
		return WRONG(p, "which knob of %s? POLICY.KNOB = VALUE", key);
	if (find_knob(p->section, key, dot + 1))
		return WRONG(p, "a second %s.%.40s in this section", key, dot + 1);
	knob = conf_make_knob(p->section, key, dot + 1);
	return knob ? keep(p, &knob->value, key, value) : -ENOMEM;
}

static int set_value(struct parser *p, char *name, const char *value)
{
	enum conf_place place = place_of(p->section);
	enum conf_key key = conf_key_find(name, place);
	char *dot = strchr(name, '.');

	if (key < CONF_KEY_NR)
		return set_key(p, key, value);
	if (place == CONF_OF_VFS && dot)
		return set_knob_of(p, name, dot, value);
	return unknown_key(p, name);
}

/* ---- sections ---- */

/* A section is judged as a whole, at its end: its lines may stand in any order. */
static int end_section(struct parser *p)
{
	const struct conf_value *set = p->section ? p->section->set : NULL;
	bool plugin;

	if (!set)
		return 0;
	plugin = set[CONF_HANDLER].text &&
		 !strcmp(set[CONF_HANDLER].text,
			 conf_keys[CONF_HANDLER].words[REQUEST_HANDLER_PLUGIN]);
	if (plugin && !set[CONF_PLUGIN].text)
		return complain(p->why, set[CONF_HANDLER].line,
				"exec-plugin wants a line 'plugin = FILE' in its section");
	for (int key = CONF_PLUGIN; !plugin && key <= CONF_ARGUMENTS; key++)
		if (set[key].text)
			return complain(p->why, set[key].line,
					"%s belongs to 'handler = exec-plugin', in its section",
					conf_keys[key].name);
	return 0;
}

const struct conf_section *conf_section(const struct conf_file *conf, enum conf_section_kind kind,
					__u64 address)
{
	for (int i = 0; i < conf->nr; i++)
		if (conf->sections[i].kind == kind && conf->sections[i].address == address)
			return &conf->sections[i];
	return NULL;
}

const struct conf_section *conf_policy(const struct conf_file *conf, const char *name)
{
	for (int i = 0; i < conf->nr; i++)
		if (conf->sections[i].kind == CONF_A_POLICY &&
		    !strcmp(conf->sections[i].name, name))
			return &conf->sections[i];
	return NULL;
}

static int add_section(struct parser *p, const struct conf_section *like, const char *name)
{
	const struct conf_section *before =
		like->kind == CONF_A_POLICY ? conf_policy(p->conf, like->name) :
					      conf_section(p->conf, like->kind, like->address);
	struct conf_section *more;

	if (before)
		return WRONG(p, "[%.40s] was there already, in line %d", name, before->line);
	more = realloc(p->conf->sections, (p->conf->nr + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->conf->sections = more;
	p->section = &more[p->conf->nr++];
	*p->section = *like;
	p->section->line = p->line;
	return 0;
}

static int begin_of_address(struct parser *p, enum conf_section_kind kind, const char *name)
{
	struct conf_section like = { .kind = kind };
	const char *address = name + 3 + strspn(name + 3, " \t");

	if (vvb_bdf_parse(address, &like.address))
		return WRONG(p, "what is '%.40s'? A %s is named like 0000:01:00.%d", address,
			     kind == CONF_PF ? "PF" : "VF", kind == CONF_VF);
	return add_section(p, &like, name);
}

static int begin_policy(struct parser *p, const char *name)
{
	struct conf_section like = { .kind = CONF_A_POLICY };
	const char *of = name + 7 + strspn(name + 7, " \t");

	if (!vvb_pins_name_ok(of))
		return WRONG(p,
			     "what is '%.40s'? A policy's name has 1 to %d characters out of "
			     "a-z 0-9 _ -, and is not none",
			     of, VVB_WORD_LEN - 1);
	strcpy(like.name, of);
	return add_section(p, &like, name);
}

static bool begins(const char *text, const char *with)
{
	size_t len = strlen(with);

	return !strncmp(text, with, len) && (text[len] == ' ' || text[len] == '\t');
}

/* Sections of vvbd.conf, which was a file of its own. */
static int unknown_section(struct parser *p, const char *name)
{
	const char *now = !strcmp(name, "daemon")  ? "It is [vvbd] now. " :
			  !strcmp(name, "default") ? "It is [all] now. " :
						     "";

	return WRONG(p, "what is '[%.40s]'? %sSections: " SECTIONS, name, now);
}

static int begin_section(struct parser *p, const char *name)
{
	int err = end_section(p);

	if (err)
		return err;
	p->section = NULL;
	if (!strcmp(name, "all"))
		return add_section(p, &(struct conf_section) { .kind = CONF_ALL }, name);
	if (!strcmp(name, "vvbd"))
		return add_section(p, &(struct conf_section) { .kind = CONF_VVBD }, name);
	if (begins(name, "pf"))
		return begin_of_address(p, CONF_PF, name);
	if (begins(name, "vf"))
		return begin_of_address(p, CONF_VF, name);
	if (begins(name, "policy"))
		return begin_policy(p, name);
	return unknown_section(p, name);
}

/* ---- lines ---- */

static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

static int parse_value(struct parser *p, char *text)
{
	char *equals = strchr(text, '=');
	char *key, *value;

	if (!equals)
		return WRONG(p, "neither a [section] nor 'KEY = VALUE'");
	*equals = '\0';
	key = trim(text);
	value = trim(equals + 1);
	if (!*value)
		return WRONG(p, "'%.60s' has no value", key);
	if (!p->section)
		return WRONG(p, "'%.60s' stands before the first section: one of " SECTIONS, key);
	return set_value(p, key, value);
}

static int parse_line(struct parser *p, char *text)
{
	size_t len;

	text = trim(text);
	len = strlen(text);
	if (!len || *text == '#')
		return 0;
	if (*text != '[')
		return parse_value(p, text);
	if (text[len - 1] != ']')
		return WRONG(p, "a section ends with ']'");
	text[len - 1] = '\0';
	return begin_section(p, trim(text + 1));
}

static int parse(struct parser *p, FILE *from)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t len;
	int err = 0;

	while (!err && (len = getline(&text, &room, from)) >= 0) {
		p->line++;
		if (len > TEXT_MAX_LEN)
			err = WRONG(p, "longer than %d bytes", TEXT_MAX_LEN);
		else if (memchr(text, '\0', len))
			err = WRONG(p, "a zero byte");
		else
			err = parse_line(p, text);
	}
	free(text);
	if (!err && !feof(from)) /* getline() has ended for another reason */
		return ferror(from) ? -EIO : -ENOMEM;
	return err ? err : end_section(p);
}

/* Where the traces go may be said after who writes them. */
static int check_traces(const struct conf_file *conf, struct complaint *why)
{
	const struct conf_section *vvbd = conf_section(conf, CONF_VVBD, 0);

	for (int i = 0; i < conf->nr; i++) {
		const struct conf_value *handler = &conf->sections[i].set[CONF_HANDLER];

		if (handler->text && (!vvbd || !vvbd->set[CONF_TRACE_DIR].text) &&
		    !strcmp(handler->text, conf_keys[CONF_HANDLER].words[REQUEST_HANDLER_RECORD]))
			return complain(why, handler->line,
					"record wants a line 'trace_dir = DIRECTORY' in [vvbd]");
	}
	return 0;
}

void conf_file_init(struct conf_file *conf)
{
	*conf = (struct conf_file) { .lines = -1 };
}

int conf_file_read(struct conf_file *conf, FILE *from, struct complaint *why)
{
	struct parser p = { .conf = conf, .why = why };
	int err;

	conf_file_init(conf);
	err = parse(&p, from);
	conf->lines = p.line;
	return err ? err : check_traces(conf, why);
}

static void free_section(struct conf_section *s)
{
	for (int i = 0; i < CONF_KEY_NR; i++)
		free(s->set[i].text);
	for (int i = 0; i < s->nr_knobs; i++) {
		free(s->knobs[i].name);
		free(s->knobs[i].value.text);
	}
	free(s->knobs);
}

void conf_file_free(struct conf_file *conf)
{
	for (int i = 0; i < conf->nr; i++)
		free_section(&conf->sections[i]);
	free(conf->sections);
	conf_file_init(conf);
}
