/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Between vvbd and the process that has a PF: administration commands one way, what came of them the
 * other, over a UNIX socket of the type SOCK_SEQPACKET at which the process listens. Each packet is one
 * of these structs, whole, and of no other length. Numbers are as the machine has them; the bytes of
 * commands and results as the virtio specification frames them. vvbd(8) has the rules.
 */
#ifndef VVB_FORWARD_H
#define VVB_FORWARD_H

#include <uapi/vvb.h>

/* Who reads another in a packet closes the connection. */
#define VVB_FORWARD_VERSION 1

/**
 * struct vvb_forward_command - to the process
 * @version:	VVB_FORWARD_VERSION
 * @pad:	zero
 * @id:		for the answer; that of the kernel's request, so that one which comes again can be told
 * @vf:		VVB_VF_ID of the VF, whose number at its PF is in the command
 * @command:	of the opcodes 2 to 6
 */
struct vvb_forward_command {
	__u32 version;
	__u32 pad;
	__u64 id;
	__u64 vf;
	struct vvb_command command;
};

/**
 * struct vvb_forward_result - from the process, one for each command, in any order
 * @version, @pad: as above
 * @id:		of the command
 * @result:	what its device said
 */
struct vvb_forward_result {
	__u32 version;
	__u32 pad;
	__u64 id;
	struct vvb_result result;
};

#endif /* VVB_FORWARD_H */
