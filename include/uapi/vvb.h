/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * virtio-vfio-bpf: what the kernel and the programs around it say to each other.
 *
 * A virtual function (VF) is named by its PCI address packed into 64 bits, see
 * VVB_VF_ID(). The same number is the key of every per-VF BPF map.
 */
#ifndef _UAPI_VVB_H
#define _UAPI_VVB_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Goes up by one when something in here changes its place or its meaning, and not when something is
 * added, for which there is argsz. The module's is in sysfs, in the driver's file api_version, for
 * all to read; 0 is what was before there was such a file. Who has another one can't talk to it.
 */
#define VVB_API_VERSION 1

#define VVB_VF_ID(domain, bus, devfn) \
	(((__u64)(domain) << 16) | ((__u64)(bus) << 8) | (__u64)(devfn))

/*
 * Fields of the legacy virtio-pci register file (virtio 1.3, 4.1.4.10), in ascending
 * offset. The two vectors exist only while MSI-X is enabled.
 */
enum vvb_field {
	VVB_FIELD_DEVICE_FEATURES = 0,
	VVB_FIELD_DRIVER_FEATURES = 1,
	VVB_FIELD_QUEUE_ADDRESS = 2,
	VVB_FIELD_QUEUE_SIZE = 3,
	VVB_FIELD_QUEUE_SELECT = 4,
	VVB_FIELD_QUEUE_NOTIFY = 5,
	VVB_FIELD_DEVICE_STATUS = 6,
	VVB_FIELD_ISR_STATUS = 7,
	VVB_FIELD_CONFIG_VECTOR = 8,
	VVB_FIELD_QUEUE_VECTOR = 9,
	VVB_FIELD_DEVICE_CONFIG = 10,
	VVB_FIELD_NR = 11,
};

/* The two areas that administration commands 2..5 address (virtio 1.3, 2.12.1.2). */
enum vvb_area {
	VVB_AREA_COMMON = 0,
	VVB_AREA_DEVICE = 1,
};

/*
 * What is decided for one field access. DEFAULT is "no opinion": the next in line
 * (guard, policy, kernel) decides; the kernel's own default is NOTIFY for a write to
 * queue_notify and DIRECT for everything else.
 */
enum vvb_verdict {
	VVB_DEFAULT = 0,
	VVB_NOTIFY = 1, /* 16-bit write to the VF's notify address */
	VVB_DIRECT = 2, /* the kernel builds and runs the administration command */
	VVB_PUNT = 3, /* ask the daemon */
	VVB_EMULATE = 4, /* the policy supplies the value, or swallows the write */
	VVB_DENY = 5, /* reads as all-ones, writes dropped, counted */
	VVB_DEFER = 6, /* queue_select written: kept back until a command needs it */
	VVB_COALESCE = 7, /* queue_notify written: delivered later, once per queue */
	VVB_PREFETCH = 8, /* device config read: DIRECT, but all of the field it lies in */
	VVB_VERDICT_NR = 9,
};

/* Who produced the outcome of an access. */
enum vvb_handler {
	VVB_HANDLER_NOTIFY = 0, /* notify address of the VF */
	VVB_HANDLER_KERNEL = 1, /* command built by the kernel */
	VVB_HANDLER_DAEMON = 2, /* value or command from the daemon */
	VVB_HANDLER_BPF = 3, /* EMULATE */
	VVB_HANDLER_NOBODY = 4, /* refused: all-ones / dropped */
	VVB_HANDLER_NR = 5,
};

