// SPDX-License-Identifier: GPL-2.0-only
#include <criterion/criterion.h>

#include "quirk.bpf.c"

#define VF 0x101ull

static struct quirk_table table;

static void start(void)
{
	table = (struct quirk_table) {};
}

static void end(void)
{
	vvb_native_clear(&quirk_table);
}

TestSuite(bpf_quirk, .init = start, .fini = end);

static void put_table(void)
{
	cr_assert_eq(vvb_map_put(&quirk_table, VF, &table), 0);
}

static int verdict;
static u32 delay;

/* The device gives @value, or gets what comes back. */
static u64 run(struct vvb_access acc)
{
	acc.vf = VF;
	verdict = quirk.access(&acc);
	delay = acc.delay_us;
	acc.verdict = verdict ? verdict : VVB_DIRECT;
	quirk.done(&acc);
	return acc.value;
}

static u64 read_register(enum vvb_field field, u64 value)
{
	return run((struct vvb_access) { .field = field, .value = value });
}

static u64 write_register(enum vvb_field field, u64 value)
{
	return run((struct vvb_access) { .field = field, .value = value, .write = 1 });
}

static u64 read_config(u8 offset, u8 width, u64 value)
{
	return run((struct vvb_access) { .field = VVB_FIELD_DEVICE_CONFIG,
					 .offset = offset,
					 .width = width,
					 .value = value });
}

Test(bpf_quirk, nothing_without_a_table)
{
	for (int field = 0; field < VVB_FIELD_NR; field++) {
		cr_assert_eq(read_register(field, 0x55), 0x55);
		cr_assert_eq(verdict, VVB_DEFAULT);
		cr_assert_eq(write_register(field, 0x55), 0x55);
		cr_assert_eq(verdict, VVB_DEFAULT);
		cr_assert_eq(delay, 0);
	}
}

Test(bpf_quirk, nothing_by_an_empty_table)
{
	put_table();
	for (int field = 0; field < VVB_FIELD_NR; field++) {
		cr_assert_eq(read_register(field, 0x55), 0x55);
		cr_assert_eq(write_register(field, 0x55), 0x55);
		cr_assert_eq(verdict, VVB_DEFAULT);
	}
}

Test(bpf_quirk, bits_in_both_directions)
{
	struct quirk_row *row = &table.row[VVB_FIELD_DEVICE_STATUS];

	row->ones = 0x82;
	row->zeros = 0x81;
	put_table();
	cr_assert_eq(read_register(VVB_FIELD_DEVICE_STATUS, 0x85), 0x06);
	cr_assert_eq(write_register(VVB_FIELD_DEVICE_STATUS, 0x85), 0x06);
	cr_assert_eq(verdict, VVB_DEFAULT);
	cr_assert_eq(read_register(VVB_FIELD_ISR_STATUS, 0x85), 0x85, "another register");
}

Test(bpf_quirk, all_ones_of_a_failed_read_stay)
{
	struct vvb_access acc = {
		.vf = VF, .field = VVB_FIELD_QUEUE_SELECT, .value = 0xffff, .error = -EIO
	};

	table.row[VVB_FIELD_QUEUE_SELECT].zeros = 0xff;
	put_table();
	quirk.done(&acc);
	cr_assert_eq(acc.value, 0xffff);
}

Test(bpf_quirk, fixed)
{
	struct quirk_row *row = &table.row[VVB_FIELD_CONFIG_VECTOR];

	row->value = 64;
	put_table();
	cr_assert_eq(read_register(VVB_FIELD_CONFIG_VECTOR, 256), 256, "not switched on");
	row->fixed = 1;
	put_table();
	cr_assert_eq(read_register(VVB_FIELD_CONFIG_VECTOR, 0), 64);
	cr_assert_eq(verdict, VVB_EMULATE);
	write_register(VVB_FIELD_CONFIG_VECTOR, 5);
	cr_assert_eq(verdict, VVB_EMULATE, "swallowed");
	row->zeros = 64;
	put_table();
	cr_assert_eq(read_register(VVB_FIELD_CONFIG_VECTOR, 0), 64, "fixed is fixed");
}

