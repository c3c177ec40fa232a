/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Legacy-interface administration commands as bytes (virtio 1.3, 2.12 and 2.12.1.2),
 * always little-endian. The daemon builds them, the kernel takes them apart and checks.
 */
#ifndef VVB_ADMIN_H
#define VVB_ADMIN_H

#include <vvb/split.h>

#define VVB_GROUP_SELF 0 /* of a function that is nobody's VF: it has no member id */
#define VVB_GROUP_SRIOV 1
#define VVB_ADMIN_HDR_LEN 24 /* opcode, group type, reserved[12], member id */
#define VVB_ADMIN_DATA_LEN 8 /* offset, reserved[7], before the registers */
#define VVB_NOTIFY_INFO_LEN 64 /* its result: 4 entries of 16 bytes */

enum vvb_opcode {
	VVB_OP_COMMON_WRITE = 2,
	VVB_OP_COMMON_READ = 3,
	VVB_OP_DEVICE_WRITE = 4,
	VVB_OP_DEVICE_READ = 5,
	VVB_OP_NOTIFY_INFO = 6,
};

/* Why a command is refused; the numbers are the spec's status qualifiers. */
enum vvb_refusal {
	VVB_ACCEPTED = 0,
	VVB_INVALID_COMMAND = 1, /* framing: too short, too long, reserved byte set */
	VVB_INVALID_OPCODE = 2, /* not one of 2..5 */
	VVB_INVALID_FIELD = 3, /* not within one field, or out of range */
	VVB_INVALID_GROUP = 4,
	VVB_INVALID_MEMBER = 5,
};

/**
 * struct vvb_admin_op - a legacy access command, taken apart
 * @member:	group member id, 1-based VF number; 0: the function itself
 * @opcode:	VVB_OP_*_{READ,WRITE}
 * @offset:	within the area that the opcode names
 * @width:	bytes of registers, 1..8
 * @registers:	what a write writes
 */
struct vvb_admin_op {
	__u64 member;
	enum vvb_opcode opcode;
	__u8 offset;
	__u8 width;
	__u8 registers[8];
};

static inline enum vvb_opcode vvb_opcode_for(enum vvb_area area, int write)
{
	if (area == VVB_AREA_COMMON)
		return write ? VVB_OP_COMMON_WRITE : VVB_OP_COMMON_READ;
	return write ? VVB_OP_DEVICE_WRITE : VVB_OP_DEVICE_READ;
}

static inline enum vvb_area vvb_opcode_area(enum vvb_opcode opcode)
{
	if (opcode == VVB_OP_COMMON_WRITE || opcode == VVB_OP_COMMON_READ)
		return VVB_AREA_COMMON;
	return VVB_AREA_DEVICE;
}

static inline int vvb_opcode_writes(enum vvb_opcode opcode)
{
	return opcode == VVB_OP_COMMON_WRITE || opcode == VVB_OP_DEVICE_WRITE;
}

/* A register of @width bytes, all ones. */
static inline __u64 vvb_all_ones(__u8 width)
{
	return width < 8 ? (1ULL << (8 * width)) - 1 : ~0ULL;
}

/**
 * vvb_admin_build - frame a legacy access command, or VVB_OP_NOTIFY_INFO
 * @op:		what to do; @op->width 1..8 of an access
 * @cmd:	filled in, every byte of it
 *
 * A read's data is the offset alone, unpadded, as the kernel's own functions send it;
 * a write's is offset, seven reserved bytes and the registers.
 */
static inline void vvb_admin_build(const struct vvb_admin_op *op, struct vvb_command *cmd)
{
	int write = vvb_opcode_writes(op->opcode);
	unsigned int i;

	for (i = 0; i < sizeof(*cmd); i++)
		((__u8 *)cmd)[i] = 0;
	vvb_put_le(cmd->bytes, op->opcode, 2);
	vvb_put_le(cmd->bytes + 2, op->member ? VVB_GROUP_SRIOV : VVB_GROUP_SELF, 2);
	vvb_put_le(cmd->bytes + 16, op->member, 8);
	if (op->opcode == VVB_OP_NOTIFY_INFO) {
		cmd->len = VVB_ADMIN_HDR_LEN;
		cmd->result_len = VVB_NOTIFY_INFO_LEN;
		return;
	}
	cmd->bytes[VVB_ADMIN_HDR_LEN] = op->offset;
	cmd->len = VVB_ADMIN_HDR_LEN + 1;
	if (!write) {
		cmd->result_len = op->width;
		return;
	}
	cmd->len = VVB_ADMIN_HDR_LEN + VVB_ADMIN_DATA_LEN;
	for (i = 0; i < op->width && i < 8; i++)
		cmd->bytes[cmd->len++] = op->registers[i];
}