/* Things that happen to a VF and that an operator wants to know of. Counters only. */
enum vvb_event {
	VVB_EV_ILLEGAL_VERDICT = 0, /* policy: verdict not legal for field; default taken */
	VVB_EV_ILLEGAL_GUARD = 1, /* guard: the same; its opinion ignored */
	VVB_EV_PARTIAL_WRITE = 2, /* write that begins inside a common field: dropped */
	VVB_EV_BEYOND_CONFIG = 3, /* past the device configuration: all-ones / dropped */
	VVB_EV_IO_DISABLED = 4, /* PCI_COMMAND_IO clear: EIO, as vfio-pci does */
	VVB_EV_DENIED = 5, /* verdict DENY */
	VVB_EV_COMMAND_ERROR = 6, /* the device or the PF refused a command, or is gone */
	VVB_EV_COMMAND_RETRY = 7, /* EAGAIN, tried again */
	VVB_EV_COMMAND_LIMIT = 8, /* failing too often: answered locally, no command */
	VVB_EV_PF_UNAVAILABLE = 9, /* the PF's virtio driver is gone */
	VVB_EV_NO_DAEMON = 10, /* no live daemon to ask: on_daemon_loss taken */
	VVB_EV_DAEMON_LATE = 11, /* deadline missed: on_daemon_loss taken */
	VVB_EV_DAEMON_LOST = 12, /* the daemon died with the request in hand */
	VVB_EV_BAD_REPLY = 13, /* malformed reply or command: DIRECT; an operation: failed */
	/* a reply to no pending request: ENOENT; counted on the first VF of the channel */
	VVB_EV_LATE_REPLY = 14,
	VVB_EV_NOTIFY_FALLBACK = 15, /* no usable notify address: sent as a command */
	VVB_EV_MEM_DISABLED = 16, /* notify while PCI memory decoding is off: dropped */
	VVB_EV_COMMAND_TIMEOUT = 17, /* admin_timeout_ms passed: nobody waits any more */
	VVB_EV_STALLED = 18, /* a command given up is unanswered: none was sent */
	VVB_EV_EJECTED = 19, /* a policy was taken off the VF, see struct vvb_ejection */
	VVB_EV_SELECT_SENT = 20, /* DEFER: a queue_select kept back had to go out */
	VVB_EV_COALESCED = 21, /* COALESCE: the queue had a notify waiting already */
	VVB_EV_COALESCED_SENT = 22, /* and this many were delivered later */
	VVB_EV_DELAYED = 23, /* the policy had a control access wait */
	VVB_EV_DELAY_CUT = 24, /* for longer than punt_timeout_ms: it waited that long */
	VVB_EV_BUS_MASTER_SET = 25, /* by the driver, with device_status ACKNOWLEDGE|DRIVER */
	VVB_EV_INTX = 26, /* the user was told by INTx */
	VVB_EV_INTX_REFUSED = 27, /* INTx: no vectors, or the device takes none */
	/* of a function that is its own owner, by its modern interface */
	VVB_EV_FEATURES_REFUSED = 28, /* the device does not take them: the guest finds no queue */
	VVB_EV_WITHOUT_VERSION_1 = 29, /* it does, without VIRTIO_F_VERSION_1 */
	VVB_EV_LATE_FEATURES = 30, /* the guest wrote others behind DRIVER_OK: not given */
	VVB_EV_KICK_HELD = 31, /* before DRIVER_OK: kept until then */
	VVB_EV_EARLY_DRIVER_OK = 32, /* a disk's driver kicked first: DRIVER_OK on its behalf */
	VVB_EV_BAD_QUEUE = 33, /* the device does not say where a queue is kicked */
	VVB_EV_QUEUE_RUNS_ON = 34, /* the guest took a queue back that the device can't stop */
	VVB_EV_NEEDS_RESET = 35, /* DEVICE_NEEDS_RESET, which the guest can't see */
	VVB_EV_PARTIAL_CONFIG = 36, /* part of an integer was written, and never the rest */
	VVB_EV_RESTLESS_CONFIG = 37, /* config_generation did not stand still */
	VVB_EV_KICK_BY_IOEVENTFD = 38, /* signalled, and done right there */
	VVB_EV_KICK_BY_THREAD = 39, /* signalled where it could not be done: a thread has done it */
	VVB_EV_NR = 40,
};

/*
 * What an ioctl is given begins with argsz and flags, as VFIO has it, so that it can grow at its
 * end while the number of the ioctl stays. argsz is the size of the struct as the caller knows it;
 * EINVAL when it is below the least that the call needs. flags: none are known yet, EINVAL for any.
 *
 * A report (of struct vvb_vf_arg as the least) is filled in as far as caller and kernel both know
 * it. argsz then says how far that was, and nothing behind it is written. Of what is not a report
 * the kernel takes no notice behind what it knows: a member that comes later, and asks for
 * something, comes with a flag that says that it is there, which an older kernel refuses.
 */

