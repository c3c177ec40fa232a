// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Man pages and completion say what the command tables say. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "vvbctl/vvbctl.h"

static char *read_all(FILE *from)
{
	char *text = calloc(1, 1 << 16);

	cr_assert_not_null(from);
	cr_assert_lt(fread(text, 1, (1 << 16) - 1, from), (1 << 16) - 1);
	return text;
}

static char *file(const char *path)
{
	FILE *from = fopen(path, "r");
	char *text = read_all(from);

	fclose(from);
	return text;
}

/* What bash offers behind these words: one to a line. */
static char *completed(const char *line)
{
	static const char format[] =
		"bash -c '. " USER_DIR
		"/completion/vvbctl; COMP_LINE=\"%s\"; COMP_POINT=${#COMP_LINE};"
		" _vvbctl_joined; printf \"%%s\\n\" \"${COMPREPLY[@]}\"'";
	char command[512], *text;
	FILE *from;

	snprintf(command, sizeof(command), format, line);
	from = popen(command, "r");
	text = read_all(from);
	cr_assert_eq(pclose(from), 0);
	return text;
}

/* Is @word a line of @text? */
static int offers(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!strncmp(text, word, len) && (text[len] == '\n' || !text[len]))
			return 1;
	}
	return 0;
}

static int lines(const char *text)
{
	int nr = 0;

	while ((text = strchr(text, '\n'))) {
		text++;
		nr++;
	}
	return nr;
}

static void check_commands(const struct cli_object *object, const char *man)
{
	char line[64];
	char *offered;
	int nr = 1; /* help */

	snprintf(line, sizeof(line), "vvbctl %s ", object->name);
	offered = completed(line);
	cr_expect(offers(offered, "help"), "%s", object->name);
	for (const struct cli_command *c = object->commands; c->name; c++) {
		cr_expect(offers(offered, c->name), "%s %s", object->name, c->name);
		cr_expect(!c->alias || offers(offered, c->alias), "%s", object->name);
		nr += c->alias ? 2 : 1;
		snprintf(line, sizeof(line), ".B %s %s\n", object->name, c->name);
		cr_expect(strstr(man, line), "man page: %s %s", object->name, c->name);
	}
	cr_expect_eq(lines(offered), nr, "more offered than there is: %s", offered);
	free(offered);
}

Test(user_docs, every_command)
{
	char *man = file(USER_DIR "/man/vvbctl.8"), *offered = completed("vvbctl ");
	char line[64];
	int nr = 0;

	for (const struct cli_object *o = objects; o->name; o++) {
		cr_expect(offers(offered, o->name), "%s", o->name);
		snprintf(line, sizeof(line), ".B vvbctl %s\n", o->name);
		if (o->commands)
			check_commands(o, man);
		else
			cr_expect(strstr(man, line), "man page: %s", o->name);
		nr++;
	}
	cr_expect_eq(lines(offered), nr);
	free(offered);
	free(man);
}

Test(user_docs, completion_of_beginnings_and_arguments)
{
	char *offered = completed("vvbctl -j po");

	cr_expect_str_eq(offered, "policy\n");
	free(offered);
	offered = completed("vvbctl vf set 0000:01:00.1 le");
	cr_expect_str_eq(offered, "legacy\n");
	free(offered);
	offered = completed("vvbctl vf set 0000:01:00.1 legacy o");
	cr_expect_str_eq(offered, "only\noff\n");
	free(offered);
	offered = completed("vvbctl stats --r");
	cr_expect_str_eq(offered, "--reset\n");
	free(offered);
	offered = completed("vvbctl policy select 0000:01:00.1 no");
	cr_expect_str_eq(offered, "none\n");
	free(offered);
}

