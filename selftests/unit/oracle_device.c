// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The oracle's registers: which keep what, and what takes it away from them. */
#include <criterion/criterion.h>
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

static void fresh(void)
{
	oracle_init(&o, &set);
}

TestSuite(oracle_device, .init = fresh);

static uint64_t get(char name)
{
	return oracle_register_read(&o, name);
}

static void put(char name, uint32_t value)
{
	oracle_register_write(&o, name, value);
}

Test(oracle_device, after_a_reset)
{
	cr_expect_eq(get('F'), set.features);
	cr_expect_eq(get('D'), 0);
	cr_expect_eq(get('A'), 0);
	cr_expect_eq(get('S'), 256);
	cr_expect_eq(get('Q'), 0);
	cr_expect_eq(get('N'), 0);
	cr_expect_eq(get('T'), 0);
	cr_expect_eq(get('I'), 0);
	cr_expect_eq(get('c'), 0xffff);
	cr_expect_eq(get('q'), 0xffff);
}

Test(oracle_device, read_only)
{
	put('F', 0);
	put('S', 1);
	put('N', 1);
	put('I', 0xff);
	cr_expect_eq(get('F'), set.features);
	cr_expect_eq(get('S'), 256);
	cr_expect_eq(get('N'), 0);
	cr_expect_eq(get('I'), 0);
}

Test(oracle_device, features_that_are_not_offered)
{
	put('D', 0xffffffff);
	cr_expect_eq(get('D'), set.features);
	put('D', 0x20);
	cr_expect_eq(get('D'), 0x20);
}

Test(oracle_device, status)
{
	put('T', 7);
	cr_expect_eq(get('T'), 7);
	put('T', 0xff);
	cr_expect_eq(get('T'), 0xbf, "DEVICE_NEEDS_RESET is not the driver's");
	put('T', 0);
	cr_expect_eq(get('T'), 0);
}

Test(oracle_device, queues)
{
	put('A', 0x11);
	put('q', 1);
	put('Q', 2);
	put('A', 0x22);
	cr_expect_eq(get('A'), 0x22);
	cr_expect_eq(get('q'), 0xffff);
	put('Q', 0);
	cr_expect_eq(get('A'), 0x11);
	cr_expect_eq(get('q'), 1);
	put('A', 0);
	cr_expect_eq(get('A'), 0);
	cr_expect_eq(get('q'), 1, "the vector is not the ring's");
}

Test(oracle_device, a_queue_that_does_not_exist)
{
	put('Q', 3);
	put('A', 5);
	put('q', 1);
	cr_expect_eq(get('Q'), 3);
	cr_expect_eq(get('A'), 0);
	cr_expect_eq(get('S'), 0);
	cr_expect_eq(get('q'), 0xffff);
	put('Q', 0xffff);
	cr_expect_eq(get('Q'), 0xffff);
	cr_expect_eq(get('S'), 0);
}

Test(oracle_device, vectors)
{
	put('c', 3);
	cr_expect_eq(get('c'), 3);
	put('c', 4);
	cr_expect_eq(get('c'), 0xffff);
	put('q', 0);
	cr_expect_eq(get('q'), 0);
	put('q', 0xffff);
	cr_expect_eq(get('q'), 0xffff);
}

Test(oracle_device, vectors_survive_msix_off_and_on)
{
	oracle_set_msix(&o, true);
	put('c', 2);
	put('q', 1);
	oracle_set_msix(&o, false);
	oracle_set_msix(&o, true);
	cr_expect_eq(get('c'), 2);
	cr_expect_eq(get('q'), 1);
}

static void colour(void)
{
	put('D', 0x20);
	put('T', 7);
	put('A', 1);
	put('c', 2);
	put('q', 1);
	put('Q', 1);
	put('A', 2);
	oracle_config_write(&o, 0, (const uint8_t *)"\x02\x04", 2);
	oracle_set_link(&o, false);
}

static void is_reset(void)
{
	cr_expect_eq(get('D'), 0);
	cr_expect_eq(get('T'), 0);
	cr_expect_eq(get('Q'), 0);
	cr_expect_eq(get('A'), 0);
	cr_expect_eq(get('I'), 0);
	cr_expect_eq(get('c'), 0xffff);
	cr_expect_eq(get('q'), 0xffff);
	put('Q', 1);
	cr_expect_eq(get('A'), 0);
	cr_expect(!memcmp(o.config, set.config, 6));
	cr_expect_eq(o.config[6], 0, "the link stays down");
}

Test(oracle_device, reset_by_the_driver)
{
	oracle_set_msix(&o, true);
	colour();
	put('T', 0);
	is_reset();
	cr_expect(o.io);
	cr_expect(o.msix);
}

Test(oracle_device, reset_from_outside)
{
	oracle_set_msix(&o, true);
	oracle_set_master(&o, true);
	colour();
	oracle_reset(&o);
	is_reset();
	cr_expect(o.io);
	cr_expect(o.msix);
	cr_expect(o.master);
	oracle_set_io(&o, false);
	oracle_reset(&o);
	cr_expect_not(o.io);
}

Test(oracle_device, closed_and_opened)
{
	oracle_set_io(&o, false);
	oracle_set_msix(&o, true);
	oracle_set_master(&o, true);
	colour();
	oracle_reopen(&o);
	is_reset();
	cr_expect(o.io);
	cr_expect_not(o.master);
	cr_expect_not(o.msix);
}

Test(oracle_device, mac)
{
	oracle_config_write(&o, 0, (const uint8_t *)"\x02\x04\x06\x08\x0a\x0c", 6);
	cr_expect(!memcmp(o.config, "\x02\x04\x06\x08\x0a\x0c", 6));
	oracle_config_write(&o, 5, (const uint8_t *)"\xee", 1);
	cr_expect_eq(o.config[5], 0xee);
	put('D', ORACLE_CTRL_MAC_ADDR);
	oracle_config_write(&o, 5, (const uint8_t *)"\xdd", 1);
	cr_expect_eq(o.config[5], 0xee, "there is a command for it");
	put('T', 0);
	cr_expect_eq(o.config[5], 1, "permanent again");
}

Test(oracle_device, the_rest_of_the_configuration_is_read_only)
{
	for (unsigned int at = 6; at < 24; at++)
		oracle_config_write(&o, at, (const uint8_t *)"\x5a", 1);
	cr_expect(!memcmp(o.config, set.config, 24));
}

Test(oracle_device, link)
{
	oracle_set_link(&o, false);
	cr_expect_eq(o.config[6], 0);
	cr_expect_eq(get('I'), 0, "there is no driver to tell");
	put('T', 4);
	oracle_set_link(&o, false);
	cr_expect_eq(get('I'), 0, "nothing has changed");
	oracle_set_link(&o, true);
	cr_expect_eq(o.config[6], 1);
	cr_expect_eq(get('I'), 2);
	cr_expect_eq(get('I'), 0, "reading clears it");
}
