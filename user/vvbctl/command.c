// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* From the command line to a row of a table. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "apply.h"
#include "save.h"
#include "vvbctl.h"

struct cli_options options;

int too_many(const char *word, const char *object)
{
	return usage("what is '%s'? %s takes: no more", word, object);
}

const struct cli_object objects[] = {
	{ "vf", "the VFs bound to the driver", NULL, vf_commands, NULL },
	{ "policy", "the BPF programs that decide", NULL, policy_commands, NULL },
	{ "stats", "counters, by register", "[--vf VF] [--reset]", stats_commands, NULL },
	{ "daemon", "who answers what is punted", NULL, daemon_commands, NULL },
	{ "apply", "what vvb.conf(5) says becomes what is in force", "[FILE] [--vf VF] [--dry-run]",
	  NULL, apply },
	{ "save", "what is in force becomes a vvb.conf(5)", "[FILE]", NULL, save },
	{ "check", "can this machine and this VF do it", "[ADDRESS]", NULL, check_machine },
	{ "holders", "what keeps the module from being removed", NULL, NULL, list_holders },
	{ "version", "of all parts, and whether they fit", NULL, NULL, version },
	{ "help", "print this", NULL, NULL, help },
	{},
};

/* ---- help ---- */

static void add_usage(json_object *lines, const struct cli_object *object,
		      const struct cli_command *c)
{
	char line[200];

	snprintf(line, sizeof(line), "vvbctl %s%s%s%s%s%s%s%s%s", object->name, c ? " " : "",
		 c ? c->name : "", c && c->alias ? "|" : "", c && c->alias ? c->alias : "",
		 c && *c->arguments ? " " : "", c ? c->arguments : "", object->options ? " " : "",
		 object->options ? object->options : "");
	json_object_array_add(lines, json_object_new_string(line));
}

static void add_object(json_object *lines, const struct cli_object *object)
{
	const struct cli_command *c;

	if (!object->commands)
		add_usage(lines, object, NULL);
	for (c = object->commands; c && c->name; c++)
		add_usage(lines, object, c);
}

static void print_line(json_object *line)
{
	printf("    %s\n", json_object_get_string(line));
}

/* Help about one object, or about all when it is NULL. */
static int help_about(const struct cli_object *object)
{
	json_object *value = json_object_new_object(), *lines = json_object_new_array();
	const struct cli_object *o;

	for (o = objects; o->name; o++)
		if (!object || o == object)
			add_object(lines, o);
	json_object_object_add(value, "usage", lines);
	if (options.json)
		return output(value, NULL);
	printf("Usage: vvbctl [-j|-p] OBJECT [COMMAND [ARGUMENTS]]\n");
	output(json_object_get(lines), print_line);
	json_object_put(value);
	if (!object)
		printf("    OBJECT: ");
	for (o = objects; !object && o->name; o++)
		printf("%s%s", o->name, o[1].name ? ", " : "\n");
	printf("    -j, --json: output as JSON; -p, --pretty: the same, for eyes\n"
	       "    -v, --verbose: all that libbpf and the verifier say of what can't be loaded\n"
	       "    VF: PCI address, e.g. 0000:01:00.1\n");
	return DONE;
}

/* ---- tables ---- */

/* Either kind of table, by name or by alias; NULL behind the last row. */
struct names {
	const char *(*name)(const void *table, int row, bool alias);
	const void *table;
};

static const char *object_name(const void *table, int row, bool alias)
{
	(void)alias;
	return ((const struct cli_object *)table)[row].name;
}

static const char *command_name(const void *table, int row, bool alias)
{
	const struct cli_command *c = (const struct cli_command *)table + row;

	return alias && c->alias ? c->alias : c->name;
}

/* Does the row go by @word? 2 in full, 1 by a beginning of its name. */
static int fits(struct names names, int row, const char *word)
{
	int best = 0;

	for (int alias = 0; alias < 2; alias++) {
		const char *name = names.name(names.table, row, alias);

		if (!strcmp(name, word))
			return 2;
		if (!strncmp(name, word, strlen(word)))
			best = 1;
	}
	return best;
}

/* The row that @word names, in full or by a beginning that fits one only; -1 for none, -2 for several. */
static int find_row(struct names names, const char *word)
{
	int row, found = -1;

	for (row = 0; names.name(names.table, row, false); row++) {
		switch (fits(names, row, word)) {
		case 2:
			return row;
		case 1:
			found = found == -1 ? row : -2;
		}
	}
	return found;
}

/* "a|alias, b, c" of a table: of its rows that @word is a beginning of, "" for all. */
static void list_names(struct names names, const char *word, char *out, size_t size)
{
	const char *name, *alias;
	size_t at = 0;

	for (int row = 0; (name = names.name(names.table, row, false)) && at < size; row++) {
		alias = names.name(names.table, row, true);
		if (!fits(names, row, word))
			continue;
		at += snprintf(out + at, size - at, "%s%s%s%s", at ? ", " : "", name,
			       alias != name ? "|" : "", alias != name ? alias : "");
	}
}

