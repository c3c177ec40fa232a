/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What vvb.bpf.h offers, as plain C: a policy's logic runs in a unit test, which
 * includes the .bpf.c, fills the maps, calls the callbacks and looks at the rings.
 */
#ifndef VVB_NATIVE_H
#define VVB_NATIVE_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vvb/event.h>
#include <vvb/knob.h>
#include "policy_ops.h"

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#define VVB_UNUSED __attribute__((unused))
#define VVB_KNOBS_ATTRIBUTE VVB_UNUSED

#define VVB_ACCESS(fn, acc) static int fn(VVB_UNUSED struct vvb_access *acc)
#define VVB_DONE(fn, acc) static void fn(VVB_UNUSED struct vvb_access *acc)
#define VVB_ATTACH(fn, vf) static int fn(VVB_UNUSED u64 vf)
#define VVB_DETACH(fn, vf) static void fn(VVB_UNUSED u64 vf)
#define VVB_POLICY(symbol) static struct vvb_policy_ops symbol
#define VVB_GUARD(fn)                                                                             \
	static int fn(VVB_UNUSED struct vvb_access *acc, VVB_UNUSED u64 vf, VVB_UNUSED u32 field, \
		      VVB_UNUSED u32 write, VVB_UNUSED u64 value)

struct vvb_native_entry {
	struct vvb_native_entry *next;
	u64 vf;
	u64 value[]; /* aligned for any value */
};

/* A hash map as a list, or a ring as the last event put there and the count of all. */
struct vvb_native_map {
	size_t value_size;
	size_t room; /* entries, or bytes of events */
	size_t used;
	struct vvb_native_entry *entries;
	u64 puts;
	u8 last[256];
};

#define VVB_VF_MAP(map, value_type) \
	static struct vvb_native_map map = { .value_size = sizeof(value_type), .room = VVB_MAX_VFS }
#define VVB_RING(map, size) static struct vvb_native_map map = { .room = (size) }

/* What a policy said of itself last; code 0 and NULL before. */
static struct {
	s32 code;
	const char *text;
} vvb_native_error;

VVB_UNUSED static inline void vvb_error(struct vvb_access *acc, s32 code, const char *text)
{
	(void)acc;
	vvb_native_error.code = code;
	vvb_native_error.text = text;
}

/* What vvb_now(), vvb_thread() and vvb_comm() tell; the test sets them. */
static u64 vvb_native_now;
VVB_UNUSED static u64 vvb_native_thread;
VVB_UNUSED static char vvb_native_comm[16];

#define vvb_thread() vvb_native_thread
#define vvb_comm(comm) ((void)memcpy(comm, vvb_native_comm, sizeof(vvb_native_comm)))

static inline void *vvb_map_get(void *map, u64 vf)
{
	struct vvb_native_entry *e;

	for (e = ((struct vvb_native_map *)map)->entries; e; e = e->next)
		if (e->vf == vf)
			return e->value;
	return NULL;
}

VVB_UNUSED static inline long vvb_map_put(void *map, u64 vf, const void *value)
{
	struct vvb_native_map *m = map;
	struct vvb_native_entry *e;
	void *old = vvb_map_get(map, vf);

	if (old) {
		memcpy(old, value, m->value_size);
		return 0;
	}
	if (m->used == m->room)
		return -ENOSPC;
	e = malloc(sizeof(*e) + m->value_size);
	if (!e)
		return -ENOMEM;
	e->vf = vf;
	memcpy(e->value, value, m->value_size);
	e->next = m->entries;
	m->entries = e;
	m->used++;
	return 0;
}

VVB_UNUSED static inline void *vvb_map_add(void *map, u64 vf, const void *value)
{
	if (!vvb_map_get(map, vf))
		vvb_map_put(map, vf, value);
	return vvb_map_get(map, vf);
}

VVB_UNUSED static inline long vvb_map_del(void *map, u64 vf)
{
	struct vvb_native_map *m = map;
	struct vvb_native_entry **p, *e;

	for (p = &m->entries; (e = *p); p = &e->next) {
		if (e->vf != vf)
			continue;
		*p = e->next;
		free(e);
		m->used--;
		return 0;
	}
	return -ENOENT;
}

VVB_UNUSED static inline long vvb_ring_put(void *ring, void *event, u64 size)
{
	struct vvb_native_map *m = ring;

	if (size > sizeof(m->last) || m->used + size > m->room)
		return -EAGAIN;
	memcpy(m->last, event, size);
	m->used += size;
	m->puts++;
	return 0;
}

VVB_UNUSED static inline u64 vvb_now(void)
{
	return vvb_native_now;
}

/* For tests: empty a map, or read a ring to its end. */
VVB_UNUSED static inline void vvb_native_clear(struct vvb_native_map *m)
{
	while (m->entries)
		vvb_map_del(m, m->entries->vf);
	m->used = 0;
	m->puts = 0;
}

#endif /* VVB_NATIVE_H */
