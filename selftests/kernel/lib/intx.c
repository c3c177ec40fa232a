// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>

#include "intx.h"

#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER
#define UNMASK VFIO_IRQ_SET_ACTION_UNMASK
#define NONE VFIO_IRQ_SET_DATA_NONE
#define EVENTFD VFIO_IRQ_SET_DATA_EVENTFD

int intx_set(const struct vf *vf, uint32_t flags, uint32_t count, int value)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set) + sizeof(value),
		.flags = flags,
		.index = VFIO_PCI_INTX_IRQ_INDEX,
		.count = count,
	};

	return vf_irqs_raw(vf, &set, &value, sizeof(value));
}

int intx_on(const struct vf *vf, int fd)
{
	return intx_set(vf, TRIGGER | EVENTFD, 1, fd);
}

int intx_off(const struct vf *vf)
{
	return intx_set(vf, TRIGGER | NONE, 0, 0);
}

int intx_mask(const struct vf *vf)
{
	return intx_set(vf, VFIO_IRQ_SET_ACTION_MASK | NONE, 1, 0);
}

int intx_unmask(const struct vf *vf)
{
	return intx_set(vf, UNMASK | NONE, 1, 0);
}

int intx_unmask_by(const struct vf *vf, int fd)
{
	return intx_set(vf, UNMASK | EVENTFD, 1, fd);
}

int intx_event(void)
{
	return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

uint64_t intx_signals(int fd, int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t count = 0;

	if (poll(&pfd, 1, timeout_ms < 0 ? 0 : timeout_ms) == 1 &&
	    read(fd, &count, sizeof(count)) != sizeof(count))
		count = 0;
	return count;
}

void intx_signal(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		return;
}
