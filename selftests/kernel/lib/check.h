/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * How a test program speaks: one line per check, "ok ..." or "FAIL ...", and an exit
 * status of 0 (all held), 1 (some did not) or 77 (could not be tried here). Programs
 * include this, the nouns they use do not.
 */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK_SKIP 77

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static unsigned int check_good, check_bad;

static inline int check(int holds, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline int check_eq(long long got, long long want, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static inline void check_die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
static inline void check_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static inline int check(int holds, const char *fmt, ...)
{
	va_list ap;

	printf(holds ? "ok   " : "FAIL ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	if (holds)
		check_good++;
	else
		check_bad++;
	return holds;
}

/* The same for a number, which is shown when it is not the one wanted. */
static inline int check_eq(long long got, long long want, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (got == want)
		return check(1, "%s", what);
	return check(0, "%s: %lld (0x%llx), wanted %lld (0x%llx)", what, got, got, want, want);
}

/* Something that the test needs but is not about went wrong: no use to go on. */
static inline void check_die(const char *fmt, ...)
{
	va_list ap;

	printf("FAIL ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	exit(1);
}

static inline void check_note(const char *fmt, ...)
{
	va_list ap;

	printf("     ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

/* Time that a stock kernel is given for something; one that checks itself gets more. */
static inline long check_ms(long ms)
{
	const char *slowdown = getenv("VVB_SLOWDOWN");

	return slowdown ? ms * strtol(slowdown, NULL, 10) : ms;
}

/* What main() returns. A program that checked nothing did not pass. */
static inline int check_result(void)
{
	printf("     %u ok, %u failed\n", check_good, check_bad);
	return check_bad || !check_good;
}

#endif /* CHECK_H */
