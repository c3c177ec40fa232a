/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that a policy or a guard includes.
 *
 * A policy is a BPF struct_ops: it decides the register accesses of the VFs that select
 * it by name, and may look at the outcome. A guard is an fmod_ret program: it is asked
 * first, for every VF, and may only restrict or redirect. Start from upstream.bpf.c,
 * which is the smallest of them.
 *
 * With -DVVB_NATIVE the same source compiles as plain C, for unit tests. Hence the one
 * rule: every helper and every map goes through the names in this file.
 */
#ifndef VVB_BPF_H
#define VVB_BPF_H

#ifdef VVB_NATIVE

#include "vvb-native.h"

#else

#include "vvb_types.h" /* generated from the module's BTF, see Makefile */

/* libbpf's helper declarations name these; the module's BTF need not hold them all. */
typedef unsigned short __u16;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef long long __s64;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;

#include <vvb/event.h>
#include <vvb/knob.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char _license[] SEC("license") = "GPL";

/* Numbers of the stable BPF interface; their enums would clash with generated types. */
#define VVB_MAP_TYPE_HASH 1
#define VVB_MAP_TYPE_RINGBUF 27
#define VVB_MAP_ANY 0
#define VVB_MAP_NOEXIST 1

/* Of errno.h, which is not for programs. */
#define E2BIG 7
#define ENOSPC 28

#define VVB_KNOBS_ATTRIBUTE SEC(VVB_KNOBS_SECTION)

/* The callbacks of a policy. */
#define VVB_ACCESS(fn, acc) SEC("struct_ops/access") int BPF_PROG(fn, struct vvb_access *acc)
#define VVB_DONE(fn, acc) SEC("struct_ops/done") void BPF_PROG(fn, struct vvb_access *acc)
#define VVB_ATTACH(fn, vf) SEC("struct_ops/attach") int BPF_PROG(fn, u64 vf)
#define VVB_DETACH(fn, vf) SEC("struct_ops/detach") void BPF_PROG(fn, u64 vf)

/*
 * VVB_POLICY(symbol) = { .access = (void *)fn, ..., .name = "name" };
 *
 * The name has 1 to 15 characters out of a-z 0-9 _ -, and is not none; the kernel refuses another, as it
 * does a policy without access(). A guard has the name of its file up to the first dot, and the same is
 * true of that.
 */
#define VVB_POLICY(symbol) SEC(".struct_ops.link") struct vvb_policy_ops symbol

/*
 * A guard. Nothing behind its struct vvb_access can be trusted to stay, so what it
 * decides by are the numbers passed beside it: vf, field, write, value. Of several guards the last that
 * was attached is asked first, and the next where it has no opinion; once one decides, no other is asked.
 */
#define VVB_GUARD(fn)             \
	SEC("fmod_ret/vvb_guard") \
	int BPF_PROG(fn, struct vvb_access *acc, u64 vf, u32 field, u32 write, u64 value)

/* A map with one value per VF; its key is the VF's id, as `vvbctl vf show` prints it. */
#define VVB_VF_MAP(map, value_type)               \
	struct {                                  \
		__uint(type, VVB_MAP_TYPE_HASH);  \
		__uint(max_entries, VVB_MAX_VFS); \
		__type(key, u64);                 \
		__type(value, value_type);        \
	} map SEC(".maps")

/* A ring buffer to userspace; @size in bytes, a power of two and whole pages. */
#define VVB_RING(map, size)                         \
	struct {                                    \
		__uint(type, VVB_MAP_TYPE_RINGBUF); \
		__uint(max_entries, size);          \
	} map SEC(".maps")

/*
 * Give up on oneself: the VF loses this policy, the access at hand gets the kernel's default,
 * and the report says @code and @text, a string literal.
 */
extern void vvb_policy_error(struct vvb_access *acc, s32 code, const char *message__str) __ksym;
#define vvb_error(acc, code, text) vvb_policy_error(acc, code, text)

/* The value for a VF, NULL when there is none. */
static __always_inline void *vvb_map_get(void *map, u64 vf)
{
	return bpf_map_lookup_elem(map, &vf);
}

