// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What one operation on a VF costs its VMM, system call included: cost VF [COUNT]
 *
 * Each row is measured with the time-stamp counter around the call, under SCHED_FIFO, after a
 * warm-up that is thrown away. In a VM that counts instructions (-icount) the counter does
 * just that, and the rows repeat exactly. Prints "ROW name unit count min median p99 max".
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <x86intrin.h>

#include "check.h"
#include "ops.h"
#include "report.h"

#define WARM_UP 500
#define VFIO_OPENS 50

static void measure(const struct row *row, uint64_t *took, unsigned int count)
{
	unsigned int i;
	uint64_t start;

	for (i = 0; i < WARM_UP; i++)
		if (row->once())
			check_die("%s: %s", row->name, strerror(errno));
	for (i = 0; i < count; i++) {
		start = __rdtsc();
		if (row->once())
			check_die("%s: %s", row->name, strerror(errno));
		took[i] = __rdtsc() - start;
	}
	report(row->name, took, count);
}

/* The VF handed over and taken back: resets, IOMMU and all. */
static void measure_open(const char *bdf, uint64_t *took)
{
	struct vf vf;
	unsigned int i;
	uint64_t start;
	int err;

	for (i = 0; i < VFIO_OPENS; i++) {
		start = __rdtsc();
		err = vf_open(&vf, bdf);
		if (err)
			check_die("open: %s", strerror(-err));
		vf_close(&vf);
		took[i] = __rdtsc() - start;
	}
	report("open_close", took, VFIO_OPENS);
}

static void steady(void)
{
	const struct sched_param first = { .sched_priority = 50 };

	if (sched_setscheduler(0, SCHED_FIFO, &first) || mlockall(MCL_CURRENT | MCL_FUTURE))
		check_die("SCHED_FIFO: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 0) : 10000, i;
	uint64_t *took = calloc(count > VFIO_OPENS ? count : VFIO_OPENS, sizeof(*took));

	if (argc < 2 || !count || !took)
		check_die("usage: cost VF [COUNT]");
	ops_open(argv[1]);
	steady();
	for (i = 0; i < nr_rows; i++)
		if (ops_possible(&rows[i]))
			measure(&rows[i], took, count);
	vf_close(&ops_vf);
	measure_open(argv[1], took);
	free(took);
	return 0;
}
