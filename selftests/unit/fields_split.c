// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The register table and the splitting of a guest's access into field accesses. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

#include <vvb/split.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The register file once more, as the specification prints it: start, name of each byte. */
static const struct {
	const char *name;
	unsigned int start, end;
} spec[] = {
	{ "device_features", 0, 4 }, { "driver_features", 4, 8 }, { "queue_address", 8, 12 },
	{ "queue_size", 12, 14 },    { "queue_select", 14, 16 },  { "queue_notify", 16, 18 },
	{ "device_status", 18, 19 }, { "isr_status", 19, 20 },	  { "config_vector", 20, 22 },
	{ "queue_vector", 22, 24 },
};

static const unsigned int net_fields[] = { 0, 6, 8, 10, 12, 16, 17, 18, 20, 24 };

static unsigned int net_field_end(unsigned int at)
{
	unsigned int i;

	for (i = 0; i < 9; i++)
		if (at < net_fields[i + 1])
			return net_fields[i + 1];
	return at + 1;
}

static const struct vvb_config_layout *net(void)
{
	return vvb_config_layout(1);
}

Test(fields, the_table_is_the_specifications)
{
	unsigned int i, pos;

	for (i = 0; i < COUNT(spec); i++) {
		cr_assert_str_eq(vvb_fields[i].name, spec[i].name);
		cr_assert_eq(vvb_fields[i].offset, spec[i].start);
		cr_assert_eq(vvb_fields[i].width, spec[i].end - spec[i].start);
		for (pos = spec[i].start; pos < spec[i].end; pos++)
			cr_assert_eq(vvb_common_field((__u8)pos), i);
	}
	cr_assert_eq(i, VVB_FIELD_DEVICE_CONFIG);
	cr_assert_str_eq(vvb_fields[VVB_FIELD_DEVICE_CONFIG].name, "device_config");
	cr_assert_eq(vvb_fields[VVB_FIELD_DEVICE_CONFIG].width, 0);
}

Test(fields, who_may_write_what)
{
	unsigned int i;

	for (i = 0; i < VVB_FIELD_NR; i++) {
		cr_assert(vvb_fields[i].access & VVB_READABLE);
		cr_assert_eq(!(vvb_fields[i].access & VVB_WRITABLE),
			     i == VVB_FIELD_DEVICE_FEATURES || i == VVB_FIELD_QUEUE_SIZE ||
				     i == VVB_FIELD_ISR_STATUS);
	}
}

Test(fields, legal_verdicts)
{
	unsigned int v, f, w;
	int legal;

	for (v = 0; v < 300; v++)
		for (f = 0; f < VVB_FIELD_NR; f++)
			for (w = 0; w < 2; w++) {
				legal = vvb_verdict_legal(v, (enum vvb_field)f, (int)w);
				if (v == VVB_NOTIFY || v == VVB_COALESCE)
					cr_assert_eq(legal, f == VVB_FIELD_QUEUE_NOTIFY && w);
				else if (v == VVB_PREFETCH)
					cr_assert_eq(legal, f == VVB_FIELD_DEVICE_CONFIG && !w);
				else if (v == VVB_DEFER)
					cr_assert_eq(legal, f == VVB_FIELD_QUEUE_SELECT && w);
				else
					cr_assert_eq(legal, v >= VVB_DIRECT && v <= VVB_DENY);
			}
	cr_assert_eq(vvb_verdict_legal(UINT32_MAX, VVB_FIELD_QUEUE_NOTIFY, 1), 0);
}

/* One field access against what the specification says of the byte where it begins. */
static void check_common(const struct vvb_field_access *p, unsigned int pos, unsigned int left)
{
	unsigned int i = 0;

	while (pos >= spec[i].end)
		i++;
	cr_assert_eq(p->area, VVB_AREA_COMMON);
	cr_assert_eq(p->field, i);
	cr_assert_eq(p->offset, spec[i].start);
	cr_assert_eq(p->width, spec[i].end - spec[i].start, "moved whole");
	cr_assert_eq(p->skip, pos - spec[i].start);
	cr_assert_eq(p->len, left, "nothing is left for another register");
	cr_assert_eq(p->beyond, 0);
}

