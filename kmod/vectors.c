// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VF's own MSI-X vectors, used by the module for a guest that knows no MSI-X: one that tells of
 * changes of the configuration and one for all queues; where there is but one, it is the queues'.
 * They are ours exactly as long as the user has INTx and the device takes them. In the kernel, as a
 * VF has no other interrupt.
 *
 * A device knows its vectors by two registers of the legacy interface, which are there while MSI-X is
 * on (virtio 1.3, 4.1.4.10), of which the guest knows nothing. They are written by commands of our
 * own: a queue's before the guest's write of its address goes out, so that no interrupt of it is
 * missed; and those of all queues that are there when INTx comes on over a driver at work. What the
 * guest has set itself, while it had MSI-X, is put back when it loses INTx, and the queue that it
 * has selected comes first again before the next command that depends on it.
 *
 * A device that does not take a vector gives the guest what it had without: then the vectors go,
 * until the device is reset, and the guest has to poll the device's ISR byte. That is an event, and
 * a line in the log, not an error of the access that it happens in.
 */
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/sched/signal.h>
#include <linux/virtio_pci.h>

#include "command.h"
#include "intx.h"
#include "owner.h"
#include "power.h"
#include "stats.h"
#include "vectors.h"
#include "vf.h"

#define VVB_ISR_QUEUE 1 /* the ISR byte (virtio 1.3, 4.1.4.5) */

static irqreturn_t vvb_vector_queues(int irq, void *data)
{
	vvb_intx_message(data, VVB_ISR_QUEUE);
	return IRQ_HANDLED;
}

static irqreturn_t vvb_vector_config(int irq, void *data)
{
	vvb_intx_message(data, VIRTIO_PCI_ISR_CONFIG);
	return IRQ_HANDLED;
}

/* ---- what the device was told; under the VF's turn ---- */

/* After a reset of the device it knows of none. */
static void vvb_vectors_forget(struct vvb_vectors *v)
{
	bitmap_zero(v->live, VVB_VECTOR_QUEUES);
	bitmap_zero(v->ours, VVB_VECTOR_QUEUES);
	memset(v->queue, 0xff, sizeof(v->queue));
	v->config = VIRTIO_MSI_NO_VECTOR;
	v->config_ours = false;
	WRITE_ONCE(v->refused, false);
}

static void vvb_vectors_refresh(struct vvb_vf *vf)
{
	u32 epoch = READ_ONCE(vf->state.epoch);

	if (vf->vectors.epoch == epoch)
		return;
	vf->vectors.epoch = epoch;
	vvb_vectors_forget(&vf->vectors);
}

/* A register of the common configuration, of two bytes. */
static int vvb_vectors_write(struct vvb_vf *vf, const struct vvb_call *within, u8 offset, u16 value)
{
	struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_WRITE,
		.offset = offset,
		.width = 2,
	};

	vvb_put_le(op.registers, value, 2);
	return vvb_owner_also(vf, within, &op, NULL);
}

/* A device that has no room for a vector says so when it is read back. */
static int vvb_vectors_set(struct vvb_vf *vf, const struct vvb_call *within, u8 offset, u16 vector)
{
	struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_READ,
		.offset = offset,
		.width = 2,
	};
	u64 got;
	int err = vvb_vectors_write(vf, within, offset, vector);

	if (!err)
		err = vvb_owner_also(vf, within, &op, &got);
	if (err || got == vector)
		return err;
	return got == VIRTIO_MSI_NO_VECTOR ? -ENOSPC : -EPROTO;
}

/* The selected queue is to have the last vector. */
static int vvb_vectors_tell_queue(struct vvb_vf *vf, const struct vvb_call *within, u16 queue)
{
	if (queue >= VVB_VECTOR_QUEUES)
		return -ENOSPC;
	/* one that was given up may have reached the device */
	__set_bit(queue, vf->vectors.ours);
	return vvb_vectors_set(vf, within, VIRTIO_MSI_QUEUE_VECTOR, vf->vectors.nr - 1);
}

/*
 * One that the device has not got takes no vector, and raises no interrupt. Is the selected one such?
 * Then it is forgotten.
 */
