// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Reads of the ISR byte wait for nobody while no policy is to be asked: intx_order VF
 *
 * The policy `numbered` is selected and let go again while the guest polls. It is to be asked about
 * such reads in their order among the other accesses, or not at all. A guard that takes its time
 * makes it likely that it is selected in the middle of one.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "check_vf.h"
#include "intx.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define ROUNDS 40

static struct vf vf;
static atomic_bool over;

static void *poll_isr(void *arg)
{
	while (!over)
		legacy_get8(&vf, LEGACY_ISR_STATUS);
	return arg;
}

static uint64_t reads(void)
{
	struct vvb_stats stats;

	if (stats_read(vf.bdf, &stats))
		check_die("no counters");
	return stats.field[VVB_FIELD_ISR_STATUS].reads;
}

/* Selected, asked, and let go. Return: was it asked out of order? */
static int one_round(void)
{
	char state[32] = "";
	uint64_t before;

	if (vf_attr_set(vf.bdf, "policy", "numbered"))
		check_die("no policy `numbered`");
	for (before = reads(); reads() - before < 3;)
		usleep(1000);
	vf_attr_get(vf.bdf, "policy_state", state, sizeof(state));
	vf_attr_set(vf.bdf, "policy", "none");
	return !strcmp(state, "ejected");
}

int main(int argc, char **argv)
{
	unsigned int i, wrong = 0;
	pthread_t thread;

	if (argc < 2)
		check_die("usage: intx_order VF");
	check_vf_open(&vf, argv[1]);
	check_eq(intx_on(&vf, intx_event()), 0, "INTx on");
	pthread_create(&thread, NULL, poll_isr, NULL);
	for (i = 0; i < ROUNDS; i++)
		wrong += (unsigned int)one_round();
	over = 1;
	pthread_join(thread, NULL);
	check_eq(wrong, 0, "times of %u asked out of order", i);
	vf_close(&vf);
	return check_result();
}