static void check_config(const struct vvb_field_access *p, unsigned int at, unsigned int left,
			 unsigned int config_len, const struct vvb_config_layout *layout)
{
	unsigned int end = layout ? net_field_end(at) : at + 1;

	cr_assert_eq(p->area, VVB_AREA_DEVICE);
	cr_assert_eq(p->field, VVB_FIELD_DEVICE_CONFIG);
	cr_assert_eq(p->offset, at);
	cr_assert_eq(p->skip, 0);
	cr_assert_eq(p->width, p->len);
	cr_assert_eq(p->beyond, at >= config_len);
	cr_assert(p->len >= 1 && p->len <= 8 && p->len <= left);
	if (p->beyond)
		return;
	if (end > config_len)
		end = config_len;
	cr_assert_eq(p->len, left < end - at ? left : end - at);
}

static void check_range(unsigned int pos, unsigned int len, unsigned int msix,
			unsigned int config_len, const struct vvb_config_layout *layout)
{
	struct vvb_range s = { (__u8)pos, (__u8)len, (__u8)msix, (__u8)config_len, layout };
	unsigned int common = msix ? 24 : 20;
	unsigned int end = pos + len;
	struct vvb_field_access p;

	while (pos < end) {
		memset(&p, 0xee, sizeof(p));
		cr_assert_eq(vvb_split_next(&s, &p), 1);
		cr_assert_geq(p.len, 1);
		if (pos < common)
			check_common(&p, pos, end - pos);
		else
			check_config(&p, pos - common, end - pos, config_len, layout);
		pos += p.len;
	}
	cr_assert_eq(pos, end);
	cr_assert_eq(vvb_split_next(&s, &p), 0);
	cr_assert_eq(vvb_split_next(&s, &p), 0);
}

/* Every range there is, for lengths of the configuration that cut fields in two. */
Test(split, every_range_is_covered_in_order)
{
	static const unsigned int config_len[] = {
		0, 1, 6, 8, 9, 11, 12, 20, 23, 24, 25, 100, 232
	};
	unsigned int pos, len, msix, i;

	for (msix = 0; msix < 2; msix++)
		for (i = 0; i < COUNT(config_len); i++)
			for (pos = 0; pos < 256; pos++)
				for (len = 0; len <= 255 && pos + len <= 256; len++) {
					check_range(pos, len, msix, config_len[i], net());
					if (!(len % 16))
						check_range(pos, len, msix, config_len[i], NULL);
				}
}

Test(split, the_mac_of_a_legacy_guest)
{
	struct vvb_range on = { 24, 6, 1, 24, net() };
	struct vvb_range off = { 20, 6, 0, 24, net() };
	struct vvb_field_access p;

	cr_assert(vvb_split_next(&on, &p));
	cr_assert_eq(p.offset, 0);
	cr_assert_eq(p.width, 6);
	cr_assert_not(vvb_split_next(&on, &p));
	cr_assert(vvb_split_next(&off, &p));
	cr_assert_eq(p.offset, 0);
	cr_assert_eq(p.width, 6);
	cr_assert_not(vvb_split_next(&off, &p));
}

Test(split, byte_20_moves_with_msix)
{
	struct vvb_range on = { 20, 1, 1, 24, net() };
	struct vvb_range off = { 20, 1, 0, 24, net() };
	struct vvb_field_access p;

	vvb_split_next(&on, &p);
	cr_assert_eq(p.field, VVB_FIELD_CONFIG_VECTOR);
	cr_assert_eq(p.width, 2);
	vvb_split_next(&off, &p);
	cr_assert_eq(p.field, VVB_FIELD_DEVICE_CONFIG);
	cr_assert_eq(p.width, 1);
}

Test(split, four_bytes_at_14_are_one_command)
{
	struct vvb_range s = { 14, 4, 0, 24, net() };
	struct vvb_field_access p;

	cr_assert(vvb_split_next(&s, &p));
	cr_assert_eq(p.field, VVB_FIELD_QUEUE_SELECT);
	cr_assert_eq(p.width, 2);
	cr_assert_eq(p.len, 4);
	cr_assert_not(vvb_split_next(&s, &p));
}

