/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Who answers for a VF: built from the configuration, one for each VF that is served. */
#ifndef VVBD_HANDLER_H
#define VVBD_HANDLER_H

#include "conf_file.h"

struct handler;

/**
 * struct handler_type
 * @start:	make @h ready. Return: 0 or -errno; -EINVAL when @why tells
 * @answer:	fill in the reply. Return: the opcode of its command, 0 for none; -errno when
 *		there is no answer and the kernel is to do it
 * @stop:	NULL when there is nothing to do
 */
struct handler_type {
	int (*start)(struct handler *h, const struct handler_choice *choice, struct complaint *why);
	int (*answer)(struct handler *h, const struct vvb_request *request,
		      struct vvb_reply *reply);
	void (*stop)(struct handler *h);
};

/**
 * struct surroundings - what handlers have in common
 * @session:	of /dev/vvb
 * @trace_fd:	directory of the traces, or -1
 * @trace_limit: bytes of one trace
 * @trace_total: of all together
 */
struct surroundings {
	int session;
	int trace_fd;
	unsigned long long trace_limit;
	unsigned long long trace_total;
};

/**
 * struct handler - of one VF
 * @state:	the type's own
 */
struct handler {
	__u64 vf;
	const struct handler_type *type;
	const struct surroundings *around;
	void *state;
};

/* All handlers of a configuration. */
struct handlers {
	struct conf_file conf;
	struct handler *each;
	int nr;
};

extern const struct handler_type handler_record, handler_plugin;

/* Begin with nobody served. Takes @conf over. */
void handlers_init(struct handlers *hs, const struct conf_file *conf);

/**
 * handlers_add - have a handler for a VF
 * @hs:		of the configuration
 * @vf:		VVB_VF_ID
 * @around:	outlives them
 * @why:	filled in when the configuration asks for what is not to be had
 *
 * Return: 0, also when there is one; else -errno, -EINVAL when @why tells.
 */
int handlers_add(struct handlers *hs, __u64 vf, const struct surroundings *around,
		 struct complaint *why);

/* The VF's handler answers, or legacy-admin when it has none. Return: as handler_type.answer. */
int handlers_answer(struct handlers *hs, const struct vvb_request *request,
		    struct vvb_reply *reply);

void handlers_free(struct handlers *hs);

#endif /* VVBD_HANDLER_H */
