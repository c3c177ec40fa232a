// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "messages.h"
#include "pins.h"
#include "verifier_log.h"

#define WHY_LEN 2048

/* libbpf's print callback has no argument of ours. */
static char why[WHY_LEN];
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

/* Since Linux 5.11 BPF is not counted against RLIMIT_MEMLOCK: what libbpf says of it misleads. */
static bool misleads(const char *fmt)
{
	return strstr(fmt, "ulimit -l") || strstr(fmt, "RLIMIT_MEMLOCK");
}

static int log_print(enum libbpf_print_level level, const char *fmt, va_list args)
{
	char *text;
	int len;

	if (level != LIBBPF_WARN || !log_room || misleads(fmt))
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
	size_t used = strlen(why);
	va_list args;

	va_start(args, fmt);
	vsnprintf(why + used, sizeof(why) - used, fmt, args);
	va_end(args);
}

void vvb_messages_begin(char *log, size_t size)
{
	why[0] = '\0';
	log_text = log;
	log_room = log ? size : 0;
	if (log_room)
		*log = '\0';
	print_before = libbpf_set_print(log_print);
}

/* Nobody of ours has said why. */
static void find_why(int err)
{
	char text[WHY_LEN / 2];

	if (log_room && verifier_log_cause(log_text, text, sizeof(text)))
		vvb_message("%s\n", text);
	else if (log_room && libbpf_log_cause(log_text, text, sizeof(text)))
		vvb_message("%s\n", text);
	else
		vvb_message("%s\n", vvb_strerror(err));
}

/* Why comes first, then an empty line, and the end of the rest. */
static void put_why_first(void)
{
	size_t len = strlen(why), used = strlen(log_text), room, kept;

	if (!used || len + 2 >= log_room) {
		snprintf(log_text, log_room, "%s", why);
		return;
	}
	room = log_room - len - 2; /* without the empty line and the zero */
	kept = used < room ? used : room;
	memmove(log_text + len + 1, log_text + used - kept, kept);
	memcpy(log_text, why, len);
	log_text[len] = '\n';
	log_text[len + 1 + kept] = '\0';
}

int vvb_messages_end(int err)
{
	if (err && !*why)
		find_why(err);
	if (err && log_room)
		put_why_first();
	log_room = 0;
	libbpf_set_print(print_before);
	return err <= -__LIBBPF_ERRNO__START ? -EINVAL : err;
}

static const char *why_no_lock(int err)
{
	switch (err) {
	case -ETIMEDOUT:
		return "another process loads or unloads, and has not ended for ten seconds";
	case -EPERM:
		return "others could remove what is pinned there; remove the directory";
	case -EACCES:
		return "Permission denied: that is for root";
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
