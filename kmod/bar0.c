// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decode: an access to BAR0, from bytes to whole register fields; split.h says which.
 *
 * Errnos are for what a VMM does wrong: EIO while I/O decoding is off, EINVAL past the BAR,
 * EFAULT, EINTR when it is being killed. All else is in access.c. In the kernel, as what a guest
 * sends is taken apart before anybody else sees it.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_pci.h>

#include "access.h"
#include "bar0.h"
#include "config.h"
#include "intx.h"
#include "kick.h"
#include "notify.h"
#include "user.h"
#include "vectors.h"

#define VVB_AT_ONCE 255 /* bytes of an access that are done, as their number has to fit in a byte */

/* Answered without asking anybody: there is no such register to decide about. */
static void vvb_refuse(struct vvb_vf *vf, struct vvb_access *acc, enum vvb_event event)
{
	vvb_stats_event(vf, event);
	acc->verdict = VVB_DENY;
	acc->handler = VVB_HANDLER_NOBODY;
	acc->error = -EINVAL;
	acc->value = ~0ULL;
	vvb_stats_access(vf, acc, 0);
}

/* What failed is all-ones, as wide as it is, unless its policy has made something else of it. */
static __always_inline void vvb_field_read(const struct vvb_access *acc,
					   const struct vvb_field_access *fa, u8 *data)
{
	bool failed = unlikely(acc->error) && acc->value == vvb_all_ones(acc->width);

	vvb_field_access_read(fa, data, acc->value, acc->offset, failed);
}

/*
 * A write was taken. Hypervisors set Bus Master with this very status, as Linux before 2.6.34 and
 * OVMF before 2017 never do, and nothing that such a driver puts into its rings would be seen.
 */
static __always_inline void vvb_field_written(struct vvb_vf *vf, const struct vvb_field_access *fa,
					      const u8 *data)
{
	if (unlikely(fa->field == VVB_FIELD_DEVICE_STATUS &&
		     *data == (VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER)))
		vvb_config_set_master(vf);
}

/*
 * One field of a control access. @data are the guest's bytes of it: in for a write, out
 * for a read. vf->lock is held.
 */
static __always_inline int vvb_field_rw(struct vvb_vf *vf, const struct vvb_field_access *fa,
					u8 *data, bool write, bool msix)
{
	struct vvb_access_ctx ctx __uninitialized;
	struct vvb_access *acc = &ctx.arg.acc;
	int err = 0;

	ctx.start_ns = vvb_clock();
	vvb_access_prepare(vf, acc, fa, write, msix);
	if (fa->beyond) {
		vvb_refuse(vf, acc, VVB_EV_BEYOND_CONFIG);
	} else if (write && fa->skip) {
		vvb_refuse(vf, acc, VVB_EV_PARTIAL_WRITE);
	} else {
		vvb_access_number(vf, acc);
		if (write)
			acc->value = vvb_field_access_written(fa, data);
		vvb_access_decide(vf, &ctx, VVB_INTEREST(acc->field, write), VVB_DIRECT);
		err = vvb_access_run(vf, &ctx);
	}
	if (!write)
		vvb_field_read(acc, fa, data);
	else if (!acc->error)
		vvb_field_written(vf, fa, data);
	return err;
}

static const struct vvb_field_access vvb_isr_access = {
	.field = VVB_FIELD_ISR_STATUS,
	.area = VVB_AREA_COMMON,
	.offset = VIRTIO_PCI_ISR,
	.width = 1,
	.len = 1,
};

/* Is this a read of the ISR byte that is ours, and has no policy to be asked? */
static bool vvb_isr_alone(struct vvb_vf *vf, u8 pos, size_t count)
{
	u32 asked = READ_ONCE(vf->policy.interest) | READ_ONCE(vf->shadow.interest);

	return pos == VIRTIO_PCI_ISR && count == 1 && READ_ONCE(vf->intx.kept) &&
	       !(asked & VVB_INTEREST(VVB_FIELD_ISR_STATUS, 0));
}

