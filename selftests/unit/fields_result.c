// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What came of an administration command, as bytes: made, judged, taken apart. */
#include <criterion/criterion.h>
#include <string.h>

#include <vvb/result.h>

static const struct vvb_command read4 = { .len = 25, .result_len = 4 };
static const struct vvb_command info = { .len = 24, .result_len = VVB_NOTIFY_INFO_LEN };

static struct vvb_result result_of(unsigned int len)
{
	struct vvb_result result;

	vvb_result_init(&result, VVB_STATUS_OK, 0);
	result.len = (__u8)len;
	for (unsigned int i = VVB_RESULT_HDR_LEN; i < sizeof(result.bytes); i++)
		result.bytes[i] = (__u8)(0x10 + i);
	return result;
}

Test(result, a_status_alone)
{
	static const __u8 wire[] = { 0x16, 0x01, 0x05, 0, 0, 0, 0, 0 };
	struct vvb_result result;

	memset(&result, 0xee, sizeof(result));
	vvb_result_init(&result, 0x0116, 5);
	cr_expect_eq(result.len, sizeof(wire));
	cr_expect_eq(memcmp(result.bytes, wire, sizeof(wire)), 0);
	for (unsigned int i = sizeof(wire); i < sizeof(result.bytes); i++)
		cr_expect_eq(result.bytes[i], 0);
	cr_expect_eq(vvb_result_status(&result), 0x0116);
}

Test(result, lengths)
{
	for (unsigned int len = 0; len < 256; len++) {
		struct vvb_result result = result_of(len);

		cr_expect_eq(!!vvb_result_check(&result, &read4), len >= 8 && len <= 12, "%u", len);
		cr_expect_eq(!!vvb_result_check(&result, &info), len >= 8 && len <= 72, "%u", len);
	}
}

/* A command that is not of the kernel's own making gets no further than there is room. */
Test(result, a_command_that_wants_more_than_there_is)
{
	const struct vvb_command greedy = { .result_len = 255 };
	struct vvb_result result = result_of(73);

	cr_expect_not(vvb_result_check(&result, &greedy));
	result.len = 72;
	cr_expect(vvb_result_check(&result, &greedy));
}

Test(result, padding)
{
	for (unsigned int i = 0; i < sizeof(((struct vvb_result *)0)->pad); i++) {
		struct vvb_result result = result_of(12);

		result.pad[i] = 1;
		cr_expect_not(vvb_result_check(&result, &read4), "%u", i);
	}
}

Test(result, what_is_missing_is_zero)
{
	struct vvb_result result = result_of(10);

	cr_expect_eq(vvb_result_number(&result, 0, 4), 0x1918);
	cr_expect_eq(vvb_result_number(&result, 1, 1), 0x19);
	cr_expect_eq(vvb_result_number(&result, 2, 8), 0);
	cr_expect_eq(vvb_result_number(&result, 0, 0), 0);
	result.len = VVB_RESULT_MAX;
	cr_expect_eq(vvb_result_number(&result, 0, 8), 0x1f1e1d1c1b1a1918);
	cr_expect_eq(vvb_result_number(&result, 60, 8), 0x57565554);
}

static void entry(struct vvb_result *result, unsigned int nr, __u8 flags, __u8 bar, __u64 offset)
{
	__u8 *at = result->bytes + VVB_RESULT_HDR_LEN + nr * VVB_NOTIFY_ENTRY_LEN;

	memset(at, 0xaa, VVB_NOTIFY_ENTRY_LEN);
	at[0] = flags;
	at[1] = bar;
	vvb_put_le(at + 8, offset, 8);
}

static struct vvb_result entries(void)
{
	struct vvb_result result;

	vvb_result_init(&result, VVB_STATUS_OK, 0);
	result.len = VVB_RESULT_MAX;
	return result;
}

Test(result, the_first_address_of_a_kind)
{
	struct vvb_result result = entries();
	__u64 offset = 0;
	__u8 bar = 0;

	entry(&result, 0, 1, 4, 0x4000);
	entry(&result, 1, 2, 2, 0x123456789abcdef0);
	entry(&result, 2, 2, 3, 0x10);
	cr_expect(vvb_result_notify(&result, 2, &bar, &offset));
	cr_expect(bar == 2 && offset == 0x123456789abcdef0);
	cr_expect(vvb_result_notify(&result, 1, &bar, &offset));
	cr_expect(bar == 4 && offset == 0x4000);
	cr_expect_not(vvb_result_notify(&result, 3, &bar, &offset));
}

Test(result, the_last_of_four)
{
	struct vvb_result result = entries();
	__u64 offset = 0;
	__u8 bar = 0;

	for (unsigned int i = 0; i < 4; i++)
		entry(&result, i, (__u8)(5 - i), (__u8)i, i);
	cr_expect(vvb_result_notify(&result, 2, &bar, &offset));
	cr_expect(bar == 3 && offset == 3);
	result.len--; /* its last byte is missing, which is zero */
	cr_expect(vvb_result_notify(&result, 2, &bar, &offset));
	cr_expect_eq(offset, 3);
	result.len = VVB_RESULT_HDR_LEN + 3 * VVB_NOTIFY_ENTRY_LEN;
	cr_expect_not(vvb_result_notify(&result, 2, &bar, &offset), "beyond what there is");
}

Test(result, the_list_ends)
{
	struct vvb_result result = entries();
	__u64 offset;
	__u8 bar;

	entry(&result, 1, 2, 2, 0);
	cr_expect_not(vvb_result_notify(&result, 2, &bar, &offset), "behind the end");
	result.len = VVB_RESULT_HDR_LEN;
	cr_expect_not(vvb_result_notify(&result, 2, &bar, &offset), "there is none");
}

Test(result, the_question)
{
	static const __u8 wire[VVB_ADMIN_HDR_LEN] = { 6, 0, 1, 0, [16] = 3 };
	const struct vvb_admin_op op = {
		.member = 3,
		.opcode = VVB_OP_NOTIFY_INFO,
		.width = 4,
		.registers = { 1, 2, 3, 4 },
	};
	struct vvb_command cmd;

	memset(&cmd, 0xee, sizeof(cmd));
	vvb_admin_build(&op, &cmd);
	cr_expect_eq(cmd.len, sizeof(wire));
	cr_expect_eq(cmd.result_len, 64);
	cr_expect_eq(memcmp(cmd.bytes, wire, sizeof(wire)), 0);
	for (unsigned int i = sizeof(wire); i < sizeof(cmd.bytes); i++)
		cr_expect_eq(cmd.bytes[i], 0);
}