/**
 * struct vvb_vf_arg - which VF a call is about
 * @vf:		VVB_VF_ID
 */
struct vvb_vf_arg {
	__u32 argsz;
	__u32 flags;
	__u64 vf;
};

/*
 * Room in reports. There are fewer of each, and more of them move nothing: they stay where their
 * number has them, and what a kernel does not know is zero. Fixed, and not told with the report, so
 * that an array remains an array to whoever reads it.
 */
#define VVB_FIELD_ROOM 16
#define VVB_VERDICT_ROOM 16
#define VVB_HANDLER_ROOM 8
#define VVB_EVENT_ROOM 64
#define VVB_OPCODE_ROOM 16
#define VVB_CONFIG_ROOM 128

#define VVB_LATENCY_NR 32

/**
 * struct vvb_field_stats - one register of one VF since the module was bound
 * @reads, @writes:	field accesses
 * @errors:		accesses answered with all-ones or dropped
 * @timed, @total_ns, @max_ns:	latency from decode to done: accesses timed (control
 *			accesses always, notifies one in 64), their sum and maximum
 * @verdict:		how often each enum vvb_verdict was taken (after the default)
 * @handler:		how often each enum vvb_handler produced the outcome
 * @latency:		how many of them took 2^n..2^(n+1)-1 nanoseconds, n the index; the
 *			first holds 0 too, the last all that took longer
 */
struct vvb_field_stats {
	__u64 reads;
	__u64 writes;
	__u64 errors;
	__u64 timed;
	__u64 total_ns;
	__u64 max_ns;
	__u64 verdict[VVB_VERDICT_ROOM];
	__u64 handler[VVB_HANDLER_ROOM];
	__u64 latency[VVB_LATENCY_NR];
};

/**
 * struct vvb_config_stats - one field of the device configuration of one VF
 * @reads, @writes, @errors: as in struct vvb_field_stats, whose number VVB_FIELD_DEVICE_CONFIG has
 *			those of all its fields
 */
struct vvb_config_stats {
	__u64 reads;
	__u64 writes;
	__u64 errors;
};

/**
 * struct vvb_stats - what was counted of a VF
 * @argsz, @flags, @vf: see struct vvb_vf_arg
 * @field:	by enum vvb_field
 * @event:	by enum vvb_event
 * @commands:	administration commands sent, by opcode
 * @config:	by the offset at which a field of the device configuration begins, for the type of the
 *		device (virtio 1.3, 5); what is behind the known fields: at the offset where they end
 */
struct vvb_stats {
	__u32 argsz;
	__u32 flags;
	__u64 vf;
	struct vvb_field_stats field[VVB_FIELD_ROOM];
	__u64 event[VVB_EVENT_ROOM];
	__u64 commands[VVB_OPCODE_ROOM];
	struct vvb_config_stats config[VVB_CONFIG_ROOM];
};

#define VVB_POLICY_NAME_LEN 16

/* Why a policy was taken off a VF. */
enum vvb_ejection_kind {
	VVB_EJECTED_NOT = 0, /* it was not */
	VVB_EJECTED_ILLEGAL_VERDICT = 1, /* @code: what access() returned */
	VVB_EJECTED_ERROR = 2, /* the policy said so itself; @code: its own */
	VVB_EJECTED_OVER_BUDGET = 3, /* @code: what the last callback took, microseconds */
	VVB_EJECTED_BY_OPERATOR = 4,
};

#define VVB_EJECTION_MESSAGE_LEN 80

/**
 * struct vvb_ejection - the last ejection of a policy from a VF, until one is selected again
 * @argsz, @flags, @vf: see struct vvb_vf_arg
 * @time_ns:	CLOCK_REALTIME
 * @kind:	enum vvb_ejection_kind
 * @code:	depends on it
 * @policy:	which
 * @message:	text, closed with a zero
 * @access:	1: an access was being decided, and the rest of the fields describe it as
 *		struct vvb_request does
 */
struct vvb_ejection {
	__u32 argsz;
	__u32 flags;
	__u64 vf;
	__u64 time_ns;
	__u32 kind;
	__s32 code;
	char policy[VVB_POLICY_NAME_LEN];
	char message[VVB_EJECTION_MESSAGE_LEN];
	__u64 seq;
	__u64 value;
	__u32 epoch;
	__u8 access;
	__u8 field;
	__u8 offset;
	__u8 width;
	__u8 write;
	__u8 msix;
	__u8 pad[6];
};