/* @row: what find_row() has said; @options: that may stand there as well, or NULL. */
static int unknown(struct names names, int row, const char *word, const char *options_too)
{
	char list[256];

	list_names(names, row == -2 ? word : "", list, sizeof(list));
	if (row == -2)
		return usage("what is '%s'? More than one begins so: %s", word, list);
	return usage("what is '%s'? One of: %s%s%s", word, list, options_too ? "; " : "",
		     options_too ?: "");
}

int help(struct words *args)
{
	const struct names names = { object_name, objects };
	int row;

	if (!args->nr)
		return help_about(NULL);
	if (args->nr > 1)
		return too_many(args->word[1], "help");
	row = find_row(names, args->word[0]);
	return row < 0 ? unknown(names, row, args->word[0], NULL) : help_about(&objects[row]);
}

/* ---- running ---- */

/* When it is not loaded, the command says so, if it needs it. */
static bool module_fits(void)
{
	char why[256];
	int err = vvb_driver_api(why, sizeof(why));

	if (err && err != -ENOENT)
		error("%s", why);
	return !err || err == -ENOENT;
}

static int run_command(const struct cli_object *object, const struct cli_command *c,
		       struct words *args)
{
	if (args->nr == 1 && !strcmp(args->word[0], "help"))
		return help_about(object);
	if (args->nr < c->least)
		return usage("%s %s wants: %s", object->name, c->name, c->arguments);
	if (args->nr > c->most)
		return usage("what is '%s'? %s %s takes: %s", args->word[c->most], object->name,
			     c->name, *c->arguments ? c->arguments : "no more");
	/* policies can be taken away whatever module it is, or it could not be taken away itself */
	if (c->run != policy_unload && !module_fits())
		return FAILED;
	return c->run(args);
}

/* Without a command, the first one is meant: of all VFs, or of the one that is named. */
static bool names_first(const struct cli_object *object, const struct words *words)
{
	__u64 id;

	return !words->nr || (object->commands->most && !vvb_bdf_parse(words->word[0], &id));
}

static int run_in(const struct cli_object *object, struct words *words)
{
	const struct names names = { command_name, object->commands };
	int row;

	if (names_first(object, words))
		return run_command(object, object->commands, words);
	if (!strcmp(words->word[0], "help"))
		return help_about(object);
	row = find_row(names, words->word[0]);
	if (row < 0)
		return unknown(names, row, words->word[0], object->options);
	words->nr--;
	words->word++;
	return run_command(object, object->commands + row, words);
}

/* An option that was given, and is another object's; NULL for none. */
static const char *other_option(const struct cli_object *object)
{
	const struct {
		bool given;
		const char *name;
	} given[] = {
		{ options.vf, "--vf" },
		{ options.reset, "--reset" },
		{ options.dry_run, "--dry-run" },
	};

	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		if (given[i].given && !(object->options && strstr(object->options, given[i].name)))
			return given[i].name;
	return NULL;
}

int run_object(struct words *words)
{
	const struct names names = { object_name, objects };
	const struct cli_object *object;
	int row;

	if (!words->nr)
		return help(words);
	row = find_row(names, words->word[0]);
	if (row < 0)
		return unknown(names, row, words->word[0], NULL);
	object = &objects[row];
	if (other_option(object))
		return usage("%s is no option of %s", other_option(object), object->name);
	words->nr--;
	words->word++;
	return object->commands ? run_in(object, words) : object->run(words);
}

static const struct option known[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "pretty", no_argument, NULL, 'p' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "vf", required_argument, NULL, 'f' },
	{ "reset", no_argument, NULL, 'r' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{},
};

static bool is_known(int letter)
{
	for (const struct option *o = known; o->name; o++)
		if (o->val == letter)
			return true;
	return false;
}

/* @c: what getopt_long() has said, of the letter optopt or, when that is none, of @typed. */
static int wrong_option(int c, const char *typed)
{
	char letter[] = { '-', (char)optopt, '\0' };

	if (c == ':')
		return usage("%s wants a VF", typed);
	return usage(
		"what is '%s'? Options: -j, -p, -v, -h, -V, --vf VF, --reset, --dry-run. A value like that "
		"comes behind --",
		optopt && !is_known(optopt) ? letter : typed);
}

/*
 * Ends at the first that is wrong: letters behind it, of a word that was not meant as options, are
 * none either. Return: 0, the letter of an option that is a command, or '?' or ':'.
 */
static int parse_options(int argc, char **argv)
{
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":jpvhV", known, NULL)) != -1) {
		switch (c) {
		case 'p':
			options.pretty = true;
			/* fallthrough */
		case 'j':
			options.json = true;
			break;
		case 'v':
			options.verbose = true;
			break;
		case 'f':
			options.vf = optarg;
			break;
		case 'r':
			options.reset = true;
			break;
		case 'n':
			options.dry_run = true;
			break;
		default:
			return c;
		}
	}
	return 0;
}

static int run_words(int argc, char **argv)
{
	struct words words = {};
	int c = parse_options(argc, argv);

	if (c == 'h')
		return help(&words);
	if (c == 'V')
		return version(&words);
	words = (struct words) { argc - optind, argv + optind };
	if (c)
		return wrong_option(c, argv[optind - 1]);
	return run_object(&words);
}

int vvbctl(int argc, char **argv)
{
	memset(&options, 0, sizeof(options));
	output_begin();
	return output_end(run_words(argc, argv));
}
