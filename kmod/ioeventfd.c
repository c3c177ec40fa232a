// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_IOEVENTFD on queue_notify: a signalled eventfd is a write of one queue
 * index. Guard and policy decide it like any other. A kick that is a store happens right
 * in the signaller's wake-up, if that is a task; any other is left to a work. Signals that
 * come while one waits there are one kick, as for any eventfd.
 *
 * The work is our own, not the one that a virqfd has: it takes vf->lock, and vfio waits for
 * its own works in SET_IRQS, for which vf->lock is held.
 */
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include "kick.h"

#define VVB_IOEVENTFDS_MAX 256 /* per VF: one per queue is what a VMM wants */

/* Who has the frame of an ioeventfd. */
enum vvb_ioeventfd_state {
	VVB_IOEVENTFD_IDLE,
	VVB_IOEVENTFD_BUSY, /* a signal, or the work */
	VVB_IOEVENTFD_DECIDED, /* nobody: it waits for the work */
};

/**
 * struct vvb_ioeventfd - an eventfd that stands for a kick
 * @state:	enum vvb_ioeventfd_state; who takes it out of IDLE or DECIDED has @frame
 */
struct vvb_ioeventfd {
	struct list_head node;
	struct vvb_vf *vf;
	struct virqfd *virqfd;
	struct work_struct work;
	u16 queue;
	atomic_t state;
	struct vvb_frame frame;
};

static inline bool vvb_ioeventfd_take(struct vvb_ioeventfd *ev, enum vvb_ioeventfd_state from)
{
	int old = from;

	return atomic_try_cmpxchg_acquire(&ev->state, &old, VVB_IOEVENTFD_BUSY);
}

/* A kick that is a store; or it is decided, and has the frame; or it is not even that. */
static __always_inline int vvb_ioeventfd_kick(struct vvb_ioeventfd *ev)
{
	int ret;

	if (!READ_ONCE(ev->vf->io_enabled) || !vvb_ioeventfd_take(ev, VVB_IOEVENTFD_IDLE))
		return -EAGAIN;
	ret = vvb_kick_atomic(ev->vf, ev->queue, &ev->frame);
	atomic_set_release(&ev->state, ret == 1 ? VVB_IOEVENTFD_DECIDED : VVB_IOEVENTFD_IDLE);
	return ret;
}

/*
 * In the wake-up of an eventfd, interrupts off; two at once when one is of the set-up.
 * Return: 0, nothing is left to vfio.
 */
static int vvb_ioeventfd_signal(void *opaque, void *unused)
{
	struct vvb_ioeventfd *ev = opaque;

	if (vvb_ioeventfd_kick(ev))
		queue_work(system_unbound_wq, &ev->work);
	return 0;
}

/* A signal that found the frame taken is decided here, unless it became one with another. */
static void vvb_ioeventfd_work(struct work_struct *work)
{
	struct vvb_ioeventfd *ev = container_of(work, struct vvb_ioeventfd, work);

	if (!vvb_ioeventfd_take(ev, VVB_IOEVENTFD_DECIDED)) {
		vvb_kick_thread(ev->vf, ev->queue, NULL);
		return;
	}
	vvb_kick_thread(ev->vf, ev->queue, &ev->frame);
	atomic_set_release(&ev->state, VVB_IOEVENTFD_IDLE);
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
	INIT_WORK(&ev->work, vvb_ioeventfd_work);
	err = vfio_virqfd_enable(ev, vvb_ioeventfd_signal, NULL, NULL, &ev->virqfd, fd);
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
	/* no signal comes after this */
	vfio_virqfd_disable(&ev->virqfd);
	cancel_work_sync(&ev->work);
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
