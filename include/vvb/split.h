/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * One access of the guest, any position and length, as a row of field accesses in ascending order.
 *
 * In the common registers where it begins says which one it is to, as on the transitional devices
 * that hypervisors have: it touches that register and nothing behind it, whatever its length. A
 * read that is wider than what it begins in is zero-extended, or all-ones when it failed; a write
 * that is narrower is zero-extended, of a wider one the rest is left out, and one that begins
 * inside a register is to be dropped. So it is one field access, of the whole register.
 *
 * In the device configuration width counts. There an administration command must stay within one
 * field (virtio 1.3, 2.12.1.2), hence a row.
 */
#ifndef VVB_SPLIT_H
#define VVB_SPLIT_H

#include <vvb/config_layout.h>
#include <vvb/field.h>

/**
 * struct vvb_range - what is left of a guest's access
 * @pos:	BAR0 offset of the next byte
 * @len:	bytes left
 * @msix:	MSI-X enabled: the vectors exist and device config starts at 24
 * @config_len:	length of the device configuration in bytes
 * @layout:	fields of the device configuration, may be NULL
 */
struct vvb_range {
	__u8 pos;
	__u8 len;
	__u8 msix;
	__u8 config_len;
	const struct vvb_config_layout *layout;
};

/**
 * struct vvb_field_access - one field access
 * @field:	which
 * @area:	common or device configuration
 * @offset:	where in the area, as a command addresses it
 * @width:	bytes to move to or from the device: the whole of a common field, a part
 *		within one field of the device configuration
 * @skip:	bytes at the front of @width that the guest did not ask for; a write is dropped then
 * @len:	bytes of the guest's that this accounts for; of a common field they may be more than
 *		there are
 * @beyond:	past the end of the device configuration: no command may be sent
 */
struct vvb_field_access {
	enum vvb_field field;
	enum vvb_area area;
	__u8 offset;
	__u8 width;
	__u8 skip;
	__u8 len;
	__u8 beyond;
};

static inline __u8 vvb_min_u8(__u8 a, __u8 b)
{
	return a < b ? a : b;
}

static inline void vvb_range_config(struct vvb_range *range, struct vvb_field_access *fa)
{
	__u8 at = range->pos - vvb_common_len(range->msix);
	__u8 end;

	fa->field = VVB_FIELD_DEVICE_CONFIG;
	fa->area = VVB_AREA_DEVICE;
	fa->offset = at;
	fa->skip = 0;
	fa->beyond = at >= range->config_len;
	if (fa->beyond) {
		fa->len = vvb_min_u8(range->len, 8);
	} else {
		end = vvb_min_u8(vvb_config_field_end(range->layout, at), range->config_len);
		fa->len = vvb_min_u8(range->len, vvb_min_u8(end - at, 8));
	}
	fa->width = fa->len;
}

static inline void vvb_range_common(struct vvb_range *range, struct vvb_field_access *fa)
{
	const struct vvb_field_info *info;

	fa->field = vvb_common_field(range->pos);
	info = &vvb_fields[fa->field];
	fa->area = VVB_AREA_COMMON;
	fa->offset = info->offset;
	fa->width = info->width;
	fa->skip = range->pos - info->offset;
	fa->len = range->len;
	fa->beyond = 0;
}

/**
 * vvb_split_next - take the next field access off a range
 * @range:	what is left; advanced
 * @fa:		filled in
 *
 * Return: 1 with @fa filled in, 0 when the range is used up. The caller has checked
 * that pos + len stays within 256.
 */
static inline int vvb_split_next(struct vvb_range *range, struct vvb_field_access *fa)
{
	if (!range->len)
		return 0;
	if (range->pos < vvb_common_len(range->msix))
		vvb_range_common(range, fa);
	else
		vvb_range_config(range, fa);
	range->pos += fa->len;
	range->len -= fa->len;
	return 1;
}

/* @n bytes of @v, least significant first. */
static inline void vvb_put_le(__u8 *to, __u64 v, unsigned int n)
{
	while (n--) {
		*to++ = (__u8)v;
		v >>= 8;
	}
}

static inline __u64 vvb_get_le(const __u8 *from, unsigned int n)
{
	__u64 v = 0;

	while (n--)
		v = v << 8 | from[n];
	return v;
}

/* What a write gives the register; @data are the guest's bytes of it, fa->skip is 0. */
static inline __u64 vvb_field_access_written(const struct vvb_field_access *fa, const __u8 *data)
{
	return vvb_get_le(data, vvb_min_u8(fa->len, fa->width));
}

/**
 * vvb_field_access_read - what a read gives the guest
 * @fa:		a read
 * @data:	fa->len bytes, filled in
 * @value:	what there is; of a common register it has no bits beyond fa->width bytes
 * @from:	where @value begins: fa->offset, or less when more was fetched
 * @failed:	there is no value: all-ones
 */
static inline void vvb_field_access_read(const struct vvb_field_access *fa, __u8 *data, __u64 value,
					 __u8 from, int failed)
{
	unsigned int i;

	if (!failed) {
		vvb_put_le(data, value >> (8 * (fa->skip + fa->offset - from)), fa->len);
		return;
	}
	for (i = 0; i < fa->len; i++)
		data[i] = 0xff;
}

#endif /* VVB_SPLIT_H */
