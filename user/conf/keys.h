/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What vvb.conf(5) can say: each key, where it may stand, and which values it takes. */
#ifndef CONF_KEYS_H
#define CONF_KEYS_H

#include <stdbool.h>
#include <linux/types.h>

/*
 * The settings of the module come first, in the order in which they are made: what keeps a VF from
 * being opened before what it keeps it for.
 */
enum conf_key {
	CONF_POLICY_REQUIRED,
	CONF_LEGACY,
	CONF_INTX,
	CONF_OWNER,
	CONF_POLICY,
	CONF_SHADOW,
	CONF_POLICY_BUDGET_US,
	CONF_ON_DAEMON_LOSS,
	CONF_PUNT_TIMEOUT_MS,
	CONF_ADMIN_TIMEOUT_MS,
	CONF_QUEUE_SIZE_MAX,
	CONF_DAEMON_UID,
	CONF_SETTING_NR,
	CONF_BIND = CONF_SETTING_NR,
	CONF_HANDLER,
	CONF_PLUGIN,
	CONF_ARGUMENTS,
	CONF_FORWARD,
	CONF_FILE,
	CONF_TRACE_DIR,
	CONF_TRACE_LIMIT,
	CONF_TRACE_TOTAL,
	CONF_KEY_NR,
};

/* Where: in [all], [pf ADDRESS] and [vf ADDRESS]; in [policy NAME]; in [vvbd]. */
enum conf_place {
	CONF_OF_VFS,
	CONF_OF_POLICY,
	CONF_OF_VVBD,
};

enum conf_kind {
	CONF_CHOICE, /* one of @words */
	CONF_NUMBER, /* @min to @max, as in C: 0x10 is 16, and so is 020 */
	CONF_NAME, /* of a policy, or none */
	CONF_USER, /* a user's name or number */
	CONF_PATH, /* from the root */
	CONF_SIZE, /* bytes, @min or more: 65536, 64K, 10M, 1G */
	CONF_TEXT,
};

/**
 * struct conf_key_info - one key
 * @wanted:	what is right, for who has said something else
 * @standard:	of a setting: what a VF has for which nothing was set. Of legacy the module's parameter
 *		of that name may say otherwise
 */
struct conf_key_info {
	const char *name;
	enum conf_place place;
	enum conf_kind kind;
	const char *const *words;
	__u64 min;
	__u64 max;
	const char *wanted;
	const char *standard;
};

extern const struct conf_key_info conf_keys[CONF_KEY_NR];

/* The order of the words of `handler`. */
enum request_handler_kind {
	REQUEST_HANDLER_LEGACY_ADMIN,
	REQUEST_HANDLER_RECORD,
	REQUEST_HANDLER_PLUGIN,
	REQUEST_HANDLER_NR,
};

/* The place in @words, NULL behind the last; -1: none of them. */
int conf_word(const char *const *words, const char *word);

/* The key of that name in a section of that place, - as good as _; CONF_KEY_NR for none. */
enum conf_key conf_key_find(const char *name, enum conf_place place);

/* Does the key take this value? */
bool conf_key_takes(enum conf_key key, const char *value);

/* A number of bytes. Return: 0, -EINVAL. */
int conf_size_parse(const char *text, unsigned long long *size);

#endif /* CONF_KEYS_H */
