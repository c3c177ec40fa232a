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

/* One write() per line, so that lines of several processes do not mix. */
static void write_line(int level, const char *fmt, va_list args)
{
	char line[512];
	size_t at, room = sizeof(line) - 1;
	int len;

	at = with_level ? snprintf(line, room, "<%d>", level) : snprintf(line, room, "vvbd: ");
	len = vsnprintf(line + at, room - at, fmt, args);
	if (len < 0)
		return;
	at += (size_t)len < room - at ? (size_t)len : room - at - 1;
	line[at++] = '\n';
	if (write(STDERR_FILENO, line, at) < 0)
		return; /* and nobody to tell */
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
