// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <string.h>

#include "legacy_admin.h"
#include "request_handler.h"

unsigned int legacy_admin_reply(const struct vvb_request *request, struct vvb_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->id = request->id;
	reply->action = VVB_REPLY_DIRECT;
	if (vvb_admin_for_request(request, &reply->command))
		return 0;
	reply->action = VVB_REPLY_COMMAND;
	return vvb_get_le(reply->command.bytes, 2);
}

static int legacy_admin_answer(struct request_handler *h, const struct vvb_request *request,
			       struct vvb_reply *reply)
{
	(void)h;
	return (int)legacy_admin_reply(request, reply);
}

const struct request_handler_type request_handler_legacy_admin = { .answer = legacy_admin_answer };
