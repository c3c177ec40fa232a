// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdio.h>
#include <stdlib.h>

#include "report.h"

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

void report(const char *name, const char *unit, uint64_t *took, unsigned int count)
{
	qsort(took, count, sizeof(*took), ascending);
	printf("ROW %s %s %u %llu %llu %llu %llu\n", name, unit, count, (unsigned long long)took[0],
	       (unsigned long long)took[count / 2], (unsigned long long)took[count * 99 / 100],
	       (unsigned long long)took[count - 1]);
	fflush(stdout);
}
