/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What people and programs read for the numbers of uapi/vvb.h, each list once: vvbctl's output,
 * the kernel's log and its tracepoints are made from these. The registers' names are in field.h.
 *
 * A list is a macro that calls ROW(number, name) for each but the last, and LAST(number, name) for
 * that one, as a tracepoint has to separate them.
 */
#ifndef VVB_NAMES_H
#define VVB_NAMES_H

#include <vvb/field.h>

/* clang-format off */
#define VVB_VERDICT_NAMES(ROW, LAST)         \
	ROW(VVB_DEFAULT, "default")          \
	ROW(VVB_NOTIFY, "notify")            \
	ROW(VVB_DIRECT, "direct")            \
	ROW(VVB_PUNT, "punt")                \
	ROW(VVB_EMULATE, "emulate")          \
	ROW(VVB_DENY, "deny")                \
	ROW(VVB_DEFER, "defer")              \
	ROW(VVB_COALESCE, "coalesce")        \
	LAST(VVB_PREFETCH, "prefetch")

#define VVB_HANDLER_NAMES(ROW, LAST)         \
	ROW(VVB_HANDLER_NOTIFY, "notify")         \
	ROW(VVB_HANDLER_KERNEL, "kernel")         \
	ROW(VVB_HANDLER_DAEMON, "daemon")         \
	ROW(VVB_HANDLER_BPF, "bpf")               \
	LAST(VVB_HANDLER_NOBODY, "nobody")

#define VVB_REPLY_NAMES(ROW, LAST)           \
	ROW(VVB_REPLY_NONE, "none")          \
	ROW(VVB_REPLY_VALUE, "value")        \
	ROW(VVB_REPLY_COMMAND, "command")    \
	ROW(VVB_REPLY_DIRECT, "direct")      \
	ROW(VVB_REPLY_DENY, "deny")          \
	LAST(VVB_REPLY_RESULT, "result")

#define VVB_EJECTION_NAMES(ROW, LAST)                           \
	ROW(VVB_EJECTED_NOT, "none")                            \
	ROW(VVB_EJECTED_ILLEGAL_VERDICT, "illegal_verdict")     \
	ROW(VVB_EJECTED_ERROR, "error")                         \
	ROW(VVB_EJECTED_OVER_BUDGET, "over_budget")             \
	LAST(VVB_EJECTED_BY_OPERATOR, "by_operator")

/* A list as an array of strings: { VVB_VERDICT_NAMES(VVB_NAME_AT, VVB_NAME_AT) } */
#define VVB_NAME_AT(number, name) \
	[number] = name,
/* clang-format on */

#endif /* VVB_NAMES_H */
