// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* vvbd's command line. */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "vvbd/options.h"

static struct options options;

#define PARSE(...) parse((char *[]) { "vvbd", ##__VA_ARGS__, NULL })

static enum options_result parse(char **argv)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	return options_parse(&options, argc, argv);
}

static void quiet(void)
{
	cr_redirect_stderr();
	cr_redirect_stdout();
}

static void clean(void)
{
	free(options.vfs);
}

TestSuite(user_options, .init = quiet, .fini = clean);

Test(user_options, nothing_given)
{
	cr_assert_eq(PARSE(), OPTIONS_RUN);
	cr_expect_not(options.foreground);
	cr_expect_eq(options.nr_vfs, 0);
	cr_expect_eq(options.log_level, LOG_NOTICE);
	cr_expect_null(options.stats_file);
	cr_expect_null(options.pid_file);
	cr_expect_null(options.user);
	cr_expect_null(options.config);
	cr_expect_not(options.check);
}

Test(user_options, everything_given)
{
	cr_assert_eq(PARSE("--foreground", "--vf", "0000:01:00.1", "--log-level", "debug",
			   "--stats-file", "s", "--pid-file", "p", "--user", "nobody", "01:00.2",
			   "--config", "c", "--check-config"),
		     OPTIONS_RUN);
	cr_expect(options.foreground);
	cr_assert_eq(options.nr_vfs, 2);
	cr_expect_eq(options.vfs[0], 0x101);
	cr_expect_eq(options.vfs[1], 0x102);
	cr_expect_eq(options.log_level, LOG_DEBUG);
	cr_expect_str_eq(options.stats_file, "s");
	cr_expect_str_eq(options.pid_file, "p");
	cr_expect_str_eq(options.user, "nobody");
	cr_expect_str_eq(options.config, "c");
	cr_expect(options.check);
}

Test(user_options, all)
{
	cr_assert_eq(PARSE("--all"), OPTIONS_RUN);
	cr_expect_eq(options.nr_vfs, 0);
	cr_expect_eq(PARSE("--all", "--vf", "01:00.1"), OPTIONS_WRONG);
}

Test(user_options, wrong)
{
	cr_expect_eq(PARSE("--vf"), OPTIONS_WRONG);
	cr_expect_eq(PARSE("--vf", "x"), OPTIONS_WRONG);
	cr_expect_eq(PARSE("x"), OPTIONS_WRONG);
	cr_expect_eq(PARSE("--log-level", "loud"), OPTIONS_WRONG);
	cr_expect_eq(PARSE("--unknown"), OPTIONS_WRONG);
	cr_expect_eq(PARSE("-x"), OPTIONS_WRONG);
	cr_expect_eq(PARSE("--foreground=x"), OPTIONS_WRONG);
}

Test(user_options, help_and_version)
{
	cr_expect_eq(PARSE("--help"), OPTIONS_DONE);
	cr_expect_eq(PARSE("--version"), OPTIONS_DONE);
}

/* What was typed may hold anything, and is shown on a terminal. */
Test(user_options, what_was_typed_is_shown_safely)
{
	static char *const wrong[][3] = {
		{ "vvbd", "\033[31mx\\x5c", NULL },
		{ "vvbd", "--vf=\033[31mx\\x5c", NULL },
		{ "vvbd", "--log-level=\033[31mx\\x5c", NULL },
		{ "vvbd", "--\033[31mx\\x5c", NULL },
		{ "vvbd", "--help=\033[31mx\\x5c", NULL },
	};
	char text[4096];
	FILE *said = cr_get_redirected_stderr();
	int nr = 0;

	for (int i = 0; i < 5; i++)
		cr_expect_eq(parse((char **)wrong[i]), OPTIONS_WRONG);
	cr_expect_eq(PARSE("-\033"), OPTIONS_WRONG);
	fflush(stderr);
	text[read(fileno(said), text, sizeof(text) - 1)] = '\0';
	cr_expect_null(strchr(text, '\033'), "%s", text);
	for (char *at = text; (at = strstr(at, "what is '")); at++) {
		nr++;
		cr_expect_not_null(strstr(at, "\\x1b"), "%s", at);
	}
	cr_expect_eq(nr, 6, "%d in: %s", nr, text);
	cr_expect_not_null(strstr(text, "'\\x1b[31mx\\x5cx5c'"), "%s", text);
}
