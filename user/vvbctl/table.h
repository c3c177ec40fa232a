/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Tables as text: libsmartcols knows how wide the columns have to be. */
#ifndef VVBCTL_TABLE_H
#define VVBCTL_TABLE_H

#include <stdbool.h>

#include <libsmartcols/libsmartcols.h>

/**
 * table_new - an empty table
 * @columns:	their names, closed with NULL; one that begins with '>' is of numbers
 * @headings:	show the names
 *
 * Return: it, to be ended by table_print(); NULL when memory is short, which the functions below
 * take, and table_print() tells.
 */
struct libscols_table *table_new(const char *const *columns, bool headings);

/* One more row, of as many cells as there are columns. */
void table_add(struct libscols_table *table, const char *const *cells);

/* Print it, with @indent in front of each line. */
void table_print(struct libscols_table *table, const char *indent);

#endif /* VVBCTL_TABLE_H */
