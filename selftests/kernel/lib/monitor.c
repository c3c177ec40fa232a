// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "monitor.h"

#define PORT "/dev/vvb-qmp"
#define DEVICE "/machine/peripheral/pf0"
#define ANSWER_MS 10000

/* ---- lines ---- */

static int open_port(void)
{
	for (int i = 0; i < ANSWER_MS / 10; i++) {
		int fd = open(PORT, O_RDWR | O_CLOEXEC);

		if (fd >= 0 || errno != EBUSY)
			return fd < 0 ? -errno : fd;
		usleep(10000);
	}
	return -EBUSY;
}

static int send_line(int fd, const char *line)
{
	size_t left = strlen(line);

	while (left) {
		ssize_t n = write(fd, line, left);

		if (n < 0)
			return -errno;
		line += n;
		left -= (size_t)n;
	}
	return 0;
}

static int fill(struct monitor *m)
{
	struct pollfd port = { .fd = m->fd, .events = POLLIN };
	ssize_t n;

	if (m->fill == sizeof(m->input))
		return -EMSGSIZE;
	if (poll(&port, 1, ANSWER_MS) <= 0)
		return -ETIMEDOUT;
	n = read(m->fd, m->input + m->fill, sizeof(m->input) - m->fill);
	if (n <= 0)
		return n ? -errno : -EPIPE;
	m->fill += (size_t)n;
	return 0;
}

/* The next line into m->answer. */
static int read_line(struct monitor *m)
{
	size_t seen = 0, len;
	char *end;
	int err;

	while (!(end = memchr(m->input + seen, '\n', m->fill - seen))) {
		seen = m->fill;
		err = fill(m);
		if (err)
			return err;
	}
	len = (size_t)(end - m->input);
	memcpy(m->answer, m->input, len);
	m->answer[len] = '\0';
	m->fill -= len + 1;
	memmove(m->input, end + 1, m->fill);
	return 0;
}

/* ---- JSON ---- */

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

/* A value as text: of a string what it stands for. */
static int copy_value(char *to, size_t size, const char *s)
{
	const char *end = *s == '"' ? end_of_string(s) - 1 : end_of_value(s);
	bool string = *s == '"';
	size_t len = 0;

	for (s += string; s < end; s++) {
		char c = *s;

		if (len + 1 >= size)
			return -EMSGSIZE;
		if (string && c == '\\') {
			c = *++s;
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		to[len++] = c;
	}
	to[len] = '\0';
	return 0;
}

static int quote(char *out, size_t size, const char *in)
{
	size_t len = 0;

	for (; *in; in++) {
		if (len + 3 > size)
			return -EMSGSIZE;
		if (*in == '"' || *in == '\\')
			out[len++] = '\\';
		out[len++] = *in;
	}
	out[len] = '\0';
	return 0;
}

static int to_json(char *out, size_t size, const char *value)
{
	char *end, text[512];
	long long number;
	int err = 0;

	errno = 0;
	number = strtoll(value, &end, 0);
	if (*value && !*end && !errno) {
		snprintf(out, size, "%lld", number);
	} else if (!strcmp(value, "true") || !strcmp(value, "false")) {
		snprintf(out, size, "%s", value);
	} else {
		err = quote(text, sizeof(text), value);
		snprintf(out, size, "\"%s\"", text);
	}
	return err;
}

/* ---- commands ---- */

/*
 * Send a command and wait for its answer, past greetings and events. An answer to an earlier
 * caller that gave up may still be on its way: hence the ids.
 */
static int ask(struct monitor *m, const char *command, const char **result)
{
	char line[2048];
	int err;

	snprintf(line, sizeof(line), "{\"id\": %d, %s}\n", ++m->id, command);
	err = send_line(m->fd, line);
	while (!err) {
		const char *got;

		err = read_line(m);
		got = err ? NULL : member(m->answer, "id");
		if (got && atoi(got) == m->id)
			break;
	}
	if (err)
		return err;
	*result = member(m->answer, "return");
	return *result ? 0 : -EREMOTEIO;
}

static int qom(struct monitor *m, const char *verb, const char *property, const char *value,
	       const char **result)
{
	char command[1536], name[128];
	int err = quote(name, sizeof(name), property);

	if (err)
		return err;
	snprintf(command, sizeof(command),
		 "\"execute\": \"qom-%s\", \"arguments\": "
		 "{\"path\": \"" DEVICE "\", \"property\": \"%s\"%s%s}",
		 verb, name, value ? ", \"value\": " : "", value ? value : "");
	return ask(m, command, result);
}

int monitor_open(struct monitor *m)
{
	const char *result;
	int err;

	m->fill = 0;
	m->id = (int)(((unsigned int)getpid() << 12) & 0x7fffffff);
	m->fd = open_port();
	if (m->fd < 0)
		return m->fd;
	/* Refused when an earlier caller did it: the monitor keeps its state. */
	err = ask(m, "\"execute\": \"qmp_capabilities\"", &result);
	return err == -EREMOTEIO ? 0 : err;
}

void monitor_close(struct monitor *m)
{
	close(m->fd);
}

int monitor_get(struct monitor *m, const char *property, char *value, size_t size)
{
	const char *result;
	int err = qom(m, "get", property, NULL, &result);

	return err ? err : copy_value(value, size, result);
}

int monitor_set(struct monitor *m, const char *property, const char *value)
{
	const char *result;
	char json[600];
	int err = to_json(json, sizeof(json), value);

	return err ? err : qom(m, "set", property, json, &result);
}

int monitor_do(struct monitor *m, const char *command, const char *arguments, char *value,
	       size_t size)
{
	const char *result;
	char line[1536];
	int err;

	if (snprintf(line, sizeof(line), "\"execute\": \"%s\", \"arguments\": %s", command,
		     arguments) >= (int)sizeof(line))
		return -EMSGSIZE;
	err = ask(m, line, &result);
	return err ? err : copy_value(value, size, result);
}

const char *monitor_said(struct monitor *m)
{
	const char *error = member(m->answer, "error");
	static char text[512];

	error = error ? member(error, "desc") : NULL;
	if (!error || copy_value(text, sizeof(text), error))
		return m->answer;
	return text;
}