/* Policies, guards and VFs by their names, each where it may stand. */
Test(user_docs, completion_of_what_there_is)
{
	/* clang-format off */
	static const struct { const char *line, *wanted; } offered[] = {
		{ "vvbctl policy select 01:00.1 ", "split\nnone\n" },
		{ "vvbctl policy unload ", "split\nguard-split\nby_bpftool\n" },
		{ "vvbctl policy events g", "guard-split\n" },
		{ "vvbctl policy get 01:00.1 of g", "guard-split\n" },
		{ "vvbctl vf set 0000:01:00.", "00.1\n" },
		{ "vvbctl stats 0000:01:00.", "00.1\n" },
		{ "vvbctl check 0000:01:00.", "00.0\n00.1\n" },
		{}
	};
	/* clang-format on */
	char command[1024], *text;
	FILE *from;

	fake_tree();
	fake_driver("available\n", "split 1\n");
	fake_vf("0000:01:00.1", 0x101, 1);
	fake_file("0x1af4\n", "sys/bus/pci/devices/0000:01:00.0/vendor");
	fake_file("0x1af4\n", "sys/bus/pci/devices/0000:01:00.1/vendor");
	fake_file("0x8086\n", "sys/bus/pci/devices/0000:01:00.2/vendor");
	for (int i = 0; offered[i].line; i++) {
		snprintf(
			command, sizeof(command),
			"bash -c '. " USER_DIR "/completion/vvbctl;"
			" vvbctl() { printf \"%%s\\n\" \"name  kind\" \"split  policy\" \"guard-split  guard\""
			" \"by_bpftool  guard\" \"\\$(pwd)  guard\"; };"
			" COMP_LINE=\"%s\"; COMP_POINT=${#COMP_LINE};"
			" _vvbctl_joined; printf \"%%s\\n\" \"${COMPREPLY[@]}\"'",
			offered[i].line);
		from = popen(command, "r");
		text = read_all(from);
		cr_expect_eq(pclose(from), 0);
		cr_expect_str_eq(text, offered[i].wanted, "%s: %s", offered[i].line, text);
		free(text);
	}
}

/* Whoever writes a policy names its knobs, and is not to run commands in the operator's shell. */
Test(user_docs, completion_of_knobs_runs_nothing)
{
	static const char command[] =
		"bash -c '. " USER_DIR "/completion/vvbctl;"
		" vvbctl() { printf \"%s\\n\" \"a.b-c_1  5\" \"\\$(pwd)  5\" \"\\`echo\\`  5\"; };"
		" COMP_LINE=\"vvbctl policy get 01:00.1 \"; COMP_POINT=${#COMP_LINE};"
		" _vvbctl_joined 2>&1; printf \"%s\\n\" \"${COMPREPLY[@]}\"'";
	FILE *from = popen(command, "r");
	char *text = read_all(from);

	cr_expect_eq(pclose(from), 0);
	cr_expect_str_eq(text, "a.b-c_1\n");
	free(text);
}

/* vvbd --help, its man page and its options. */
Test(user_docs, every_option_of_vvbd)
{
	static const char *const known[] = { "foreground", "all",      "vf",	 "user",
					     "stats-file", "pid-file", "config", "check-config",
					     "log-level",  NULL };
	char *man = file(USER_DIR "/man/vvbd.8"), *source = file(USER_DIR "/vvbd/options.c");
	char in_man[32], in_help[32], in_table[32];

	for (int i = 0; known[i]; i++) {
		char *at;

		snprintf(in_help, sizeof(in_help), "--%s ", known[i]);
		snprintf(in_table, sizeof(in_table), "{ \"%s\", ", known[i]);
		cr_expect(strstr(source, in_help), "help: %s", known[i]);
		cr_expect(strstr(source, in_table), "table: %s", known[i]);
		snprintf(in_man, sizeof(in_man), "\\-\\-%s", known[i]);
		for (at = in_man + 4; (at = strchr(at, '-')); at += 2) {
			memmove(at + 1, at, strlen(at) + 1);
			*at = '\\';
		}
		cr_expect(strstr(man, in_man), "man page: %s", known[i]);
	}
	free(source);
	free(man);
}