static bool vvb_vectors_no_queue(struct vvb_vf *vf, const struct vvb_call *within, u16 queue)
{
	static const struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_READ,
		.offset = VIRTIO_PCI_QUEUE_NUM,
		.width = 2,
	};
	u64 size;

	if (vvb_owner_also(vf, within, &op, &size) || size)
		return false;
	if (queue < VVB_VECTOR_QUEUES) {
		__clear_bit(queue, vf->vectors.ours);
		__clear_bit(queue, vf->vectors.live);
	}
	return true;
}

/* The selected queue is to have its vector, and the configuration the first of two. */
static int vvb_vectors_tell(struct vvb_vf *vf, const struct vvb_call *within, u16 queue)
{
	struct vvb_vectors *v = &vf->vectors;
	int err = 0;

	v->given = v->nr;
	vvb_intx_arm(vf);
	/* noted first: one that was given up, or not read back, may have reached the device */
	if (v->nr > 1 && !v->config_ours) {
		v->config_ours = true;
		err = vvb_vectors_set(vf, within, VIRTIO_MSI_CONFIG_VECTOR, 0);
	}
	if (err)
		return err;
	err = vvb_vectors_tell_queue(vf, within, queue);
	if (!err || err == -EPROTO)
		return err;
	return vvb_vectors_no_queue(vf, within, queue) ? 0 : err;
}

static void vvb_vectors_refuse(struct vvb_vf *vf, int err)
{
	WRITE_ONCE(vf->vectors.refused, true);
	vvb_stats_event(vf, VVB_EV_INTX_REFUSED);
	dev_warn_ratelimited(&vf->core.pdev->dev,
			     "no vectors for INTx (%d): the guest has to poll\n", err);
}

/**
 * vvb_vectors_before - a command is about to go out
 * @vf:		the VF; its turn is the caller's
 * @call:	the command
 *
 * If it gives a queue its address, that gets its vector first. What fails is no matter of @call's.
 */
void vvb_vectors_before(struct vvb_vf *vf, const struct vvb_call *call)
{
	const struct vvb_admin_op *op = call->op;
	int err;

	if (op->opcode != VVB_OP_COMMON_WRITE || op->offset != VIRTIO_PCI_QUEUE_PFN ||
	    !vvb_get_le(op->registers, 4))
		return;
	vvb_vectors_refresh(vf);
	if (READ_ONCE(vf->vectors.refused))
		return;
	err = vvb_vectors_tell(vf, call, vvb_select_now(vf));
	if (err)
		vvb_vectors_refuse(vf, err);
}

/* A command was run that gave a queue an address, or took it. A late one counts as run. */
static void vvb_vectors_address(struct vvb_vf *vf, bool given, int err)
{
	u16 queue = vvb_select_now(vf);

	if (queue >= VVB_VECTOR_QUEUES)
		return;
	if (given)
		__set_bit(queue, vf->vectors.live);
	else if (!err)
		__clear_bit(queue, vf->vectors.live);
}

/* The same, that reset the device, or may yet. */
static void vvb_vectors_reset(struct vvb_vf *vf, int err)
{
	struct vvb_vectors *v = &vf->vectors;

	bitmap_zero(v->ours, VVB_VECTOR_QUEUES);
	v->config_ours = false;
	if (err)
		return;
	vvb_vectors_forget(v);
	vvb_intx_reset(vf);
}

/**
 * vvb_vectors_ran - learn from a command that was run
 * @vf:		the VF; its turn is the caller's
 * @op:		the command, a write to the common configuration
 * @err:	what came of it
 */
void vvb_vectors_ran(struct vvb_vf *vf, const struct vvb_admin_op *op, int err)
{
	struct vvb_vectors *v = &vf->vectors;
	u16 queue = vvb_select_now(vf);
	u64 value = vvb_get_le(op->registers, op->width);

	vvb_vectors_refresh(vf);
	switch (op->offset) {
	case VIRTIO_PCI_STATUS:
		if (!value)
			vvb_vectors_reset(vf, err);
		break;
	case VIRTIO_PCI_QUEUE_PFN:
		vvb_vectors_address(vf, value, err);
		break;
	case VIRTIO_MSI_CONFIG_VECTOR:
		v->config = value;
		break;
	case VIRTIO_MSI_QUEUE_VECTOR:
		if (queue < VVB_VECTOR_QUEUES)
			v->queue[queue] = value;
	}
}

/* ---- over a driver at work; vf->lock is held ---- */

/*
 * Select @queue for a command of ours. It is one of many, where who is being killed may be about to
 * wait for each of a slow device, and leave it the last one unanswered.
 */
