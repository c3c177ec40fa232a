// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path: an access to BAR0, from bytes to whole register fields, each decided by
 * guard and policy, acted on, and shown to the policy again.
 *
 * What an access can't do reads as all-ones or is dropped, as with absent hardware, and
 * is counted. Errnos are for what a VMM does wrong: EIO while I/O decoding is off, EINVAL
 * past the BAR, EFAULT, EINTR when it is being killed.
 */
#include <linux/log2.h>
#include <linux/pci.h>
#include <linux/pm_runtime.h>
#include <linux/uaccess.h>
#include <linux/virtio_pci.h>

#include "compat.h"
#include "vvb.h"

#define VVB_NOTIFY_LEN 2

static u64 vvb_all_ones(u8 width)
{
	return width < 8 ? (1ULL << (8 * width)) - 1 : ~0ULL;
}

/*
 * Is this an address the VF may be kicked at (virtio 1.3, 2.12.1.2.7)? Nothing of it is
 * taken on faith. BAR0 is ours, so a member entry can't name it.
 */
static bool vvb_notify_valid(struct vvb_vf *vf, u8 bar, u64 offset)
{
	u64 len;

	if (bar < 1 || bar >= PCI_STD_NUM_BARS || offset % VVB_NOTIFY_LEN)
		return false;
	len = pci_resource_len(vf->core.pdev, bar);
	return len >= VVB_NOTIFY_LEN && offset <= len - VVB_NOTIFY_LEN;
}

/**
 * vvb_notify_open - find out how to kick a VF, for the time it is open
 * @vf:		enabled, not yet visible to its user
 *
 * An address in the owner's BAR is not used: the PF's driver can go away under it. Then,
 * and without any valid entry, notifies go out as commands, which the spec allows.
 * Return: 0, or a negative errno when a valid BAR could not be mapped.
 */
int vvb_notify_open(struct vvb_vf *vf)
{
	u8 bar = 0;
	u64 offset = 0;
	void __iomem *base;

	vf->notify = NULL;
	vf->notify_via = VVB_NOTIFY_COMMAND;
	if (vvb_admin_notify_info(vf, VIRTIO_ADMIN_CMD_NOTIFY_INFO_FLAGS_OWNER_MEM, &bar,
				  &offset) ||
	    !vvb_notify_valid(vf, bar, offset))
		return 0;
	base = vvb_map_bar(&vf->core, bar);
	if (IS_ERR(base))
		return PTR_ERR(base);
	vf->notify_bar = bar;
	vf->notify = base + offset;
	vf->notify_via = VVB_NOTIFY_MEMBER;
	return 0;
}

/* As vfio-pci's own test, which is not exported; memory_lock is held. */
static bool vvb_memory_enabled(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	return (__force int)pdev->current_state < (__force int)PCI_D3hot &&
	       (pdev->no_command_memory || vf->core.vconfig[PCI_COMMAND] & PCI_COMMAND_MEMORY);
}

/* The store itself; memory_lock is held for reading. */
static int vvb_notify_store(struct vvb_vf *vf, struct vvb_access *acc)
{
	acc->by = VVB_BY_NOTIFY;
	if (!vvb_memory_enabled(vf)) {
		vvb_stats_event(vf, VVB_EV_MEM_DISABLED);
		return -EIO;
	}
	vfio_pci_core_iowrite16(&vf->core, false, acc->value, vf->notify);
	return 0;
}

/* NOTIFY: one lock, one store. */
static int vvb_act_notify(struct vvb_vf *vf, struct vvb_access *acc)
{
	int err;

	down_read(&vf->core.memory_lock);
	err = vvb_notify_store(vf, acc);
	up_read(&vf->core.memory_lock);
	return err;
}

/* DIRECT: the kernel's own command for this access. */
static int vvb_act_direct(struct vvb_vf *vf, struct vvb_access *acc)
{
	struct vvb_admin_op op = {
		.opcode = vvb_opcode_for(acc->area, acc->write),
		.offset = acc->offset,
		.width = acc->width,
	};

	vvb_put_le(op.registers, acc->value, acc->width);
	acc->by = VVB_BY_KERNEL;
	return vvb_admin_run(vf, &op, acc->write ? NULL : &acc->value);
}

