// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What it costs the operator to give an open VF another policy: swaps VF POLICY POLICY [COUNT [SUFFIX]]
 *
 * The two are selected in turn, by the VF's file in sysfs. A swap waits until no callback of
 * the old policy runs any more, so there are two rows: policy_swap, by the clock, and
 * policy_swap_cpu, what the writer was busy for.
 */
#include <stdlib.h>

#include "check_vf.h"
#include "clock.h"
#include "punt.h"
#include "report.h"

#define WARM_UP 20

static const char *suffix = "";

static void swap(const char *bdf, const char *policy)
{
	int err = vf_attr_set(bdf, "policy", policy);

	if (err)
		check_die("select %s: %s", policy, strerror(-err));
}

static void row(const char *name, const char *unit, uint64_t *took, unsigned int count)
{
	char full[64];

	snprintf(full, sizeof(full), "%s%s", name, suffix);
	report(full, unit, took, count);
}

static void measure(const char *bdf, char **policies, unsigned int count)
{
	uint64_t *took = calloc(count, sizeof(*took)), *busy = calloc(count, sizeof(*busy));
	uint64_t start, cpu;
	unsigned int i;

	if (!took || !busy)
		check_die("no memory");
	for (i = 0; i < WARM_UP; i++)
		swap(bdf, policies[i % 2]);
	for (i = 0; i < count; i++) {
		cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		start = clock_ns(CLOCK_MONOTONIC);
		swap(bdf, policies[i % 2]);
		took[i] = clock_ns(CLOCK_MONOTONIC) - start;
		busy[i] = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	}
	row("policy_swap", VIRT_NS, took, count);
	row("policy_swap_cpu", INSN, busy, count);
	free(took);
	free(busy);
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 4 ? (unsigned int)strtoul(argv[4], NULL, 0) : 1000;
	struct vf vf;

	if (argc < 4 || !count)
		check_die("usage: swaps VF POLICY POLICY [COUNT [SUFFIX]]");
	if (argc > 5)
		suffix = argv[5];
	check_vf_open(&vf, argv[1]);
	clock_steady();
	measure(argv[1], argv + 2, count);
	vf_close(&vf);
	return 0;
}
