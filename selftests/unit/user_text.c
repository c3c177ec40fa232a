// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Text from outside, made safe. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vvbctl/text.h"

static void terminal(const char *text, const char *keep, const char *wanted)
{
	char *safe = text_for_terminal(text, keep);

	cr_expect_str_eq(safe, wanted);
	free(safe);
}

static void json(const char *text, const char *wanted)
{
	char *safe = text_for_json(text);

	cr_expect_str_eq(safe, wanted);
	free(safe);
}

Test(user_text, for_a_terminal)
{
	terminal("", "", "");
	terminal("plain ~ text, \\ \"too\"", "", "plain ~ text, \\ \"too\"");
	terminal("\033]0;t\007", "", "\\x1b]0;t\\x07");
	terminal("a\tb\nc\rd", "\n\t", "a\tb\nc\\x0dd");
	terminal("\x7f\xc3\xa9\xff", "", "\\x7f\\xc3\\xa9\\xff");
	terminal("\\x1b \\y \\", "", "\\x5cx1b \\y \\");
}

Test(user_text, for_json)
{
	json("", "");
	json("\033[2J\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	     "\033[2J\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	json("\\x1b", "\\x5cx1b");
	json("a\xff", "a\\xff");
	json("\xc3", "\\xc3"); /* cut short */
	json("\xe2\x82", "\\xe2\\x82");
	json("\xe2\x82x", "\\xe2\\x82x");
	json("\xc0\xaf", "\\xc0\\xaf"); /* longer than they need be */
	json("\xe0\x80\xaf", "\\xe0\\x80\\xaf");
	json("\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf");
	json("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* a surrogate */
	json("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* behind the last */
	json("\x7f\xc2\x9b"
	     "1m\xc2\xa0",
	     "\\x7f\\xc2\\x9b"
	     "1m\xc2\xa0");
}

/* Two texts that differ do not look the same. */
Test(user_text, unambiguous)
{
	char text[3] = "", *safe, *seen[256 * 2] = {};
	int nr = 0;

	for (int c = 1; c < 256; c++) {
		text[0] = c;
		safe = text_for_terminal(text, "");
		for (int i = 0; i < nr; i++)
			cr_expect_str_neq(safe, seen[i]);
		seen[nr++] = safe;
	}
	while (nr--)
		free(seen[nr]);
}
