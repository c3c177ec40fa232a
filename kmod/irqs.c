// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFIO_DEVICE_GET_IRQ_INFO and VFIO_DEVICE_SET_IRQS. What is about INTx is ours: vfio-pci knows of
 * none, as the VF has none, and answers no call about it. All else is its own; what it makes of MSI-X
 * is published for the registers that move with it. In the kernel, as VFIO is.
 *
 * What a call about INTx is answered with is what vfio-pci answers for a function that has one.
 */
#include <linux/pci.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "intx.h"
#include "irqs.h"
#include "user.h"
#include "vectors.h"

long vvb_irqs_info(struct vvb_vf *vf, unsigned int cmd, unsigned long arg)
{
	struct vfio_irq_info __user *uarg = (void __user *)arg;
	unsigned long minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, uarg, minsz))
		return -EFAULT;
	if (info.index != VFIO_PCI_INTX_IRQ_INDEX || !vf->state.intx)
		return vfio_pci_core_ioctl(&vf->core.vdev, cmd, arg);
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	info.count = 1;
	return copy_to_user(uarg, &info, minsz) ? -EFAULT : 0;
}

/* ---- INTx ---- */

#define VVB_IRQS_ACTION(set) ((set)->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK)

/* What is behind the header: by its flags nothing, which stands for true, or one of these. */
union vvb_irqs_data {
	u8 yes;
	s32 fd;
};

static int vvb_irqs_trigger(struct vvb_vf *vf, const struct vfio_irq_set *set,
			    const union vvb_irqs_data *data)
{
	if (!set->count && set->flags & VFIO_IRQ_SET_DATA_NONE)
		return vvb_intx_off(vf);
	if (!set->count)
		return -EINVAL;
	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return vvb_intx_on(vf, data->fd);
	if (!vf->intx.on)
		return -EINVAL;
	return data->yes ? vvb_intx_by_hand(vf) : 0;
}

/* Takes the line's lock alone. */
static int vvb_irqs_mask(struct vvb_vf *vf, const struct vfio_irq_set *set,
			 const union vvb_irqs_data *data)
{
	if (!set->count || !READ_ONCE(vf->intx.on))
		return -EINVAL;
	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		return -ENOTTY;
	return data->yes ? vvb_intx_mask(vf) : 0;
}

static int vvb_irqs_unmask(struct vvb_vf *vf, const struct vfio_irq_set *set,
			   const union vvb_irqs_data *data)
{
	if (!set->count || !READ_ONCE(vf->intx.on))
		return -EINVAL;
	return data->yes ? vvb_intx_unmask(vf) : 0;
}

/* What needs vf->lock. */
static int vvb_irqs_locked(struct vvb_vf *vf, const struct vfio_irq_set *set,
			   const union vvb_irqs_data *data)
{
	int err;

	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	if (VVB_IRQS_ACTION(set) == VFIO_IRQ_SET_ACTION_TRIGGER)
		err = vvb_irqs_trigger(vf, set, data);
	else
		err = set->count ? vvb_intx_unmask_by(vf, data->fd) : -EINVAL;
	mutex_unlock(&vf->lock);
	return err;
}

static int vvb_irqs_intx(struct vvb_vf *vf, struct vfio_irq_set *set,
			 const struct vfio_irq_set __user *arg)
{
	union vvb_irqs_data data = { .yes = 1 };
	size_t size;
	int err = vfio_set_irqs_validate_and_prepare(set, 1, VFIO_PCI_NUM_IRQS, &size);

	if (err)
		return err;
	if (size && copy_from_user(&data, arg->data, min(size, sizeof(data))))
		return -EFAULT;
	switch (VVB_IRQS_ACTION(set)) {
	case VFIO_IRQ_SET_ACTION_MASK:
		return vvb_irqs_mask(vf, set, &data);
	case VFIO_IRQ_SET_ACTION_UNMASK:
		if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
			return vvb_irqs_locked(vf, set, &data);
		return vvb_irqs_unmask(vf, set, &data);
	case VFIO_IRQ_SET_ACTION_TRIGGER:
		return vvb_irqs_locked(vf, set, &data);
	default:
		return -ENOTTY;
	}
}

/* ---- all others ---- */

#define VVB_MAX_VECTORS (PCI_MSIX_FLAGS_QSIZE + 1)

