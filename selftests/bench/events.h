/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the kernel does on behalf of two threads, counted as it happens by BPF programs on its
 * tracepoints (bpf/events.bpf.c). Counts cost instructions: never measure both at once.
 */
#ifndef EVENTS_H
#define EVENTS_H

#define EVENTS_THREADS 2

enum event {
	EVENT_SYSCALL, /* entered */
	EVENT_SWITCH, /* away from the thread */
	EVENT_ALLOCATION, /* slab, per CPU, pages */
	EVENTS
};

/* Shared with the BPF programs. */
struct events {
	unsigned int thread[EVENTS_THREADS]; /* whose */
	unsigned long long count[EVENTS_THREADS][EVENTS];
};

/* Start counting. The counts go on changing. Ends the program when that is refused. */
const volatile struct events *events_start(const int threads[EVENTS_THREADS]);

#endif /* EVENTS_H */
