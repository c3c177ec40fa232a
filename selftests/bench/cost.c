// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What one operation on a VF costs its VMM, system call included:
 *
 *	cost VF [COUNT [ROW,ROW... [SUFFIX [OTHER_VF]...]]]
 *
 * Each row is measured with the time-stamp counter around the call, under SCHED_FIFO, after a
 * warm-up that is thrown away. In a VM that counts instructions (-icount) the counter does
 * just that, and the rows repeat exactly. Prints "ROW name unit count min median p99 max".
 *
 * All rows but those of growth are the default. SUFFIX becomes a part of their names; other VFs
 * are open all the time.
 *
 * Opening and closing sleeps, so that it has two rows: open_close by the clock, and
 * open_close_cpu, what the caller's thread was busy for.
 */
#include <stdlib.h>

#include "check.h"
#include "clock.h"
#include "ops.h"
#include "report.h"

#define WARM_UP 500
#define VFIO_OPENS 50

static const char *wanted, *suffix = "";

/* Is it on the list, where there is one? */
static int is_wanted(const char *name)
{
	size_t len = strlen(name);
	const char *at = wanted;

	while (at) {
		if (!strncmp(at, name, len) && (at[len] == ',' || !at[len]))
			return 1;
		at = strchr(at, ',');
		at += !!at;
	}
	return !wanted && !strchr(name, '@');
}

static void row(const char *name, const char *unit, uint64_t *took, unsigned int count)
{
	char full[64];

	snprintf(full, sizeof(full), "%s%s", name, suffix);
	report(full, unit, took, count);
}

static void measure(const struct row *op, uint64_t *took, unsigned int count)
{
	unsigned int i;
	uint64_t start;

	for (i = 0; i < WARM_UP; i++)
		if (op->once())
			check_die("%s: %s", op->name, strerror(errno));
	for (i = 0; i < count; i++) {
		start = clock_stamp();
		if (op->once())
			check_die("%s: %s", op->name, strerror(errno));
		took[i] = clock_stamp() - start;
	}
	row(op->name, INSN, took, count);
}

/* The VF handed over and taken back: resets, IOMMU and all. */
static void measure_open(const char *bdf, uint64_t *took, uint64_t *busy)
{
	uint64_t start, cpu;
	struct vf vf;
	unsigned int i;
	int err;

	for (i = 0; i < VFIO_OPENS; i++) {
		cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		start = clock_ns(CLOCK_MONOTONIC);
		err = vf_open(&vf, bdf);
		if (err)
			check_die("open: %s", strerror(-err));
		vf_close(&vf);
		took[i] = clock_ns(CLOCK_MONOTONIC) - start;
		busy[i] = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	}
	row("open_close", VIRT_NS, took, VFIO_OPENS);
	row("open_close_cpu", INSN, busy, VFIO_OPENS);
}

static void open_others(char **bdfs, int nr)
{
	struct vf vf;
	int i, err;

	for (i = 0; i < nr; i++) {
		err = vf_open(&vf, bdfs[i]); /* closed by our end */
		if (err)
			check_die("VF %s: %s", bdfs[i], strerror(-err));
	}
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 0) : 10000, i;
	uint64_t *took = calloc(count + 2 * VFIO_OPENS, sizeof(*took));

	if (argc < 2 || !count || !took)
		check_die("usage: cost VF [COUNT [ROW,ROW... [SUFFIX [OTHER_VF]...]]]");
	wanted = argc > 3 ? argv[3] : NULL;
	suffix = argc > 4 ? argv[4] : "";
	ops_open(argv[1]);
	open_others(argv + 5, argc - 5);
	clock_steady();
	for (i = 0; i < nr_rows; i++)
		if (is_wanted(rows[i].name) && ops_possible(&rows[i]))
			measure(&rows[i], took, count);
	vf_close(&ops_vf);
	if (is_wanted("open_close"))
		measure_open(argv[1], took, took + VFIO_OPENS);
	free(took);
	return 0;
}
