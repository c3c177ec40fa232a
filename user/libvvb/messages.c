// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "messages.h"
#include "pins.h"

/* libbpf's print callback has no argument of ours. */
static char *log_text;
static size_t log_room;
static libbpf_print_fn_t print_before;

/* The end tells most, so the beginning gives way. */
static void log_append(const char *text, size_t len)
{
	size_t used = strlen(log_text), drop;

	if (len >= log_room) {
		text += len - (log_room - 1);
		len = log_room - 1;
	}
	if (used + len >= log_room) {
		drop = used + len - (log_room - 1);
		memmove(log_text, log_text + drop, used - drop + 1);
		used -= drop;
	}
	memcpy(log_text + used, text, len);
	log_text[used + len] = '\0';
}

static int log_print(enum libbpf_print_level level, const char *fmt, va_list args)
{
	char *text;
	int len;

	if (level != LIBBPF_WARN || !log_room)
		return 0;
	len = vasprintf(&text, fmt, args);
	if (len < 0)
		return 0;
	log_append(text, len);
	free(text);
	return len;
}

void vvb_message(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_print(LIBBPF_WARN, fmt, args);
	va_end(args);
}

void vvb_messages_begin(char *log, size_t size)
{
	log_text = log;
	log_room = log ? size : 0;
	if (log_room)
		*log = '\0';
	print_before = libbpf_set_print(log_print);
}

int vvb_messages_end(int err)
{
	char text[128];

	if (err <= -__LIBBPF_ERRNO__START) {
		libbpf_strerror(-err, text, sizeof(text));
		vvb_message("libbpf: %s\n", text);
		err = -EINVAL;
	}
	log_room = 0;
	libbpf_set_print(print_before);
	return err;
}

static const char *why_no_lock(int err)
{
	switch (err) {
	case -ETIMEDOUT:
		return "another process loads or unloads, and has not ended for ten seconds";
	case -EPERM:
		return "others could remove what is pinned there; remove the directory";
	default:
		return strerror(-err);
	}
}

int vvb_message_no_lock(int err)
{
	char path[VVB_PIN_LEN] = "";

	vvb_pins_dir("", path);
	vvb_message("%s: %s\n", path, why_no_lock(err));
	return err;
}
