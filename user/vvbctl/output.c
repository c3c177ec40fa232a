// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * All that is printed: results, as text or JSON, and errors. Text from outside gets out by
 * put_text() and the functions of errors, and nowhere else.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"
#include "vvbctl.h"

/* Something went wrong after output had begun: the end of the program says so. */
static bool failed;

void output_begin(void)
{
	failed = false;
}

/* As JSON, without a line feed. */
void print_json(json_object *value)
{
	int flags = options.pretty ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED :
				     JSON_C_TO_STRING_PLAIN;

	fputs(json_object_to_json_string_ext(value, flags | JSON_C_TO_STRING_NOSLASHESCAPE),
	      stdout);
}

/* One message as text; @log is more lines to it. */
static void print_message(const char *text, const char *log)
{
	char *safe = text_for_terminal(text, ""), *lines = text_for_terminal(log, "\n\t");

	fprintf(stderr, "vvbctl: %s\n", safe ? safe : strerror(ENOMEM));
	if (*log && options.verbose)
		fputs(lines ? lines : "", stderr);
	else if (*log)
		fprintf(stderr, "        -v shows all that libbpf and the verifier said\n");
	free(safe);
	free(lines);
}

static void print_error(const char *log, const char *text)
{
	json_object *value;

	if (!options.json) {
		print_message(text, log);
		return;
	}
	value = json_object_new_object();
	put_text(value, "error", text);
	if (*log)
		put_text(value, "log", log);
	output(value, NULL);
}

static void vprint_error(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) < 0)
		return;
	print_error("", text);
	free(text);
}

const char *for_root(int err)
{
	return (err == -EPERM || err == -EACCES) && geteuid() ? ": that is for root" : "";
}

const char *why(int err)
{
	static char text[160];

	snprintf(text, sizeof(text), "%s%s", vvb_strerror(err), for_root(err));
	return text;
}

static int print_late(const char *log, const char *fmt, va_list args)
{
	char *text;

	failed = true;
	if (vasprintf(&text, fmt, args) >= 0) {
		print_message(text, log);
		free(text);
	}
	return FAILED;
}

int error_late(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_late("", fmt, args);
	va_end(args);
	return FAILED;
}

int error_late_log(const char *log, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_late(log, fmt, args);
	va_end(args);
	return FAILED;
}

/* The error may be of an earlier write, with its number forgotten. */
int output_flush(void)
{
	bool told = failed && ferror(stdout);

	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return DONE;
	if (!told)
		error_late("write error%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
	return FAILED;
}

int output_end(int status)
{
	output_flush();
	return status == DONE && failed ? FAILED : status;
}

int error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprint_error(fmt, args);
	va_end(args);
	return FAILED;
}

size_t join_why(const char *log, char *to, size_t size)
{
	const char *end = strstr(log, "\n\n");
	size_t len = end ? (size_t)(end - log) + 1 : strlen(log), at = 0;

	for (size_t i = 0; i < len && at + 3 < size; i++) {
		if (log[i] != '\n')
			to[at++] = log[i];
		else if (i + 1 < len)
			at += sprintf(to + at, "; ");
	}
	to[at] = '\0';
	return end ? len + 1 : len;
}

int error_log(const char *log, const char *fmt, ...)
{
	char reason[2048], *text, *whole;
	size_t len = join_why(log, reason, sizeof(reason));
	va_list args;
	int ret;

	va_start(args, fmt);
	ret = vasprintf(&text, fmt, args);
	va_end(args);
	if (ret < 0)
		return FAILED;
	if (asprintf(&whole, "%s: %s", text, reason) >= 0) {
		print_error(log + len, whole);
		free(whole);
	}
	free(text);
	return FAILED;
}

int usage(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprint_error(fmt, args);
	va_end(args);
	return USAGE;
}

int open_channel(void)
{
	int channel = vvb_open();

	if (channel == -ENOENT)
		error("/dev/vvb: " NOT_LOADED);
	else if (channel == -EACCES)
		error("/dev/vvb: %s: that is for root, and for the group vvbd by the udev rule",
		      strerror(-channel));
	else if (channel < 0)
		error("/dev/vvb: %s", why(channel));
	return channel;
}

static void print_value(const char *key, json_object *value, void *arg)
{
	(void)key;
	(void)arg;
	puts(json_object_get_string(value));
}

/* An object without a printer of its own: its values, one after the other. */
static void print_values(json_object *value)
{
	each_member(value, print_value, NULL);
}

static void print_text(json_object *value, void (*text)(json_object *item))
{
	if (!text)
		text = print_values;
	if (!json_object_is_type(value, json_type_array)) {
		text(value);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(value); i++)
		text(json_object_array_get_idx(value, i));
}

/* Return: was it? */
static bool printed_as_json(json_object *value)
{
	if (options.json) {
		print_json(value);
		putchar('\n');
	}
	return options.json;
}

int output(json_object *value, void (*text)(json_object *item))
{
	if (!printed_as_json(value))
		print_text(value, text);
	json_object_put(value);
	return DONE;
}

int output_table(json_object *value, void (*text)(json_object *list))
{
	if (!printed_as_json(value))
		text(value);
	json_object_put(value);
	return DONE;
}

void put_text(json_object *to, const char *key, const char *value)
{
	char *safe = options.json ? text_for_json(value) : text_for_terminal(value, "");

	json_object_object_add(to, key, json_object_new_string(safe ? safe : strerror(ENOMEM)));
	free(safe);
}

void put_word(json_object *to, const char *key, const char *word)
{
	if (*word)
		put_text(to, key, word);
	else
		json_object_object_add(to, key, NULL);
}

void put_number(json_object *to, const char *key, __u64 value)
{
	json_object_object_add(to, key, json_object_new_uint64(value));
}

void each_member(json_object *of, void (*call)(const char *key, json_object *value, void *arg),
		 void *arg)
{
	struct json_object_iterator at = json_object_iter_begin(of);
	struct json_object_iterator end = json_object_iter_end(of);

	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		call(json_object_iter_peek_name(&at), json_object_iter_peek_value(&at), arg);
}

const char *text_of(json_object *from, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(from, key));

	return text ? text : "-";
}

__u64 number_of(json_object *from, const char *key)
{
	return json_object_get_uint64(json_object_object_get(from, key));
}