#define VVB_SHADOW_SAMPLES 16
#define VVB_SHADOW_ILLEGAL 0xff

/**
 * struct vvb_shadow_sample - one access that the shadow would have handled in another way
 * @time_ns:	CLOCK_MONOTONIC
 * @value, @shadow_value: what a read returned and would have; what a write wrote and would
 *		have
 * @verdict, @shadow_verdict: enum vvb_verdict, VVB_SHADOW_ILLEGAL when the shadow's was not
 *		legal for the field
 * @field, @offset, @width, @write: the access, as in struct vvb_request
 */
struct vvb_shadow_sample {
	__u64 time_ns;
	__u64 value;
	__u64 shadow_value;
	__u8 verdict;
	__u8 shadow_verdict;
	__u8 field;
	__u8 offset;
	__u8 width;
	__u8 write;
	__u8 pad[2];
};

/**
 * struct vvb_shadow - what a VF's shadow policy would have done, since it was chosen
 * @argsz, @flags, @vf: see struct vvb_vf_arg
 * @policy:	its name, "" for none
 * @compared:	accesses, by field
 * @differ:	those with another verdict or another value
 * @samples:	the last of these, the newest first; @nr_samples of them
 */
struct vvb_shadow {
	__u32 argsz;
	__u32 flags;
	__u64 vf;
	char policy[VVB_POLICY_NAME_LEN];
	__u64 compared[VVB_FIELD_ROOM];
	__u64 differ[VVB_FIELD_ROOM];
	__u32 nr_samples;
	__u32 pad;
	struct vvb_shadow_sample samples[VVB_SHADOW_SAMPLES];
};

/*
 * The punt. open("/dev/vvb") is a channel: it claims VFs and may be kept across a
 * daemon's restart. VVB_IOC_SESSION makes a session of it: the fd that a living daemon
 * holds and never hands on; closing it is the daemon's death, and what was waiting is
 * answered as the VF's on_daemon_loss says. A session that lets a deadline pass is late: accesses
 * go that way at once, until it is heard of, by an exchange, a poll() or a command. One that
 * waits in an exchange while it has a request that it does not answer is not late.
 */

enum vvb_request_kind {
	VVB_REQUEST_ACCESS = 0,
	VVB_REQUEST_EJECTED = 1, /* a notice, takes no reply: @vf lost its policy */
	VVB_REQUEST_VFS = 2, /* a notice: VFs have come or gone, see VVB_VF_ALL */
	VVB_REQUEST_OPERATION = 3, /* to be carried out, see VVB_EXCHANGE_OPERATIONS */
};

/*
 * VVB_IOC_CLAIM of VVB_VF_ALL takes all VFs that are to be had, and from then on each that comes, as
 * it is bound or its daemon_uid is set; so there is no moment at which the VF has no daemon. Each that
 * comes so, or that was the channel's and is unbound, is told by a notice, before any request of it; one
 * notice may stand for many. With the flag VVB_CLAIM_TELL nothing is taken, and a notice comes for each
 * VF that is bound. VVB_IOC_DISCLAIM of it ends that, and gives nothing back. It is the channel's, as
 * other claims are.
 */
#define VVB_VF_ALL (~0ULL)
#define VVB_CLAIM_TELL 1

/**
 * struct vvb_request - one field access, or operation, that waits for the daemon
 * @id:		never 0, never used twice; but 0 for a notice, of which only @vf and @kind are set
 * @vf:		VVB_VF_ID of the VF
 * @deadline_ns: CLOCK_MONOTONIC; a reply after it gets ENOENT
 * @value:	what the guest writes, little-endian value in the low @width bytes
 * @member:	group member id to put into a command: VF number, 1-based. 0: it is no VF, the
 *		command is to the group of the function itself
 * @write:	1 for a write, 0 for a read
 * @area, @offset: where, as an administration command addresses it
 * @field:	enum vvb_field
 * @width:	bytes, 1..8, always within one field
 * @msix:	MSI-X was enabled when the access was decoded
 * @kind:	enum vvb_request_kind. Of an operation @id, @vf, @deadline_ns and @member are set beside it
 * @pad, @reserved: zero, room for more
 */
