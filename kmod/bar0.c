// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decode: an access to BAR0, from bytes to whole register fields, one after the other.
 *
 * Errnos are for what a VMM does wrong: EIO while I/O decoding is off, EINVAL past the BAR,
 * EFAULT, EINTR when it is being killed. All else is in access.c. In the kernel, as what a guest
 * sends is taken apart before anybody else sees it.
 */
#include "access.h"
#include "bar0.h"
#include "kick.h"
#include "user.h"

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
	} else if (write && vvb_field_access_partial(fa)) {
		vvb_refuse(vf, acc, VVB_EV_PARTIAL_WRITE);
	} else {
		acc->seq = ++vf->seq;
		if (write)
			acc->value = vvb_get_le(data, fa->len);
		vvb_access_decide(vf, &ctx);
		err = vvb_access_run(vf, &ctx);
	}
	/* a prefetch has taken in more */
	if (!write)
		vvb_put_le(data, acc->value >> (8 * (fa->skip + fa->offset - acc->offset)),
			   fa->len);
	return err;
}

/* A write of queue_notify, whole, is a kick, whatever the guest wrote along with it. */
static bool vvb_field_kicks(const struct vvb_field_access *fa, bool write)
{
	return write && fa->field == VVB_FIELD_QUEUE_NOTIFY && !vvb_field_access_partial(fa);
}

/* Control accesses: whole, in order, one guest access at a time. */
static int vvb_range_rw(struct vvb_vf *vf, u8 pos, u8 *data, size_t count, bool write)
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
		err = vvb_field_kicks(&fa, write) ? vvb_kick_held(vf, vvb_get_le(data, fa.len)) :
						    vvb_field_rw(vf, &fa, data, write, range.msix);
		data += fa.len;
	}
	mutex_unlock(&vf->lock);
	return err;
}

/**
 * vvb_bar0_rw - VFIO read or write of the legacy I/O BAR
 * @vf:		open and transitional
 * @buf, @count: the user's bytes, any length
 * @pos:	offset within the BAR
 * @write:	direction
 *
 * Context: process context, sleeps, killable.
 * Return: bytes done, short at the end of the BAR; -EINVAL past it; -EIO while I/O
 * decoding is off; -EFAULT; -EINTR. A multi-field access that is interrupted may have
 * written its first fields: only a dying caller sees that.
 */
ssize_t vvb_bar0_rw(struct vvb_vf *vf, char __user *buf, size_t count, loff_t pos, bool write)
{
	u8 data[256] __aligned(4) __uninitialized;
	int err = 0;

	if (!count)
		return 0;
	if (vvb_io_check(vf))
		return -EIO;
	if (pos >= vf->bar0_size)
		return -EINVAL;
	count = min_t(size_t, count, min_t(size_t, vf->bar0_size - pos, 255));
	if (write)
		err = vvb_from_user(data, buf, count);
	if (!err)
		err = vvb_range_rw(vf, pos, data, count, write);
	if (!err && !write)
		err = vvb_to_user(buf, data, count);
	return err ?: count;
}
