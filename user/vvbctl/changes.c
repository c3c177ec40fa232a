// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"

void changes_begin(struct changes *c, const char *file)
{
	*c = (struct changes) { .list = json_object_new_array(), .file = file };
}

/* What error_late_log() will print makes safe itself; once is enough. */
static void put_error(json_object *item, const char *key, const char *text)
{
	if (options.json)
		put_text(item, key, text);
	else
		json_object_object_add(item, key, json_object_new_string(text));
}

static json_object *new_item(struct changes *c, const char *who, int line)
{
	json_object *item = json_object_new_object();

	put_text(item, "of", who);
	if (line) {
		put_error(item, "file", c->file);
		put_number(item, "line", line);
	}
	json_object_array_add(c->list, item);
	return item;
}

void changes_add(struct changes *c, const char *who, const char *what, const char *from,
		 const char *to, int line)
{
	json_object *item = new_item(c, who, line);

	put_text(item, "what", what);
	put_word(item, "from", from ? from : "");
	put_text(item, "to", to);
}

void changes_failed(struct changes *c, const char *who, int line, const char *log, const char *fmt,
		    ...)
{
	json_object *item = new_item(c, who, line);
	va_list args;
	char *text;

	c->failed++;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) >= 0) {
		put_error(item, "error", text);
		free(text);
	}
	va_end(args);
	if (*log)
		put_error(item, "log", log);
}

static void text_of_failed(json_object *item)
{
	json_object *log = json_object_object_get(item, "log");
	char line[300] = "";

	if (json_object_object_get(item, "line"))
		snprintf(line, sizeof(line), "%s:%s: ", text_of(item, "file"),
			 text_of(item, "line"));
	error_late_log(log ? json_object_get_string(log) : "", "%s%s: %s", line,
		       text_of(item, "of"), text_of(item, "error"));
}

static void text_of_change(json_object *item)
{
	if (json_object_object_get(item, "error"))
		text_of_failed(item);
	else
		printf("%s  %s %s -> %s\n", text_of(item, "of"), text_of(item, "what"),
		       text_of(item, "from"), text_of(item, "to"));
}

int changes_end(struct changes *c)
{
	output(c->list, text_of_change);
	return c->failed ? FAILED : DONE;
}
