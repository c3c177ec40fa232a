// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a stock Linux guest costs its VMM: journey VF [RUNS]
 *
 * Prints rows as cost does: `probe`, from the first reset until the link is up, and `reinit`,
 * the driver taken off and probed again. RUNS is 0: one probe and no row, for who counts
 * administration commands around it.
 */
#include <stdlib.h>

#include "check.h"
#include "clock.h"
#include "linux_guest.h"
#include "report.h"

static struct linux_guest guest;

static void measure(unsigned int runs, uint64_t *first, uint64_t *again)
{
	uint64_t start, probed;
	unsigned int i;

	for (i = 0; i < runs; i++) {
		start = clock_stamp();
		linux_guest_probe(&guest);
		probed = clock_stamp();
		first[i] = probed - start;
		linux_guest_leave(&guest);
		linux_guest_probe(&guest);
		again[i] = clock_stamp() - probed;
		linux_guest_leave(&guest);
	}
	report("probe", INSN, first, runs);
	report("reinit", INSN, again, runs);
}

int main(int argc, char **argv)
{
	unsigned int runs = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 0) : 100;
	uint64_t *took = calloc(runs + 1, 2 * sizeof(*took));

	if (argc < 2 || !took)
		check_die("usage: journey VF [RUNS]");
	linux_guest_open(&guest, argv[1], LINUX_GUEST_VECTORS);
	clock_steady();
	if (runs)
		measure(runs, took, took + runs);
	else
		linux_guest_probe(&guest);
	free(took);
	vf_close(&guest.vf);
	return 0;
}
