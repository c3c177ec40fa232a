// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Where a function's modern interface is: capabilities that are right, and all kinds that are not. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include <vvb/modern_places.h>

#define FIRST 0x40u
#define DOORBELLS_LEN (VVB_MODERN_CAP_LEN + 4u)
#define BAR 2u
#define BAR_LEN 0x4000u

static uint8_t config[VVB_MODERN_CONFIG_LEN];
static __u64 bar_len[VVB_MODERN_BARS];
static struct vvb_modern_places places;

/* A list of capabilities that grows at its end. */
static unsigned int last, end;

static uint8_t *cap_at(unsigned int at, uint8_t id, uint8_t len)
{
	config[last] = (uint8_t)at;
	config[at] = id;
	config[at + 1] = 0;
	config[at + 2] = len;
	last = at + 1;
	end = at + ((len + 3u) & ~3u);
	return config + at;
}

static uint8_t *vendor(enum vvb_modern_area area, uint32_t offset, uint32_t len)
{
	uint8_t *cap =
		cap_at(end, 0x09, area == VVB_MODERN_NOTIFY ? DOORBELLS_LEN : VVB_MODERN_CAP_LEN);

	cap[3] = (uint8_t)(area + 1);
	cap[4] = BAR;
	vvb_put_le(cap + 8, offset, 4);
	vvb_put_le(cap + 12, len, 4);
	if (area == VVB_MODERN_NOTIFY)
		vvb_put_le(cap + 16, 4, 4);
	return cap;
}

static void nothing(void)
{
	memset(config, 0, sizeof(config));
	memset(bar_len, 0, sizeof(bar_len));
	config[0x06] = 0x10;
	bar_len[BAR] = BAR_LEN;
	last = 0x34;
	end = FIRST;
}

TestSuite(places, .init = nothing);

static void others(void)
{
	vendor(VVB_MODERN_NOTIFY, 0x3000, 12);
	vendor(VVB_MODERN_ISR, 0x1000, 1);
	vendor(VVB_MODERN_DEVICE, 0x2000, 24);
}

static const char *find(void)
{
	memset(&places, 0xee, sizeof(places));
	return vvb_modern_find(config, bar_len, &places);
}

static void found(void)
{
	const char *missing = find();

	cr_assert_null(missing, "%s", missing);
}

static void lacks(const char *word)
{
	const char *missing = find();

	cr_assert_not_null(missing, "it should lack: %s", word);
	cr_assert(strstr(missing, word), "%s", missing);
}

static void is(enum vvb_modern_area area, uint32_t offset, uint32_t len)
{
	cr_assert_eq(places.area[area].bar, BAR);
	cr_assert_eq(places.area[area].offset, offset);
	cr_assert_eq(places.area[area].len, len);
}

Test(places, all_four)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	others();
	found();
	is(VVB_MODERN_COMMON, 0, 64);
	is(VVB_MODERN_NOTIFY, 0x3000, 12);
	is(VVB_MODERN_ISR, 0x1000, 1);
	is(VVB_MODERN_DEVICE, 0x2000, 24);
	cr_assert_eq(places.multiplier, 4);
}

Test(places, some_devices_have_no_configuration)
{
	vendor(VVB_MODERN_COMMON, 0, 56);
	vendor(VVB_MODERN_NOTIFY, 0x3000, 2);
	vendor(VVB_MODERN_ISR, 0x1001, 1);
	found();
	cr_assert_eq(places.area[VVB_MODERN_DEVICE].len, 0);
}

Test(places, each_of_the_others_is_missed)
{
	static const char *const words[] = { "common", "doorbells", "ISR" };
	unsigned int without, area;

	for (without = 0; without < 3; without++) {
		nothing();
		for (area = 0; area < VVB_MODERN_AREAS; area++)
			if (area != without)
				vendor(area, 0x1000 * area, 64);
		lacks(words[without]);
	}
}

Test(places, a_function_without_capabilities)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	others();
	config[0x06] = 0;
	lacks("common");
}