static int vvb_vectors_select(struct vvb_vf *vf, const struct vvb_call *within, u16 queue)
{
	int err;

	if (fatal_signal_pending(current))
		return -EINTR;
	err = vvb_vectors_write(vf, within, VIRTIO_PCI_QUEUE_SEL, queue);
	vvb_select_moved(vf, queue, err);
	return err;
}

/* What the device has noted while nobody was told. */
static void vvb_vectors_missed(struct vvb_vf *vf, const struct vvb_call *within)
{
	static const struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_READ,
		.offset = VIRTIO_PCI_ISR,
		.width = 1,
	};
	u64 isr = 0;

	if (vvb_owner_also(vf, within, &op, &isr))
		isr = 0;
	/* a message is lost while MSI-X is off, and leaves no trace: have the guest look */
	vvb_intx_raise(vf, (isr & VIRTIO_PCI_ISR_CONFIG) | VVB_ISR_QUEUE);
}

/* What the guest has set is put back, as far as the device lets us. Return: 0 or a negative errno. */
static int vvb_vectors_untell_all(struct vvb_vf *vf, const struct vvb_call *within)
{
	struct vvb_vectors *v = &vf->vectors;
	unsigned int queue;
	int err = 0;

	vvb_vectors_refresh(vf);
	for_each_set_bit(queue, v->ours, VVB_VECTOR_QUEUES) {
		err = vvb_vectors_select(vf, within, queue);
		if (!err)
			err = vvb_vectors_write(vf, within, VIRTIO_MSI_QUEUE_VECTOR,
						v->queue[queue]);
		if (err)
			return err;
		__clear_bit(queue, v->ours);
	}
	if (v->config_ours)
		err = vvb_vectors_write(vf, within, VIRTIO_MSI_CONFIG_VECTOR, v->config);
	v->config_ours &= !!err;
	return err;
}

/* Each queue that is there gets its vector, if it has not got it. Return: as above. */
static int vvb_vectors_tell_all(struct vvb_vf *vf, const struct vvb_call *within)
{
	struct vvb_vectors *v = &vf->vectors;
	unsigned int queue;
	int err = 0;

	vvb_vectors_refresh(vf);
	if (v->given != v->nr)
		err = vvb_vectors_untell_all(vf, within);
	if (err || bitmap_empty(v->live, VVB_VECTOR_QUEUES))
		return err;
	for_each_set_bit(queue, v->live, VVB_VECTOR_QUEUES) {
		if (test_bit(queue, v->ours))
			continue;
		err = vvb_vectors_select(vf, within, queue);
		if (!err)
			err = vvb_vectors_tell(vf, within, queue);
		if (err)
			return err;
	}
	vvb_vectors_missed(vf, within);
	return 0;
}

/* One of these, in a turn of its own. */
static int vvb_vectors_turn(struct vvb_vf *vf, bool tell)
{
	struct vvb_call within = {};
	int err = vvb_owner_begin(vf, &within);

	if (err)
		return err;
	err = tell ? vvb_vectors_tell_all(vf, &within) : vvb_vectors_untell_all(vf, &within);
	vvb_owner_finish(vf);
	return err;
}

/* ---- the host's side of the vectors ---- */

/* As vfio-pci does it: what is written to the MSI-X table while memory decoding is off is gone. */
static u16 vvb_vectors_reach(struct vvb_vf *vf)
{
	u16 command;

	down_write(&vf->core.memory_lock);
	pci_read_config_word(vf->core.pdev, PCI_COMMAND, &command);
	if (!(command & PCI_COMMAND_MEMORY))
		pci_write_config_word(vf->core.pdev, PCI_COMMAND, command | PCI_COMMAND_MEMORY);
	return command;
}

static void vvb_vectors_leave(struct vvb_vf *vf, u16 command)
{
	if (!(command & PCI_COMMAND_MEMORY))
		pci_write_config_word(vf->core.pdev, PCI_COMMAND, command);
	up_write(&vf->core.memory_lock);
}

static int vvb_vectors_request(struct vvb_vf *vf, unsigned int i, unsigned int nr)
{
	bool config = nr > 1 && !i;
	char *name = vf->vectors.names[i];

	snprintf(name, sizeof(vf->vectors.names[i]), "vvb-%s(%s)", config ? "config" : "queues",
		 pci_name(vf->core.pdev));
	return request_irq(pci_irq_vector(vf->core.pdev, i),
			   config ? vvb_vector_config : vvb_vector_queues, 0, name, vf);
}

