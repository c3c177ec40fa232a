/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* One row of figures: sorted, and told as minimum, median, 99th percentile and maximum. */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

#ifdef WALL
#define INSN "wall" /* nanoseconds */
#define VIRT_NS "wall"
#else
#define INSN "insn" /* instructions, where the clocks count them and nobody sleeps */
#define VIRT_NS "virt_ns" /* of the VM's clock, sleep included */
#endif
#define COUNT "count"
#define BYTES "bytes"

/* @took is sorted in place. */
void report(const char *name, const char *unit, uint64_t *took, unsigned int count);

#endif /* REPORT_H */
