// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

static int least = LOG_NOTICE;
static bool with_level;

static const struct {
	const char *name;
	int level;
} levels[] = {
	{ "err", LOG_ERR },   { "warning", LOG_WARNING }, { "notice", LOG_NOTICE },
	{ "info", LOG_INFO }, { "debug", LOG_DEBUG },	  {},
};

int log_level(const char *name)
{
	for (int i = 0; levels[i].name; i++)
		if (!strcmp(levels[i].name, name))
			return levels[i].level;
	return -1;
}

/* A file that stderr was sent to since has another device and inode than the variable names. */
bool log_is_journal(const char *stream)
{
	unsigned long long device, inode;
	struct stat st;

	if (!stream || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
		return false;
	return !fstat(STDERR_FILENO, &st) && st.st_dev == device && st.st_ino == inode;
}

void log_init(int level, bool journal)
{
	least = level;
	with_level = journal;
}

#define TEXT_LEN 512
#define ESCAPE_LEN 4

/*
 * Text from files and plugins may hold anything. As vvbctl(8) shows it: what is no printable ASCII
 * does nothing to a terminal, and begins no line of its own. Return: bytes written to @to.
 */
static size_t escape_text(char *to, const char *text)
{
	char *at = to;

	for (; *text; text++) {
		if (*text < ' ' || *text > '~' || (text[0] == '\\' && text[1] == 'x'))
			at += sprintf(at, "\\x%02x", (unsigned char)*text);
		else
			*at++ = *text;
	}
	return at - to;
}

/* One write() per line, so that lines of several processes do not mix. */
static void write_line(int level, const char *fmt, va_list args)
{
	char text[TEXT_LEN], line[16 + ESCAPE_LEN * TEXT_LEN];
	size_t at;

	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		return;
	at = with_level ? sprintf(line, "<%d>", level) : sprintf(line, "vvbd: ");
	at += escape_text(line + at, text);
	line[at++] = '\n';
	if (write(STDERR_FILENO, line, at) < 0)
		return; /* and nobody to tell */
}

bool log_says(int level)
{
	return level <= least;
}

void say(int level, const char *fmt, ...)
{
	va_list args;

	if (level > least)
		return;
	va_start(args, fmt);
	write_line(level, fmt, args);
	va_end(args);
}

void say_seldom(int level, const char *fmt, ...)
{
	static time_t last;
	struct timespec now;
	va_list args;

	if (level > least)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (last && now.tv_sec == last)
		return;
	last = now.tv_sec;
	va_start(args, fmt);
	write_line(level, fmt, args);
	va_end(args);
}
