// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A line of the system's log that says who has changed what; it is one line, whatever is in it. */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "vvbctl/audit.h"

static char logged[512];
static int priority_of;

/* In the place of the C library's. */
void syslog(int priority, const char *fmt, ...)
{
	va_list args;

	priority_of = priority;
	va_start(args, fmt);
	vsnprintf(logged, sizeof(logged), fmt, args);
	va_end(args);
}

Test(user_audit, who_and_what)
{
	char by[64];

	audit("%s: %s of %s: %s -> %s", "0000:01:00.1", "rate", "ratelimit", "5", "7");
	snprintf(by, sizeof(by), ", by uid %u, login uid ", getuid());
	cr_expect(strstr(logged, "0000:01:00.1: rate of ratelimit: 5 -> 7, by uid ") == logged,
		  "%s", logged);
	cr_expect(strstr(logged, by), "%s", logged);
	cr_expect_eq(priority_of, LOG_NOTICE);
}

Test(user_audit, one_line)
{
	audit("policy x loaded from %s", "a\nb\033[2J%s");
	cr_expect(strstr(logged, "policy x loaded from a\\x0ab\\x1b[2J%s, by uid ") == logged, "%s",
		  logged);
}
