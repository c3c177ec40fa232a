// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "conf_file.h"

#define TEXT_MAX_LEN 1024 /* of a line */
#define TRACE_LIMIT_MIN 4096

const char *const request_handler_names[REQUEST_HANDLER_NR] = {
	[REQUEST_HANDLER_LEGACY_ADMIN] = "legacy-admin",
	[REQUEST_HANDLER_RECORD] = "record",
	[REQUEST_HANDLER_PLUGIN] = "exec-plugin",
};

/**
 * struct parser - where we are
 * @choice:	that the section makes; NULL in [daemon] and before the first
 * @seen_default, @seen_daemon: the section was there
 * @seen_handler: this section has named its handler
 */
struct parser {
	struct conf_file *conf;
	struct complaint *why;
	int line;
	struct handler_choice *choice;
	bool in_daemon;
	bool seen_daemon;
	bool seen_default;
	bool seen_handler;
	bool seen_limit;
	bool seen_total;
};

#define WRONG(p, ...) complain((p)->why, (p)->line, __VA_ARGS__)

/* ---- values ---- */

static int set_text(struct parser *p, char **to, const char *value, const char *key)
{
	if (*to)
		return WRONG(p, "a second %s in this section", key);
	*to = strdup(value);
	return *to ? 0 : -ENOMEM;
}

static int set_path(struct parser *p, char **to, const char *value, const char *key)
{
	if (value[0] != '/')
		return WRONG(p, "%s: a path from the root is wanted, not '%s'", key, value);
	return set_text(p, to, value, key);
}

static int set_handler(struct parser *p, const char *value)
{
	if (p->seen_handler)
		return WRONG(p, "a second handler in this section");
	p->seen_handler = true;
	p->choice->line = p->line;
	for (int i = 0; i < REQUEST_HANDLER_NR; i++) {
		if (strcmp(value, request_handler_names[i]))
			continue;
		p->choice->kind = i;
		return 0;
	}
	return WRONG(p, "what is '%s'? Handlers: legacy-admin, record, exec-plugin", value);
}

/* A number of bytes: 65536, 64K, 10M, 1G. */
static int parse_size(const char *value, unsigned long long *size)
{
	static const char units[] = "KMG";
	const char *unit;
	int shift = 0;
	char *end;

	errno = 0;
	*size = strtoull(value, &end, 10);
	if (errno || end == value || !isdigit((unsigned char)*value))
		return -EINVAL;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*end || *size >> (63 - shift))
		return -EINVAL;
	*size <<= shift;
	return 0;
}

static int set_size(struct parser *p, unsigned long long *to, bool *seen, const char *value,
		    const char *key)
{
	if (*seen)
		return WRONG(p, "a second %s in this section", key);
	*seen = true;
	if (parse_size(value, to) || *to < TRACE_LIMIT_MIN)
		return WRONG(p, "%s: 4K or more is wanted, not '%s'; a number, and K, M or G", key,
			     value);
	return 0;
}

static int set_of_daemon(struct parser *p, const char *key, const char *value)
{
	struct conf_file *conf = p->conf;

	if (!strcmp(key, "trace-dir"))
		return set_path(p, &conf->trace_dir, value, key);
	if (!strcmp(key, "trace-limit"))
		return set_size(p, &conf->trace_limit, &p->seen_limit, value, key);
	if (!strcmp(key, "trace-total"))
		return set_size(p, &conf->trace_total, &p->seen_total, value, key);
	return WRONG(p, "what is '%s'? In [daemon]: trace-dir, trace-limit, trace-total", key);
}

static int set_of_choice(struct parser *p, const char *key, const char *value)
{
	if (!strcmp(key, "handler"))
		return set_handler(p, value);
	if (!strcmp(key, "plugin")) {
		p->choice->plugin_line = p->line;
		return set_path(p, &p->choice->plugin, value, key);
	}
	if (!strcmp(key, "arguments")) {
		p->choice->arguments_line = p->line;
		return set_text(p, &p->choice->arguments, value, key);
	}
	return WRONG(p, "what is '%s'? In a VF's section: handler, plugin, arguments", key);
}

/* ---- sections ---- */

