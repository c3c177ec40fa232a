// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Administration commands as bytes: built, taken apart, checked, refused. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include <vvb/admin.h>

static const struct vvb_config_layout *net(void)
{
	return vvb_config_layout(1);
}

static struct vvb_command build(unsigned int opcode, __u64 member, __u8 offset, __u8 width)
{
	struct vvb_admin_op op = {
		.member = member,
		.opcode = (enum vvb_opcode)opcode,
		.offset = offset,
		.width = width,
		.registers = { 1, 2, 3, 4, 5, 6, 7, 8 },
	};
	struct vvb_command cmd;

	memset(&cmd, 0xee, sizeof(cmd));
	vvb_admin_build(&op, &cmd);
	return cmd;
}

static enum vvb_refusal parse(const struct vvb_command *cmd)
{
	struct vvb_admin_op op;

	return vvb_admin_parse(cmd, &op);
}

Test(admin, a_write_on_the_wire)
{
	static const unsigned char wire[] = {
		2, 0, 1, 0, 0, 0, 0, 0,	 0, 0, 0, 0, 0, 0, 0, 0, 0x40,
		0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 1, 2,
	};
	struct vvb_command cmd = build(VVB_OP_COMMON_WRITE, 64, 14, 2);

	cr_assert_eq(cmd.len, sizeof(wire));
	cr_assert_eq(cmd.result_len, 0);
	cr_assert_eq(memcmp(cmd.bytes, wire, sizeof(wire)), 0);
}

Test(admin, a_read_on_the_wire)
{
	static const unsigned char wire[] = {
		5, 0, 1, 0,    0,    0,	   0,	 0,    0,    0,	   0,	 0, 0,
		0, 0, 0, 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, 6,
	};
	struct vvb_command cmd = build(VVB_OP_DEVICE_READ, 0x0123456789abcdef, 6, 2);

	cr_assert_eq(cmd.len, sizeof(wire));
	cr_assert_eq(cmd.result_len, 2);
	cr_assert_eq(memcmp(cmd.bytes, wire, sizeof(wire)), 0);
}

Test(admin, build_leaves_no_byte_behind)
{
	struct vvb_command cmd;
	unsigned int op, width, i;

	for (op = 2; op <= 5; op++)
		for (width = 1; width <= 8; width++) {
			cmd = build(op, 1, 0, (__u8)width);
			for (i = 0; i < sizeof(cmd.pad); i++)
				cr_assert_eq(cmd.pad[i], 0);
			for (i = cmd.len; i < sizeof(cmd.bytes); i++)
				cr_assert_eq(cmd.bytes[i], 0);
		}
}

Test(admin, round_trips)
{
	struct vvb_admin_op back;
	struct vvb_command cmd;
	unsigned int op, width, offset, i;

	for (op = 2; op <= 5; op++)
		for (width = 1; width <= 8; width++)
			for (offset = 0; offset < 256; offset++) {
				cmd = build(op, UINT64_C(1) << offset % 64, (__u8)offset,
					    (__u8)width);
				memset(&back, 0xee, sizeof(back));
				cr_assert_eq(vvb_admin_parse(&cmd, &back), VVB_ACCEPTED);
				cr_assert_eq(back.opcode, op);
				cr_assert_eq(back.member, UINT64_C(1) << offset % 64);
				cr_assert_eq(back.offset, offset);
				cr_assert_eq(back.width, width);
				for (i = 0; i < 8; i++)
					cr_assert_eq(back.registers[i],
						     (op == 2 || op == 4) && i < width ? i + 1 : 0);
			}
}

Test(admin, opcodes_and_areas)
{
	cr_assert_eq(vvb_opcode_for(VVB_AREA_COMMON, 1), VVB_OP_COMMON_WRITE);
	cr_assert_eq(vvb_opcode_for(VVB_AREA_COMMON, 0), VVB_OP_COMMON_READ);
	cr_assert_eq(vvb_opcode_for(VVB_AREA_DEVICE, 1), VVB_OP_DEVICE_WRITE);
	cr_assert_eq(vvb_opcode_for(VVB_AREA_DEVICE, 0), VVB_OP_DEVICE_READ);
	cr_assert_eq(vvb_opcode_area(VVB_OP_COMMON_READ), VVB_AREA_COMMON);
	cr_assert_eq(vvb_opcode_area(VVB_OP_DEVICE_WRITE), VVB_AREA_DEVICE);
	cr_assert(vvb_opcode_writes(VVB_OP_DEVICE_WRITE));
	cr_assert_not(vvb_opcode_writes(VVB_OP_DEVICE_READ));
}

Test(admin, little_endian_numbers)
{
	__u8 b[8] = { 0 };

	vvb_put_le(b, 0x0123456789abcdef, 8);
	cr_assert_eq(b[0], 0xef);
	cr_assert_eq(vvb_get_le(b, 8), 0x0123456789abcdef);
	cr_assert_eq(vvb_get_le(b, 2), 0xcdef);
	cr_assert_eq(vvb_get_le(b, 0), 0);
}

