/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What came of an administration command, as bytes (virtio 1.3, 2.12): who carries out commands in
 * userspace builds it, the kernel takes it apart and trusts nothing in it.
 */
#ifndef VVB_RESULT_H
#define VVB_RESULT_H

#include <vvb/admin.h>

#define VVB_STATUS_OK 0
#define VVB_STATUS_EAGAIN 11
#define VVB_STATUS_EINVAL 22

#define VVB_NOTIFY_ENTRIES 4
#define VVB_NOTIFY_ENTRY_LEN 16 /* u8 flags, u8 bar, 6 bytes of padding, le64 offset */

/**
 * vvb_result_init - a result of a status alone
 * @result:	filled in, every byte of it
 * @status, @qualifier: as the specification numbers them
 */
static inline void vvb_result_init(struct vvb_result *result, __u16 status, __u16 qualifier)
{
	unsigned int i;

	for (i = 0; i < sizeof(*result); i++)
		((__u8 *)result)[i] = 0;
	vvb_put_le(result->bytes, status, 2);
	vvb_put_le(result->bytes + 2, qualifier, 2);
	result->len = VVB_RESULT_HDR_LEN;
}

/**
 * vvb_result_check - is this the result of that command?
 * @result:	from outside
 * @cmd:	what was asked
 *
 * One that is shorter than what was asked for is no mistake: what a device does not write is zero
 * (virtio 1.3, 2.12). Of the reserved bytes no notice is taken.
 * Return: it is.
 */
static inline int vvb_result_check(const struct vvb_result *result, const struct vvb_command *cmd)
{
	unsigned int i;

	for (i = 0; i < sizeof(result->pad); i++)
		if (result->pad[i])
			return 0;
	return result->len >= VVB_RESULT_HDR_LEN &&
	       result->len <= VVB_RESULT_HDR_LEN + cmd->result_len && result->len <= VVB_RESULT_MAX;
}

/* Its status; @result has been checked. */
static inline __u16 vvb_result_status(const struct vvb_result *result)
{
	return (__u16)vvb_get_le(result->bytes, 2);
}

/* One byte behind the status; 0 where there is none. */
static inline __u8 vvb_result_byte(const struct vvb_result *result, unsigned int at)
{
	at += VVB_RESULT_HDR_LEN;
	return at < result->len && at < VVB_RESULT_MAX ? result->bytes[at] : 0;
}

/**
 * vvb_result_number - bytes of the command-specific result as a number
 * @result:	checked
 * @at:		the first of them
 * @width:	0..8; those that are missing are zero
 */
static inline __u64 vvb_result_number(const struct vvb_result *result, unsigned int at,
				      unsigned int width)
{
	__u64 value = 0;

	while (width--)
		value = value << 8 | vvb_result_byte(result, at + width);
	return value;
}

/**
 * vvb_result_notify - the first address of a kind at which a VF is kicked (virtio 1.3, 2.12.1.2.7)
 * @result:	checked, of VVB_OP_NOTIFY_INFO
 * @flags:	of the kind: 1 the owner's BAR, 2 the member's
 * @bar, @offset: as they were given, unchecked
 *
 * Return: there is one.
 */
static inline int vvb_result_notify(const struct vvb_result *result, __u8 flags, __u8 *bar,
				    __u64 *offset)
{
	unsigned int i, at;

	for (i = 0; i < VVB_NOTIFY_ENTRIES; i++) {
		at = i * VVB_NOTIFY_ENTRY_LEN;
		if (!vvb_result_byte(result, at)) /* the end of the list */
			return 0;
		if (vvb_result_byte(result, at) != flags)
			continue;
		*bar = vvb_result_byte(result, at + 1);
		*offset = vvb_result_number(result, at + 8, 8);
		return 1;
	}
	return 0;
}

#endif /* VVB_RESULT_H */
