// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Writes of queue_select that the policy `defer` has kept back: none goes out before it is
 * needed, and none is missed: defer VF
 */
#include <stdlib.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>

#include "check_vf.h"
#include "legacy.h"
#include "stats.h"

#define QUEUE_NONE 77

static struct vf vf;
static __u64 writes, reads;

/* Commands to the common configuration since the last call. */
static void expect(unsigned int w, unsigned int r, const char *what)
{
	struct vvb_stats stats;
	int err = stats_read(vf.bdf, &stats);

	if (err)
		check_die("stats: %s", strerror(-err));
	if (what) {
		check_eq((long long)(stats.commands[2] - writes), w, "%s: writes sent", what);
		check_eq((long long)(stats.commands[3] - reads), r, "%s: reads sent", what);
	}
	writes = stats.commands[2];
	reads = stats.commands[3];
}

static void select_queue(uint16_t queue)
{
	check_eq(legacy_put16(&vf, LEGACY_QUEUE_SELECT, queue), 0, "select %u", queue);
}

static void overwritten(uint16_t size)
{
	uint16_t queue;

	for (queue = 0; queue < 10; queue++)
		legacy_put16(&vf, LEGACY_QUEUE_SELECT, queue);
	select_queue(0);
	expect(0, 0, "selects alone");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SIZE), size, "queue_size of queue 0");
	expect(1, 1, "queue_size");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SIZE), size, "queue_size again");
	expect(0, 1, "queue_size again");
}

static void redundant(uint16_t size)
{
	select_queue(1);
	select_queue(0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SIZE), size, "queue_size of queue 0");
	expect(0, 1, "back to what the device has");
	select_queue(QUEUE_NONE);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SIZE), 0, "queue_size of no queue");
	expect(1, 1, "another queue");
}

static void needed(void)
{
	select_queue(1);
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "device_status");
	expect(0, 1, "a register of no queue");
	legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, 0x123);
	expect(2, 0, "queue_address written");
	select_queue(0);
	check_eq(legacy_get32(&vf, LEGACY_QUEUE_ADDRESS), 0, "queue_address of queue 0");
	select_queue(1);
	check_eq(legacy_get32(&vf, LEGACY_QUEUE_ADDRESS), 0x123, "queue_address of queue 1");
	expect(2, 2, "queue_address read");
	select_queue(0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 0, "queue_select reads back");
	expect(1, 1, "queue_select read");
}

/* queue_vector, which is there with MSI-X on, is that of the queue selected last. */
static void vectors(void)
{
	int fds[2] = { eventfd(0, EFD_CLOEXEC), eventfd(0, EFD_CLOEXEC) };

	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 2), 0, "MSI-X on");
	select_queue(0);
	legacy_put16(&vf, LEGACY_QUEUE_VECTOR, 1);
	select_queue(1);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_VECTOR), LEGACY_NO_VECTOR,
		 "queue_vector of queue 1");
	select_queue(0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_VECTOR), 1, "queue_vector of queue 0");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 0), 0, "MSI-X off");
	close(fds[0]);
	close(fds[1]);
	expect(0, 0, NULL);
}

static void resets(void)
{
	select_queue(1);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 0, "queue_select after device_status 0");
	expect(1, 1, "device_status 0");
	select_queue(0);
	legacy_get16(&vf, LEGACY_QUEUE_SIZE);
	expect(1, 1, "nothing is taken for known after a reset");
	select_queue(1);
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 0, "queue_select after a reset of the VF");
	expect(0, 1, "reset of the VF");
}

static void fail_next(void)
{
	if (system("testbed set admin-fail-status 22 && testbed set admin-fail-qualifier 3 &&"
		   " testbed set admin-fail-at 1"))
		check_die("testbed");
}

/* A write that the device refused has not happened, and nothing else is lost by it. */
static void refused(void)
{
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	select_queue(1);
	fail_next();
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue_select after a refused reset");
	select_queue(0);
	fail_next();
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SIZE), 0xffff, "queue_size, its select refused");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 0, "queue_select, tried again");
}

int main(int argc, char **argv)
{
	uint16_t size;

	if (argc < 2)
		check_die("usage: defer VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	size = legacy_get16(&vf, LEGACY_QUEUE_SIZE);
	check(size != 0 && size != 0xffff, "queue_size %u", size);
	expect(0, 0, NULL);
	overwritten(size);
	redundant(size);
	needed();
	vectors();
	resets();
	refused();
	vf_close(&vf);
	return check_result();
}
