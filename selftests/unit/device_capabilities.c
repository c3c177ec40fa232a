// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Commands about capabilities: for the group self, as a PF driver of Linux 6.13 sends them. */
#include <string.h>

#include "driver.h"

#define SELF 0
#define LIST_QUERY 0
#define LIST_USE 1
#define NOTIFY_INFO 6
#define CAP_ID_LIST_QUERY 7
#define DEVICE_CAP_GET 8
#define DRIVER_CAP_SET 9
#define NO_SUCH_CAPABILITY ANSWER(6, 3)

static struct reply use(struct admin *a, uint16_t group, uint16_t opcodes)
{
	uint8_t list[8] = { (uint8_t)opcodes, (uint8_t)(opcodes >> 8) };

	return admin_cmd(a, LIST_USE, group, 0, list, sizeof(list), 0);
}

Test(capabilities, the_list_of_each_group)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	struct reply r = admin_cmd(&a, LIST_QUERY, SELF, 0, NULL, 0, 8);

	admin_is(&r, OK);
	cr_assert_eq(memcmp(r.result, "\x83\3\0\0\0\0\0\0", 8), 0, "no legacy commands");
	r = use(&a, SELF, 0x383);
	admin_is(&r, OK);
	r = use(&a, SELF, 0x3c3);
	admin_is(&r, INVALID_FIELD);
	r = admin_cmd(&a, NOTIFY_INFO, GROUP, 1, NULL, 0, 64);
	admin_is(&r, INVALID_OPCODE);
	r = use(&a, GROUP, 0x7f);
	admin_is(&r, OK);
	r = admin_cmd(&a, NOTIFY_INFO, GROUP, 1, NULL, 0, 64);
	admin_is(&r, OK);
	r = admin_cmd(&a, NOTIFY_INFO, SELF, 0, NULL, 0, 64);
	admin_is(&r, INVALID_OPCODE);
	world_free(w);
}

Test(capabilities, there_is_none)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	uint8_t data[16] = { 0 };
	struct reply r;

	r = use(&a, SELF, 0x383);
	admin_is(&r, OK);
	r = admin_cmd(&a, CAP_ID_LIST_QUERY, SELF, 0, NULL, 0, 8);
	admin_is(&r, OK);
	cr_assert_eq(r.used, 16);
	cr_assert_eq(memcmp(r.result, "\0\0\0\0\0\0\0\0", 8), 0);
	r = admin_cmd(&a, DEVICE_CAP_GET, SELF, 0, data, 8, 8);
	admin_is(&r, NO_SUCH_CAPABILITY);
	cr_assert_eq(r.used, 8);
	r = admin_cmd(&a, DRIVER_CAP_SET, SELF, 0, data, sizeof(data), 0);
	admin_is(&r, NO_SUCH_CAPABILITY);
	world_free(w);
}

/* Linux 6.13 and later: one LIST_USE, for the SR-IOV group, and then a command for self. */
Test(capabilities, as_linux_asks)
{
	struct world *w = world_new(NULL, 0);
	struct admin a = admin_start(w);
	struct reply r = admin_cmd(&a, LIST_QUERY, GROUP, 0, NULL, 0, 8);

	cr_assert_eq(memcmp(r.result, "\xff\3\0\0\0\0\0\0", 8), 0);
	r = admin_cmd(&a, CAP_ID_LIST_QUERY, SELF, 0, NULL, 0, 8);
	admin_is(&r, INVALID_OPCODE);
	r = use(&a, GROUP, 0x3ff);
	admin_is(&r, OK);
	r = admin_cmd(&a, CAP_ID_LIST_QUERY, SELF, 0, NULL, 0, 8);
	admin_is(&r, OK);
	cr_assert_eq(memcmp(r.result, "\0\0\0\0\0\0\0\0", 8), 0);
	nic_common_write(w->nic, 0, C_STATUS, 0, 1);
	a = admin_start(w);
	r = admin_cmd(&a, CAP_ID_LIST_QUERY, SELF, 0, NULL, 0, 8);
	admin_is(&r, INVALID_OPCODE);
	world_free(w);
}

/* Linux 6.12 uses opcodes 0..6 and none of these. */
Test(capabilities, not_in_the_list_used)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint16_t op;
	struct reply r;

	for (op = CAP_ID_LIST_QUERY; op <= DRIVER_CAP_SET; op++) {
		r = admin_cmd(&a, op, SELF, 0, NULL, 0, 8);
		admin_is(&r, INVALID_OPCODE);
	}
	world_free(w);
}

Test(capabilities, for_self_alone)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	uint16_t op;
	struct reply r;

	r = use(&a, GROUP, 0x3ff);
	admin_is(&r, OK);
	for (op = CAP_ID_LIST_QUERY; op <= DRIVER_CAP_SET; op++) {
		r = admin_cmd(&a, op, GROUP, 1, NULL, 0, 8);
		admin_is(&r, INVALID_GROUP);
	}
	world_free(w);
}

Test(capabilities, counted)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_start(w);
	struct nic_counters c;

	use(&a, SELF, 0x383);
	admin_cmd(&a, CAP_ID_LIST_QUERY, SELF, 0, NULL, 0, 8);
	admin_cmd(&a, DRIVER_CAP_SET, SELF, 0, NULL, 0, 0);
	nic_get_counters(w->nic, &c);
	cr_assert_eq(c.commands[CAP_ID_LIST_QUERY], 1);
	cr_assert_eq(c.commands[DRIVER_CAP_SET], 1);
	cr_assert_eq(c.other, 0);
	cr_assert_eq(c.refused, 1);
	world_free(w);
}
