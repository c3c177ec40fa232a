// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_IOEVENTFD on queue_notify: a signalled eventfd is a write of one queue
 * index. Guard and policy decide it like any other. A kick that is a store happens right
 * in the signaller's wake-up; any other is left to a worker of vfio. Signals that come while
 * one waits there are one kick, as for any eventfd.
 */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "vvb.h"

#define VVB_IOEVENTFDS_MAX 256 /* per VF: one per queue is what a VMM wants */

/**
 * struct vvb_ioeventfd - an eventfd that stands for a kick
 * @frame:	decided, to be carried out by the worker; while @pending, under @lock
 */
struct vvb_ioeventfd {
	struct list_head node;
	struct vvb_vf *vf;
	struct virqfd *virqfd;
	u16 queue;
	spinlock_t lock; /* irqs off: taken in the eventfd's wake-up */
	bool pending;
	struct vvb_frame frame;
};

/* In the wake-up of an eventfd: interrupts off. Return: non-zero if the worker has to go on. */
static int vvb_ioeventfd_signal(void *opaque, void *unused)
{
	struct vvb_ioeventfd *ev = opaque;
	struct vvb_frame frame __uninitialized;
	unsigned long flags;
	int ret;

	if (!READ_ONCE(ev->vf->io_enabled))
		return 1;
	ret = vvb_kick_atomic(ev->vf, ev->queue, &frame);
	if (ret != 1)
		return ret;
	spin_lock_irqsave(&ev->lock, flags);
	if (!ev->pending) {
		ev->pending = true;
		ev->frame = frame;
	}
	spin_unlock_irqrestore(&ev->lock, flags);
	return 1;
}

static void vvb_ioeventfd_work(void *opaque, void *unused)
{
	struct vvb_ioeventfd *ev = opaque;
	struct vvb_frame frame __uninitialized;
	bool pending;

	spin_lock_irq(&ev->lock);
	pending = ev->pending;
	if (pending)
		frame = ev->frame;
	ev->pending = false;
	spin_unlock_irq(&ev->lock);
	vvb_kick_thread(ev->vf, ev->queue, pending ? &frame : NULL);
}

static struct vvb_ioeventfd *vvb_ioeventfd_find(struct vvb_vf *vf, u16 queue)
{
	struct vvb_ioeventfd *ev;

	list_for_each_entry(ev, &vf->ioeventfds, node)
		if (ev->queue == queue)
			return ev;
	return NULL;
}

static int vvb_ioeventfd_add(struct vvb_vf *vf, u16 queue, int fd)
{
	struct vvb_ioeventfd *ev;
	int err;

	if (vf->ioeventfds_nr >= VVB_IOEVENTFDS_MAX)
		return -ENOSPC;
	ev = kzalloc(sizeof(*ev), GFP_KERNEL_ACCOUNT);
	if (!ev)
		return -ENOMEM;
	ev->vf = vf;
	ev->queue = queue;
	spin_lock_init(&ev->lock);
	err = vfio_virqfd_enable(ev, vvb_ioeventfd_signal, vvb_ioeventfd_work, NULL, &ev->virqfd,
				 fd);
	if (err) {
		kfree(ev);
		return err;
	}
	list_add(&ev->node, &vf->ioeventfds);
	vf->ioeventfds_nr++;
	return 0;
}

static void vvb_ioeventfd_del(struct vvb_vf *vf, struct vvb_ioeventfd *ev)
{
	/* waits for a worker that is in it */
	vfio_virqfd_disable(&ev->virqfd);
	list_del(&ev->node);
	vf->ioeventfds_nr--;
	kfree(ev);
}

/**
 * vvb_ioeventfd_set - let an eventfd stand for a kick, or end that
 * @vf:		open and transitional
 * @data:	queue index, as it would be written
 * @fd:		an eventfd; -1 to end it
 *
 * Return: 0; -EINVAL no queue index; -EEXIST the queue has one; -ENODEV it has none;
 * -ENOSPC too many; -EBADF or -EINVAL not an eventfd; -ENOMEM.
 */
int vvb_ioeventfd_set(struct vvb_vf *vf, u64 data, int fd)
{
	struct vvb_ioeventfd *ev;

	if (data > U16_MAX)
		return -EINVAL;
	guard(mutex)(&vf->ioeventfds_lock);
	ev = vvb_ioeventfd_find(vf, data);
	if (fd >= 0)
		return ev ? -EEXIST : vvb_ioeventfd_add(vf, data, fd);
	if (!ev)
		return -ENODEV;
	vvb_ioeventfd_del(vf, ev);
	return 0;
}

/* Before vfio-pci closes the device: a kick needs its BAR. */
void vvb_ioeventfd_close(struct vvb_vf *vf)
{
	struct vvb_ioeventfd *ev, *next;

	guard(mutex)(&vf->ioeventfds_lock);
	list_for_each_entry_safe(ev, next, &vf->ioeventfds, node)
		vvb_ioeventfd_del(vf, ev);
}

void vvb_ioeventfd_init(struct vvb_vf *vf)
{
	mutex_init(&vf->ioeventfds_lock);
	INIT_LIST_HEAD(&vf->ioeventfds);
}