Test(admin, every_length_that_is_wrong)
{
	struct vvb_command cmd;
	unsigned int len, op;
	int ok;

	for (op = 2; op <= 5; op++)
		for (len = 0; len < 256; len++) {
			cmd = build(op, 1, 18, 1);
			cmd.len = (__u8)len;
			ok = op == 2 || op == 4 ? len > 32 && len <= 40 : len > 24 && len <= 32;
			cr_assert_eq(parse(&cmd), ok ? VVB_ACCEPTED : VVB_INVALID_COMMAND);
		}
}

Test(admin, every_result_length_that_is_wrong)
{
	struct vvb_command cmd;
	unsigned int len;

	for (len = 0; len < 256; len++) {
		cmd = build(VVB_OP_COMMON_READ, 1, 18, 1);
		cmd.result_len = (__u8)len;
		cr_assert_eq(parse(&cmd),
			     len >= 1 && len <= 8 ? VVB_ACCEPTED : VVB_INVALID_COMMAND);
		cmd = build(VVB_OP_COMMON_WRITE, 1, 18, 1);
		cmd.result_len = (__u8)len;
		cr_assert_eq(parse(&cmd), len ? VVB_INVALID_COMMAND : VVB_ACCEPTED);
	}
}

Test(admin, every_reserved_byte_that_is_set)
{
	struct vvb_command cmd;
	unsigned int i;

	for (i = 4; i < 16; i++) {
		cmd = build(VVB_OP_COMMON_WRITE, 1, 18, 1);
		cmd.bytes[i] = 1;
		cr_assert_eq(parse(&cmd), VVB_INVALID_COMMAND);
	}
	for (i = 25; i < 32; i++) {
		cmd = build(VVB_OP_COMMON_WRITE, 1, 18, 1);
		cmd.bytes[i] = 1;
		cr_assert_eq(parse(&cmd), VVB_INVALID_COMMAND);
		cmd = build(VVB_OP_COMMON_READ, 1, 18, 1);
		cmd.bytes[i] = 1;
		cr_assert_eq(parse(&cmd), VVB_ACCEPTED, "behind the command's end");
		cmd.len = (__u8)(i + 1);
		cr_assert_eq(parse(&cmd), VVB_INVALID_COMMAND);
	}
}

Test(admin, every_other_group)
{
	struct vvb_command cmd;
	unsigned int g;

	for (g = 0; g < 0x10000; g++) {
		cmd = build(VVB_OP_COMMON_WRITE, 1, 18, 1);
		vvb_put_le(cmd.bytes + 2, g, 2);
		cr_assert_eq(parse(&cmd), g == 1 ? VVB_ACCEPTED :
					  g == 0 ? VVB_INVALID_MEMBER :
						   VVB_INVALID_GROUP);
	}
}

/* A function that is nobody's member is a group of its own (virtio 1.3, 2.12.1). */
Test(admin, the_function_itself_has_no_member_id)
{
	struct vvb_admin_op op = {
		.member = 0, .opcode = VVB_OP_COMMON_READ, .offset = 18, .width = 1
	};
	struct vvb_command cmd;

	vvb_admin_build(&op, &cmd);
	cr_assert_eq(vvb_get_le(cmd.bytes + 2, 2), 0);
	cr_assert_eq(vvb_get_le(cmd.bytes + 16, 8), 0);
	cr_assert_eq(parse(&cmd), VVB_ACCEPTED);
	cr_assert_eq(vvb_admin_check(&op, 0, 0, 24, vvb_config_layout(1)), VVB_ACCEPTED);
	cr_assert_eq(vvb_admin_check(&op, 1, 0, 24, vvb_config_layout(1)), VVB_INVALID_MEMBER);
	vvb_put_le(cmd.bytes + 2, VVB_GROUP_SRIOV, 2);
	cr_assert_eq(parse(&cmd), VVB_INVALID_MEMBER);
}

Test(admin, every_other_opcode)
{
	struct vvb_command cmd;
	unsigned int op;

	for (op = 0; op < 0x10000; op++) {
		cmd = build(VVB_OP_COMMON_READ, 1, 18, 1);
		vvb_put_le(cmd.bytes, op, 2);
		/* a write of this length has no registers */
		cr_assert_eq(parse(&cmd), op == 3 || op == 5 ? VVB_ACCEPTED :
					  op == 2 || op == 4 ? VVB_INVALID_COMMAND :
							       VVB_INVALID_OPCODE);
	}
}

Test(admin, group_before_opcode)
{
	struct vvb_command cmd = build(99, 1, 18, 1);

	vvb_put_le(cmd.bytes + 2, 7, 2);
	cmd.len = 25;
	cmd.result_len = 1;
	cr_assert_eq(parse(&cmd), VVB_INVALID_GROUP);
}