struct vvb_request {
	__u64 id;
	__u64 vf;
	__u64 deadline_ns;
	__u64 value;
	__u64 member;
	__u8 write;
	__u8 area;
	__u8 field;
	__u8 offset;
	__u8 width;
	__u8 msix;
	__u8 kind;
	__u8 pad;
	__u64 reserved;
};

enum vvb_reply_action {
	VVB_REPLY_NONE = 0, /* nothing to answer: only wait */
	VVB_REPLY_VALUE = 1, /* read: returns @value; write: swallowed */
	VVB_REPLY_COMMAND = 2, /* run @command and give the guest its result */
	VVB_REPLY_DIRECT = 3, /* "do it yourself" */
	VVB_REPLY_DENY = 4, /* all-ones / dropped; of an operation: nobody can carry it out now */
	VVB_REPLY_RESULT = 5, /* of an operation, and of nothing else: see struct vvb_result */
};

#define VVB_COMMAND_MAX 40 /* 24 header, 8 offset and padding, 8 registers */

/**
 * struct vvb_command - an administration command, as the spec frames its
 *			device-readable part (virtio 1.3, 2.12), all little-endian
 * @len:	bytes used of @bytes
 * @result_len: bytes of command-specific result wanted: the width for reads, else 0. Of an operation
 *		that asks where the VF is kicked 64
 */
struct vvb_command {
	__u8 len;
	__u8 result_len;
	__u8 pad[6];
	__u8 bytes[VVB_COMMAND_MAX];
};

/**
 * struct vvb_reply - what is to become of an access
 * @id:		of the request
 * @action:	enum vvb_reply_action
 * @value, @command: of the action, others are not looked at
 * @pad, @reserved: zero, room for more; EINVAL as for a malformed reply
 */
struct vvb_reply {
	__u64 id;
	__u32 action;
	__u32 pad;
	__u64 value;
	struct vvb_command command;
	__u64 reserved;
};

/* 8 of status, 4 entries of 16 bytes that say where a VF is kicked */
#define VVB_RESULT_MAX 72
#define VVB_RESULT_HDR_LEN 8

/**
 * struct vvb_result - what came of an administration command, as the spec frames its device-writable
 *		       part (virtio 1.3, 2.12): le16 status, le16 qualifier, 4 reserved bytes, the
 *		       command-specific result
 * @len:	bytes used of @bytes: 8 or more, and no more than 8 and the @result_len of the command.
 *		What is missing of the result is zero
 */
struct vvb_result {
	__u8 len;
	__u8 pad[7];
	__u8 bytes[VVB_RESULT_MAX];
};

/*
 * Of struct vvb_exchange: @operation and @result are there, and the session carries out operations.
 *
 * A VF whose `owner` is `daemon` has no other that could: each register access that is not answered
 * without the device, and the question where the VF is kicked, comes as a request of the kind
 * VVB_REQUEST_OPERATION, framed as the command that a PF would get. It is not the daemon's to decide
 * about: that has been done, by policy, guard, default, or by the daemon itself, when the access was
 * punted. It is answered by VVB_REPLY_RESULT, or by VVB_REPLY_DENY when the PF is out of reach; any other
 * answer is malformed, and the operation has failed. A command of the daemon's own is none for such a
 * VF (EDEADLK): it would wait for itself.
 *
 * A session is told of operations from its first exchange with the flag on, and of none by an exchange
 * without it. While none is there the VF has no daemon for operations: they fail, unless its
 * on_daemon_loss is `wait`. With that one that a session had in hand as it ended comes again, to the next
 * session, with its id. The answer to one that is past its deadline gets ENOENT and has to be given all
 * the same: until then, or until the session ends, nothing else is asked of it for that VF, which can't
 * be reset or opened, as the operation may yet reach the device.
 */
#define VVB_EXCHANGE_OPERATIONS 1

