// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* From a register access to the administration command that carries it out. */
#include <errno.h>

#include "vvb.h"

/* A common field goes whole, at the place that the register table gives it. */
static bool common_ok(const struct vvb_request *request)
{
	const struct vvb_field_info *info = &vvb_fields[request->field];

	return request->field < VVB_FIELD_DEVICE_CONFIG && request->offset == info->offset &&
	       request->width == info->width;
}

static bool request_ok(const struct vvb_request *request)
{
	if (request->field >= VVB_FIELD_NR || request->write > 1)
		return false;
	if (!request->width || request->width > 8)
		return false;
	if (request->area == VVB_AREA_COMMON)
		return common_ok(request);
	return request->area == VVB_AREA_DEVICE && request->field == VVB_FIELD_DEVICE_CONFIG;
}

int vvb_admin_for_request(const struct vvb_request *request, struct vvb_command *cmd)
{
	struct vvb_admin_op op = { .member = request->member };

	if (!request_ok(request))
		return -EINVAL;
	op.opcode = vvb_opcode_for(request->area, request->write);
	op.offset = request->offset;
	op.width = request->width;
	if (request->write)
		vvb_put_le(op.registers, request->value, op.width);
	vvb_admin_build(&op, cmd);
	return 0;
}
