// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_IOEVENTFD on queue_notify: a signalled eventfd is a write of one queue
 * index. Guard and policy decide it like any other. A kick that is a store happens right
 * in the signaller's wake-up, if that is a task; any other is left to the VF's work. Signals
 * that come while one waits there are one kick, as for any eventfd.
 *
 * The work is our own, not the one that a virqfd has: it takes vf->lock, and vfio waits for
 * its own works in SET_IRQS, for which vf->lock is held. Nobody who ends an ioeventfd waits for
 * the work either: it has a copy of all that it needs.
 */
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "kick.h"

#define VVB_IOEVENTFDS_MAX 256 /* per VF: one per queue is what a VMM wants */

/* Who has the frame of an ioeventfd. */
enum vvb_ioeventfd_state {
	VVB_IOEVENTFD_IDLE,
	VVB_IOEVENTFD_BUSY, /* a signal */
	VVB_IOEVENTFD_DECIDED, /* nobody: it waits for the work */
};

/**
 * struct vvb_ioeventfd - an eventfd that stands for a kick
 * @signal:	on the VF's list of signals while its kick waits, under kick_lock
 * @state:	enum vvb_ioeventfd_state; who takes it out of IDLE or DECIDED has @frame
 */
struct vvb_ioeventfd {
	struct list_head node;
	struct list_head signal;
	struct vvb_vf *vf;
	struct virqfd *virqfd;
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

/* Let the work do it, unless that has still to begin with an earlier one. */
static noinline void vvb_ioeventfd_wait(struct vvb_ioeventfd *ev)
{
	struct vvb_vf *vf = ev->vf;
	unsigned long flags;

	spin_lock_irqsave(&vf->kick_lock, flags);
	if (list_empty(&ev->signal)) {
		list_add_tail(&ev->signal, &vf->signals);
		vvb_kick_schedule(vf);
	}
	spin_unlock_irqrestore(&vf->kick_lock, flags);
}

/*
 * In the wake-up of an eventfd, interrupts off; two at once when one is of the set-up.
 * Return: 0, nothing is left to vfio.
 */
static int vvb_ioeventfd_signal(void *opaque, void *unused)
{
	struct vvb_ioeventfd *ev = opaque;

	if (vvb_ioeventfd_kick(ev))
		vvb_ioeventfd_wait(ev);
	return 0;
}

/*
 * Take a kick off the list; kick_lock is held. Return: it is decided, and @frame is filled in. If
 * not, a signal found nobody to ask, or the frame taken.
 */
static bool vvb_ioeventfd_claim(struct vvb_ioeventfd *ev, struct vvb_frame *frame)
{
	list_del_init(&ev->signal);
	if (!vvb_ioeventfd_take(ev, VVB_IOEVENTFD_DECIDED))
		return false;
	*frame = ev->frame;
	atomic_set_release(&ev->state, VVB_IOEVENTFD_IDLE);
	return true;
}

/**
 * vvb_ioeventfd_next - do the kick that has waited longest, if any
 * @vf:		open and transitional
 *
 * Context: the VF's kick_work; sleeps.
 */
void vvb_ioeventfd_next(struct vvb_vf *vf)
{
	struct vvb_frame frame __uninitialized;
	struct vvb_ioeventfd *ev;
	bool decided = false;
	u16 queue = 0;

	spin_lock_irq(&vf->kick_lock);
	ev = list_first_entry_or_null(&vf->signals, struct vvb_ioeventfd, signal);
	if (ev) {
		queue = ev->queue;
		decided = vvb_ioeventfd_claim(ev, &frame);
	}
	spin_unlock_irq(&vf->kick_lock);
	if (ev)
		vvb_kick_thread(vf, queue, decided ? &frame : NULL);
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
	INIT_LIST_HEAD(&ev->signal);
	err = vfio_virqfd_enable(ev, vvb_ioeventfd_signal, NULL, NULL, &ev->virqfd, fd);
	if (err) {
		kfree(ev);
		return err;
	}
	list_add(&ev->node, &vf->ioeventfds);
	vf->ioeventfds_nr++;
	return 0;
}

/* A kick that waits is done here, as if its user had written it: none is lost. */
static void vvb_ioeventfd_del(struct vvb_vf *vf, struct vvb_ioeventfd *ev)
{
	struct vvb_frame frame __uninitialized;
	bool waits, decided = false;

	/* no signal comes after this */
	vfio_virqfd_disable(&ev->virqfd);
	spin_lock_irq(&vf->kick_lock);
	waits = !list_empty(&ev->signal);
	if (waits)
		decided = vvb_ioeventfd_claim(ev, &frame);
	spin_unlock_irq(&vf->kick_lock);
	if (waits)
		vvb_kick_thread(vf, ev->queue, decided ? &frame : NULL);
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
 * Context: sleeps, killable: a kick that waits when it is ended may be a question to the daemon.
 * Return: 0; -EINVAL no queue index; -EEXIST the queue has one; -ENODEV it has none;
 * -ENOSPC too many; -EBADF or -EINVAL not an eventfd; -ENOMEM; -EINTR.
 */
int vvb_ioeventfd_set(struct vvb_vf *vf, u64 data, int fd)
{
	struct vvb_ioeventfd *ev;
	int err = 0;

	if (data > U16_MAX)
		return -EINVAL;
	if (mutex_lock_killable(&vf->ioeventfds_lock))
		return -EINTR;
	ev = vvb_ioeventfd_find(vf, data);
	if (fd >= 0)
		err = ev ? -EEXIST : vvb_ioeventfd_add(vf, data, fd);
	else if (ev)
		vvb_ioeventfd_del(vf, ev);
	else
		err = -ENODEV;
	mutex_unlock(&vf->ioeventfds_lock);
	return err;
}

/*
 * Before vfio-pci closes the device: a kick needs its BAR. After vvb_punt_end(): a kick that waits
 * is over at once.
 */
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