/* What the kernel does when nobody has an opinion, or one that is not to be had. */
static int vvb_act_default(struct vvb_vf *vf, struct vvb_access *acc)
{
	if (acc->field != VVB_FIELD_QUEUE_NOTIFY || !acc->write)
		return vvb_act_direct(vf, acc);
	if (vf->notify)
		return vvb_act_notify(vf, acc);
	vvb_stats_event(vf, VVB_EV_NOTIFY_FALLBACK);
	return vvb_act_direct(vf, acc);
}

static int vvb_act_deny(struct vvb_vf *vf, struct vvb_access *acc)
{
	vvb_stats_event(vf, VVB_EV_DENIED);
	acc->by = VVB_BY_NOBODY;
	return -EACCES;
}

/* PUNT: the daemon answers, or one of the ways around it. */
static int vvb_act_punt(struct vvb_vf *vf, struct vvb_access *acc)
{
	struct vvb_answer answer;
	int err = vvb_punt_ask(vf, acc, &answer);

	if (err)
		return err;
	switch (answer.action) {
	case VVB_REPLY_VALUE:
		acc->by = answer.by;
		if (!acc->write)
			acc->value = answer.value;
		return 0;
	case VVB_REPLY_COMMAND:
		acc->by = answer.by;
		return vvb_admin_run(vf, &answer.op, acc->write ? NULL : &acc->value);
	case VVB_REPLY_DENY:
		return vvb_act_deny(vf, acc);
	default:
		return vvb_act_default(vf, acc);
	}
}

static int vvb_act(struct vvb_vf *vf, struct vvb_access *acc)
{
	if (READ_ONCE(vf->doomed)) {
		acc->by = VVB_BY_NOBODY;
		return -ENODEV;
	}
	switch (acc->taken) {
	case VVB_DIRECT:
		return vvb_act_direct(vf, acc);
	case VVB_PUNT:
		return vvb_act_punt(vf, acc);
	case VVB_EMULATE:
		acc->by = VVB_BY_BPF;
		return 0;
	case VVB_DENY:
		return vvb_act_deny(vf, acc);
	default:
		return vvb_act_default(vf, acc);
	}
}

/* A decision as it is counted: what DEFAULT stands for. */
static enum vvb_verdict vvb_taken(const struct vvb_access *acc, enum vvb_verdict verdict)
{
	if (verdict != VVB_DEFAULT)
		return verdict;
	return acc->field == VVB_FIELD_QUEUE_NOTIFY && acc->write ? VVB_NOTIFY : VVB_DIRECT;
}

/* The outcome @err of an access, for the guest, the policy and the counters. */
static int vvb_conclude(struct vvb_vf *vf, struct vvb_access *acc, u32 generation, u64 start_ns,
			int err)
{
	acc->error = err;
	if (err) {
		acc->by = VVB_BY_NOBODY;
		if (!acc->write)
			acc->value = vvb_all_ones(acc->width);
	}
	vvb_policy_done(vf, acc, generation);
	vvb_stats_access(vf, acc, start_ns);
	return err == -EINTR ? -EINTR : 0;
}

/* One field access from act to done; on return acc->value is what a read gives. */
static int vvb_finish(struct vvb_vf *vf, struct vvb_access *acc, u32 generation, u64 start_ns)
{
	acc->value &= vvb_all_ones(acc->width);
	return vvb_conclude(vf, acc, generation, start_ns, vvb_act(vf, acc));
}

static void vvb_access_init(struct vvb_vf *vf, struct vvb_access *acc,
			    const struct vvb_piece *piece, bool write, bool msix)
{
	*acc = (struct vvb_access) {
		.vf = vf->id,
		.epoch = READ_ONCE(vf->epoch),
		.field = piece->field,
		.area = piece->area,
		.offset = piece->offset,
		.width = piece->width,
		.write = write,
		.msix = msix,
	};
}

