// SPDX-License-Identifier: GPL-2.0-only
/* Counts what the kernel does for some threads: see ../events.h. */
#include "vvb.bpf.h"
#include "../events.h"

struct events events SEC(".data.events");

static __always_inline void count(enum event event)
{
	u32 thread = (u32)bpf_get_current_pid_tgid();
	u32 i;

	for (i = 0; i < EVENTS_THREADS; i++)
		if (events.thread[i] == thread)
			events.count[i][event]++;
}

#define COUNT(name, tracepoint, event) \
	SEC("tracepoint/" tracepoint)  \
	int name(void *context)        \
	{                              \
		count(event);          \
		return 0;              \
	}

COUNT(syscalls, "raw_syscalls/sys_enter", EVENT_SYSCALL)
COUNT(switches, "sched/sched_switch", EVENT_SWITCH)
COUNT(kmalloc, "kmem/kmalloc", EVENT_ALLOCATION)
COUNT(cache, "kmem/kmem_cache_alloc", EVENT_ALLOCATION)
COUNT(pages, "kmem/mm_page_alloc", EVENT_ALLOCATION)
COUNT(percpu, "percpu/percpu_alloc_percpu", EVENT_ALLOCATION)
