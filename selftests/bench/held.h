/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Memory of the kernel that a process had it allocate and that is not freed yet, followed
 * allocation by allocation by BPF programs on its tracepoints (bpf/held.bpf.c). Slab and per-CPU
 * memory; not whole pages, of which slabs are made, too.
 */
#ifndef HELD_H
#define HELD_H

enum held_kind {
	HELD_SLAB,
	HELD_PERCPU, /* of one CPU: each has as much */
	HELD_KINDS
};

/* Shared with the BPF programs. */
struct held {
	unsigned int process; /* whose allocations; frees are anybody's */
	unsigned int lost; /* allocations that there was no room to remember */
	long long bytes[HELD_KINDS];
};

/* Start to follow our own. @bytes goes on changing. Ends the program when that is refused. */
const volatile struct held *held_start(void);

#endif /* HELD_H */