/* Answered without asking anybody: there is no such register to decide about. */
static void vvb_refuse(struct vvb_vf *vf, struct vvb_access *acc, enum vvb_event event)
{
	vvb_stats_event(vf, event);
	acc->taken = VVB_DENY;
	acc->by = VVB_BY_NOBODY;
	acc->error = -EINVAL;
	acc->value = ~0ULL;
	vvb_stats_access(vf, acc, 0);
}

/*
 * One piece of a control access. @data are the guest's bytes of it: in for a write, out
 * for a read. vf->lock is held.
 */
static int vvb_piece_rw(struct vvb_vf *vf, const struct vvb_piece *piece, u8 *data, bool write,
			bool msix)
{
	u64 start_ns = ktime_get_ns();
	struct vvb_access acc;
	u32 generation;
	int err = 0;

	vvb_access_init(vf, &acc, piece, write, msix);
	if (piece->beyond) {
		vvb_refuse(vf, &acc, VVB_EV_BEYOND_CONFIG);
	} else if (write && vvb_piece_partial(piece)) {
		vvb_refuse(vf, &acc, VVB_EV_PARTIAL_WRITE);
	} else {
		acc.seq = ++vf->seq;
		if (write)
			acc.value = vvb_get_le(data, piece->len);
		acc.taken = vvb_taken(&acc, vvb_policy_decide(vf, &acc, &generation));
		err = vvb_finish(vf, &acc, generation, start_ns);
	}
	if (!write)
		vvb_put_le(data, acc.value >> (8 * piece->skip), piece->len);
	return err;
}

/* Control accesses: whole, in order, one guest access at a time. */
static int vvb_span_rw(struct vvb_vf *vf, u8 pos, u8 *data, size_t count, bool write)
{
	struct vvb_span span = {
		.pos = pos,
		.len = count,
		.config_len = vf->config_len,
		.layout = vf->layout,
	};
	struct vvb_piece piece;
	int err = 0;

	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	span.msix = READ_ONCE(vf->msix);
	while (!err && vvb_split_next(&span, &piece)) {
		err = vvb_piece_rw(vf, &piece, data, write, span.msix);
		data += piece.len;
	}
	mutex_unlock(&vf->lock);
	return err;
}

/* Decide about a kick; takes no lock, any context. */
static void vvb_kick_decide(struct vvb_vf *vf, u16 queue, struct vvb_kick *kick)
{
	static const struct vvb_piece piece = {
		.field = VVB_FIELD_QUEUE_NOTIFY,
		.area = VVB_AREA_COMMON,
		.offset = VIRTIO_PCI_QUEUE_NOTIFY,
		.width = VVB_NOTIFY_LEN,
		.len = VVB_NOTIFY_LEN,
	};
	struct vvb_access *acc = &kick->acc;

	kick->start_ns = vvb_stats_sample(vf) ? ktime_get_ns() : 0;
	vvb_access_init(vf, acc, &piece, true, READ_ONCE(vf->msix));
	acc->value = queue;
	acc->taken = vvb_taken(acc, vvb_policy_decide(vf, acc, &kick->generation));
}

/*
 * Carry out a kick that was decided. Only when it is not a store to the notify address
 * does it queue up behind the control accesses.
 */
static int vvb_kick_finish(struct vvb_vf *vf, struct vvb_kick *kick)
{
	enum vvb_verdict taken = kick->acc.taken;
	int err;

	if (taken == VVB_EMULATE || taken == VVB_DENY || (taken == VVB_NOTIFY && vf->notify))
		return vvb_finish(vf, &kick->acc, kick->generation, kick->start_ns);
	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	err = vvb_finish(vf, &kick->acc, kick->generation, kick->start_ns);
	mutex_unlock(&vf->lock);
	return err;
}