/* Wide enough for the device configuration, and none of it all the same. */
Test(split, from_the_last_register_on)
{
	struct vvb_range off = { 19, 8, 0, 24, net() };
	struct vvb_range on = { 23, 8, 1, 24, net() };
	struct vvb_field_access p;

	cr_assert(vvb_split_next(&off, &p));
	cr_assert_eq(p.field, VVB_FIELD_ISR_STATUS);
	cr_assert_not(vvb_split_next(&off, &p));
	cr_assert(vvb_split_next(&on, &p));
	cr_assert_eq(p.field, VVB_FIELD_QUEUE_VECTOR);
	cr_assert_eq(p.skip, 1);
	cr_assert_not(vvb_split_next(&on, &p));
}

/* @len bytes 1, 2, 3 ... as the value of a write. */
static __u64 written(unsigned int pos, unsigned int len)
{
	struct vvb_range s = { (__u8)pos, (__u8)len, 0, 24, net() };
	struct vvb_field_access p;
	__u8 data[64];

	for (unsigned int i = 0; i < sizeof(data); i++)
		data[i] = (__u8)(i + 1);
	cr_assert(vvb_split_next(&s, &p));
	return vvb_field_access_written(&p, data);
}

Test(split, what_is_written)
{
	cr_expect_eq(written(8, 4), 0x04030201);
	cr_expect_eq(written(8, 1), 0x01, "zero-extended");
	cr_expect_eq(written(8, 3), 0x030201);
	cr_expect_eq(written(8, 40), 0x04030201, "and no more than there is room for");
	cr_expect_eq(written(16, 4), 0x0201);
	cr_expect_eq(written(18, 2), 0x01);
	cr_expect_eq(written(20, 6), 0x060504030201);
}

/* What the guest gets at @pos of a register that is @value; what is not to be touched is 0x5a. */
static void check_read(unsigned int pos, unsigned int len, __u64 value, int failed, __u64 want)
{
	struct vvb_range s = { (__u8)pos, (__u8)len, 0, 24, net() };
	struct vvb_field_access p;
	__u8 data[64], fill = failed ? 0xff : 0;
	unsigned int i;

	memset(data, 0x5a, sizeof(data));
	cr_assert(vvb_split_next(&s, &p));
	vvb_field_access_read(&p, data, value, p.offset, failed);
	for (i = 0; i < len; i++)
		cr_expect_eq(data[i], i < 8 ? want >> 8 * i & 0xff : fill,
			     "%u bytes at %u: byte %u", len, pos, i);
	for (; i < sizeof(data); i++)
		cr_expect_eq(data[i], 0x5a);
}

Test(split, what_is_read)
{
	check_read(0, 4, 0x11223344, 0, 0x11223344);
	check_read(0, 1, 0x11223344, 0, 0x44);
	check_read(2, 2, 0x11223344, 0, 0x1122);
	check_read(2, 8, 0x11223344, 0, 0x1122);
	check_read(18, 4, 0x07, 0, 0x07);
	check_read(12, 50, 0x0100, 0, 0x0100);
	check_read(20, 6, 0x060504030201, 0, 0x060504030201);
}

/* Two bytes of the MAC, all of which was fetched. */
Test(split, what_is_read_of_more)
{
	struct vvb_range s = { 22, 2, 0, 24, net() };
	struct vvb_field_access p;
	__u8 data[2];

	cr_assert(vvb_split_next(&s, &p));
	vvb_field_access_read(&p, data, 0x060504030201, 0, 0);
	cr_expect_eq(data[0], 3);
	cr_expect_eq(data[1], 4);
}

/* As of hardware that is not there: all-ones as wide as was asked for. */
Test(split, what_is_read_of_nothing)
{
	check_read(18, 4, 0xff, 1, 0xffffffff);
	check_read(3, 2, 0xffffffff, 1, 0xffff);
	check_read(12, 50, 0xffff, 1, ~0ull);
	check_read(20, 6, 0xffffffffffff, 1, 0xffffffffffff);
}
