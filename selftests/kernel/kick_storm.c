// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Threads that kick one queue as fast as they can: kick_storm VF SECONDS
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"

#define THREADS 4

static struct vf vf;
static atomic_bool over;

static void *run(void *arg)
{
	unsigned long *kicks = arg;

	while (!over) {
		if (legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0) < 0)
			break;
		++*kicks;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long kicks[THREADS] = { 0 };
	pthread_t threads[THREADS];
	unsigned int i;

	if (argc != 3)
		check_die("usage: kick_storm VF SECONDS");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, &kicks[i]);
	sleep((unsigned int)strtoul(argv[2], NULL, 0));
	over = 1;
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		check(kicks[i] > 1000, "thread %u: %lu kicks", i, kicks[i]);
	}
	vf_close(&vf);
	return check_result();
}
