/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What vvbctl check finds: one row for each requirement, of the host or of a PCI function. A row that
 * is not needed as things are set tells what else could be had.
 */
#ifndef VVBCTL_CHECK_H
#define VVBCTL_CHECK_H

#include <stdbool.h>

#include <json-c/json.h>
#include <linux/types.h>

enum check_state {
	CHECK_OK,
	CHECK_NO,
	CHECK_UNKNOWN,
};

/**
 * struct checks - rows so far
 * @rows:	an array
 * @of:		what the rows to come are about: "host", or a PCI address
 * @failed:	something that is needed is not there
 */
struct checks {
	json_object *rows;
	const char *of;
	bool failed;
};

/**
 * struct check - a row to be
 * @name:	of the requirement, one word or some
 * @cure:	what to do where it is not met, or can't be known; NULL: nothing
 * @optional:	it is not needed as things are set
 */
struct check {
	const char *name;
	const char *cure;
	bool optional;
};

/* One more row; the text says what was found. */
void check_add(struct checks *checks, const struct check *check, enum check_state state,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The rows of the machine; of a PF and of a VF, after whom @of is called. */
void check_host(struct checks *checks);
void check_pf(struct checks *checks, __u64 pf);
void check_vf(struct checks *checks, __u64 vf);

#endif /* VVBCTL_CHECK_H */