/* A section is judged as a whole, at its end: its lines may stand in any order. */
static int end_section(struct parser *p)
{
	struct handler_choice *c = p->choice;

	if (!c)
		return 0;
	if (!p->seen_handler)
		return complain(p->why, c->line, "this section names no handler");
	if (c->kind == REQUEST_HANDLER_PLUGIN && !c->plugin)
		return complain(p->why, c->line, "exec-plugin wants a line 'plugin = FILE'");
	if (c->kind != REQUEST_HANDLER_PLUGIN && (c->plugin || c->arguments))
		return complain(p->why, c->line, "%s takes no plugin and no arguments",
				request_handler_names[c->kind]);
	return 0;
}

static int begin_vf(struct parser *p, const char *name)
{
	struct conf_file *conf = p->conf;
	struct handler_choice *more;
	__u64 vf;

	if (vvb_bdf_parse(name, &vf))
		return WRONG(p, "what is '%s'? A VF is named like 0000:01:00.1", name);
	for (int i = 0; i < conf->nr_vfs; i++)
		if (conf->vfs[i].vf == vf)
			return WRONG(p, "%s has a section already", name);
	more = realloc(conf->vfs, (conf->nr_vfs + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	conf->vfs = more;
	p->choice = &more[conf->nr_vfs++];
	*p->choice = (struct handler_choice) { .vf = vf, .line = p->line };
	return 0;
}

static int once(struct parser *p, bool *seen, const char *name)
{
	if (*seen)
		return WRONG(p, "[%s] was there already", name);
	*seen = true;
	return 0;
}

static int begin_section(struct parser *p, char *name)
{
	int err = end_section(p);

	if (err)
		return err;
	p->choice = NULL;
	p->seen_handler = false;
	p->in_daemon = !strcmp(name, "daemon");
	if (p->in_daemon)
		return once(p, &p->seen_daemon, name);
	if (!strcmp(name, "default")) {
		p->choice = &p->conf->fallback;
		p->choice->line = p->line;
		return once(p, &p->seen_default, name);
	}
	if (!strncmp(name, "vf ", 3))
		return begin_vf(p, name + 3 + strspn(name + 3, " \t"));
	return WRONG(p, "what is '[%s]'? Sections: [daemon], [default], [vf ADDRESS]", name);
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

static int parse_setting(struct parser *p, char *text)
{
	char *equals = strchr(text, '=');
	char *key, *value;

	if (!equals)
		return WRONG(p, "neither a section nor 'KEY = VALUE'");
	*equals = '\0';
	key = trim(text);
	value = trim(equals + 1);
	if (!*value)
		return WRONG(p, "'%s' has no value", key);
	if (p->in_daemon)
		return set_of_daemon(p, key, value);
	if (p->choice)
		return set_of_choice(p, key, value);
	return WRONG(p, "'%s' stands before the first section", key);
}

static int parse_line(struct parser *p, char *text)
{
	size_t len;

	text = trim(text);
	len = strlen(text);
	if (!len || *text == '#')
		return 0;
	if (*text != '[')
		return parse_setting(p, text);
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
static int check_traces(const struct conf_file *c, struct complaint *why)
{
	const struct handler_choice *record =
		c->fallback.kind == REQUEST_HANDLER_RECORD ? &c->fallback : NULL;

	for (int i = 0; !record && i < c->nr_vfs; i++)
		if (c->vfs[i].kind == REQUEST_HANDLER_RECORD)
			record = &c->vfs[i];
	if (!record || c->trace_dir)
		return 0;
	return complain(why, record->line, "record wants a trace-dir in [daemon]");
}

void conf_file_init(struct conf_file *conf)
{
	*conf = (struct conf_file) {
		.trace_limit = CONF_FILE_TRACE_LIMIT,
		.trace_total = CONF_FILE_TRACE_TOTAL,
		.lines = -1,
	};
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

static void free_choice(struct handler_choice *c)
{
	free(c->plugin);
	free(c->arguments);
}

void conf_file_free(struct conf_file *conf)
{
	for (int i = 0; i < conf->nr_vfs; i++)
		free_choice(&conf->vfs[i]);
	free_choice(&conf->fallback);
	free(conf->vfs);
	free(conf->trace_dir);
	conf_file_init(conf);
}

const struct handler_choice *conf_file_choice(const struct conf_file *conf, __u64 vf)
{
	for (int i = 0; i < conf->nr_vfs; i++)
		if (conf->vfs[i].vf == vf)
			return &conf->vfs[i];
	return &conf->fallback;
}
