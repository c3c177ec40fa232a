// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * testbed - turn the knobs of the device model from inside the VM it is plugged into
 *
 *	testbed get PROPERTY		print the value
 *	testbed set PROPERTY VALUE	VALUE is a number, true, false, or else a string
 *
 * A serial port of the VM leads to the monitor of its own QEMU, which speaks QMP: one JSON
 * object a line. The properties are those of the PF. A composite value is printed as JSON.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PORT "/dev/vvb-qmp"
#define DEVICE "/machine/peripheral/pf0"
#define ANSWER_MS 10000
#define LINE_MAX_LEN 65536

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("testbed: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

/* The port opens once at a time: that is the lock between several of us. */
static int open_port(void)
{
	for (int i = 0; i < ANSWER_MS / 10; i++) {
		int fd = open(PORT, O_RDWR | O_CLOEXEC);

		if (fd >= 0)
			return fd;
		if (errno != EBUSY)
			break;
		usleep(10000);
	}
	die("%s: %s", PORT, strerror(errno));
}

static void send_line(int fd, const char *line)
{
	size_t left = strlen(line);

	while (left) {
		ssize_t n = write(fd, line, left);

		if (n < 0)
			die("%s: %s", PORT, strerror(errno));
		line += n;
		left -= (size_t)n;
	}
}

static void read_line(int fd, char *line)
{
	struct pollfd port = { .fd = fd, .events = POLLIN };
	size_t len = 0;

	while (len < LINE_MAX_LEN - 1) {
		if (poll(&port, 1, ANSWER_MS) <= 0)
			die("no answer from the monitor");
		if (read(fd, &line[len], 1) != 1)
			die("%s: closed", PORT);
		if (line[len] == '\n')
			break;
		len++;
	}
	line[len] = '\0';
}

static const char *skip_space(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

static const char *end_of_string(const char *s)
{
	for (s++; *s && *s != '"'; s++) {
		if (*s == '\\' && s[1])
			s++;
	}
	return *s ? s + 1 : s;
}

/* The end of the value that begins at @s. */
static const char *end_of_value(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '"') {
			s = end_of_string(s) - 1;
		} else if (*s == '{' || *s == '[') {
			depth++;
		} else if (*s == '}' || *s == ']' || *s == ',') {
			if (depth == 0)
				return s;
			if (*s != ',')
				depth--;
		}
	}
	return s;
}

/* The value of member @key of the object @json; only its own members, not deeper ones. */
static const char *member(const char *json, const char *key)
{
	size_t len = strlen(key);
	const char *s = skip_space(json);

	if (*s != '{')
		return NULL;
	s = skip_space(s + 1);
	while (*s == '"') {
		const char *name = s + 1;
		const char *end = end_of_string(s);

		s = skip_space(skip_space(end) + 1);
		if ((size_t)(end - 1 - name) == len && !strncmp(name, key, len))
			return s;
		s = end_of_value(s);
		s = skip_space(*s == ',' ? s + 1 : s);
	}
	return NULL;
}

static void print_value(FILE *out, const char *s)
{
	const char *end = *s == '"' ? end_of_string(s) - 1 : end_of_value(s);
	bool string = *s == '"';

	for (s += string; s < end; s++) {
		char c = *s;

		if (string && c == '\\') {
			c = *++s;
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		fputc(c, out);
	}
	fputc('\n', out);
}

/* Send a command and wait for its answer, past greetings and events. */
static const char *ask(int fd, int id, const char *command, char *answer)
{
	char line[2048];

	snprintf(line, sizeof(line), "{\"id\": %d, %s}\n", id, command);
	send_line(fd, line);
	for (;;) {
		const char *got;

		read_line(fd, answer);
		got = member(answer, "id");
		if (got && atoi(got) == id)
			return member(answer, "return");
	}
}

static void quote(char *out, size_t size, const char *in)
{
	size_t len = 0;

	for (; *in; in++) {
		if (len + 3 > size)
			die("value too long");
		if (*in == '"' || *in == '\\')
			out[len++] = '\\';
		out[len++] = *in;
	}
	out[len] = '\0';
}

/* @value as JSON: what looks like a number or a truth value is one. */
static void to_json(char *out, size_t size, const char *value)
{
	char *end, text[512];
	long long number;

	errno = 0;
	number = strtoll(value, &end, 0);
	if (*value && !*end && !errno) {
		snprintf(out, size, "%lld", number);
	} else if (!strcmp(value, "true") || !strcmp(value, "false")) {
		snprintf(out, size, "%s", value);
	} else {
		quote(text, sizeof(text), value);
		snprintf(out, size, "\"%s\"", text);
	}
}

static int usage(void)
{
	fputs("usage: testbed get PROPERTY\n       testbed set PROPERTY VALUE\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	static char answer[LINE_MAX_LEN];
	char command[1536], property[128], value[600];
	const char *result, *error;
	bool set;
	int fd, id;

	if (argc < 3)
		return usage();
	set = !strcmp(argv[1], "set");
	if (argc != (set ? 4 : 3) || (!set && strcmp(argv[1], "get")))
		return usage();

	quote(property, sizeof(property), argv[2]);
	if (set)
		to_json(value, sizeof(value), argv[3]);
	snprintf(command, sizeof(command),
		 "\"execute\": \"qom-%s\", \"arguments\": "
		 "{\"path\": \"" DEVICE "\", \"property\": \"%s\"%s%s}",
		 set ? "set" : "get", property, set ? ", \"value\": " : "", set ? value : "");

	/* An answer to an earlier caller that gave up may still be on its way. */
	id = (int)(getpid() << 1);
	fd = open_port();
	/* Refused when an earlier caller did it: the monitor keeps its state. */
	ask(fd, id, "\"execute\": \"qmp_capabilities\"", answer);
	result = ask(fd, id + 1, command, answer);
	if (!result) {
		error = member(answer, "error");
		error = error ? member(error, "desc") : NULL;
		fputs("testbed: ", stderr);
		print_value(stderr, error ? error : answer);
		return 1;
	}
	if (!set)
		print_value(stdout, result);
	return 0;
}
