/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Which of vvbd's handlers answers the requests of a VF: built from the configuration, one for each
 * VF that is served. Whether an access becomes a request at all, enum vvb_handler of the kernel tells.
 */
#ifndef VVBD_REQUEST_HANDLER_H
#define VVBD_REQUEST_HANDLER_H

#include "handler_choice.h"

struct request_handler;

/**
 * struct request_handler_type - one of those that vvb.conf(5) knows
 * @start:	make @h ready. Return: 0 or -errno; -EINVAL when @why tells
 * @answer:	fill in the reply. Return: the opcode of its command, 0 for none; -errno when
 *		there is no answer and the kernel is to do it
 * @stop:	NULL when there is nothing to do
 */
struct request_handler_type {
	int (*start)(struct request_handler *h, const struct handler_choice *choice,
		     struct complaint *why);
	int (*answer)(struct request_handler *h, const struct vvb_request *request,
		      struct vvb_reply *reply);
	void (*stop)(struct request_handler *h);
};

/**
 * struct handler_env - what handlers have in common
 * @session:	of /dev/vvb
 * @trace_fd:	directory of the traces, or -1
 * @trace_limit: bytes of one trace
 * @trace_total: of all together
 * @forwards:	the sandbox lets us connect to processes that have PFs
 */
struct handler_env {
	int session;
	int trace_fd;
	unsigned long long trace_limit;
	unsigned long long trace_total;
	bool forwards;
};

/**
 * struct request_handler - of one VF
 * @forward:	where its operations go, NULL: nowhere; of the configuration
 * @state:	the type's own
 */
struct request_handler {
	__u64 vf;
	const struct request_handler_type *type;
	const struct handler_env *env;
	const char *forward;
	void *state;
};

/* All handlers of a configuration. */
struct request_handlers {
	struct conf_file conf;
	struct request_handler *each;
	int nr;
};

extern const struct request_handler_type request_handler_legacy_admin;
extern const struct request_handler_type request_handler_record;
extern const struct request_handler_type request_handler_plugin;

/* Begin with nobody served. Takes @conf over. */
void request_handlers_init(struct request_handlers *hs, const struct conf_file *conf);

/**
 * request_handlers_add - have a handler for a VF
 * @hs:		of the configuration
 * @vf:		VVB_VF_ID
 * @env:	outlives them
 * @why:	filled in when the configuration asks for what is not to be had
 *
 * Return: 0, also when there is one; else -errno, -EINVAL when @why tells.
 */
int request_handlers_add(struct request_handlers *hs, __u64 vf, const struct handler_env *env,
			 struct complaint *why);

/* The VF's handler answers, or legacy-admin when it has none. Return: as request_handler_type.answer. */
int request_handlers_answer(struct request_handlers *hs, const struct vvb_request *request,
			    struct vvb_reply *reply);

/* Where operations of a VF go, NULL: nowhere. Until the handlers are others. */
const char *request_handlers_forward(const struct request_handlers *hs, __u64 vf);

/* Stop the handlers of VFs that are not to be kept. */
void request_handlers_keep(struct request_handlers *hs, bool (*keep)(__u64 vf, const void *arg),
			   const void *arg);

void request_handlers_free(struct request_handlers *hs);

#endif /* VVBD_REQUEST_HANDLER_H */
