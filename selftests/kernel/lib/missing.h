/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * An argument of which a part is not there, by userfaultfd: the kernel, when it comes to that
 * part, waits for as long as the caller likes.
 */
#ifndef MISSING_H
#define MISSING_H

#include <stddef.h>
#include <stdint.h>

#define MISSING_PAGE 4096u

enum missing_part {
	MISSING_FIRST,
	MISSING_SECOND,
};

/**
 * struct missing - an argument in two pages, one of which is not there
 * @at:		the argument
 * @part:	the one that is missing
 * @content:	what it holds once it is there
 */
struct missing {
	int uffd;
	uint8_t *pages;
	uint8_t *at;
	enum missing_part part;
	uint8_t content[MISSING_PAGE] __attribute__((aligned(MISSING_PAGE)));
};

/* @len bytes of @arg, @split of them in the first page. 0 or a negative errno. */
int missing_begin(struct missing *m, enum missing_part part, const void *arg, size_t len,
		  size_t split);

/* Has somebody come to it, within @ms? */
int missing_reached(const struct missing *m, int ms);

/* It is there: whoever waits goes on. 0 or a negative errno. */
int missing_end(const struct missing *m);

void missing_free(struct missing *m);

#endif /* MISSING_H */