/*
 * Such a read waits for no other access, as a guest's interrupt handler makes it. The guard is
 * asked, and what needs more than the byte takes vf->lock after all.
 */
static int vvb_isr_read(struct vvb_vf *vf, u8 *data)
{
	struct vvb_access_ctx ctx __uninitialized;
	struct vvb_access *acc = &ctx.arg.acc;
	int err;

	ctx.start_ns = vvb_clock();
	vvb_access_prepare(vf, acc, &vvb_isr_access, false, READ_ONCE(vf->state.msix));
	vvb_access_decide_alone(vf, &ctx);
	if (acc->verdict == VVB_DIRECT && !READ_ONCE(vf->revoke.revoked) &&
	    vvb_intx_read(vf, &acc->value)) {
		acc->handler = VVB_HANDLER_KERNEL;
		err = vvb_access_done(vf, &ctx, 0);
	} else {
		if (mutex_lock_killable(&vf->lock))
			return -EINTR;
		vvb_access_number(vf, acc);
		err = vvb_access_run(vf, &ctx);
		mutex_unlock(&vf->lock);
	}
	*data = acc->value;
	return err;
}

/*
 * A control access: whole, in order, one guest access at a time. Only of the device configuration
 * it can be several fields.
 */
static __always_inline int vvb_control_rw(struct vvb_vf *vf, u8 pos, u8 *data, size_t count,
					  bool write)
{
	struct vvb_range range = {
		.pos = pos,
		.len = count,
		.config_len = vf->config_len,
		.layout = vf->layout,
	};
	struct vvb_field_access fa;
	int err = 0;

	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	range.msix = READ_ONCE(vf->state.msix);
	while (!err && vvb_split_next(&range, &fa)) {
		err = vvb_field_rw(vf, &fa, data, write, range.msix);
		data += fa.len;
	}
	vvb_vectors_settle(vf);
	mutex_unlock(&vf->lock);
	return err;
}

static ssize_t vvb_bar0_read(struct vvb_vf *vf, char __user *buf, size_t count, u8 pos)
{
	u8 data[VVB_AT_ONCE] __aligned(4) __uninitialized;
	int err = unlikely(vvb_isr_alone(vf, pos, count)) ?
			  vvb_isr_read(vf, data) :
			  vvb_control_rw(vf, pos, data, count, false);

	return err ?: vvb_to_user(buf, data, count) ?: count;
}

static ssize_t vvb_bar0_write(struct vvb_vf *vf, const char __user *buf, size_t count, u8 pos)
{
	u8 data[VVB_AT_ONCE] __aligned(4) __uninitialized;
	int err = vvb_from_user(data, buf, count);

	if (err)
		return err;
	if (pos == VIRTIO_PCI_QUEUE_NOTIFY)
		err = vvb_kick(vf, vvb_get_le(data, min_t(size_t, count, VVB_NOTIFY_LEN)));
	else
		err = vvb_control_rw(vf, pos, data, count, true);
	return err ?: count;
}

/**
 * vvb_bar0_rw - VFIO read or write of the legacy I/O BAR
 * @vf:		open and transitional
 * @buf, @count: the user's bytes, any length but 0
 * @pos:	offset within the BAR
 * @write:	direction
 *
 * Context: process context, sleeps, killable.
 * Return: bytes done, short at the end of the BAR; -EINVAL past it; -EIO while I/O
 * decoding is off; -EFAULT; -EINTR. An access to several fields of the device configuration
 * that is interrupted may have written the first of them: only a dying caller sees that.
 */
ssize_t vvb_bar0_rw(struct vvb_vf *vf, char __user *buf, size_t count, loff_t pos, bool write)
{
	if (vvb_io_check(vf))
		return -EIO;
	if (pos >= vf->bar0_size)
		return -EINVAL;
	count = min_t(size_t, count, min_t(size_t, vf->bar0_size - pos, VVB_AT_ONCE));
	return write ? vvb_bar0_write(vf, buf, count, pos) : vvb_bar0_read(vf, buf, count, pos);
}
