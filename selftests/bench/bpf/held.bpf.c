// SPDX-License-Identifier: GPL-2.0-only
/* Follows the kernel's allocations for a process: see ../held.h. */
#include "vvb.bpf.h"
#include "../held.h"

#define OBJECTS 65536

/* What the tracepoints tell, as far as it is looked at: see their files `format` in tracefs. */
struct slab_alloc {
	u64 common;
	u64 call_site;
	u64 ptr;
	u64 bytes_req;
	u64 bytes_alloc;
};

struct slab_free {
	u64 common;
	u64 call_site;
	u64 ptr;
};

struct percpu_alloc {
	u64 common;
	u64 call_site;
	u64 flags;
	u64 size;
	u64 align;
	u64 base_addr;
	u64 off;
	u64 ptr;
};

struct percpu_free {
	u64 common;
	u64 base_addr;
	u64 off;
	u64 ptr;
};

struct held held SEC(".data.held");

struct {
	__uint(type, VVB_MAP_TYPE_HASH);
	__uint(max_entries, OBJECTS);
	__type(key, u64);
	__type(value, u64);
} objects SEC(".maps");

static __always_inline int taken(enum held_kind kind, u64 ptr, u64 bytes)
{
	if (!ptr || bpf_get_current_pid_tgid() >> 32 != held.process)
		return 0;
	if (bpf_map_update_elem(&objects, &ptr, &bytes, VVB_MAP_ANY)) {
		__sync_fetch_and_add(&held.lost, 1);
		return 0;
	}
	__sync_fetch_and_add(&held.bytes[kind], bytes);
	return 0;
}

static __always_inline int given(enum held_kind kind, u64 ptr)
{
	u64 *bytes = bpf_map_lookup_elem(&objects, &ptr);

	if (!bytes)
		return 0;
	__sync_fetch_and_add(&held.bytes[kind], -*bytes);
	bpf_map_delete_elem(&objects, &ptr);
	return 0;
}

SEC("tracepoint/kmem/kmalloc") int held_kmalloc(struct slab_alloc *at)
{
	return taken(HELD_SLAB, at->ptr, at->bytes_alloc);
}

SEC("tracepoint/kmem/kmem_cache_alloc") int held_cache_alloc(struct slab_alloc *at)
{
	return taken(HELD_SLAB, at->ptr, at->bytes_alloc);
}

SEC("tracepoint/kmem/kfree") int held_kfree(struct slab_free *at)
{
	return given(HELD_SLAB, at->ptr);
}

SEC("tracepoint/kmem/kmem_cache_free") int held_cache_free(struct slab_free *at)
{
	return given(HELD_SLAB, at->ptr);
}

SEC("tracepoint/percpu/percpu_alloc_percpu") int held_percpu(struct percpu_alloc *at)
{
	return taken(HELD_PERCPU, at->ptr, at->size);
}

SEC("tracepoint/percpu/percpu_free_percpu") int held_percpu_free(struct percpu_free *at)
{
	return given(HELD_PERCPU, at->ptr);
}
