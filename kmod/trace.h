/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints, in tracefs under events/vvb. virtio_vfio_bpf(4) describes them for users; VFs are
 * shown by their id, the key of per-VF maps.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vvb

#if !defined(VVB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VVB_TRACE_H

#include <linux/tracepoint.h>
#include <vvb/admin.h>
#include <vvb/names.h>
#include "policy_ops.h"

#ifndef VVB_TRACE_ONCE
#define VVB_TRACE_ONCE
/* clang-format off */
/* What can become of a policy. */
#define VVB_POLICY_WHAT_NAMES(ROW, LAST)        \
	ROW(VVB_POLICY_LOADED, "loaded")        \
	ROW(VVB_POLICY_UPDATED, "updated")      \
	ROW(VVB_POLICY_UNLOADED, "unloaded")    \
	ROW(VVB_POLICY_SELECTED, "selected")    \
	LAST(VVB_POLICY_EJECTED, "ejected")

/* What can become of a punt. */
#define VVB_PUNT_OUTCOME_NAMES(ROW, LAST)           \
	ROW(VVB_PUNT_ANSWERED, "answered")      \
	ROW(VVB_PUNT_LATE, "late")              \
	LAST(VVB_PUNT_KILLED, "killed")

#define VVB_TRACE_CONSTANT(number, ...) number,
enum vvb_policy_what { VVB_POLICY_WHAT_NAMES(VVB_TRACE_CONSTANT, VVB_TRACE_CONSTANT) };
enum vvb_punt_outcome { VVB_PUNT_OUTCOME_NAMES(VVB_TRACE_CONSTANT, VVB_TRACE_CONSTANT) };
/* clang-format on */

#define VVB_TRACE_NUMBER(number, ...) TRACE_DEFINE_ENUM(number);
#define VVB_TRACE_ROW(number, name, ...) { number, name },
#define VVB_TRACE_LAST(number, name, ...) \
	{                                 \
		number, name              \
	}

/* The name of @value, by one of the lists. */
#define vvb_show(value, list) __print_symbolic(value, list(VVB_TRACE_ROW, VVB_TRACE_LAST))
#endif

/*
 * What a reader of the formats can't know: the numbers behind the constants. Without these lines
 * trace-cmd shows the number for the name.
 */
/* clang-format off */
VVB_FIELD_LIST(VVB_TRACE_NUMBER, VVB_TRACE_NUMBER)
VVB_VERDICT_NAMES(VVB_TRACE_NUMBER, VVB_TRACE_NUMBER)
VVB_HANDLER_NAMES(VVB_TRACE_NUMBER, VVB_TRACE_NUMBER)
VVB_REPLY_NAMES(VVB_TRACE_NUMBER, VVB_TRACE_NUMBER)
VVB_PUNT_OUTCOME_NAMES(VVB_TRACE_NUMBER, VVB_TRACE_NUMBER)
VVB_POLICY_WHAT_NAMES(VVB_TRACE_NUMBER, VVB_TRACE_NUMBER)
/* clang-format on */

/* One field access, concluded; ns is 0 when it was not timed. */
TRACE_EVENT(
	vvb_access, TP_PROTO(const struct vvb_access *acc, u64 ns), TP_ARGS(acc, ns),
	TP_STRUCT__entry(__field(u64, vf) __field(u64, value) __field(u64, ns) __field(int, error)
				 __field(u8, field) __field(u8, offset) __field(u8, width)
					 __field(u8, write) __field(u8, verdict)
						 __field(u8, handler)),
	TP_fast_assign(__entry->vf = acc->vf; __entry->value = acc->value; __entry->ns = ns;
		       __entry->error = acc->error; __entry->field = acc->field;
		       __entry->offset = acc->offset; __entry->width = acc->width;
		       __entry->write = acc->write; __entry->verdict = acc->verdict;
		       __entry->handler = acc->handler;),
	TP_printk(
		"vf=0x%llx %s %s offset=%u width=%u value=0x%llx verdict=%s handler=%s error=%d ns=%llu",
		__entry->vf, __entry->write ? "write" : "read",
		vvb_show(__entry->field, VVB_FIELD_LIST), __entry->offset, __entry->width,
		__entry->value, vvb_show(__entry->verdict, VVB_VERDICT_NAMES),
		vvb_show(__entry->handler, VVB_HANDLER_NAMES), __entry->error, __entry->ns));

/* A question to the daemon, and how it ended. */
TRACE_EVENT(vvb_punt, TP_PROTO(u64 vf, u64 id, u32 end, u32 action, u64 ns),
	    TP_ARGS(vf, id, end, action, ns),
	    TP_STRUCT__entry(__field(u64, vf) __field(u64, id) __field(u64, ns) __field(u32, end)
				     __field(u32, action)),
	    TP_fast_assign(__entry->vf = vf; __entry->id = id; __entry->ns = ns; __entry->end = end;
			   __entry->action = action;),
	    TP_printk("vf=0x%llx id=0x%llx %s action=%s ns=%llu", __entry->vf, __entry->id,
		      vvb_show(__entry->end, VVB_PUNT_OUTCOME_NAMES),
		      vvb_show(__entry->action, VVB_REPLY_NAMES), __entry->ns));

/* One try of an administration command; error is what the kernel got for it. */
TRACE_EVENT(vvb_admin, TP_PROTO(u64 vf, const struct vvb_admin_op *op, int error, u64 ns),
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
TRACE_EVENT(vvb_policy, TP_PROTO(u64 vf, const char *name, u32 what, s32 code),
	    TP_ARGS(vf, name, what, code),
	    TP_STRUCT__entry(__field(u64, vf) __string(name, name) __field(u32, what)
				     __field(s32, code)),
	    TP_fast_assign(__entry->vf = vf; __assign_str(name); __entry->what = what;
			   __entry->code = code;),
	    TP_printk("vf=0x%llx policy=%s %s code=%d", __entry->vf, __get_str(name),
		      vvb_show(__entry->what, VVB_POLICY_WHAT_NAMES), __entry->code));

#endif /* VVB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
