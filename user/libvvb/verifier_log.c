// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdio.h>
#include <string.h>

#include "verifier_log.h"

#define BEGIN_LOG "-- BEGIN PROG LOAD LOG --"
#define END_LOG "-- END PROG LOAD LOG --"

/* A part of the log: one line, without its line feed. */
struct line {
	const char *at;
	size_t len;
};

/* The line before the one that begins at @at; empty at the beginning of @log. */
static struct line line_before(const char *log, const char *at)
{
	const char *end = at > log ? at - 1 : log, *begin = end;

	while (begin > log && begin[-1] != '\n')
		begin--;
	return (struct line) { begin, end - begin };
}

static bool begins_with(struct line line, const char *text)
{
	size_t len = strlen(text);

	return line.len >= len && !memcmp(line.at, text, len);
}

static bool has(struct line line, const char *text)
{
	return memmem(line.at, line.len, text, strlen(text));
}

/*
 * The last in which it says something, before it counts: "processed 3 insns ...". Of what the module
 * forbids, newer kernels say in words of their own, behind the module's, that it is forbidden.
 */
static struct line last_words(const char *log, const char *end)
{
	struct line line = line_before(log, end), before;

	while (line.len &&
	       (begins_with(line, "processed ") || begins_with(line, "verification time") ||
		begins_with(line, "stack depth")))
		line = line_before(log, line.at);
	before = line_before(log, line.at);
	return begins_with(before, "vvb_access: ") ? before : line;
}

/* The nearest line of source above, "; acc->vf = 0; @ bad.bpf.c:7". */
static struct line source_above(const char *log, const char *at)
{
	struct line line;

	do
		line = line_before(log, at);
	while (!begins_with(line, "; ") && !has(line, BEGIN_LOG) && (at = line.at) > log);
	return begins_with(line, "; ") ? (struct line) { line.at + 2, line.len - 2 } :
					 (struct line) { line.at, 0 };
}

/* "libbpf: prog 'NAME': -- BEGIN PROG LOAD LOG --": the part in front of that. */
static struct line program_of(const char *log)
{
	static const char from[] = "libbpf: prog '";
	const char *begin = strstr(log, ": " BEGIN_LOG), *end;
	struct line line;

	if (!begin)
		return (struct line) { log, 0 };
	line = line_before(log, begin + strcspn(begin, "\n") + 1);
	if (!begins_with(line, from))
		return (struct line) { log, 0 };
	end = memchr(line.at + sizeof(from) - 1, '\'', line.len - (sizeof(from) - 1));
	line.at += sizeof(from) - 1;
	return (struct line) { line.at, end ? (size_t)(end - line.at) : 0 };
}

bool verifier_log_cause(const char *log, char *cause, size_t size)
{
	const char *end = strstr(log, END_LOG);
	struct line said, source, program;

	if (!end)
		return false;
	said = last_words(log, end);
	if (!said.len || has(said, BEGIN_LOG))
		return false;
	source = source_above(log, said.at);
	program = program_of(log);
	snprintf(cause, size, "the verifier refuses '%.*s': %.*s%s%.*s%s",
		 program.len ? (int)program.len : 1, program.len ? program.at : "?", (int)said.len,
		 said.at, source.len ? " (at " : "", (int)source.len, source.at,
		 source.len ? ")" : "");
	return true;
}

bool libbpf_log_cause(const char *log, char *cause, size_t size)
{
	static const char from[] = "libbpf: ";
	const char *at = strstr(log, from);

	if (!at)
		return false;
	at += sizeof(from) - 1;
	snprintf(cause, size, "%.*s", (int)strcspn(at, "\n"), at);
	return true;
}
