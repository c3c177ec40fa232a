// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The oracle on single accesses: what they return, and the commands that they take. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "oracle.h"

static const struct oracle_settings set = {
	.features = 0x18878028,
	.queue_size = 256,
	.vectors = 4,
	.config_len = 24,
	.config = { 0x52, 0x54, 0, 0x76, 0x62, 1, 1, 0, 1, 0, 0xdc, 5, 0x10, 0x27, 0, 0, 1 },
};

static struct oracle o;
static struct oracle_outcome out;

static void fresh(void)
{
	oracle_init(&o, &set);
}

TestSuite(oracle_access, .init = fresh);

static void get(uint64_t pos, size_t len)
{
	oracle_access(&o, pos, NULL, len, &out);
}

static void put(uint64_t pos, size_t len, uint64_t value)
{
	uint8_t bytes[8];

	for (unsigned int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	oracle_access(&o, pos, bytes, len, &out);
}

static uint64_t got(void)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8 && (long)i < out.ret; i++)
		value |= (uint64_t)out.bytes[i] << 8 * i;
	return value;
}

static void is_command(unsigned int i, int opcode, int offset, int len, uint64_t value)
{
	const struct oracle_command *c = &out.command[i];

	cr_assert_lt(i, out.nr_commands);
	cr_expect_eq(c->opcode, opcode);
	cr_expect_eq(c->offset, offset);
	cr_expect_eq(c->len, len);
	cr_expect_eq(c->value, value);
}

Test(oracle_access, a_whole_field)
{
	get(0, 4);
	cr_expect_eq(out.ret, 4);
	cr_expect_eq(got(), set.features);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 3, 0, 4, set.features);
}

Test(oracle_access, a_part_of_a_field_is_read_whole)
{
	get(1, 2);
	cr_expect_eq(out.ret, 2);
	cr_expect_eq(got(), set.features >> 8 & 0xffff);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 3, 0, 4, set.features);
}

Test(oracle_access, a_write_that_begins_inside_a_field_is_dropped)
{
	put(5, 3, 0xffffff);
	cr_expect_eq(out.ret, 3);
	cr_expect_eq(out.partial_writes, 1);
	cr_expect_eq(out.nr_commands, 0);
	put(17, 4, 0);
	cr_expect_eq(out.partial_writes, 1);
	cr_expect_eq(out.nr_commands, 0);
	cr_expect_eq(out.doorbells, 0);
	get(4, 4);
	cr_expect_eq(got(), 0);
}

Test(oracle_access, a_narrower_write_is_zero_extended)
{
	put(8, 4, 0xabcdef);
	put(8, 1, 0x12);
	cr_expect_eq(out.ret, 1);
	cr_expect_eq(out.partial_writes, 0);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 2, 8, 4, 0x12);
	get(8, 4);
	cr_expect_eq(got(), 0x12);
}

Test(oracle_access, a_wider_access_is_one_to_the_field_it_begins_in)
{
	put(12, 6, UINT64_C(0x000100025555));
	cr_expect_eq(out.ret, 6);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 2, 12, 2, 0x5555);
	cr_expect_eq(out.doorbells, 0);
	put(14, 4, UINT64_C(0x00010002));
	is_command(0, 2, 14, 2, 2);
	cr_expect_eq(out.nr_commands, 1);
	cr_expect_eq(out.doorbells, 0);
	get(12, 4);
	cr_expect_eq(got(), 256);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 3, 12, 2, 256);
	get(10, 6);
	cr_expect_eq(got(), 0);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 3, 8, 4, 0);
}

Test(oracle_access, a_part_of_a_field_and_what_is_behind_it)
{
	put(8, 4, 0x11223344);
	get(10, 8);
	cr_expect_eq(out.ret, 8);
	cr_expect_eq(got(), 0x1122);
	cr_expect_eq(out.nr_commands, 1);
}

/* Four bytes at 18 are what virtio-win reads, and does not want its interrupts to be lost. */
Test(oracle_access, the_isr_is_left_alone)
{
	put(18, 1, 4);
	oracle_set_link(&o, false);
	get(18, 4);
	cr_expect_eq(got(), 4);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 3, 18, 1, 4);
	get(19, 4);
	cr_expect_eq(got(), 2);
	is_command(0, 3, 19, 1, 2);
	get(19, 1);
	cr_expect_eq(got(), 0);
}

