// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <string.h>

#include "answer.h"

unsigned int answer(const struct vvb_request *request, struct vvb_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->id = request->id;
	reply->action = VVB_REPLY_DIRECT;
	if (vvb_admin_for_request(request, &reply->command))
		return 0;
	reply->action = VVB_REPLY_COMMAND;
	return vvb_get_le(reply->command.bytes, 2);
}