/* The argument of SET_IRQS is missing, in whole or in part. Is it there now? */
static bool vvb_irqs_again(char __user *arg, unsigned int *tries)
{
	size_t len = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	u32 nr;

	if (copy_from_user(&set, arg, len))
		return false;
	nr = min_t(u32, set.count, VVB_MAX_VECTORS);
	if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		len += nr * sizeof(s32);
	else if (set.flags & VFIO_IRQ_SET_DATA_BOOL)
		len += nr;
	return vvb_user_again(arg, len, false, tries);
}

/* A function has INTx or MSI-X: the other has to go first. */
static bool vvb_irqs_beside(struct vvb_vf *vf, const struct vfio_irq_set *set)
{
	return vf->intx.on && VVB_IRQS_ACTION(set) == VFIO_IRQ_SET_ACTION_TRIGGER &&
	       (set->index == VFIO_PCI_MSI_IRQ_INDEX || set->index == VFIO_PCI_MSIX_IRQ_INDEX);
}

static bool vvb_irqs_msix(struct vvb_vf *vf)
{
	/* a call that is under way publishes what it comes to */
	return data_race(vf->core.irq_type) == VFIO_PCI_MSIX_IRQ_INDEX;
}

/*
 * irq_type is vfio-pci's, under a lock that must not nest here. It changes by SET_IRQS
 * alone while the device is open, so it is published from there. No access is under way
 * meanwhile: to each MSI-X is either on or off, in the device too.
 *
 * vfio-pci reads all of the argument once more, and it may be about MSI-X by then, whatever it was
 * about here. So it never gets to see a VF that has vectors of ours.
 */
static long vvb_irqs_forward(struct vvb_vf *vf, const struct vfio_irq_set *set, unsigned int cmd,
			     unsigned long arg)
{
	unsigned int tries = 0;
	long err;

	do {
		if (mutex_lock_killable(&vf->lock))
			return -EINTR;
		if (vvb_irqs_beside(vf, set)) {
			mutex_unlock(&vf->lock);
			return -EINVAL;
		}
		vvb_vectors_pause(vf);
		pagefault_disable();
		err = vfio_pci_core_ioctl(&vf->core.vdev, cmd, arg);
		pagefault_enable();
		WRITE_ONCE(vf->state.msix, vvb_irqs_msix(vf));
		vvb_vectors_settle(vf);
		mutex_unlock(&vf->lock);
	} while (err == -EFAULT && vvb_irqs_again((char __user *)arg, &tries));
	return err;
}

/* Masks or unmasks a line that is vfio-pci's. */
static bool vvb_irqs_own_line(struct vvb_vf *vf, const struct vfio_irq_set *set)
{
	return vf->own_line && set->index == VFIO_PCI_INTX_IRQ_INDEX &&
	       VVB_IRQS_ACTION(set) != VFIO_IRQ_SET_ACTION_TRIGGER;
}

/*
 * A VMM unmasks the line after an access of any vCPU, and does not wait for those that are under
 * way. The argument may be about MSI-X by the time that vfio-pci reads it: its user then has an
 * access decoded the other way, and all behind it as it is.
 */
static long vvb_irqs_line(struct vvb_vf *vf, unsigned int cmd, unsigned long arg)
{
	long err = vfio_pci_core_ioctl(&vf->core.vdev, cmd, arg);

	if (likely(READ_ONCE(vf->state.msix) == vvb_irqs_msix(vf)))
		return err;
	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	WRITE_ONCE(vf->state.msix, vvb_irqs_msix(vf));
	mutex_unlock(&vf->lock);
	return err;
}

/**
 * vvb_irqs_set - VFIO_DEVICE_SET_IRQS
 * @vf:		open and transitional
 * @cmd, @arg:	as vfio_pci_core_ioctl()
 *
 * Context: sleeps, killable; what masks or unmasks INTx by its call waits for nobody.
 * Return: 0, -EINTR, or as vfio-pci.
 */
long vvb_irqs_set(struct vvb_vf *vf, unsigned int cmd, unsigned long arg)
{
	struct vfio_irq_set set;

	if (copy_from_user(&set, (void __user *)arg, offsetofend(struct vfio_irq_set, count)))
		return -EFAULT;
	if (set.index == VFIO_PCI_INTX_IRQ_INDEX && vf->state.intx)
		return vvb_irqs_intx(vf, &set, (void __user *)arg);
	if (vvb_irqs_own_line(vf, &set))
		return vvb_irqs_line(vf, cmd, arg);
	return vvb_irqs_forward(vf, &set, cmd, arg);
}
