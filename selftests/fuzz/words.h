/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A fuzzer's input as a command line: words, split at line feeds. */
#ifndef FUZZ_WORDS_H
#define FUZZ_WORDS_H

#include "input.h"

#define WORDS_MAX 32
#define WORDS_LEN 1024

struct fuzz_words {
	int nr;
	char *word[WORDS_MAX + 1]; /* ends in NULL, as argv does */
	char text[WORDS_LEN + 1];
};

static inline void fuzz_words(struct fuzz_words *w, const char *program, const uint8_t *data,
			      size_t size)
{
	char *at = w->text, *word;

	if (size > WORDS_LEN)
		size = WORDS_LEN;
	if (size)
		memcpy(w->text, data, size);
	w->text[size] = '\0';
	w->word[0] = (char *)program;
	w->nr = 1;
	while (w->nr < WORDS_MAX && (word = strsep(&at, "\n")))
		w->word[w->nr++] = word;
	w->word[w->nr] = NULL;
}

#endif /* FUZZ_WORDS_H */
