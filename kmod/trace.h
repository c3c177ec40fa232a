/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints, in tracefs under events/vvb. README.md describes them for users; VFs are shown
 * by their id, the key of per-VF maps.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vvb

#if !defined(VVB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VVB_TRACE_H

#include <linux/tracepoint.h>
#include <vvb/admin.h>
#include "policy_ops.h"

#ifndef VVB_TRACE_ONCE
#define VVB_TRACE_ONCE
/* What can become of a policy. */
enum vvb_policy_what {
	VVB_POLICY_LOADED,
	VVB_POLICY_UPDATED,
	VVB_POLICY_UNLOADED,
	VVB_POLICY_SELECTED,
	VVB_POLICY_EJECTED,
};

/* What can become of a punt. */
enum vvb_punt_end {
	VVB_PUNT_ANSWERED,
	VVB_PUNT_LATE,
	VVB_PUNT_KILLED,
};
#endif

/* clang-format off */
#define vvb_show_field(f)                                                                   \
	__print_symbolic(f, { 0, "device_features" }, { 1, "driver_features" },             \
			 { 2, "queue_address" }, { 3, "queue_size" }, { 4, "queue_select" },  \
			 { 5, "queue_notify" }, { 6, "device_status" }, { 7, "isr_status" },  \
			 { 8, "config_vector" }, { 9, "queue_vector" }, { 10, "device_config" })
#define vvb_show_verdict(v)                                                                 \
	__print_symbolic(v, { 0, "default" }, { 1, "notify" }, { 2, "direct" }, { 3, "punt" }, \
			 { 4, "emulate" }, { 5, "deny" }, { 6, "defer" }, { 7, "coalesce" }, \
			 { 8, "prefetch" })
#define vvb_show_by(b)                                                                      \
	__print_symbolic(b, { 0, "notify" }, { 1, "kernel" }, { 2, "daemon" }, { 3, "bpf" }, \
			 { 4, "nobody" })
/* clang-format on */

/* One field access, concluded; ns is 0 when it was not timed. */
TRACE_EVENT(
	access, TP_PROTO(const struct vvb_access *acc, u64 ns), TP_ARGS(acc, ns),
	TP_STRUCT__entry(__field(u64, vf) __field(u64, value) __field(u64, ns) __field(int, error)
				 __field(u8, field) __field(u8, offset) __field(u8, width)
					 __field(u8, write) __field(u8, verdict) __field(u8, by)),
	TP_fast_assign(__entry->vf = acc->vf; __entry->value = acc->value; __entry->ns = ns;
		       __entry->error = acc->error; __entry->field = acc->field;
		       __entry->offset = acc->offset; __entry->width = acc->width;
		       __entry->write = acc->write; __entry->verdict = acc->taken;
		       __entry->by = acc->by;),
	TP_printk(
		"vf=0x%llx %s %s offset=%u width=%u value=0x%llx verdict=%s by=%s error=%d ns=%llu",
		__entry->vf, __entry->write ? "write" : "read", vvb_show_field(__entry->field),
		__entry->offset, __entry->width, __entry->value, vvb_show_verdict(__entry->verdict),
		vvb_show_by(__entry->by), __entry->error, __entry->ns));

/* A question to the daemon, and how it ended. */
TRACE_EVENT(punt, TP_PROTO(u64 vf, u64 id, u32 end, u32 action, u64 ns),
	    TP_ARGS(vf, id, end, action, ns),
	    TP_STRUCT__entry(__field(u64, vf) __field(u64, id) __field(u64, ns) __field(u32, end)
				     __field(u32, action)),
	    TP_fast_assign(__entry->vf = vf; __entry->id = id; __entry->ns = ns; __entry->end = end;
			   __entry->action = action;),
	    TP_printk("vf=0x%llx id=0x%llx %s action=%s ns=%llu", __entry->vf, __entry->id,
		      __print_symbolic(__entry->end, { VVB_PUNT_ANSWERED, "answered" },
				       { VVB_PUNT_LATE, "late" }, { VVB_PUNT_KILLED, "killed" }),
		      __print_symbolic(__entry->action, { 1, "value" }, { 2, "command" },
				       { 3, "direct" }, { 4, "deny" }),
		      __entry->ns));

/* One try of an administration command; error is what the kernel got for it. */
TRACE_EVENT(admin, TP_PROTO(u64 vf, const struct vvb_admin_op *op, int error, u64 ns),
	    TP_ARGS(vf, op, error, ns),
	    TP_STRUCT__entry(__field(u64, vf) __field(u64, ns) __field(int, error)
				     __field(u8, opcode) __field(u8, offset) __field(u8, width)),
	    TP_fast_assign(__entry->vf = vf; __entry->ns = ns; __entry->error = error;
			   __entry->opcode = op->opcode; __entry->offset = op->offset;
			   __entry->width = op->width;),
	    TP_printk("vf=0x%llx opcode=%u offset=%u width=%u error=%d ns=%llu", __entry->vf,
		      __entry->opcode, __entry->offset, __entry->width, __entry->error,
		      __entry->ns));

/* A policy came, went or was chosen; vf is 0 where it concerns all. */
TRACE_EVENT(policy, TP_PROTO(u64 vf, const char *name, u32 what, s32 code),
	    TP_ARGS(vf, name, what, code),
	    TP_STRUCT__entry(__field(u64, vf) __string(name, name) __field(u32, what)
				     __field(s32, code)),
	    TP_fast_assign(__entry->vf = vf; __assign_str(name); __entry->what = what;
			   __entry->code = code;),
	    TP_printk("vf=0x%llx policy=%s %s code=%d", __entry->vf, __get_str(name),
		      __print_symbolic(__entry->what, { VVB_POLICY_LOADED, "loaded" },
				       { VVB_POLICY_UPDATED, "updated" },
				       { VVB_POLICY_UNLOADED, "unloaded" },
				       { VVB_POLICY_SELECTED, "selected" },
				       { VVB_POLICY_EJECTED, "ejected" }),
		      __entry->code));

#endif /* VVB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
