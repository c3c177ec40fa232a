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
 * struct vvb_span - what is left of a guest's access
 * @pos:	BAR0 offset of the next byte
 * @len:	bytes left
 * @msix:	MSI-X enabled: the vectors exist and device config starts at 24
 * @config_len:	length of the device configuration in bytes
 * @layout:	fields of the device configuration, may be NULL
 */
struct vvb_span {
	__u8 pos;
	__u8 len;
	__u8 msix;
	__u8 config_len;
	const struct vvb_config_layout *layout;
};

/**
 * struct vvb_piece - one field access
 * @field:	which
 * @area:	common or device configuration
 * @offset:	where in the area, as a command addresses it
 * @width:	bytes to move to or from the device: the whole of a common field, a part
 *		within one field of the device configuration
 * @skip:	bytes at the front of @width that the guest did not ask for
 * @len:	bytes the guest asked for
 * @beyond:	past the end of the device configuration: no command may be sent
 */
struct vvb_piece {
	enum vvb_field field;
	enum vvb_area area;
	__u8 offset;
	__u8 width;
	__u8 skip;
	__u8 len;
	__u8 beyond;
};

/* Guest asked for a part of a common field: readable, but never written in part. */
static inline int vvb_piece_partial(const struct vvb_piece *piece)
{
	return piece->len != piece->width;
}

static inline __u8 vvb_min_u8(__u8 a, __u8 b)
{
	return a < b ? a : b;
}

static inline void vvb_piece_config(struct vvb_span *span, struct vvb_piece *piece)
{
	__u8 at = span->pos - vvb_common_len(span->msix);
	__u8 end;

	piece->field = VVB_FIELD_DEVICE_CONFIG;
	piece->area = VVB_AREA_DEVICE;
	piece->offset = at;
	piece->skip = 0;
	piece->beyond = at >= span->config_len;
	if (piece->beyond) {
		piece->len = vvb_min_u8(span->len, 8);
	} else {
		end = vvb_min_u8(vvb_config_field_end(span->layout, at), span->config_len);
		piece->len = vvb_min_u8(span->len, vvb_min_u8(end - at, 8));
	}
	piece->width = piece->len;
}

static inline void vvb_piece_common(struct vvb_span *span, struct vvb_piece *piece)
{
	const struct vvb_field_info *info;

	piece->field = vvb_common_field(span->pos);
	info = &vvb_fields[piece->field];
	piece->area = VVB_AREA_COMMON;
	piece->offset = info->offset;
	piece->width = info->width;
	piece->skip = span->pos - info->offset;
	piece->len = vvb_min_u8(span->len, info->width - piece->skip);
	piece->beyond = 0;
}

/**
 * vvb_split_next - take the next field access off a span
 * @span:	what is left; advanced
 * @piece:	filled in
 *
 * Return: 1 with @piece filled in, 0 when the span is used up. The caller has checked
 * that pos + len stays within 256.
 */
static inline int vvb_split_next(struct vvb_span *span, struct vvb_piece *piece)
{
	if (!span->len)
		return 0;
	if (span->pos < vvb_common_len(span->msix))
		vvb_piece_common(span, piece);
	else
		vvb_piece_config(span, piece);
	span->pos += piece->len;
	span->len -= piece->len;
	return 1;
}

#endif /* VVB_SPLIT_H */
