// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The daemon's decision: whatever request comes, its reply is one that the kernel takes, and
 * a command in it does what was asked, no more. A request that the kernel would make is never
 * left to the kernel.
 */
#include <stdbool.h>

#include "input.h"
#include "vvbd/legacy_admin.h"

static bool command_fits(const struct vvb_request *r, const struct vvb_admin_op *op)
{
	return op->member == r->member && op->offset == r->offset && op->width == r->width &&
	       op->opcode == vvb_opcode_for(r->area, r->write);
}

static void check_command(const struct vvb_request *r, const struct vvb_command *cmd)
{
	struct vvb_admin_op op;

	fuzz_check(vvb_admin_parse(cmd, &op) == VVB_ACCEPTED);
	fuzz_check(command_fits(r, &op));
	if (r->write && op.width < 8)
		fuzz_check(vvb_get_le(op.registers, 8) ==
			   (r->value & ((1ull << 8 * op.width) - 1)));
	else if (r->write)
		fuzz_check(vvb_get_le(op.registers, 8) == r->value);
}

static void check_reply(const struct vvb_request *r, const struct vvb_reply *reply,
			unsigned int opcode)
{
	fuzz_check(reply->id == r->id && !reply->pad && !reply->value);
	if (reply->action == VVB_REPLY_COMMAND) {
		fuzz_check(opcode == vvb_get_le(reply->command.bytes, 2));
		check_command(r, &reply->command);
	} else {
		fuzz_check(reply->action == VVB_REPLY_DIRECT && !opcode);
	}
}

/* What the kernel asks when a guest reads or writes this range. */
static void honest(struct input *in)
{
	struct vvb_range range = {
		.pos = input_byte(in),
		.msix = input_byte(in) & 1,
		.config_len = 232,
		.layout = vvb_config_layout(1),
	};
	struct vvb_request r = { .id = 1, .member = 1 + input_byte(in) % 64 };
	struct vvb_reply reply;
	struct vvb_field_access p;

	range.len = input_byte(in) % (257 - range.pos);
	while (vvb_split_next(&range, &p)) {
		if (p.beyond)
			continue;
		r.write = input_byte(in) & 1 && !p.skip;
		r.value = r.write ? input_number(in, 8) : 0;
		r.area = p.area;
		r.field = p.field;
		r.offset = p.offset;
		r.width = p.width;
		fuzz_check(legacy_admin_reply(&r, &reply));
		fuzz_check(reply.action == VVB_REPLY_COMMAND);
		check_reply(&r, &reply, vvb_get_le(reply.command.bytes, 2));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct vvb_request r;
	struct vvb_reply reply;

	input_bytes(&in, &r, sizeof(r));
	memset(&reply, 0x5a, sizeof(reply));
	check_reply(&r, &reply, legacy_admin_reply(&r, &reply));
	honest(&in);
	return 0;
}