/**
 * vvb_kick_atomic - a kick from a context that can't sleep
 * @vf:		open and transitional
 * @queue:	queue index
 * @kick:	filled in when it was decided
 *
 * Return: 0 done; 1 decided, vvb_bar0_kick() must follow, with it; -EAGAIN not
 * even decided: vvb_bar0_kick() without it.
 */
int vvb_kick_atomic(struct vvb_vf *vf, u16 queue, struct vvb_kick *kick)
{
	int err = 1;

	if (READ_ONCE(vf->core.pm_runtime_engaged) || !down_read_trylock(&vf->core.memory_lock))
		return -EAGAIN;
	vvb_kick_decide(vf, queue, kick);
	if (kick->acc.taken == VVB_NOTIFY && vf->notify && !READ_ONCE(vf->doomed)) {
		kick->acc.value &= vvb_all_ones(VVB_NOTIFY_LEN);
		err = vvb_conclude(vf, &kick->acc, kick->generation, kick->start_ns,
				   vvb_notify_store(vf, &kick->acc));
	}
	up_read(&vf->core.memory_lock);
	return err;
}

static int vvb_kick(struct vvb_vf *vf, u16 queue)
{
	struct vvb_kick kick;

	vvb_kick_decide(vf, queue, &kick);
	return vvb_kick_finish(vf, &kick);
}

static ssize_t vvb_bar0_access(struct vvb_vf *vf, char __user *buf, size_t count, loff_t pos,
			       bool write)
{
	u8 data[256];
	u16 queue;
	int err;

	if (write && pos == VIRTIO_PCI_QUEUE_NOTIFY && count == VVB_NOTIFY_LEN) {
		if (get_user(queue, (u16 __user *)buf))
			return -EFAULT;
		err = vvb_kick(vf, le16_to_cpu((__force __le16)queue));
		return err ? err : count;
	}
	count = min_t(size_t, count, min_t(size_t, vf->bar0_size - pos, 255));
	if (write && copy_from_user(data, buf, count))
		return -EFAULT;
	err = vvb_span_rw(vf, pos, data, count, write);
	if (err)
		return err;
	if (!write && copy_to_user(buf, data, count))
		return -EFAULT;
	return count;
}

/*
 * The device is awake while it is open, but for a user that put it to sleep: only then
 * runtime PM is asked, as it costs more than the rest of a kick.
 */
static int vvb_wake(struct vvb_vf *vf, bool *woken)
{
	*woken = READ_ONCE(vf->core.pm_runtime_engaged);
	return *woken && pm_runtime_resume_and_get(&vf->core.pdev->dev) ? -EIO : 0;
}

static void vvb_unwake(struct vvb_vf *vf, bool woken)
{
	if (woken)
		pm_runtime_put(&vf->core.pdev->dev);
}

/* What BAR0 does while I/O decoding is off: nothing. */
static int vvb_io_check(struct vvb_vf *vf)
{
	if (READ_ONCE(vf->io_enabled))
		return 0;
	vvb_stats_event(vf, VVB_EV_IO_DISABLED);
	return -EIO;
}

/**
 * vvb_bar0_kick - a kick from a thread that is not the user's own: an ioeventfd
 * @vf:		open and transitional
 * @queue:	queue index
 * @kick:	what vvb_kick_atomic() decided, NULL when it has not
 *
 * Context: sleeps.
 */
void vvb_bar0_kick(struct vvb_vf *vf, u16 queue, struct vvb_kick *kick)
{
	bool woken;

	if (vvb_io_check(vf) || vvb_wake(vf, &woken))
		return;
	if (kick)
		vvb_kick_finish(vf, kick);
	else
		vvb_kick(vf, queue);
	vvb_unwake(vf, woken);
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
	ssize_t done;
	bool woken;

	if (!count)
		return 0;
	if (vvb_io_check(vf))
		return -EIO;
	if (pos >= vf->bar0_size)
		return -EINVAL;
	if (vvb_wake(vf, &woken))
		return -EIO;
	done = vvb_bar0_access(vf, buf, count, pos, write);
	vvb_unwake(vf, woken);
	return done;
}
