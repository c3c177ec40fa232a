/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Text from outside: names of threads, of files, what was typed. It may be anything. */
#ifndef VVBCTL_TEXT_H
#define VVBCTL_TEXT_H

/**
 * text_for_terminal - text that does nothing but be read
 * @text:	of any bytes
 * @keep:	control characters that stay, "" for none
 *
 * What is no printable ASCII becomes \xNN, byte by byte. So that this can be told from what it
 * looks like, the backslash in front of an x becomes \x5c.
 *
 * Return: to be given to free(); NULL when memory is short.
 */
char *text_for_terminal(const char *text, const char *keep);

/**
 * text_for_json - text that is UTF-8
 * @text:	of any bytes
 *
 * Bytes that are no UTF-8, and control characters that JSON lets pass (from 0x7f on), become \xNN
 * as above. The rest stays.
 *
 * Return: to be given to free(); NULL when memory is short.
 */
char *text_for_json(const char *text);

#endif /* VVBCTL_TEXT_H */
