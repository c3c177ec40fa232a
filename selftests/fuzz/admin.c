// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The administration wire format, include/vvb/admin.h. A command that is accepted says the
 * same when it is built anew; what is built is accepted; and the check lets pass exactly what
 * lies within one field of the maps below.
 */
#include <stdbool.h>
#include <vvb/admin.h>

#include "input.h"

static const char common_map[] = "FFFFDDDDAAAASSQQNNTIccqq";
static const char config_map[] = "mmmmmmllppuussssdkttHHHH";

#define COMMON_LEN_NO_MSIX 20
#define CONFIG_KNOWN 24 /* behind it each byte is a field */

static bool is_run(const char *map, size_t end, size_t at, size_t len)
{
	if (!len || at >= end || len > end - at)
		return false;
	while (len > 1 && map[at] == map[at + len - 1])
		len--;
	return len == 1;
}

static bool is_whole(const char *map, size_t at, size_t len)
{
	return (!at || map[at - 1] != map[at]) && map[at + len] != map[at];
}

static bool within_config(const struct vvb_admin_op *op, unsigned int config_len)
{
	if (op->offset >= CONFIG_KNOWN)
		return op->offset < config_len && op->width == 1;
	return is_run(config_map, config_len < CONFIG_KNOWN ? config_len : CONFIG_KNOWN, op->offset,
		      op->width);
}

static bool within_a_field(const struct vvb_admin_op *op, int msix, unsigned int config_len)
{
	size_t end = msix ? sizeof(common_map) - 1 : COMMON_LEN_NO_MSIX;

	if (op->opcode >= VVB_OP_DEVICE_WRITE)
		return within_config(op, config_len);
	return is_run(common_map, end, op->offset, op->width) &&
	       is_whole(common_map, op->offset, op->width);
}

static void check_check(const struct vvb_admin_op *op)
{
	static const __u8 lengths[] = { 10, CONFIG_KNOWN, 60, 232 };
	const struct vvb_config_layout *net = vvb_config_layout(1);
	unsigned int i;

	fuzz_check(vvb_admin_check(op, op->member + 1, 1, CONFIG_KNOWN, net) == VVB_INVALID_MEMBER);
	for (i = 0; i < 2 * sizeof(lengths); i++)
		fuzz_check(!vvb_admin_check(op, op->member, i & 1, lengths[i / 2], net) ==
			   within_a_field(op, i & 1, lengths[i / 2]));
	/* no configuration, no field in it */
	if (op->opcode >= VVB_OP_DEVICE_WRITE)
		fuzz_check(vvb_admin_check(op, op->member, 1, 0, NULL) == VVB_INVALID_FIELD);
}

static bool same_op(const struct vvb_admin_op *a, const struct vvb_admin_op *b)
{
	return a->member == b->member && a->opcode == b->opcode && a->offset == b->offset &&
	       a->width == b->width && !memcmp(a->registers, b->registers, sizeof(a->registers));
}

static void check_command(const struct vvb_command *cmd)
{
	struct vvb_admin_op op, again;
	struct vvb_command built;

	memset(&op, 0x5a, sizeof(op));
	if (vvb_admin_parse(cmd, &op) != VVB_ACCEPTED)
		return;
	fuzz_check(op.opcode >= VVB_OP_COMMON_WRITE && op.opcode <= VVB_OP_DEVICE_READ);
	fuzz_check(op.width >= 1 && op.width <= 8);
	check_check(&op);
	vvb_admin_build(&op, &built);
	fuzz_check(vvb_admin_parse(&built, &again) == VVB_ACCEPTED);
	fuzz_check(same_op(&op, &again));
	/* all that may differ is the padding of a read */
	fuzz_check(built.len <= cmd->len && built.result_len == cmd->result_len);
	fuzz_check(!memcmp(built.bytes, cmd->bytes, built.len));
}

static void check_op(struct input *in)
{
	struct vvb_admin_op op = { .opcode = VVB_OP_COMMON_WRITE + input_byte(in) % 4 }, again;
	struct vvb_command cmd;

	op.offset = input_byte(in);
	op.width = 1 + input_byte(in) % 8;
	op.member = input_number(in, 8);
	if (vvb_opcode_writes(op.opcode))
		vvb_put_le(op.registers, input_number(in, 8), op.width);
	vvb_admin_build(&op, &cmd);
	fuzz_check(vvb_admin_parse(&cmd, &again) == VVB_ACCEPTED);
	fuzz_check(same_op(&op, &again));
	fuzz_check(vvb_opcode_for(vvb_opcode_area(op.opcode), vvb_opcode_writes(op.opcode)) ==
		   op.opcode);
	check_check(&op);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct vvb_command cmd;

	input_bytes(&in, &cmd, sizeof(cmd));
	check_command(&cmd);
	check_op(&in);
	return 0;
}