Test(oracle_access, the_vectors_are_two_registers)
{
	oracle_set_msix(&o, true);
	put(20, 4, 0x00020001);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 2, 20, 2, 1);
	get(20, 4);
	cr_expect_eq(got(), 1);
	get(22, 4);
	cr_expect_eq(got(), 0xffff);
	cr_expect_eq(out.nr_commands, 1);
}

Test(oracle_access, bus_master_comes_with_the_status)
{
	put(18, 1, 1);
	cr_expect_not(o.master);
	put(18, 1, 7);
	cr_expect_not(o.master);
	put(18, 4, 0xffffff03);
	cr_expect(o.master);
	cr_expect_eq(out.bus_master_set, 1);
	put(18, 1, 3);
	cr_expect_eq(out.bus_master_set, 0, "it is there");
	put(18, 1, 0);
	oracle_set_master(&o, false);
	put(19, 1, 3);
	put(14, 2, 3);
	put(22, 1, 3);
	cr_expect_not(o.master);
	put(18, 1, 3);
	cr_expect(o.master);
}

Test(oracle_access, the_longest)
{
	oracle_set_msix(&o, true);
	get(24, 40);
	cr_expect_eq(out.ret, 40);
	cr_expect_eq(out.nr_commands, 9);
	cr_expect_eq(out.beyond_config, 2);
	cr_expect(!memcmp(out.bytes, set.config, 24));
	for (unsigned int i = 24; i < 40; i++)
		cr_expect_eq(out.bytes[i], 0xff);
	oracle_set_msix(&o, false);
	get(20, 44);
	cr_expect_eq(out.nr_commands, 9);
	cr_expect_eq(out.beyond_config, 3);
	cr_expect(!memcmp(out.bytes, set.config, 24));
}

Test(oracle_access, the_whole_bar_at_once_is_its_first_register)
{
	get(0, 64);
	cr_expect_eq(out.ret, 64);
	cr_expect_eq(got(), set.features);
	for (unsigned int i = 4; i < 64; i++)
		cr_expect_eq(out.bytes[i], 0);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 3, 0, 4, set.features);
	cr_expect_eq(out.beyond_config, 0);
}

Test(oracle_access, one_field_of_the_configuration_at_most)
{
	get(20, 8);
	cr_assert_eq(out.nr_commands, 2);
	is_command(0, 5, 0, 6, UINT64_C(0x016276005452));
	is_command(1, 5, 6, 2, 1);
	get(22, 2);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 5, 2, 2, 0x7600);
	get(20 + 16, 3);
	cr_assert_eq(out.nr_commands, 3);
	is_command(2, 5, 18, 1, 0);
}

Test(oracle_access, beyond_the_configuration)
{
	get(43, 2);
	cr_assert_eq(out.nr_commands, 1);
	cr_expect_eq(got(), 0xff00);
	cr_expect_eq(out.beyond_config, 1);
	put(44, 8, 0);
	cr_expect_eq(out.ret, 8);
	cr_expect_eq(out.nr_commands, 0);
	cr_expect_eq(out.beyond_config, 1);
}

Test(oracle_access, the_end_of_the_bar)
{
	get(60, 8);
	cr_expect_eq(out.ret, 4);
	cr_expect_eq(got(), 0xffffffff);
	get(64, 1);
	cr_expect_eq(out.ret, -EINVAL);
	put(1000, 4, 0);
	cr_expect_eq(out.ret, -EINVAL);
	cr_expect_eq(out.nr_commands, 0);
	get(64, 0);
	cr_expect_eq(out.ret, 0);
}

static struct oracle_settings longest(void)
{
	struct oracle_settings longer = set;

	longer.config_len = ORACLE_CONFIG_MAX;
	for (unsigned int i = 24; i < ORACLE_CONFIG_MAX; i++)
		longer.config[i] = (uint8_t)(3 * i);
	return longer;
}

Test(oracle_access, the_bar_has_room_for_the_configuration)
{
	cr_expect_eq(oracle_bar0_len(&o), 64);
	o.set.config_len = 40;
	cr_expect_eq(oracle_bar0_len(&o), 64);
	o.set.config_len = 41;
	cr_expect_eq(oracle_bar0_len(&o), 128);
	o.set.config_len = 104;
	cr_expect_eq(oracle_bar0_len(&o), 128);
	o.set.config_len = ORACLE_CONFIG_MAX;
	cr_expect_eq(oracle_bar0_len(&o), 256);
}

