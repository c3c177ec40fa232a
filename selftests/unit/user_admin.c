// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * From a request to the bytes of its administration command. The bytes wanted are written
 * out by hand after virtio 1.3, 2.12 and 2.12.1.2: opcode, group type 1, twelve reserved
 * bytes, member id; then offset; for writes seven reserved bytes and the registers.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "libvvb/vvb.h"

/* clang-format off */
#define HEADER(opcode)	(opcode), 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
			0x34, 0x12, 0, 0, 0, 0, 0, 0
#define PAD		0, 0, 0, 0, 0, 0, 0

struct row {
	const char *name;
	struct vvb_request request;
	__u8 result_len;
	__u8 len;
	__u8 bytes[VVB_COMMAND_MAX];
};

#define READ(text, a, f, at, w, opcode)						\
	{ text, { .member = 0x1234, .area = a, .field = f, .offset = at, .width = w },	\
	  w, 25, { HEADER(opcode), at } }
#define WRITE(text, a, f, at, w, opcode, number, ...)					\
	{ text, { .member = 0x1234, .write = 1, .area = a, .field = f, .offset = at,	\
		  .width = w, .value = number },					\
	  0, 32 + w, { HEADER(opcode), at, PAD, __VA_ARGS__ } }

static const struct row rows[] = {
	READ("device_features", 0, VVB_FIELD_DEVICE_FEATURES, 0, 4, 3),
	READ("driver_features", 0, VVB_FIELD_DRIVER_FEATURES, 4, 4, 3),
	READ("queue_address", 0, VVB_FIELD_QUEUE_ADDRESS, 8, 4, 3),
	READ("queue_size", 0, VVB_FIELD_QUEUE_SIZE, 12, 2, 3),
	READ("queue_select", 0, VVB_FIELD_QUEUE_SELECT, 14, 2, 3),
	READ("queue_notify", 0, VVB_FIELD_QUEUE_NOTIFY, 16, 2, 3),
	READ("device_status", 0, VVB_FIELD_DEVICE_STATUS, 18, 1, 3),
	READ("isr_status", 0, VVB_FIELD_ISR_STATUS, 19, 1, 3),
	READ("config_vector", 0, VVB_FIELD_CONFIG_VECTOR, 20, 2, 3),
	READ("queue_vector", 0, VVB_FIELD_QUEUE_VECTOR, 22, 2, 3),
	READ("mac, one byte", 1, VVB_FIELD_DEVICE_CONFIG, 5, 1, 5),
	READ("mac, whole", 1, VVB_FIELD_DEVICE_CONFIG, 0, 6, 5),
	READ("status of net", 1, VVB_FIELD_DEVICE_CONFIG, 6, 2, 5),
	READ("eight bytes", 1, VVB_FIELD_DEVICE_CONFIG, 64, 8, 5),
	WRITE("driver_features", 0, VVB_FIELD_DRIVER_FEATURES, 4, 4, 2, 0x80010203,
	      0x03, 0x02, 0x01, 0x80),
	WRITE("queue_address", 0, VVB_FIELD_QUEUE_ADDRESS, 8, 4, 2, 0x12345,
	      0x45, 0x23, 0x01, 0x00),
	WRITE("queue_select", 0, VVB_FIELD_QUEUE_SELECT, 14, 2, 2, 0x0102, 0x02, 0x01),
	WRITE("queue_notify", 0, VVB_FIELD_QUEUE_NOTIFY, 16, 2, 2, 1, 1, 0),
	WRITE("device_status", 0, VVB_FIELD_DEVICE_STATUS, 18, 1, 2, 7, 7),
	WRITE("config_vector", 0, VVB_FIELD_CONFIG_VECTOR, 20, 2, 2, 0xffff, 0xff, 0xff),
	WRITE("queue_vector", 0, VVB_FIELD_QUEUE_VECTOR, 22, 2, 2, 1, 1, 0),
	WRITE("mac, one byte", 1, VVB_FIELD_DEVICE_CONFIG, 3, 1, 4, 0x5e, 0x5e),
	WRITE("mac, whole", 1, VVB_FIELD_DEVICE_CONFIG, 0, 6, 4, 0x060504030201,
	      1, 2, 3, 4, 5, 6),
	WRITE("eight bytes", 1, VVB_FIELD_DEVICE_CONFIG, 8, 8, 4, 0x8877665544332211,
	      0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88),
	WRITE("value beyond the width is cut", 0, VVB_FIELD_DEVICE_STATUS, 18, 1, 2,
	      0xaabb01, 0x01),
};
/* clang-format on */

