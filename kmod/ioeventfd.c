// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_IOEVENTFD on queue_notify: a signalled eventfd is a write of one queue index, in one
 * width, which kick.c takes. Here is which there are. In the kernel, as the VMM is not to wake up for a kick.
 */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#include "ioeventfd.h"
#include "kick.h"

/* An eventfd that stands for a write of @data, @width bytes; @node is on the VF's list. */
struct vvb_ioeventfd {
	struct list_head node;
	u64 data;
	u8 width;
	struct virqfd *virqfd;
	struct vvb_kick_signal signal;
};

/* ---- ioeventfds.lock is held ---- */

static struct vvb_ioeventfd *vvb_ioeventfd_find(struct vvb_vf *vf, u64 data, u8 width)
{
	struct vvb_ioeventfd *ev;

	list_for_each_entry(ev, &vf->ioeventfds.list, node)
		if (ev->data == data && ev->width == width)
			return ev;
	return NULL;
}

static int vvb_ioeventfd_add(struct vvb_vf *vf, u64 data, u8 width, int fd)
{
	struct vvb_ioeventfd *ev __free(kfree) = NULL;
	int err;

	if (vf->ioeventfds.nr >= VVB_IOEVENTFDS_MAX)
		return -ENOSPC;
	ev = kzalloc(sizeof(*ev), GFP_KERNEL_ACCOUNT);
	if (!ev)
		return -ENOMEM;
	ev->data = data;
	ev->width = width;
	vvb_kick_signal_init(&ev->signal, vf, data);
	err = vfio_virqfd_enable(&ev->signal, vvb_kick_signalled, NULL, NULL, &ev->virqfd, fd);
	if (err)
		return err;
	list_add(&no_free_ptr(ev)->node, &vf->ioeventfds.list);
	WRITE_ONCE(vf->ioeventfds.nr, vf->ioeventfds.nr + 1);
	return 0;
}

static void vvb_ioeventfd_del(struct vvb_vf *vf, struct vvb_ioeventfd *ev)
{
	/* no signal comes after this */
	vfio_virqfd_disable(&ev->virqfd);
	vvb_kick_signal_end(&ev->signal);
	list_del(&ev->node);
	WRITE_ONCE(vf->ioeventfds.nr, vf->ioeventfds.nr - 1);
	kfree(ev);
}

/* ---- for others ---- */

/**
 * vvb_ioeventfd_set - let an eventfd stand for a kick, or end that
 * @vf:		open and transitional
 * @data:	what would be written, the queue index in its lower two bytes
 * @width:	bytes of it, 1, 2, 4 or 8
 * @fd:		an eventfd; -1 to end it
 *
 * Context: sleeps, killable: a kick that waits when it is ended may be a question to the daemon.
 * Return: 0; -EINVAL @width has no room for @data; -EEXIST the write has one; -ENODEV it has none;
 * -ENOSPC too many; -EBADF or -EINVAL not an eventfd; -ENOMEM; -EINTR.
 */
int vvb_ioeventfd_set(struct vvb_vf *vf, u64 data, u8 width, int fd)
{
	struct vvb_ioeventfd *ev;
	int err = 0;

	if (data > vvb_all_ones(width))
		return -EINVAL;
	if (mutex_lock_killable(&vf->ioeventfds.lock))
		return -EINTR;
	ev = vvb_ioeventfd_find(vf, data, width);
	if (fd >= 0)
		err = ev ? -EEXIST : vvb_ioeventfd_add(vf, data, width, fd);
	else if (ev)
		vvb_ioeventfd_del(vf, ev);
	else
		err = -ENODEV;
	mutex_unlock(&vf->ioeventfds.lock);
	return err;
}

/*
 * Before vfio-pci closes the device: a kick needs its BAR. After the VF is revoked: a kick that
 * waits is over at once.
 */
void vvb_ioeventfd_close(struct vvb_vf *vf)
{
	struct vvb_ioeventfd *ev, *next;

	guard(mutex)(&vf->ioeventfds.lock);
	list_for_each_entry_safe(ev, next, &vf->ioeventfds.list, node)
		vvb_ioeventfd_del(vf, ev);
}
