// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "libvvb/pins.h"

#define TRACE_LIMIT_MIN 4096
#define BUDGET_MAX_US 1000000
#define TIMEOUT_MAX_MS 60000
#define QUEUE_SIZE_MAX 32768
#define USER_NAME_LEN 32

static const char *const yes_or_no[] = { "no", "yes", NULL };
static const char *const legacy[] = { "auto", "only", "off", NULL };
static const char *const intx[] = { "auto", "off", NULL };
static const char *const owner[] = { "auto", "pf", "self", "daemon", NULL };
static const char *const loss[] = { "kernel", "fail", "wait", NULL };
static const char *const handlers[] = {
	[REQUEST_HANDLER_LEGACY_ADMIN] = "legacy-admin",
	[REQUEST_HANDLER_RECORD] = "record",
	[REQUEST_HANDLER_PLUGIN] = "exec-plugin",
	NULL,
};

#define CHOICE(_words, _wanted, ...) \
	.kind = CONF_CHOICE, .words = (_words), .wanted = (_wanted), ##__VA_ARGS__
#define NUMBER(_min, _max, _wanted, ...) \
	.kind = CONF_NUMBER, .min = (_min), .max = (_max), .wanted = (_wanted), ##__VA_ARGS__
#define SIZE                                                              \
	.place = CONF_OF_VVBD, .kind = CONF_SIZE, .min = TRACE_LIMIT_MIN, \
	.wanted = "4K or more; a number, and K, M or G"

/* The module's own limits and defaults: selftests/kernel/tests/apply.sh compares the latter. */
/* clang-format off */
const struct conf_key_info conf_keys[CONF_KEY_NR] = {
	[CONF_POLICY_REQUIRED] = { "policy_required",
		CHOICE(yes_or_no, "yes or no", .standard = "no") },
	[CONF_LEGACY] = { "legacy", CHOICE(legacy, "auto, only or off", .standard = "auto") },
	[CONF_INTX] = { "intx", CHOICE(intx, "auto or off", .standard = "auto") },
	[CONF_OWNER] = { "owner", CHOICE(owner, "auto, pf, self or daemon", .standard = "auto") },
	[CONF_POLICY] = { "policy", .kind = CONF_NAME, .standard = "none",
		.wanted = "The name of a policy, 1 to 15 characters out of a-z 0-9 _ -, or none" },
	[CONF_SHADOW] = { "shadow", .kind = CONF_NAME, .standard = "none",
		.wanted = "The name of a stateless policy, or none" },
	[CONF_POLICY_BUDGET_US] = { "policy_budget_us", NUMBER(0, BUDGET_MAX_US,
		"0 to 1000000; 0: as long as it likes", .standard = "1000") },
	[CONF_ON_DAEMON_LOSS] = { "on_daemon_loss",
		CHOICE(loss, "kernel, fail or wait", .standard = "kernel") },
	[CONF_PUNT_TIMEOUT_MS] = { "punt_timeout_ms", NUMBER(1, TIMEOUT_MAX_MS,
		"1 to 60000", .standard = "250") },
	[CONF_ADMIN_TIMEOUT_MS] = { "admin_timeout_ms", NUMBER(0, TIMEOUT_MAX_MS,
		"0 to 60000; 0: as long as it takes", .standard = "5000") },
	[CONF_QUEUE_SIZE_MAX] = { "queue_size_max", NUMBER(0, QUEUE_SIZE_MAX,
		"0 to 32768; 0: as the device has it", .standard = "0") },
	[CONF_DAEMON_UID] = { "daemon_uid", .kind = CONF_USER, .standard = "0",
		.wanted = "The name or the number of a user" },
	[CONF_BIND] = { "bind", CHOICE(yes_or_no, "yes or no") },
	[CONF_HANDLER] = { "handler", CHOICE(handlers, "legacy-admin, record or exec-plugin") },
	[CONF_PLUGIN] = { "plugin", .kind = CONF_PATH, .wanted = "A path from the root" },
	[CONF_ARGUMENTS] = { "arguments", .kind = CONF_TEXT, .wanted = "Text" },
	[CONF_FORWARD] = { "forward", .kind = CONF_PATH, .wanted = "A path from the root" },
	[CONF_FILE] = { "file", CONF_OF_POLICY, .kind = CONF_PATH,
		.wanted = "A path from the root" },
	[CONF_TRACE_DIR] = { "trace_dir", CONF_OF_VVBD, .kind = CONF_PATH,
		.wanted = "A path from the root" },
	[CONF_TRACE_LIMIT] = { "trace_limit", SIZE },
	[CONF_TRACE_TOTAL] = { "trace_total", SIZE },
};
/* clang-format on */

int conf_word(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return i;
	return -1;
}

static bool goes_by(const char *name, const char *typed)
{
	for (; *name; name++, typed++)
		if (*name != *typed && !(*name == '_' && *typed == '-'))
			return false;
	return !*typed;
}

enum conf_key conf_key_find(const char *name, enum conf_place place)
{
	enum conf_key key;

	for (key = 0; key < CONF_KEY_NR; key++)
		if (conf_keys[key].place == place && goes_by(conf_keys[key].name, name))
			break;
	return key;
}

static bool takes_number(const struct conf_key_info *info, const char *value)
{
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)*value))
		return false;
	errno = 0;
	number = strtoull(value, &end, 0);
	return !errno && !*end && number >= info->min && number <= info->max;
}

/* Of a name only what it may consist of: who is known may differ when it is read again. */
static bool takes_user(const char *value)
{
	static const struct conf_key_info number = { .max = 0xfffffffe };
	size_t len = strlen(value);

	if (isdigit((unsigned char)*value))
		return takes_number(&number, value);
	return len <= USER_NAME_LEN && *value != '-' &&
	       strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
		       len;
}

int conf_size_parse(const char *text, unsigned long long *size)
{
	static const char units[] = "KMG";
	const char *unit;
	int shift = 0;
	char *end;

	errno = 0;
	*size = strtoull(text, &end, 10);
	if (errno || end == text || !isdigit((unsigned char)*text))
		return -EINVAL;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*end || *size >> (63 - shift))
		return -EINVAL;
	*size <<= shift;
	return 0;
}

bool conf_key_takes(enum conf_key key, const char *value)
{
	const struct conf_key_info *info = &conf_keys[key];
	unsigned long long size;

	switch (info->kind) {
	case CONF_CHOICE:
		return conf_word(info->words, value) >= 0;
	case CONF_NUMBER:
		return takes_number(info, value);
	case CONF_NAME:
		return !strcmp(value, "none") || vvb_pins_name_ok(value);
	case CONF_USER:
		return takes_user(value);
	case CONF_PATH:
		return value[0] == '/';
	case CONF_SIZE:
		return !conf_size_parse(value, &size) && size >= info->min;
	default:
		return true;
	}
}