#define NR_ROWS (sizeof(rows) / sizeof(*rows))

Test(user_admin, bytes_of_every_field)
{
	struct vvb_command cmd;

	for (size_t i = 0; i < NR_ROWS; i++) {
		memset(&cmd, 0xee, sizeof(cmd));
		cr_assert_eq(vvb_admin_for_request(&rows[i].request, &cmd), 0, "%s", rows[i].name);
		cr_expect_eq(cmd.len, rows[i].len, "%s: len %u", rows[i].name, cmd.len);
		cr_expect_eq(cmd.result_len, rows[i].result_len, "%s", rows[i].name);
		cr_expect_eq(memcmp(cmd.bytes, rows[i].bytes, sizeof(cmd.bytes)), 0, "%s: bytes",
			     rows[i].name);
		cr_expect_eq(memcmp(cmd.pad, "\0\0\0\0\0", 6), 0, "%s: pad", rows[i].name);
	}
}

Test(user_admin, each_is_what_the_kernel_accepts)
{
	const struct vvb_config_layout *net = vvb_config_layout(1);
	struct vvb_admin_op op;
	struct vvb_command cmd;

	for (size_t i = 0; i < NR_ROWS; i++) {
		if (rows[i].request.width == 8)
			continue; /* no field of net is that wide */
		cr_assert_eq(vvb_admin_for_request(&rows[i].request, &cmd), 0);
		cr_assert_eq(vvb_admin_parse(&cmd, &op), VVB_ACCEPTED, "%s", rows[i].name);
		cr_expect_eq(vvb_admin_check(&op, 0x1234, 1, 24, net), VVB_ACCEPTED, "%s",
			     rows[i].name);
		cr_expect_eq(op.member, 0x1234);
		cr_expect_eq(op.offset, rows[i].request.offset);
		cr_expect_eq(op.width, rows[i].request.width);
	}
}

/* A request that the kernel would not send, made of a good one by one change. */
static int refused(struct vvb_request request)
{
	struct vvb_command cmd;

	return vvb_admin_for_request(&request, &cmd) == -EINVAL;
}

/* clang-format off */
#define WITH(base, ...)	({ struct vvb_request r = base; r.__VA_ARGS__; r; })
/* clang-format on */

Test(user_admin, of_a_function_that_is_no_vf)
{
	struct vvb_command cmd;
	struct vvb_admin_op op;
	struct vvb_request request = WITH(rows[0].request, member = 0);

	cr_assert_eq(vvb_admin_for_request(&request, &cmd), 0);
	cr_assert_eq(vvb_admin_parse(&cmd, &op), VVB_ACCEPTED);
	cr_expect_eq(op.member, 0);
	cr_expect_eq(cmd.bytes[2], VVB_GROUP_SELF);
}

Test(user_admin, junk_is_refused)
{
	const struct vvb_request common = rows[0].request, config = rows[10].request;

	cr_assert_not(refused(common));
	cr_assert_not(refused(config));
	cr_expect(refused(WITH(common, width = 0)));
	cr_expect(refused(WITH(common, width = 2)));
	cr_expect(refused(WITH(common, width = 8)));
	cr_expect(refused(WITH(common, offset = 1)));
	cr_expect(refused(WITH(common, field = VVB_FIELD_NR)));
	cr_expect(refused(WITH(common, field = 255)));
	cr_expect(refused(WITH(common, area = VVB_AREA_DEVICE)));
	cr_expect(refused(WITH(common, area = 2)));
	cr_expect(refused(WITH(common, write = 2)));
	cr_expect(refused(WITH(config, width = 0)));
	cr_expect(refused(WITH(config, width = 9)));
	cr_expect(refused(WITH(config, width = 255)));
	cr_expect(refused(WITH(config, area = VVB_AREA_COMMON)));
	cr_expect(refused(WITH(config, field = VVB_FIELD_ISR_STATUS)));
	cr_expect(refused((struct vvb_request) {}));
}
