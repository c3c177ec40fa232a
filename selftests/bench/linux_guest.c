// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <sys/eventfd.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "linux_guest.h"

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

static int take(struct linux_guest *guest, const struct step *step)
{
	const struct vf *vf = &guest->vf;
	uint32_t value = step->value;

	switch (step->what) {
	case READ:
		return legacy_read(vf, step->pos, &value, step->width) != (ssize_t)step->width;
	case WRITE:
		return legacy_write(vf, step->pos, &value, step->width) != (ssize_t)step->width;
	default:
		return vf_irqs(vf, VFIO_PCI_MSIX_IRQ_INDEX, guest->events,
			       step->what == MSIX_ON ? guest->vectors : 0);
	}
}

static void go(struct linux_guest *guest, const struct step *steps, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (take(guest, &steps[i]))
			check_die("step %u: %s", i, strerror(errno));
}

void linux_guest_open(struct linux_guest *guest, const char *bdf, unsigned int vectors)
{
	int err = vf_open(&guest->vf, bdf);
	unsigned int i;

	if (err)
		check_die("VF %s: %s", bdf, strerror(-err));
	/* the queues are nowhere: it is not kicked, and no bus mastering before the driver sets it */
	vf_command(&guest->vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER);
	guest->vectors = vectors;
	for (i = 0; i < vectors; i++)
		guest->events[i] = eventfd(0, EFD_CLOEXEC);
}

void linux_guest_probe(struct linux_guest *guest)
{
	go(guest, probe, ARRAY_SIZE(probe));
}

void linux_guest_leave(struct linux_guest *guest)
{
	go(guest, leave, ARRAY_SIZE(leave));
}