/* Any byte set in [from, to) of the command? */
static inline int vvb_admin_dirty(const struct vvb_command *cmd, unsigned int from, unsigned int to)
{
	while (from < to)
		if (cmd->bytes[from++])
			return 1;
	return 0;
}

/**
 * vvb_admin_parse - take a command apart, trusting nothing in it
 * @cmd:	from outside
 * @op:		filled in when accepted
 *
 * Return: VVB_ACCEPTED, or why not. Checked in the order the spec gives a device: group,
 * then opcode; framing first. Padding of a read's data up to eight bytes is tolerated,
 * a reserved byte that is set is not.
 */
static inline enum vvb_refusal vvb_admin_parse(const struct vvb_command *cmd,
					       struct vvb_admin_op *op)
{
	__u16 opcode, group;
	unsigned int i;

	for (i = 0; i < sizeof(cmd->pad); i++)
		if (cmd->pad[i])
			return VVB_INVALID_COMMAND;
	if (cmd->len <= VVB_ADMIN_HDR_LEN || cmd->len > VVB_COMMAND_MAX ||
	    vvb_admin_dirty(cmd, 4, 16))
		return VVB_INVALID_COMMAND;
	group = (__u16)vvb_get_le(cmd->bytes + 2, 2);
	if (group != VVB_GROUP_SRIOV && group != VVB_GROUP_SELF)
		return VVB_INVALID_GROUP;
	opcode = (__u16)vvb_get_le(cmd->bytes, 2);
	if (opcode < VVB_OP_COMMON_WRITE || opcode > VVB_OP_DEVICE_READ)
		return VVB_INVALID_OPCODE;
	op->opcode = (enum vvb_opcode)opcode;
	op->member = vvb_get_le(cmd->bytes + 16, 8);
	if (op->member ? group == VVB_GROUP_SELF : group != VVB_GROUP_SELF)
		return VVB_INVALID_MEMBER;
	op->offset = cmd->bytes[VVB_ADMIN_HDR_LEN];
	for (i = 0; i < 8; i++)
		op->registers[i] = 0;
	if (vvb_opcode_writes(op->opcode)) {
		if (cmd->len <= VVB_ADMIN_HDR_LEN + VVB_ADMIN_DATA_LEN || cmd->result_len ||
		    vvb_admin_dirty(cmd, VVB_ADMIN_HDR_LEN + 1,
				    VVB_ADMIN_HDR_LEN + VVB_ADMIN_DATA_LEN))
			return VVB_INVALID_COMMAND;
		op->width = cmd->len - VVB_ADMIN_HDR_LEN - VVB_ADMIN_DATA_LEN;
		for (i = 0; i < op->width; i++)
			op->registers[i] = cmd->bytes[VVB_ADMIN_HDR_LEN + VVB_ADMIN_DATA_LEN + i];
		return VVB_ACCEPTED;
	}
	if (cmd->len > VVB_ADMIN_HDR_LEN + VVB_ADMIN_DATA_LEN || !cmd->result_len ||
	    cmd->result_len > 8 || vvb_admin_dirty(cmd, VVB_ADMIN_HDR_LEN + 1, cmd->len))
		return VVB_INVALID_COMMAND;
	op->width = cmd->result_len;
	return VVB_ACCEPTED;
}

/**
 * vvb_admin_check - is this command one that a daemon may run for this VF?
 * @op:		taken apart
 * @member:	the VF's own group member id, 0 for what is none
 * @msix:	MSI-X enabled: the vectors exist
 * @config_len:	length of its device configuration
 * @layout:	the fields in it
 *
 * Exactly one common field, or a part of one field of the device configuration.
 */
static inline enum vvb_refusal vvb_admin_check(const struct vvb_admin_op *op, __u64 member,
					       int msix, __u8 config_len,
					       const struct vvb_config_layout *layout)
{
	enum vvb_field field;

	if (op->member != member)
		return VVB_INVALID_MEMBER;
	if (!op->width)
		return VVB_INVALID_FIELD;
	if (vvb_opcode_area(op->opcode) == VVB_AREA_DEVICE) {
		if (op->offset >= config_len || op->width > config_len - op->offset ||
		    op->width > vvb_config_field_end(layout, op->offset) - op->offset)
			return VVB_INVALID_FIELD;
		return VVB_ACCEPTED;
	}
	if (op->offset >= vvb_common_len(msix))
		return VVB_INVALID_FIELD;
	field = vvb_common_field(op->offset);
	if (vvb_fields[field].offset != op->offset || vvb_fields[field].width != op->width)
		return VVB_INVALID_FIELD;
	return VVB_ACCEPTED;
}

#endif /* VVB_ADMIN_H */