/* Whatever 48 bytes come: no access out of bounds (the sanitizer watches). */
Test(admin, random_commands)
{
	__u64 seed = 3;
	struct vvb_command cmd;
	struct vvb_admin_op op;
	unsigned int i, k;

	for (i = 0; i < 300000; i++) {
		for (k = 0; k < sizeof(cmd); k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			((__u8 *)&cmd)[k] = seed >> 62 ? 0 : (__u8)(seed >> 50);
		}
		cmd.len = (__u8)(seed >> 40);
		if (i & 1) {
			cmd.len = 24 + (seed >> 44) % 18;
			cmd.bytes[0] = (seed >> 33) % 7;
			cmd.bytes[1] = 0;
			cmd.bytes[2] = 1;
			cmd.bytes[3] = 0;
		}
		memset(&op, 0, sizeof(op));
		if (vvb_admin_parse(&cmd, &op) != VVB_ACCEPTED)
			continue;
		cr_assert(op.width >= 1 && op.width <= 8);
		vvb_admin_check(&op, 1, (int)(seed >> 63), (__u8)(seed >> 35), net());
	}
}

static enum vvb_refusal check(unsigned int opcode, unsigned int offset, unsigned int width,
			      int msix, __u8 config_len)
{
	struct vvb_admin_op op = {
		.member = 5,
		.opcode = (enum vvb_opcode)opcode,
		.offset = (__u8)offset,
		.width = (__u8)width,
	};

	return vvb_admin_check(&op, 5, msix, config_len, net());
}

Test(admin, common_is_exactly_one_field)
{
	static const unsigned int field[256] = {
		[0] = 4,  [4] = 4,  [8] = 4,  [12] = 2, [14] = 2,
		[16] = 2, [18] = 1, [19] = 1, [20] = 2, [22] = 2,
	};
	unsigned int offset, width, op;
	int msix, ok;

	for (op = 2; op <= 3; op++)
		for (msix = 0; msix < 2; msix++)
			for (offset = 0; offset < 256; offset++)
				for (width = 1; width <= 8; width++) {
					ok = field[offset] == width && (msix || offset < 20);
					cr_assert_eq(check(op, offset, width, msix, 24),
						     ok ? VVB_ACCEPTED : VVB_INVALID_FIELD);
				}
}

Test(admin, config_is_a_part_of_one_field)
{
	static const unsigned int end[24] = { 6,  6,  6,  6,  6,  6,  8,  8,  10, 10, 12, 12,
					      16, 16, 16, 16, 17, 18, 20, 20, 24, 24, 24, 24 };
	unsigned int offset, width, op, config_len;
	int ok;

	for (op = 4; op <= 5; op++)
		for (config_len = 0; config_len <= 24; config_len++)
			for (offset = 0; offset < 256; offset++)
				for (width = 1; width <= 8; width++) {
					ok = offset < config_len && offset + width <= end[offset] &&
					     offset + width <= config_len;
					cr_assert_eq(check(op, offset, width, 1, (__u8)config_len),
						     ok ? VVB_ACCEPTED : VVB_INVALID_FIELD);
				}
	/* behind the fields that the table knows each byte is one */
	cr_assert_eq(check(5, 30, 1, 0, 64), VVB_ACCEPTED);
	cr_assert_eq(check(5, 30, 2, 0, 64), VVB_INVALID_FIELD);
	cr_assert_eq(check(5, 254, 1, 0, 255), VVB_ACCEPTED);
}

Test(admin, another_member_is_refused)
{
	struct vvb_admin_op op = {
		.member = 6, .opcode = VVB_OP_COMMON_READ, .offset = 18, .width = 1
	};

	cr_assert_eq(vvb_admin_check(&op, 5, 0, 24, net()), VVB_INVALID_MEMBER);
	op.member = UINT64_C(0x100000005);
	cr_assert_eq(vvb_admin_check(&op, 5, 0, 24, net()), VVB_INVALID_MEMBER);
	op.offset = 255;
	cr_assert_eq(vvb_admin_check(&op, 5, 0, 24, net()), VVB_INVALID_MEMBER, "member first");
	op.member = 5;
	cr_assert_eq(vvb_admin_check(&op, 5, 0, 24, net()), VVB_INVALID_FIELD);
}

Test(fields_admin, padding_of_the_command_is_refused)
{
	struct vvb_admin_op op = { .member = 1, .opcode = VVB_OP_COMMON_READ, .width = 4 };
	struct vvb_command cmd;
	unsigned int i;

	for (i = 0; i < sizeof(cmd.pad); i++) {
		vvb_admin_build(&op, &cmd);
		cr_assert_eq(vvb_admin_parse(&cmd, &op), VVB_ACCEPTED);
		cmd.pad[i] = 1;
		cr_assert_eq(vvb_admin_parse(&cmd, &op), VVB_INVALID_COMMAND);
	}
}

Test(fields_admin, no_registers_at_all_is_refused)
{
	struct vvb_admin_op op = { .member = 1, .opcode = VVB_OP_DEVICE_READ };

	cr_assert_eq(vvb_admin_check(&op, 1, 0, 24, vvb_config_layout(1)), VVB_INVALID_FIELD);
}
