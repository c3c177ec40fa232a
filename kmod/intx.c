// SPDX-License-Identifier: GPL-2.0-only
/*
 * The INTx that a guest without MSI-X wants: a line with a level, which goes up when the device has
 * something to say, and down when the guest reads the ISR byte. A VF has no such line (its interrupt
 * pin is zero by the SR-IOV specification), so it is played here, of what vectors.c hears. In the
 * kernel, as an interrupt is.
 *
 * The user is told as vfio-pci tells of a real line: once, by an eventfd; that masks it until the
 * user unmasks, and if the line is up then it is told again. What masks, unmasks, raises and lowers
 * the line takes one spinlock and waits for nobody: VMMs without an eventfd to unmask by do so behind
 * each access to a BAR.
 *
 * An eventfd is never signalled under that lock, as who is woken by it may come right back (the user
 * may have given one eventfd for both ways). So it is taken out of the lock in an RCU read section,
 * and let go one grace period after nobody can find it.
 */
#include <linux/eventfd.h>
#include <linux/pci.h>
#include <linux/vfio.h>

#include "intx.h"
#include "stats.h"
#include "vectors.h"
#include "vf.h"

/* The lock is held. Whom to tell now, once it is let go; NULL: nobody. From here on it is masked. */
static struct eventfd_ctx *vvb_intx_due(struct vvb_intx *intx)
{
	lockdep_assert_held(&intx->lock);
	if (!intx->on || !intx->isr || intx->masked || !intx->trigger)
		return NULL;
	intx->masked = true;
	return intx->trigger;
}

static void vvb_intx_signal(struct vvb_vf *vf, struct eventfd_ctx *trigger)
{
	if (!trigger)
		return;
	vvb_stats_event(vf, VVB_EV_INTX);
	eventfd_signal(trigger);
}

/* Look whether something is due; @isr: bits that have come up. */
void vvb_intx_raise(struct vvb_vf *vf, u8 isr)
{
	struct eventfd_ctx *trigger;

	guard(rcu)();
	scoped_guard(spinlock_irqsave, &vf->intx.lock) {
		WRITE_ONCE(vf->intx.isr, vf->intx.isr | isr);
		trigger = vvb_intx_due(&vf->intx);
	}
	vvb_intx_signal(vf, trigger);
}

/*
 * The device has sent a message of @isr. One that was on its way when the device was reset may come
 * behind the reset; the guest has no driver then that would lower the line.
 */
void vvb_intx_message(struct vvb_vf *vf, u8 isr)
{
	struct eventfd_ctx *trigger;

	guard(rcu)();
	scoped_guard(spinlock_irqsave, &vf->intx.lock) {
		if (unlikely(!vf->intx.armed))
			return;
		WRITE_ONCE(vf->intx.isr, vf->intx.isr | isr);
		trigger = vvb_intx_due(&vf->intx);
	}
	vvb_intx_signal(vf, trigger);
}

/* The device is about to be told of vectors. */
void vvb_intx_arm(struct vvb_vf *vf)
{
	guard(spinlock_irqsave)(&vf->intx.lock);
	vf->intx.armed = true;
}

/* The device was reset: it has nothing to say, and knows of no vectors. Any context. */
void vvb_intx_reset(struct vvb_vf *vf)
{
	guard(spinlock_irqsave)(&vf->intx.lock);
	vf->intx.armed = false;
	WRITE_ONCE(vf->intx.isr, 0);
}

/* The bits that are up, and are cleared by that: the line goes down. Any context. */
u8 vvb_intx_clear(struct vvb_vf *vf)
{
	u8 isr;

	guard(spinlock_irqsave)(&vf->intx.lock);
	isr = vf->intx.isr;
	WRITE_ONCE(vf->intx.isr, 0);
	return isr;
}

/* A read of the ISR byte, if it is ours. Any context. Return: it is, and *value has been read. */
bool vvb_intx_read(struct vvb_vf *vf, u64 *value)
{
	guard(spinlock_irqsave)(&vf->intx.lock);
	if (!vf->intx.kept)
		return false;
	*value = vf->intx.isr;
	WRITE_ONCE(vf->intx.isr, 0);
	return true;
}

/* Whose is the ISR byte? vf->lock is held, so no access is under way. */
void vvb_intx_keep(struct vvb_vf *vf, bool kept)
{
	lockdep_assert_held(&vf->lock);
	guard(spinlock_irqsave)(&vf->intx.lock);
	WRITE_ONCE(vf->intx.kept, kept);
}

/*
 * The user has written PCI_COMMAND. Setting Interrupt Disable masks, clearing it unmasks, whoever
 * has masked before: so does vfio-pci.
 */
void vvb_intx_command(struct vvb_vf *vf)
{
	bool disabled = vf->core.vconfig[PCI_COMMAND + 1] & (PCI_COMMAND_INTX_DISABLE >> 8);

	scoped_guard(spinlock_irqsave, &vf->intx.lock) {
		if (disabled != vf->intx.disabled)
			vf->intx.masked = disabled;
		vf->intx.disabled = disabled;
	}
	vvb_intx_raise(vf, 0);
}

