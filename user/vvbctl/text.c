// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define ESCAPE_LEN 4 /* \xNN */

/* How many bytes the first one of a sequence wants behind it; -1: it begins none. */
static int bytes_behind(unsigned char first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

/* Too long for what they say, surrogates, and beyond the last: told by the second byte. */
static bool is_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second <= 0x9f;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second <= 0x8f;
	case 0xc2: /* U+0080 to U+009F control terminals */
		return second >= 0xa0;
	default:
		return true;
	}
}

/* Bytes of the character at @text, which may be shown to a reader of JSON; 0 for none. */
static int character(const char *text)
{
	const unsigned char *c = (const unsigned char *)text;
	int behind = bytes_behind(*c);

	if (behind < 0 || *c == 0x7f)
		return 0;
	for (int i = 1; i <= behind; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return behind && !is_second(c[0], c[1]) ? 0 : 1 + behind;
}

static int printable(const char *text, const char *keep)
{
	return (*text >= ' ' && *text <= '~') || strchr(keep, *text);
}

/* @keep: NULL for JSON. */
static char *escape(const char *text, const char *keep)
{
	char *safe = malloc(ESCAPE_LEN * strlen(text) + 1), *to = safe;
	int len;

	for (; safe && *text; text += len ? len : 1) {
		len = keep ? printable(text, keep) : character(text);
		if (text[0] == '\\' && text[1] == 'x')
			len = 0;
		if (len)
			memcpy(to, text, len);
		else
			sprintf(to, "\\x%02x", (unsigned char)*text);
		to += len ? len : ESCAPE_LEN;
	}
	if (safe)
		*to = '\0';
	return safe;
}

char *text_for_terminal(const char *text, const char *keep)
{
	return escape(text, keep);
}

char *text_for_json(const char *text)
{
	return escape(text, NULL);
}
