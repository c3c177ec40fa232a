/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * One access of the guest, any position and length, as a row of field accesses in
 * ascending order. An administration command must stay within one field (virtio 1.3,
 * 2.12.1.2), and a common field must be accessed whole.
 */
#ifndef VVB_SPLIT_H
#define VVB_SPLIT_H

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
 * @skip:	bytes at the front of @width that the guest did not ask for
 * @len:	bytes the guest asked for
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

/* Guest asked for a part of a common field: readable, but never written in part. */
static inline int vvb_field_access_partial(const struct vvb_field_access *fa)
{
	return fa->len != fa->width;
}

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
	fa->len = vvb_min_u8(range->len, info->width - fa->skip);
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

#endif /* VVB_SPLIT_H */
