/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A daemon of lib/punt that carries out operations, of VFs whose owner is `daemon`; as there, it may say
 * whatever a test wants.
 */
#ifndef CARRIER_H
#define CARRIER_H

#include <vvb/result.h>

#include "punt.h"

/**
 * struct operation - what it is to do
 * @request:	or another request: see its kind
 * @command:	framed, of an operation
 */
struct operation {
	struct vvb_request request;
	struct vvb_command command;
};

/* Wait for an operation, or any other request. 0 or a negative errno. */
int carrier_wait(struct daemon *d, struct operation *op, int timeout_ms);

/* Answer; nothing is waited for. 0 when the reply was taken, else a negative errno. */
int carrier_reply(struct daemon *d, __u64 id, __u32 action, const struct vvb_result *result);

/* The same: it ran, and its result is @width bytes of @value. */
int carrier_value(struct daemon *d, const struct operation *op, __u64 value, unsigned int width);

/* The same: it did not. */
int carrier_status(struct daemon *d, const struct operation *op, __u16 status);

/* One entry of NOTIFY_INFO. */
struct notify_entry {
	__u8 flags;
	__u8 bar;
	__u64 offset;
};

/**
 * carrier_open - open a VF that asks where it is kicked
 * @entries, @nr: the answer; NULL: the command is refused
 *
 * Return: as vf_open().
 */
int carrier_open(struct daemon *d, struct vf *vf, const char *bdf,
		 const struct notify_entry *entries, unsigned int nr);

#endif /* CARRIER_H */