Test(oracle_access, a_longer_configuration_byte_by_byte)
{
	const struct oracle_settings longer = longest();

	oracle_init(&o, &longer);
	get(20 + 22, 4);
	cr_assert_eq(out.nr_commands, 3);
	is_command(0, 5, 22, 2, 0);
	is_command(1, 5, 24, 1, 3 * 24);
	is_command(2, 5, 25, 1, 3 * 25);
	cr_expect_eq(got(), UINT64_C(0x4b480000));
	put(20 + 231, 1, 0x5a);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 4, 231, 1, 0x5a);
	get(20 + 231, 2);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 5, 231, 1, 3 * 231 & 0xff);
	cr_expect_eq(out.beyond_config, 1);
}

Test(oracle_access, the_longest_there_is)
{
	const struct oracle_settings longer = longest();

	oracle_init(&o, &longer);
	oracle_set_msix(&o, true);
	get(0, 300);
	cr_expect_eq(out.ret, 255);
	cr_expect_eq(out.nr_commands, 1);
	get(24, 300);
	cr_expect_eq(out.ret, 232);
	cr_expect_eq(out.nr_commands, 9 + 208);
	cr_expect_eq(out.beyond_config, 0);
	cr_expect(!memcmp(out.bytes, longer.config, 232));
	get(255, 8);
	cr_expect_eq(out.ret, 1);
	is_command(0, 5, 231, 1, 3 * 231 & 0xff);
	get(256, 1);
	cr_expect_eq(out.ret, -EINVAL);
}

Test(oracle_access, io_decoding_off)
{
	oracle_set_io(&o, false);
	get(0, 4);
	cr_expect_eq(out.ret, -EIO);
	cr_expect_eq(out.io_disabled, 1);
	cr_expect_eq(out.nr_commands, 0);
	put(18, 1, 1);
	cr_expect_eq(out.ret, -EIO);
	get(0, 0);
	cr_expect_eq(out.ret, 0);
	cr_expect_eq(out.io_disabled, 0);
	oracle_set_io(&o, true);
	get(18, 1);
	cr_expect_eq(got(), 0);
}

Test(oracle_access, a_kick_is_a_store)
{
	put(16, 2, 0);
	cr_expect_eq(out.ret, 2);
	cr_expect_eq(out.doorbells, 1);
	cr_expect_eq(out.nr_commands, 0);
	put(16, 2, 77); /* the device's to ignore */
	cr_expect_eq(out.doorbells, 1);
	put(16, 1, 0);
	cr_expect_eq(out.doorbells, 1);
	put(16, 4, 0xffff0001); /* no reset of the device behind it */
	cr_expect_eq(out.doorbells, 1);
	cr_expect_eq(out.nr_commands, 0);
	put(17, 1, 0);
	cr_expect_eq(out.doorbells, 0);
	cr_expect_eq(out.partial_writes, 1);
	get(16, 2);
	cr_expect_eq(got(), 0);
	is_command(0, 3, 16, 2, 0);
}

Test(oracle_access, a_kick_without_an_address)
{
	o.no_doorbell = true;
	put(16, 2, 1);
	cr_expect_eq(out.doorbells, 1);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 2, 16, 2, 1);
	put(16, 4, 0x70001);
	cr_assert_eq(out.nr_commands, 1);
	is_command(0, 2, 16, 2, 1);
	put(17, 1, 1);
	cr_expect_eq(out.nr_commands, 0);
}

Test(oracle_access, the_digest_tells_commands_apart)
{
	const struct oracle_command c = { .opcode = 3, .offset = 12, .len = 2, .value = 256 };
	struct oracle_command other = c;
	uint64_t digest = oracle_digest(ORACLE_DIGEST_START, 1, &c);

	cr_expect_neq(digest, ORACLE_DIGEST_START);
	cr_expect_eq(oracle_digest(ORACLE_DIGEST_START, 1, &c), digest);
	cr_expect_neq(oracle_digest(ORACLE_DIGEST_START, 2, &c), digest);
	other.value = 0;
	cr_expect_neq(oracle_digest(ORACLE_DIGEST_START, 1, &other), digest);
	cr_expect_neq(oracle_digest(oracle_digest(ORACLE_DIGEST_START, 1, &c), 1, &other),
		      oracle_digest(oracle_digest(ORACLE_DIGEST_START, 1, &other), 1, &c));
}