/* memory_lock is held, and the table can be reached. No handler runs after this. */
static void vvb_vectors_release(struct vvb_vf *vf, unsigned int nr)
{
	while (nr--)
		free_irq(pci_irq_vector(vf->core.pdev, nr), vf);
	pci_free_irq_vectors(vf->core.pdev);
}

/* Return: how many, or a negative errno. */
static int vvb_vectors_alloc(struct vvb_vf *vf)
{
	u16 command = vvb_vectors_reach(vf);
	int nr = pci_alloc_irq_vectors(vf->core.pdev, 1, 2, PCI_IRQ_MSIX), i, err = 0;

	for (i = 0; i < nr && !err; i++)
		err = vvb_vectors_request(vf, i, nr);
	if (err) {
		vvb_vectors_release(vf, i - 1);
		nr = err;
	}
	vvb_vectors_leave(vf, command);
	return nr;
}

static void vvb_vectors_free(struct vvb_vf *vf)
{
	u16 command;

	if (!vf->vectors.nr)
		return;
	command = vvb_vectors_reach(vf);
	vvb_vectors_release(vf, vf->vectors.nr);
	vvb_vectors_leave(vf, command);
	WRITE_ONCE(vf->vectors.nr, 0);
}

/* ---- for others; vf->lock is held ---- */

static void vvb_vectors_give(struct vvb_vf *vf)
{
	vvb_vectors_turn(vf, false);
	vvb_vectors_free(vf);
	vvb_intx_keep(vf, false);
}

static void vvb_vectors_take(struct vvb_vf *vf)
{
	int err = vvb_vectors_alloc(vf);

	if (err > 0) {
		WRITE_ONCE(vf->vectors.nr, err);
		vvb_intx_keep(vf, true);
		err = vvb_vectors_turn(vf, true);
	}
	if (!err)
		return;
	vvb_vectors_refuse(vf, err);
	if (vf->vectors.nr)
		vvb_vectors_give(vf);
}

/**
 * vvb_vectors_settle - have the vectors if they are of use, and only then
 * @vf:		open
 *
 * After anything that may have changed that: INTx on or off, VFIO_DEVICE_SET_IRQS, an access.
 * Context: vf->lock is held, no access is under way; sleeps, as vvb_owner_run() for all commands
 * that this takes together.
 */
void vvb_vectors_settle(struct vvb_vf *vf)
{
	bool wanted = vf->intx.on && !READ_ONCE(vf->vectors.refused) &&
		      vf->core.irq_type >= VFIO_PCI_NUM_IRQS;
	bool awake;

	lockdep_assert_held(&vf->lock);
	if (likely(wanted == !!vf->vectors.nr))
		return;
	/* behind an access, a device that its user has put to sleep is about to go on with that */
	awake = !vvb_power_get(vf);
	if (wanted)
		vvb_vectors_take(vf);
	else
		vvb_vectors_give(vf);
	if (awake)
		vvb_power_put(vf);
}

/*
 * Before vfio-pci does anything with vectors: it finds none. The device keeps what it was told, and
 * vvb_vectors_settle() is to follow.
 */
void vvb_vectors_pause(struct vvb_vf *vf)
{
	lockdep_assert_held(&vf->lock);
	if (!vf->vectors.nr)
		return;
	vvb_vectors_free(vf);
	vvb_intx_keep(vf, false);
}

/* A new user; the device was reset. */
void vvb_vectors_open(struct vvb_vf *vf)
{
	vf->vectors.epoch = READ_ONCE(vf->state.epoch);
	vf->vectors.given = 0;
	vvb_vectors_forget(&vf->vectors);
}

/*
 * The device is going to be reset. vfio-pci wakes it for that, but only after this: its user may have
 * put it to sleep, or its guest, and then there is no table that could be reached.
 */
void vvb_vectors_close(struct vvb_vf *vf)
{
	bool awake;

	if (!vf->vectors.nr)
		return;
	awake = !vvb_power_get(vf);
	scoped_guard(rwsem_write, &vf->core.memory_lock)
		pci_set_power_state(vf->core.pdev, PCI_D0);
	vvb_vectors_pause(vf);
	if (awake)
		vvb_power_put(vf);
}
