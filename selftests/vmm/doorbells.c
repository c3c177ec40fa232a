// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <sys/eventfd.h>

#include "doorbells.h"
#include "legacy.h"

#define NOTIFY_WIDTH 2

void doorbells_init(struct doorbells *d, struct machine *machine, const struct vf *vf,
		    uint16_t port)
{
	*d = (struct doorbells) { .machine = machine, .vf = vf, .port = port };
}

static int vfio(const struct doorbells *d, uint16_t queue, int fd)
{
	return vf_ioeventfd(d->vf, d->vf->bar0 + LEGACY_QUEUE_NOTIFY, VFIO_DEVICE_IOEVENTFD_16,
			    queue, fd);
}

/* VFIO first: what KVM signals before would be signalled to nobody. */
static int connect_queue(struct doorbells *d, uint16_t queue, int fd)
{
	int err = vfio(d, queue, fd);

	if (err)
		return err;
	err = machine_port_signals(d->machine, d->port, NOTIFY_WIDTH, queue, fd, 1);
	if (err)
		vfio(d, queue, -1);
	return err;
}

static int has(const struct doorbells *d, uint16_t queue)
{
	for (unsigned int i = 0; i < d->nr; i++)
		if (d->queue[i] == queue)
			return 1;
	return 0;
}

void doorbells_kicked(struct doorbells *d, uint16_t queue)
{
	int fd;

	if (d->refused || d->nr == DOORBELLS_MAX || has(d, queue))
		return;
	fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	d->refused = fd < 0 ? -errno : connect_queue(d, queue, fd);
	if (d->refused) {
		if (fd >= 0)
			close(fd);
		return;
	}
	d->fd[d->nr] = fd;
	d->queue[d->nr++] = queue;
}

/* KVM first: what is signalled until then still arrives. */
void doorbells_end(struct doorbells *d)
{
	while (d->nr) {
		int fd = d->fd[--d->nr];

		machine_port_signals(d->machine, d->port, NOTIFY_WIDTH, d->queue[d->nr], fd, 0);
		vfio(d, d->queue[d->nr], -1);
		close(fd);
	}
	d->refused = 0;
}