static u64 read_size(enum vvb_owner_kind owner, u64 value)
{
	return run((struct vvb_access) {
		.field = VVB_FIELD_QUEUE_SIZE, .owner = owner, .value = value });
}

/* The guest lays out its ring by it, and the device has its own idea, unless it is told. */
Test(bpf_quirk, the_size_of_a_queue)
{
	static const enum vvb_owner_kind others[] = { VVB_OWNER_AUTO, VVB_OWNER_PF,
						      VVB_OWNER_DAEMON };
	struct quirk_row *row = &table.row[VVB_FIELD_QUEUE_SIZE];

	*row = (struct quirk_row) { .zeros = 0x180, .value = 32, .delay_us = 900 };
	put_table();
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(read_size(others[i], 256), 256);
	cr_expect_eq(delay, 900);
	cr_expect_eq(read_size(VVB_OWNER_SELF, 320), 64);
	row->fixed = 1;
	put_table();
	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(read_size(others[i], 256), 256);
		cr_expect_eq(verdict, VVB_DEFAULT);
	}
	cr_expect_eq(read_size(VVB_OWNER_SELF, 256), 32);
	cr_expect_eq(verdict, VVB_EMULATE);
	cr_expect_eq(write_register(VVB_FIELD_QUEUE_SIZE, 5), 5);
	cr_expect_eq(verdict, VVB_DEFAULT);
}

Test(bpf_quirk, delays)
{
	table.row[VVB_FIELD_DEVICE_FEATURES].delay_us = 700;
	table.row[VVB_FIELD_QUEUE_NOTIFY].delay_us = 800;
	put_table();
	read_register(VVB_FIELD_DEVICE_FEATURES, 0);
	cr_assert_eq(verdict, VVB_DEFAULT);
	cr_assert_eq(delay, 700);
	write_register(VVB_FIELD_QUEUE_NOTIFY, 0);
	cr_assert_eq(verdict, VVB_COALESCE);
	cr_assert_eq(delay, 800);
	read_register(VVB_FIELD_QUEUE_NOTIFY, 0);
	cr_assert_eq(verdict, VVB_DEFAULT, "a read of it is no notify");
}

Test(bpf_quirk, configuration_by_bytes)
{
	struct quirk_row *row = &table.row[VVB_FIELD_DEVICE_CONFIG + 1];

	row->value = 0x5780001; /* MTU 1400, one pair */
	row->fixed = 1;
	table.row[VVB_FIELD_DEVICE_CONFIG].ones = 0x0001000000000000; /* the link is up */
	table.row[VVB_FIELD_DEVICE_CONFIG + 2].zeros = 0xff;
	put_table();
	cr_assert_eq(read_config(10, 2, 1500) & 0xffff, 1400);
	cr_assert_eq(read_config(11, 1, 5) & 0xff, 1400 >> 8);
	cr_assert_eq(read_config(8, 2, 9) & 0xffff, 1);
	cr_assert_eq(read_config(6, 2, 0) & 0xffff, 1);
	cr_assert_eq(read_config(0, 6, 0x123456789abc) & 0xffffffffffff, 0x123456789abc);
	cr_assert_eq(read_config(16, 1, 1), 0);
	cr_assert_eq(read_config(96, 1, 7), 7, "beyond the table");
	cr_assert_eq(read_config(255, 1, 7), 7);
}

/* Every knob sets what its name says, and nothing else. */
Test(bpf_quirk, knobs)
{
	size_t nr = sizeof(vvb_knobs) / sizeof(*vvb_knobs);

	cr_assert_eq(nr, 21 * 5 + 1);
	for (size_t i = 0; i < nr; i++) {
		const struct vvb_knob *k = &vvb_knobs[i];

		cr_expect_leq(k->offset + k->size, sizeof(struct quirk_table), "%s", k->name);
		cr_expect_lt(k->min, k->max, "%s", k->name);
		for (size_t j = 0; j < i; j++) {
			cr_expect_str_neq(k->name, vvb_knobs[j].name);
			cr_expect_neq(k->offset, vvb_knobs[j].offset, "%s and %s", k->name,
				      vvb_knobs[j].name);
		}
	}
}