Test(places, to_the_end_of_the_bar_and_not_further)
{
	uint8_t *cap = vendor(VVB_MODERN_COMMON, BAR_LEN - 64, 64);

	others();
	found();
	is(VVB_MODERN_COMMON, BAR_LEN - 64, 64);
	vvb_put_le(cap + 8, BAR_LEN - 60, 4);
	lacks("common");
	vvb_put_le(cap + 8, BAR_LEN, 4);
	lacks("common");
	vvb_put_le(cap + 8, 0xfffffffc, 4);
	vvb_put_le(cap + 12, 0xffffffff, 4);
	lacks("common");
}

Test(places, a_bar_larger_than_what_32_bits_say)
{
	vendor(VVB_MODERN_COMMON, 0xfffffffc, 0xfffffffc);
	others();
	bar_len[BAR] = 0x1fffffff8;
	found();
	is(VVB_MODERN_COMMON, 0xfffffffc, 0xfffffffc);
	bar_len[BAR]--;
	lacks("common");
}

Test(places, bars_that_are_no_memory_or_none)
{
	uint8_t *cap = vendor(VVB_MODERN_COMMON, 0, 64);
	unsigned int bar;

	others();
	for (bar = 0; bar <= 0xff; bar++) {
		cap[4] = (uint8_t)bar;
		if (bar == BAR)
			found();
		else
			lacks("common");
	}
}

Test(places, too_short_is_as_if_it_were_not_there)
{
	uint8_t *cap = vendor(VVB_MODERN_COMMON, 0, 64);

	others();
	vvb_put_le(cap + 12, 0, 4);
	lacks("common");
	vvb_put_le(cap + 12, 55, 4);
	lacks("common");
	vvb_put_le(cap + 12, 56, 4);
	found();
}

Test(places, one_byte_of_doorbell_is_none)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	vendor(VVB_MODERN_NOTIFY, 0x3000, 1);
	vendor(VVB_MODERN_ISR, 0x1000, 1);
	lacks("doorbells");
}

Test(places, not_aligned)
{
	uint8_t *common = vendor(VVB_MODERN_COMMON, 2, 64);
	uint8_t *doorbells = vendor(VVB_MODERN_NOTIFY, 0x3002, 12);

	vendor(VVB_MODERN_ISR, 0x1003, 1);
	lacks("common");
	vvb_put_le(common + 8, 4, 4);
	found();
	vvb_put_le(doorbells + 8, 0x3001, 4);
	lacks("doorbells");
	vvb_put_le(doorbells + 8, 0x3002, 4);
	vendor(VVB_MODERN_DEVICE, 0x2002, 24);
	found();
	cr_assert_eq(places.area[VVB_MODERN_DEVICE].len, 0, "the optional one is not there");
}

Test(places, the_first_that_can_be_right)
{
	vendor(VVB_MODERN_COMMON, BAR_LEN, 64);
	vendor(VVB_MODERN_COMMON, 0x100, 64);
	vendor(VVB_MODERN_COMMON, 0x200, 64);
	others();
	found();
	is(VVB_MODERN_COMMON, 0x100, 64);
}

Test(places, the_multiplier_is_that_of_the_doorbells_that_count)
{
	uint8_t *first;

	vendor(VVB_MODERN_COMMON, 0, 64);
	first = vendor(VVB_MODERN_NOTIFY, BAR_LEN, 12);
	vvb_put_le(first + 16, 0x1000, 4);
	vendor(VVB_MODERN_NOTIFY, 0x3000, 12);
	first = vendor(VVB_MODERN_NOTIFY, 0x3800, 12);
	vvb_put_le(first + 16, 0x2000, 4);
	vendor(VVB_MODERN_ISR, 0x1000, 1);
	found();
	is(VVB_MODERN_NOTIFY, 0x3000, 12);
	cr_assert_eq(places.multiplier, 4);
}

Test(places, a_capability_that_is_too_short_for_what_it_says)
{
	uint8_t *common = vendor(VVB_MODERN_COMMON, 0, 64);
	uint8_t *doorbells = vendor(VVB_MODERN_NOTIFY, 0x3000, 12);

	vendor(VVB_MODERN_ISR, 0x1000, 1);
	common[2] = VVB_MODERN_CAP_LEN - 1;
	lacks("common");
	common[2] = 0;
	lacks("common");
	common[2] = VVB_MODERN_CAP_LEN;
	doorbells[2] = DOORBELLS_LEN - 1;
	lacks("doorbells");
}

