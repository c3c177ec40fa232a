/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Messages go to stderr, one line each; for systemd's journal with a level in front. */
#ifndef VVBD_LOG_H
#define VVBD_LOG_H

#include <stdbool.h>
#include <syslog.h>

/* The number of a level's name, -1 for none. */
int log_level(const char *name);

/* @level: the least important that is said. @journal: begin lines with "<level>". */
void log_init(int level, bool journal);

/* Is stderr the journal? @stream: what JOURNAL_STREAM says that the journal is; NULL: nothing. */
bool log_is_journal(const char *stream);

/* Would that be said at all? For who has to work for what he says. */
bool log_says(int level);

void say(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same at most once a second, for what a guest could make happen at will. */
void say_seldom(int level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* VVBD_LOG_H */
