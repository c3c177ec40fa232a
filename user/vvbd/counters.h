/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What the daemon counts, and the JSON that it writes of it. */
#ifndef VVBD_COUNTERS_H
#define VVBD_COUNTERS_H

#include <stdbool.h>
#include <stdio.h>

#include "libvvb/vvb.h"

/* @served, @was: it is ours now, and was before VFs were looked for; what was counted is kept. */
struct vf_counters {
	__u64 vf;
	__u64 requests;
	bool served;
	bool was;
};

/**
 * struct counters - since the start
 * @requests:	received
 * @commands:	sent, by opcode
 * @values:	answered by a value of a plugin's own
 * @unanswerable: left to the kernel, as they named no register or a plugin wanted it
 * @failed:	left to the kernel, as their handler failed
 * @late:	replies that came after the deadline
 * @refused:	replies that the kernel took for malformed
 * @operations:	that were passed on to processes that have PFs
 * @unreachable: that could not be, or were lost there
 * @vfs, @nr_vfs: by VF, in the order of their first appearance
 */
struct counters {
	__u64 requests;
	__u64 commands[8];
	__u64 values;
	__u64 unanswerable;
	__u64 failed;
	__u64 late;
	__u64 refused;
	__u64 operations;
	__u64 unreachable;
	struct vf_counters *vfs;
	int nr_vfs;
};

/* A VF is served from now on. Return: 0 or -ENOMEM. */
int counters_add_vf(struct counters *c, __u64 vf);

/* None is served, until it is added again. */
void counters_forget_vfs(struct counters *c);

/* All that were served before that still are. */
void counters_recall_vfs(struct counters *c);

int counters_nr_served(const struct counters *c);

/* A request was answered: by a command when @opcode is not 0, by no handler when negative. */
void counters_request(struct counters *c, __u64 vf, const struct vvb_reply *reply, int opcode);

/* An operation of a VF has come. */
void counters_operation(struct counters *c, __u64 vf);

/* One JSON object and a line feed. */
void counters_print(const struct counters *c, FILE *to);

/* The same into an open file, from its beginning. Return: 0 or -errno. */
int counters_write(const struct counters *c, int fd);

#endif /* VVBD_COUNTERS_H */
