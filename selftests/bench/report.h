/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* One row of figures: sorted, and told as minimum, median, 99th percentile and maximum. */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

/* Instructions where the time-stamp counter counts them; @took is sorted in place. */
void report(const char *name, uint64_t *took, unsigned int count);

#endif /* REPORT_H */