Test(places, cut_off_by_the_end_of_config_space)
{
	uint8_t *cap;

	others();
	cap = cap_at(0xf4, 0x09, VVB_MODERN_CAP_LEN);
	cap[3] = VVB_MODERN_COMMON + 1;
	cap[4] = BAR;
	vvb_put_le(cap + 8, 0, 4);
	lacks("common");
	nothing();
	others();
	cap = cap_at(0xf0, 0x09, VVB_MODERN_CAP_LEN);
	cap[3] = VVB_MODERN_COMMON + 1;
	cap[4] = BAR;
	vvb_put_le(cap + 12, 64, 4);
	found();
}

Test(places, the_last_four_bytes_of_config_space)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	others();
	config[last] = 0xfc;
	config[0xfc] = 0x09;
	config[0xfd] = 0;
	config[0xfe] = 0xff;
	config[0xff] = 1;
	found();
	config[0xfd] = 0xfc; /* it names itself */
	found();
}

Test(places, a_list_that_goes_round)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	vendor(VVB_MODERN_ISR, 0x1000, 1);
	config[last] = FIRST;
	lacks("doorbells");
	config[FIRST + 1] = FIRST;
	lacks("doorbells");
}

Test(places, as_long_a_list_as_there_can_be)
{
	unsigned int at;

	/* 48 capabilities of four bytes each; all but the last three are of another kind */
	for (at = 0x40; at < 0x100; at += 4)
		cap_at(at, 0x01, 0);
	lacks("common");
	nothing();
	for (at = 0xfc; at > 0x84; at -= 4)
		cap_at(at, 0x01, 0);
	end = FIRST;
	vendor(VVB_MODERN_COMMON, 0, 64);
	vendor(VVB_MODERN_NOTIFY, 0x3000, 12);
	vendor(VVB_MODERN_ISR, 0x1000, 1);
	found();
}

Test(places, a_list_that_leads_into_the_header)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	others();
	config[last] = 0x3c;
	config[0x3c] = 0x09;
	found();
	config[0x34] = 0x3c;
	lacks("common");
	config[0x34] = 0;
	lacks("common");
}

Test(places, the_lowest_bits_of_a_pointer_do_not_count)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	others();
	config[0x34] |= 3;
	config[FIRST + 1] |= 3;
	found();
}

Test(places, types_that_mean_something_else)
{
	unsigned int type;
	uint8_t *cap = vendor(VVB_MODERN_COMMON, 0, 64);

	others();
	for (type = 0; type <= 0xff; type++) {
		cap[3] = (uint8_t)type;
		if (type == VVB_MODERN_COMMON + 1)
			found();
		else
			lacks("common");
	}
}

Test(places, areas_that_overlap_are_the_devices_own_affair)
{
	vendor(VVB_MODERN_COMMON, 0, 64);
	vendor(VVB_MODERN_NOTIFY, 0, 64);
	vendor(VVB_MODERN_ISR, 20, 1);
	vendor(VVB_MODERN_DEVICE, 0, 24);
	found();
	is(VVB_MODERN_NOTIFY, 0, 64);
}

Test(places, any_config_space)
{
	uint32_t seed = 1;
	unsigned int round, i;

	for (i = 0; i < VVB_MODERN_BARS; i++)
		bar_len[i] = i & 1 ? 0 : 0x1000u << 2 * i;
	for (round = 0; round < 20000; round++) {
		for (i = 0x34; i < sizeof(config); i++) {
			seed = seed * 1664525 + 1013904223;
			config[i] = (uint8_t)(seed >> 24);
			/* plausible more often than not */
			if (i >= FIRST && !(i & 3) && seed & 0x800000)
				config[i] = 0x09;
			if (i >= FIRST && (i & 3) == 3 && seed & 0x800000)
				config[i] %= 6;
		}
		find();
		for (i = 0; i < VVB_MODERN_AREAS; i++) {
			const struct vvb_modern_place *p = &places.area[i];

			cr_assert(!p->len || (p->bar < VVB_MODERN_BARS &&
					      p->offset + (__u64)p->len <= bar_len[p->bar]));
		}
	}
}
