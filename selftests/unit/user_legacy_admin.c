// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The daemon's decision: a pure function from a request to its reply. */
#include <criterion/criterion.h>
#include <string.h>

#include "vvbd/legacy_admin.h"

static const struct vvb_request read_features = {
	.id = 42,
	.vf = 0x101,
	.member = 1,
	.field = VVB_FIELD_DEVICE_FEATURES,
	.width = 4,
};

Test(user_legacy_admin, a_command_for_every_register)
{
	struct vvb_request request = read_features;
	struct vvb_reply reply;

	for (int field = 0; field < VVB_FIELD_DEVICE_CONFIG; field++)
		for (int write = 0; write < 2; write++) {
			request.field = field;
			request.offset = vvb_fields[field].offset;
			request.width = vvb_fields[field].width;
			request.write = write;
			cr_expect_eq(legacy_admin_reply(&request, &reply), write ? 2 : 3);
			cr_expect_eq(reply.action, VVB_REPLY_COMMAND);
			cr_expect_eq(reply.id, 42);
			cr_expect_eq(reply.pad, 0);
			cr_expect_eq(reply.command.bytes[0], write ? 2 : 3);
			cr_expect_eq(reply.command.bytes[24], request.offset);
		}
}

Test(user_legacy_admin, device_configuration)
{
	struct vvb_request request = read_features;
	struct vvb_reply reply;

	request.area = VVB_AREA_DEVICE;
	request.field = VVB_FIELD_DEVICE_CONFIG;
	request.width = 6;
	cr_expect_eq(legacy_admin_reply(&request, &reply), 5);
	cr_expect_eq(reply.command.result_len, 6);
	request.write = 1;
	request.value = 0x665544332211;
	cr_expect_eq(legacy_admin_reply(&request, &reply), 4);
	cr_expect_eq(memcmp(reply.command.bytes + 32, "\x11\x22\x33\x44\x55\x66", 6), 0);
}

/* Any bytes at all for a request: a reply that is well formed, for the same id. */
Test(user_legacy_admin, junk_is_left_to_the_kernel)
{
	struct vvb_request request = read_features;
	struct vvb_reply reply;

	request.width = 3;
	cr_expect_eq(legacy_admin_reply(&request, &reply), 0);
	cr_expect_eq(reply.action, VVB_REPLY_DIRECT);
	cr_expect_eq(reply.id, 42);
	cr_expect_eq(reply.command.len, 0);
}

Test(user_legacy_admin, random_junk)
{
	unsigned int seed = 1, opcode;
	struct vvb_request request;
	struct vvb_admin_op op;
	struct vvb_reply reply;
	int commands = 0;

	for (int i = 0; i < 200000; i++) {
		for (size_t at = 0; at < sizeof(request); at++) {
			seed = seed * 1103515245 + 12345;
			((__u8 *)&request)[at] = seed >> 16;
		}
		if (i % 2) { /* near enough to the truth to get through at times */
			request.area %= 2;
			request.field %= VVB_FIELD_NR + 1;
			request.offset = vvb_fields[request.field % VVB_FIELD_NR].offset;
			request.width %= 10;
			request.write %= 2;
		}
		opcode = legacy_admin_reply(&request, &reply);
		cr_assert_eq(reply.id, request.id);
		if (!opcode) {
			cr_assert_eq(reply.action, VVB_REPLY_DIRECT);
			continue;
		}
		commands++;
		cr_assert_eq(reply.action, VVB_REPLY_COMMAND);
		cr_assert_eq(vvb_admin_parse(&reply.command, &op), VVB_ACCEPTED);
		cr_assert_eq(op.opcode, opcode);
	}
	cr_assert_gt(commands, 1000);
}
