// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "vvbctl.h"

static bool add_column(struct libscols_table *table, const char *name)
{
	int right = *name == '>';

	return scols_table_new_column(table, name + right, 0, right ? SCOLS_FL_RIGHT : 0);
}

/*
 * The width of a terminal cuts nothing: what is shown is often taken up by another program. And
 * cells are safe already, as errors and JSON want that, too; twice would be unreadable.
 */
struct libscols_table *table_new(const char *const *columns, bool headings)
{
	struct libscols_table *table = scols_new_table();

	for (; table && *columns; columns++) {
		if (add_column(table, *columns))
			continue;
		scols_unref_table(table);
		return NULL;
	}
	if (table) {
		scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
		scols_table_enable_noencoding(table, 1);
		scols_table_enable_noheadings(table, !headings);
		scols_table_set_column_separator(table, "  ");
	}
	return table;
}

void table_add(struct libscols_table *table, const char *const *cells)
{
	struct libscols_line *line = table ? scols_table_new_line(table, NULL) : NULL;

	for (size_t i = 0; line && i < scols_table_get_ncols(table); i++)
		scols_line_set_data(line, i, cells[i]);
}

static void print_lines(char *text, const char *indent)
{
	char *line;

	while ((line = strsep(&text, "\n")))
		if (*line)
			printf("%s%s\n", indent, line);
}

void table_print(struct libscols_table *table, const char *indent)
{
	char *text = NULL;

	if (!table || scols_print_table_to_string(table, &text))
		error_late("%s", strerror(ENOMEM));
	else if (text)
		print_lines(text, indent);
	free(text);
	scols_unref_table(table);
}
