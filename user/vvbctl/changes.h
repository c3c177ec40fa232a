/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What apply, save, bind and unbind have to tell: a list of what has changed and what could not. */
#ifndef VVBCTL_CHANGES_H
#define VVBCTL_CHANGES_H

#include "vvbctl.h"

/**
 * struct changes
 * @list:	one object each, for output
 * @file:	that lines below are of, or NULL
 * @failed:	how many could not be made
 */
struct changes {
	json_object *list;
	const char *file;
	int failed;
};

void changes_begin(struct changes *c, const char *file);

/*
 * One that has been made, or with --dry-run would be: @what of @who (a VF, PF or policy) was @from,
 * NULL when that is not known, and is @to. @line: of the file, 0 for none.
 */
void changes_add(struct changes *c, const char *who, const char *what, const char *from,
		 const char *to, int line);

/* One that can't be made, and why; @log: more lines to it, "" for none. */
void changes_failed(struct changes *c, const char *who, int line, const char *log, const char *fmt,
		    ...) __attribute__((format(printf, 5, 6)));

/* Print them. Return: an exit status. */
int changes_end(struct changes *c);

#endif /* VVBCTL_CHANGES_H */
