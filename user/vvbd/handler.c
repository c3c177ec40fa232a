// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "handler.h"

static int legacy_answer(struct handler *h, const struct vvb_request *request,
			 struct vvb_reply *reply)
{
	(void)h;
	return (int)answer(request, reply);
}

static const struct handler_type handler_legacy_admin = { .answer = legacy_answer };

static const struct handler_type *const types[HANDLER_NR] = {
	[HANDLER_LEGACY_ADMIN] = &handler_legacy_admin,
	[HANDLER_RECORD] = &handler_record,
	[HANDLER_PLUGIN] = &handler_plugin,
};

static struct handler *find(struct handlers *hs, __u64 vf)
{
	for (int i = 0; i < hs->nr; i++)
		if (hs->each[i].vf == vf)
			return &hs->each[i];
	return NULL;
}

void handlers_init(struct handlers *hs, const struct conf_file *conf)
{
	*hs = (struct handlers) { .conf = *conf };
}

int handlers_add(struct handlers *hs, __u64 vf, const struct surroundings *around,
		 struct complaint *why)
{
	const struct handler_choice *choice = conf_file_choice(&hs->conf, vf);
	struct handler *more, *h;
	int err = 0;

	if (find(hs, vf))
		return 0;
	more = realloc(hs->each, (hs->nr + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	hs->each = more;
	h = &more[hs->nr];
	*h = (struct handler) { .vf = vf, .type = types[choice->kind], .around = around };
	if (h->type->start)
		err = h->type->start(h, choice, why);
	if (!err)
		hs->nr++;
	return err;
}

/* Whoever answers has no say in whom: the id is the request's. */
int handlers_answer(struct handlers *hs, const struct vvb_request *request, struct vvb_reply *reply)
{
	struct handler *h = find(hs, request->vf);
	int opcode;

	memset(reply, 0, sizeof(*reply));
	opcode = h ? h->type->answer(h, request, reply) : legacy_answer(NULL, request, reply);
	if (opcode < 0) {
		memset(reply, 0, sizeof(*reply));
		reply->action = VVB_REPLY_DIRECT;
	}
	reply->id = request->id;
	return opcode;
}

void handlers_free(struct handlers *hs)
{
	for (int i = 0; i < hs->nr; i++)
		if (hs->each[i].type->stop)
			hs->each[i].type->stop(&hs->each[i]);
	free(hs->each);
	conf_file_free(&hs->conf);
	*hs = (struct handlers) {};
}
