// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "request_handler.h"

static const struct request_handler_type *const types[REQUEST_HANDLER_NR] = {
	[REQUEST_HANDLER_LEGACY_ADMIN] = &request_handler_legacy_admin,
	[REQUEST_HANDLER_RECORD] = &request_handler_record,
	[REQUEST_HANDLER_PLUGIN] = &request_handler_plugin,
};

static struct request_handler *find_handler(const struct request_handlers *hs, __u64 vf)
{
	for (int i = 0; i < hs->nr; i++)
		if (hs->each[i].vf == vf)
			return &hs->each[i];
	return NULL;
}

void request_handlers_init(struct request_handlers *hs, const struct conf_file *conf)
{
	*hs = (struct request_handlers) { .conf = *conf };
}

int request_handlers_add(struct request_handlers *hs, __u64 vf, const struct handler_env *env,
			 struct complaint *why)
{
	const struct handler_choice choice = handler_choice_of(&hs->conf, vf);
	struct request_handler *more, *h;
	int err = 0;

	if (find_handler(hs, vf))
		return 0;
	more = realloc(hs->each, (hs->nr + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	hs->each = more;
	h = &more[hs->nr];
	*h = (struct request_handler) {
		.vf = vf,
		.type = types[choice.kind],
		.env = env,
		.forward = forward_of(&hs->conf, vf),
	};
	if (h->type->start)
		err = h->type->start(h, &choice, why);
	if (!err)
		hs->nr++;
	return err;
}

/* Whoever answers has no say in whom: the id is the request's. */
int request_handlers_answer(struct request_handlers *hs, const struct vvb_request *request,
			    struct vvb_reply *reply)
{
	struct request_handler *h = find_handler(hs, request->vf);
	const struct request_handler_type *type = h ? h->type : &request_handler_legacy_admin;
	int opcode;

	memset(reply, 0, sizeof(*reply));
	opcode = type->answer(h, request, reply);
	if (opcode < 0) {
		memset(reply, 0, sizeof(*reply));
		reply->action = VVB_REPLY_DIRECT;
	}
	reply->id = request->id;
	return opcode;
}

const char *request_handlers_forward(const struct request_handlers *hs, __u64 vf)
{
	const struct request_handler *h = find_handler(hs, vf);

	return h ? h->forward : NULL;
}

static void stop_handler(struct request_handler *h)
{
	if (h->type->stop)
		h->type->stop(h);
}

void request_handlers_keep(struct request_handlers *hs, bool (*keep)(__u64 vf, const void *arg),
			   const void *arg)
{
	int nr = 0;

	for (int i = 0; i < hs->nr; i++)
		if (keep(hs->each[i].vf, arg))
			hs->each[nr++] = hs->each[i];
		else
			stop_handler(&hs->each[i]);
	hs->nr = nr;
}

void request_handlers_free(struct request_handlers *hs)
{
	for (int i = 0; i < hs->nr; i++)
		stop_handler(&hs->each[i]);
	free(hs->each);
	conf_file_free(&hs->conf);
	*hs = (struct request_handlers) {};
}
