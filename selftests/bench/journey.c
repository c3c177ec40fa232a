// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a stock Linux guest does to its legacy virtio-net device, access by access, as the
 * tracepoint vvb:access showed it: journey VF [RUNS]
 *
 * Prints rows as cost does: `probe`, from the first reset until the link is up, and `reinit`,
 * the driver taken off and probed again. RUNS is 0: one probe and no row, for who counts
 * administration commands around it.
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <x86intrin.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "report.h"

#define VECTORS 3

enum what {
	READ,
	WRITE,
	MSIX_ON,
	MSIX_OFF
};

struct step {
	enum what what;
	unsigned int pos;
	unsigned int width;
	uint32_t value;
};

/* clang-format off */
static const struct step probe[] = {
	{ WRITE, LEGACY_DEVICE_STATUS, 1, 0x0 },
	{ READ, LEGACY_DEVICE_STATUS, 1 },
	{ READ, LEGACY_DEVICE_STATUS, 1 },
	{ WRITE, LEGACY_DEVICE_STATUS, 1, 0x1 },
	{ READ, LEGACY_DEVICE_STATUS, 1 },
	{ WRITE, LEGACY_DEVICE_STATUS, 1, 0x3 },
	{ READ, LEGACY_DEVICE_FEATURES, 4 },
	{ WRITE, LEGACY_DRIVER_FEATURES, 4, 0x18878028 },
	{ READ, LEGACY_CONFIG + 10, 1 },
	{ READ, LEGACY_CONFIG + 11, 1 },
	{ READ, LEGACY_CONFIG, 1 },
	{ READ, LEGACY_CONFIG + 1, 1 },
	{ READ, LEGACY_CONFIG + 2, 1 },
	{ READ, LEGACY_CONFIG + 3, 1 },
	{ READ, LEGACY_CONFIG + 4, 1 },
	{ READ, LEGACY_CONFIG + 5, 1 },
	{ READ, LEGACY_CONFIG + 10, 1 },
	{ READ, LEGACY_CONFIG + 11, 1 },
	{ MSIX_ON },
	{ WRITE, LEGACY_CONFIG_VECTOR, 2, 0x0 },
	{ READ, LEGACY_CONFIG_VECTOR, 2 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x0 },
	{ READ, LEGACY_QUEUE_SIZE, 2 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x0 },
	{ READ, LEGACY_QUEUE_ADDRESS, 4 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x0 },
	{ WRITE, LEGACY_QUEUE_ADDRESS, 4, 0x5440 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x0 },
	{ WRITE, LEGACY_QUEUE_VECTOR, 2, 0x1 },
	{ READ, LEGACY_QUEUE_VECTOR, 2 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x1 },
	{ READ, LEGACY_QUEUE_SIZE, 2 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x1 },
	{ READ, LEGACY_QUEUE_ADDRESS, 4 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x1 },
	{ WRITE, LEGACY_QUEUE_ADDRESS, 4, 0x53bc },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x1 },
	{ WRITE, LEGACY_QUEUE_VECTOR, 2, 0x2 },
	{ READ, LEGACY_QUEUE_VECTOR, 2 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x2 },
	{ READ, LEGACY_QUEUE_SIZE, 2 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x2 },
	{ READ, LEGACY_QUEUE_ADDRESS, 4 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x2 },
	{ WRITE, LEGACY_QUEUE_ADDRESS, 4, 0x53c0 },
	{ READ, LEGACY_DEVICE_STATUS, 1 },
	{ WRITE, LEGACY_DEVICE_STATUS, 1, 0x7 },
	{ READ, LEGACY_DEVICE_STATUS, 1 },
	{ READ, LEGACY_CONFIG_MSIX + 6, 1 },
	{ READ, LEGACY_CONFIG_MSIX + 7, 1 },
};

static const struct step leave[] = {
	{ WRITE, LEGACY_DEVICE_STATUS, 1, 0x0 },
	{ READ, LEGACY_DEVICE_STATUS, 1 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x0 },
	{ WRITE, LEGACY_QUEUE_VECTOR, 2, 0xffff },
	{ READ, LEGACY_QUEUE_VECTOR, 2 },
	{ READ, LEGACY_ISR_STATUS, 1 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x0 },
	{ WRITE, LEGACY_QUEUE_ADDRESS, 4, 0x0 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x1 },
	{ WRITE, LEGACY_QUEUE_VECTOR, 2, 0xffff },
	{ READ, LEGACY_QUEUE_VECTOR, 2 },
	{ READ, LEGACY_ISR_STATUS, 1 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x1 },
	{ WRITE, LEGACY_QUEUE_ADDRESS, 4, 0x0 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x2 },
	{ WRITE, LEGACY_QUEUE_VECTOR, 2, 0xffff },
	{ READ, LEGACY_QUEUE_VECTOR, 2 },
	{ READ, LEGACY_ISR_STATUS, 1 },
	{ WRITE, LEGACY_QUEUE_SELECT, 2, 0x2 },
	{ WRITE, LEGACY_QUEUE_ADDRESS, 4, 0x0 },
	{ WRITE, LEGACY_CONFIG_VECTOR, 2, 0xffff },
	{ READ, LEGACY_CONFIG_VECTOR, 2 },
	{ MSIX_OFF },
};
/* clang-format on */

static struct vf vf;
static int events[VECTORS];

static int take(const struct step *step)
{
	uint32_t value = step->value;

	switch (step->what) {
	case READ:
		return legacy_read(&vf, step->pos, &value, step->width) != (ssize_t)step->width;
	case WRITE:
		return legacy_write(&vf, step->pos, &value, step->width) != (ssize_t)step->width;
	default:
		return vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, events,
			       step->what == MSIX_ON ? VECTORS : 0);
	}
}

static void go(const struct step *steps, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (take(&steps[i]))
			check_die("step %u: %s", i, strerror(errno));
}

static void measure(unsigned int runs, uint64_t *first, uint64_t *again)
{
	uint64_t start, probed;
	unsigned int i;

	for (i = 0; i < runs; i++) {
		start = __rdtsc();
		go(probe, ARRAY_SIZE(probe));
		probed = __rdtsc();
		first[i] = probed - start;
		go(leave, ARRAY_SIZE(leave));
		go(probe, ARRAY_SIZE(probe));
		again[i] = __rdtsc() - probed;
		go(leave, ARRAY_SIZE(leave));
	}
	report("probe", first, runs);
	report("reinit", again, runs);
}

int main(int argc, char **argv)
{
	unsigned int runs = argc > 2 ? (unsigned int)strtoul(argv[2], NULL, 0) : 100, i;
	const struct sched_param fifo = { .sched_priority = 50 };
	uint64_t *took = calloc(runs + 1, 2 * sizeof(*took));
	int err;

	if (argc < 2 || !took)
		check_die("usage: journey VF [RUNS]");
	err = vf_open(&vf, argv[1]);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	/* no bus mastering: the queues are nowhere */
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER);
	for (i = 0; i < VECTORS; i++)
		events[i] = eventfd(0, EFD_CLOEXEC);
	if (sched_setscheduler(0, SCHED_FIFO, &fifo))
		check_die("SCHED_FIFO: %s", strerror(errno));
	if (runs)
		measure(runs, took, took + runs);
	else
		go(probe, ARRAY_SIZE(probe));
	free(took);
	vf_close(&vf);
	return 0;
}
