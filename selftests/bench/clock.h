/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What is measured by. In a VM that counts instructions (-icount) all of these do. With WALL, for
 * real machines, all of them are nanoseconds.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>
#include <x86intrin.h>

/* Nanoseconds of a clock of the kernel's, which is a system call for those of processes. */
static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static inline uint64_t clock_stamp(void)
{
#ifdef WALL
	return clock_ns(CLOCK_MONOTONIC_RAW);
#else
	return __rdtsc();
#endif
}

/* Be run before all others, from memory that stays. Ends the program when refused. */
void clock_steady(void);

#endif /* CLOCK_H */
