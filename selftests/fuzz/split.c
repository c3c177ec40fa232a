// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Splitting, include/vvb/split.h: whatever the range, it is one access to the common register that
 * it begins in; or its field accesses cover it without gap or overlap in ascending order, each
 * within one field of the device configuration, none beyond that sent to the device.
 */
#include <stdbool.h>

#include <vvb/split.h>

#include "input.h"

#define BAR_MAX 256

static void check_common(const struct vvb_field_access *p, unsigned int pos, int msix)
{
	const struct vvb_field_info *info = &vvb_fields[p->field];

	fuzz_check(p->area == VVB_AREA_COMMON && !p->beyond);
	fuzz_check(p->field < VVB_FIELD_DEVICE_CONFIG);
	fuzz_check(p->offset == info->offset && p->width == info->width);
	fuzz_check(pos == info->offset + p->skip);
	fuzz_check(p->skip < info->width);
	fuzz_check(info->offset + info->width <= vvb_common_len(msix));
}

static void check_config(const struct vvb_field_access *p, unsigned int pos,
			 const struct vvb_range *whole)
{
	fuzz_check(p->area == VVB_AREA_DEVICE && p->field == VVB_FIELD_DEVICE_CONFIG);
	fuzz_check(p->offset == pos - vvb_common_len(whole->msix));
	fuzz_check(!p->skip && p->width == p->len);
	fuzz_check(p->beyond == (p->offset >= whole->config_len));
	if (p->beyond)
		return;
	fuzz_check(p->width <= whole->config_len - p->offset);
	fuzz_check(vvb_config_field_end(whole->layout, p->offset) ==
		   vvb_config_field_end(whole->layout, p->offset + p->width - 1));
}

/* What is read and written of it stays within its bytes, and within the register. */
static void check_values(const struct vvb_field_access *p, uint64_t value)
{
	uint8_t data[BAR_MAX + 1] = { [BAR_MAX] = 0x5a };
	bool failed = value & 1;

	value >>= 64 - 8 * p->width;
	data[p->len] = 0x5a;
	vvb_field_access_read(p, data, value, p->offset, failed);
	fuzz_check(data[p->len] == 0x5a);
	for (unsigned int i = 0; i < p->len; i++, value >>= 8) {
		if (!i)
			value >>= 8 * p->skip;
		fuzz_check(data[i] == (failed ? 0xff : value & 0xff));
	}
	value = vvb_field_access_written(p, data);
	fuzz_check(p->width == 8 || !(value >> 8 * p->width));
}

static void check_range(const struct vvb_range *whole, uint64_t value)
{
	struct vvb_range range = *whole;
	struct vvb_field_access p;
	unsigned int pos = whole->pos, end = pos + whole->len;

	while (vvb_split_next(&range, &p)) {
		fuzz_check(p.len && p.len <= end - pos);
		fuzz_check(p.width >= 1 && p.width <= 8);
		if (pos < vvb_common_len(whole->msix)) {
			check_common(&p, pos, whole->msix);
			fuzz_check(p.len == end - pos);
		} else {
			check_config(&p, pos, whole);
		}
		check_values(&p, value);
		pos += p.len;
		fuzz_check(range.len == end - pos);
	}
	fuzz_check(pos == end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct vvb_range range = { .pos = input_byte(&in), .len = input_byte(&in) };

	range.msix = input_byte(&in) & 1;
	/* as the kernel cuts it, so that the BAR ends within 256 bytes */
	range.config_len = input_byte(&in) % (BAR_MAX - VVB_COMMON_LEN_MSIX + 1);
	range.layout = input_byte(&in) & 1 ? vvb_config_layout(1) : NULL;
	if (range.pos + range.len <= BAR_MAX)
		check_range(&range, input_number(&in, 8));
	return 0;
}