/**
 * struct vvb_exchange - answer the last request and wait for the next, in one call
 * @argsz, @flags: at least all up to @request, and with VVB_EXCHANGE_OPERATIONS all that is here; left
 *		as they are
 * @timeout_ms:	in; how long to wait for a request: -1 for ever, 0 not at all
 * @pad:	zero
 * @reply:	in; action NONE to only wait
 * @request:	out
 * @operation:	out; of a request of the kind VVB_REQUEST_OPERATION, else zero
 * @result:	in, with the action RESULT
 *
 * ioctl on a session. Returns 0 with @request filled in. A reply that is refused ends
 * the call at once, nothing is waited for: EINVAL malformed (the access took DIRECT
 * instead), ENOENT no such request pending. EAGAIN: no request within @timeout_ms.
 * EINTR: a signal came; a reply given has been delivered. EINVAL is also for what comes before
 * @reply: then the reply has not been looked at, and its request is still held.
 */
struct vvb_exchange {
	__u32 argsz;
	__u32 flags;
	__s32 timeout_ms;
	__u32 pad;
	struct vvb_reply reply;
	struct vvb_request request;
	struct vvb_command operation;
	struct vvb_result result;
};

/**
 * struct vvb_own_command - a command of the daemon's own, while it holds a request; ENOENT when it
 *			    does not, or its deadline came before the command was sent. EDEADLK: the
 *			    VF's owner is the daemon
 * @argsz, @flags: at least all that is here; argsz is set to how much the kernel knows of it
 * @id:		the request held, it names the VF
 * @command:	in
 * @status:	out: 0 or an errno of the kernel; EIO, whatever the device said as it refused it
 * @pad:	zero
 * @result:	out: @command.result_len bytes
 */
struct vvb_own_command {
	__u32 argsz;
	__u32 flags;
	__u64 id;
	struct vvb_command command;
	__s32 status;
	__u32 pad;
	__u8 result[8];
};

/*
 * A doorbell: a register that a VMM may have written by eventfds (VFIO_DEVICE_IOEVENTFD), one for
 * each value. It is a capability of its region, in VFIO_DEVICE_GET_REGION_INFO: here of BAR0, for
 * queue_notify. Kernels that don't let a driver add one have none; who does not know the number goes
 * on to the next.
 */
#define VVB_REGION_INFO_CAP_DOORBELL 0x7662
#define VVB_REGION_INFO_CAP_DOORBELL_VERSION 1

/**
 * struct vvb_region_info_cap_doorbell - where it is
 * @id, @version, @next: as struct vfio_info_cap_header
 * @offset:	in the region
 * @width:	bytes that a write has
 * @eventfds:	how many values may have one at a time
 */
struct vvb_region_info_cap_doorbell {
	__u16 id;
	__u16 version;
	__u32 next;
	__u64 offset;
	__u32 width;
	__u32 eventfds;
};

/*
 * 'Y', 0x00 to 0x1f: neither Documentation/userspace-api/ioctl/ioctl-number.rst of Linux 6.12 nor
 * any source of it has that letter. V, which these calls had once, is V4L2's.
 */
#define VVB_IOC(nr) _IO('Y', nr)

/* on a channel */
/* returns a session fd, CLOEXEC; EBUSY: the channel has one. Takes no argument */
#define VVB_IOC_SESSION VVB_IOC(0x00)
/* ENODEV: no such VF */
#define VVB_IOC_STATS VVB_IOC(0x01) /* struct vvb_stats */
#define VVB_IOC_STATS_RESET VVB_IOC(0x02) /* struct vvb_vf_arg; root */
#define VVB_IOC_EJECTION VVB_IOC(0x03) /* struct vvb_ejection */
#define VVB_IOC_SHADOW VVB_IOC(0x04) /* struct vvb_shadow */
/* on a session */
/* struct vvb_vf_arg; EBUSY: another channel has it and its session lives, EPERM: not daemon_uid */
#define VVB_IOC_CLAIM VVB_IOC(0x08)
#define VVB_IOC_DISCLAIM VVB_IOC(0x09) /* struct vvb_vf_arg; EPERM: not this channel's */
#define VVB_IOC_EXCHANGE VVB_IOC(0x0a) /* struct vvb_exchange */
#define VVB_IOC_COMMAND VVB_IOC(0x0b) /* struct vvb_own_command */

#endif /* _UAPI_VVB_H */