/* ---- mask and unmask; takes no lock but the line's ---- */

int vvb_intx_mask(struct vvb_vf *vf)
{
	guard(spinlock_irqsave)(&vf->intx.lock);
	if (!vf->intx.on)
		return -EINVAL;
	vf->intx.masked = true;
	return 0;
}

/* Unmasked, as far as Interrupt Disable lets it. Return: is something due? */
static bool vvb_intx_unmasked(struct vvb_intx *intx)
{
	guard(spinlock_irqsave)(&intx->lock);
	intx->masked = intx->disabled;
	return intx->on && intx->isr && !intx->masked && intx->trigger;
}

int vvb_intx_unmask(struct vvb_vf *vf)
{
	if (!READ_ONCE(vf->intx.on))
		return -EINVAL;
	if (vvb_intx_unmasked(&vf->intx))
		vvb_intx_raise(vf, 0);
	return 0;
}

/* The eventfd's own lock is held: only its work may signal. */
static int vvb_intx_unmask_signalled(void *opaque, void *data)
{
	struct vvb_vf *vf = opaque;

	return vvb_intx_unmasked(&vf->intx);
}

static void vvb_intx_unmask_work(void *opaque, void *data)
{
	vvb_intx_raise(opaque, 0);
}

/**
 * vvb_intx_unmask_by - have an eventfd unmask
 * @vf:		open; vf->lock is held
 * @fd:		the eventfd; -1: none any more
 *
 * Return: 0; -EINVAL INTx is off, or that is no eventfd; -EBADF; -EBUSY there is one; -ENOMEM.
 */
int vvb_intx_unmask_by(struct vvb_vf *vf, int fd)
{
	lockdep_assert_held(&vf->lock);
	if (!vf->intx.on)
		return -EINVAL;
	if (fd >= 0)
		return vfio_virqfd_enable(vf, vvb_intx_unmask_signalled, vvb_intx_unmask_work, NULL,
					  &vf->intx.unmask, fd);
	vfio_virqfd_disable(&vf->intx.unmask);
	return 0;
}

/* ---- the trigger; vf->lock is held ---- */

static void vvb_intx_set(struct vvb_vf *vf, struct eventfd_ctx *trigger, bool on)
{
	struct vvb_intx *intx = &vf->intx;
	struct eventfd_ctx *old;

	scoped_guard(spinlock_irq, &intx->lock) {
		old = intx->trigger;
		intx->trigger = trigger;
		if (!intx->on)
			intx->masked = intx->disabled;
		WRITE_ONCE(intx->on, on);
	}
	if (!old)
		return;
	synchronize_rcu();
	eventfd_ctx_put(old);
}

/**
 * vvb_intx_on - tell the user by an eventfd
 * @vf:		open; vf->lock is held
 * @fd:		the eventfd, which takes the place of another; -1: none, but INTx is on
 *
 * From here on the VF's vectors are ours, if there are any to be had. If there are none the guest
 * has to poll, as if there was no INTx.
 * Return: 0; -EINVAL the user has MSI-X, or that is no eventfd; -EBADF.
 */
int vvb_intx_on(struct vvb_vf *vf, int fd)
{
	struct eventfd_ctx *trigger = NULL;

	lockdep_assert_held(&vf->lock);
	if (!vf->intx.on && vf->core.irq_type < VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	if (fd >= 0)
		trigger = eventfd_ctx_fdget(fd);
	if (IS_ERR(trigger))
		return PTR_ERR(trigger);
	vvb_intx_set(vf, trigger, true);
	vvb_vectors_settle(vf);
	/* one that came while there was nobody to be told */
	vvb_intx_raise(vf, 0);
	return 0;
}

/* No INTx any more, and none of the VF's vectors is ours. Return: 0; -EINVAL there was none. */
int vvb_intx_off(struct vvb_vf *vf)
{
	lockdep_assert_held(&vf->lock);
	if (!vf->intx.on)
		return -EINVAL;
	vfio_virqfd_disable(&vf->intx.unmask);
	vvb_intx_set(vf, NULL, false);
	vvb_vectors_settle(vf);
	return 0;
}

/* The user wants to be told, whatever the line does. Return: 0; -EINVAL INTx is off. */
int vvb_intx_by_hand(struct vvb_vf *vf)
{
	struct eventfd_ctx *trigger;

	guard(rcu)();
	scoped_guard(spinlock_irqsave, &vf->intx.lock) {
		if (!vf->intx.on)
			return -EINVAL;
		trigger = vf->intx.disabled ? NULL : vf->intx.trigger;
	}
	vvb_intx_signal(vf, trigger);
	return 0;
}

/*
 * Before vfio-pci closes the device, which it resets: the vectors need not be told. No interrupt
 * comes after this.
 */
void vvb_intx_close(struct vvb_vf *vf)
{
	guard(mutex)(&vf->lock);
	vvb_vectors_close(vf);
	vfio_virqfd_disable(&vf->intx.unmask);
	vvb_intx_set(vf, NULL, false);
	vvb_intx_reset(vf);
	vf->intx.disabled = false;
}
