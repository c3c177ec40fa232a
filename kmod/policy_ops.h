/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a BPF policy sees. Not UAPI: a policy is bound to the module's BTF, and CO-RE
 * carries it over layout changes. Policies get these types from the module's BTF
 * (build/bpf/vvb_types.h), never from this file.
 */
#ifndef VVB_POLICY_OPS_H
#define VVB_POLICY_OPS_H

#include <uapi/vvb.h>
#include <vvb/config_layout.h>

/* Who carries out legacy operations. */
enum vvb_owner_kind {
	VVB_OWNER_AUTO, /* the PF if it can, else the function itself */
	VVB_OWNER_PF, /* by administration commands */
	VVB_OWNER_SELF, /* by its own modern interface */
	VVB_OWNER_DAEMON, /* a process that has the PF */
	VVB_OWNER_NR
};

/**
 * struct vvb_access - one access of a guest to one field of its legacy register file
 * @vf:		VVB_VF_ID of the VF, the key for per-VF maps
 * @seq:	running number of control accesses of this VF; 0 for notifies, and for reads of an ISR
 *		byte that the kernel keeps, when only the guard is asked
 * @epoch:	grows with every reset of the VF: what was learned before is void
 * @field:	which register
 * @area, @offset: where, as an administration command addresses it
 * @width:	bytes, 1..8; a common field is always whole. After PREFETCH done() sees the whole
 *		field of the device configuration in offset, width and value
 * @write:	1 for a write
 * @msix:	MSI-X was enabled when the access was decoded
 * @verdict:	done() only: the verdict that was carried out
 * @handler:		done() only: who produced the outcome
 * @error:	done() only: 0, or the negative errno behind an all-ones / dropped outcome
 * @delay_us:	writable, in access(). How long a control access waits before it is acted on,
 *		at most punt_timeout_ms; with COALESCE, how long a notify may be kept back
 * @value:	writable. access(): what the guest writes, or what EMULATE shall make a read
 *		return; done(): what a read is about to return. Bytes beyond @width are cut.
 * @scratch:	writable. For the policy, from access() to done() of the same access
 * @device_type: what the device is; VVB_DEVICE_NONE where @seq is 0
 * @owner:	who carries out what the guest wants; VVB_OWNER_AUTO where @seq is 0
 */
struct vvb_access {
	__u64 vf;
	__u64 seq;
	__u32 epoch;
	enum vvb_field field;
	enum vvb_area area;
	__u8 offset;
	__u8 width;
	__u8 write;
	__u8 msix;
	enum vvb_verdict verdict;
	enum vvb_handler handler;
	__s32 error;
	__u32 delay_us;
	__u64 value;
	__u64 scratch;
	enum vvb_device_type device_type;
	enum vvb_owner_kind owner;
};

enum vvb_policy_flags {
	VVB_POLICY_STATELESS = 1, /* keeps nothing: may run as a shadow, has no attach/detach */
};

/**
 * struct vvb_policy_ops - a policy (BPF struct_ops); several at once, selected by name
 * @access:	decide: an enum vvb_verdict, VVB_DEFAULT for the kernel's own choice. What is
 *		not legal for the field ejects the policy, and the default answers
 * @done:	optional: look at the outcome, change what a read returns through @value
 * @attach:	optional: a VF selects this policy, or has it selected as it is bound or as the policy
 *		is loaded; non-zero refuses (-errno to the writer, or policy_state `refused`)
 * @detach:	optional: the VF has let go; no callback for it runs any more
 * @name:	1..15 characters out of [a-z0-9_-], unique, not "none"
 * @flags:	enum vvb_policy_flags
 * @interest:	VVB_INTEREST() of each access it wants to be asked about, 0: of all. Any other
 *		costs what it does without a policy, and the kernel's default decides
 *
 * None of them may sleep. access() and done() of one control access run in order under the
 * VF's lock; notifies run at any time, on any CPU. vvb_policy_error() ejects the policy.
 */
struct vvb_policy_ops {
	int (*access)(struct vvb_access *acc);
	void (*done)(struct vvb_access *acc);
	int (*attach)(__u64 vf);
	void (*detach)(__u64 vf);
	char name[VVB_POLICY_NAME_LEN];
	enum vvb_policy_flags flags;
	__u32 interest;
};

#endif /* VVB_POLICY_OPS_H */