/* Set the value for a VF: 0 or a negative errno, -ENOSPC when the map is full. */
static __always_inline long vvb_map_put(void *map, u64 vf, const void *value)
{
	long err = bpf_map_update_elem(map, &vf, value, VVB_MAP_ANY);

	return err == -E2BIG ? -ENOSPC : err;
}

/* The value for a VF, @value where there is none yet, on whatever CPU; NULL: the map is full. */
static __always_inline void *vvb_map_add(void *map, u64 vf, const void *value)
{
	bpf_map_update_elem(map, &vf, value, VVB_MAP_NOEXIST);
	return bpf_map_lookup_elem(map, &vf);
}

static __always_inline long vvb_map_del(void *map, u64 vf)
{
	return bpf_map_delete_elem(map, &vf);
}

/* Copy @size bytes to the reader of the ring; non-zero when it is full. */
static __always_inline long vvb_ring_put(void *ring, void *event, u64 size)
{
	return bpf_ringbuf_output(ring, event, size, 0);
}

/* CLOCK_MONOTONIC in nanoseconds. */
static __always_inline u64 vvb_now(void)
{
	return bpf_ktime_get_ns();
}

/*
 * For guards only, as the kernel gives these to no policy: process id above, thread id below,
 * and the thread's name.
 */
static __always_inline u64 vvb_thread(void)
{
	return bpf_get_current_pid_tgid();
}

#define vvb_comm(comm) ((void)bpf_get_current_comm(comm, sizeof(comm)))

#endif /* VVB_NATIVE */

/*
 * Room of a per-VF map. What a policy keeps of a VF it drops in detach(), so that this bounds the
 * VFs that run it at a time; knobs stay with the addresses that they were set for.
 */
#define VVB_MAX_VFS 8192

/*
 * What can be tuned per VF, declared once:
 *
 *   VVB_VF_MAP(my_knobs, struct my_knobs);
 *   VVB_KNOBS = {
 *		VVB_KNOB(my_knobs, struct my_knobs, rate, NUMBER, "1/s", 0, 1000000, 100,
 *		    "accesses that may pass in a second"),
 *   };
 *
 * The last numbers are the least, the most and the default value; the default is for the
 * policy to use while the map holds nothing for a VF. The policy never writes the map.
 */
#define VVB_KNOBS const struct vvb_knob vvb_knobs[] VVB_KNOBS_ATTRIBUTE
#define VVB_KNOB(in, value_type, member, kind, units, least, most, otherwise, about) \
	VVB_KNOB_AT(#member, in, __builtin_offsetof(value_type, member),             \
		    sizeof(((value_type *)0)->member), kind, units, least, most, otherwise, about)
/* For a map whose value is one number. */
#define VVB_KNOB_ONE(called, in, value_type, kind, units, least, most, otherwise, about) \
	VVB_KNOB_AT(called, in, 0, sizeof(value_type), kind, units, least, most, otherwise, about)
#define VVB_KNOB_AT(called, in, at, bytes, kind, units, least, most, otherwise, about)             \
	{                                                                                          \
		.name = called, .map = #in, .unit = units, .help = about, .type = VVB_KNOB_##kind, \
		.offset = at, .size = bytes, .min = least, .max = most,                            \
		.default_value = otherwise,                                                        \
	}

/* Count up, right on any number of CPUs. */
#define vvb_count(counter) ((void)__sync_fetch_and_add(counter, 1))

/*
 * What a policy wants to be asked about, for .interest; without it, about all. What it is not asked
 * about costs no more than without a policy: .interest = VVB_READS(DEVICE_FEATURES) | ...
 */
#define VVB_READS(field) (1U << VVB_FIELD_##field)
#define VVB_WRITES(field) (1U << (16 + VVB_FIELD_##field))
/* Every access but a kick: what is rare. */
#define VVB_CONTROL (((1U << VVB_FIELD_NR) - 1) * 0x10001U & ~VVB_WRITES(QUEUE_NOTIFY))

/* A guest rings a queue: the data path, the only access that may take NOTIFY. */
static __always_inline int vvb_is_notify(u32 field, u32 write)
{
	return field == VVB_FIELD_QUEUE_NOTIFY && write;
}

#endif /* VVB_BPF_H */
