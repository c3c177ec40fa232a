// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owner of a VF carries out legacy operations for it: its PF, by administration commands
 * (owner_pf.c); the function itself, which has the legacy registers made of its own modern interface
 * (owner_self.c); or a process that has the PF, by a daemon (owner_daemon.c). This is the only way
 * to any of them: one operation at a time per VF. In the kernel, as the guest's accesses, and
 * commands that a daemon has, are of one VF, and must not meet.
 */
#include <linux/virtio_pci.h>

#include "command.h"
#include "intx.h"
#include "owner.h"
#include "owner_daemon.h"
#include "owner_pf.h"
#include "owner_self.h"
#include "pf.h"
#include "stats.h"
#include "vectors.h"
#include "vf.h"

/* ---- taking turns ---- */

static inline struct vvb_deadline vvb_owner_deadline(struct vvb_vf *vf)
{
	unsigned int ms = READ_ONCE(vf->set->admin_timeout_ms);
	unsigned long timeout = ms ? msecs_to_jiffies(ms) : 0;

	return (struct vvb_deadline) {
		.timeout = timeout,
		.at = jiffies + timeout,
		.revoked = &vf->revoke.revoked,
	};
}

static inline bool vvb_owner_trylock(struct vvb_vf *vf)
{
	return !test_and_set_bit_lock(0, &vf->owner.turn);
}

static noinline int vvb_owner_wait(struct vvb_vf *vf, const struct vvb_deadline *deadline)
{
	long left = vvb_deadline_left(deadline);
	bool locked = false;

	left = wait_event_killable_timeout(
		vf->owner.free, (locked = vvb_owner_trylock(vf)) || READ_ONCE(*deadline->revoked),
		left);
	if (locked)
		return 0;
	if (left > 0)
		return -ECANCELED;
	return left ? -EINTR : -ETIMEDOUT;
}

/*
 * Take the VF's turn, while that is of use to the caller. Return: 0; -ETIMEDOUT; -EINTR; -ECANCELED
 * the VF is wanted back.
 */
static inline int vvb_owner_lock(struct vvb_vf *vf, const struct vvb_deadline *deadline)
{
	return likely(vvb_owner_trylock(vf)) ? 0 : vvb_owner_wait(vf, deadline);
}

static inline void vvb_owner_unlock(struct vvb_vf *vf)
{
	clear_bit_unlock(0, &vf->owner.turn);
	if (unlikely(wq_has_sleeper(&vf->owner.free)))
		wake_up_all(&vf->owner.free);
}

/*
 * vf->revoke.revoked has been set: who waits for a turn goes on. Who waits for the device does so
 * when the VF is wanted back (@removed); one that is only closed waits for the answer, which would
 * be unanswered else.
 */
void vvb_owner_end(struct vvb_vf *vf, bool removed)
{
	wake_up_all(&vf->owner.free);
	if (vf->owner.pf)
		vvb_inflight_revoke(&vf->owner.pf->inflight, vf->member, removed);
}

/* Is an operation that was given up unanswered, by whoever had it? Waits for nothing. */
bool vvb_owner_stalled(struct vvb_vf *vf)
{
	return vvb_owner_pf_waits(vf) || vvb_operation_stalled(vf);
}

/**
 * vvb_owner_let_go - before another driver may have the VF
 * @vf:		closed, its daemon still is
 *
 * A command that was given up would hit it: a late reset takes a running device down. So wait,
 * up to a time.
 * Context: sleeps; killable.
 */
void vvb_owner_let_go(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;

	if (!vvb_owner_stalled(vf))
		return;
	pci_warn(pdev, "an admin command that was given up is unanswered, waiting for it\n");
	if (vvb_owner_pf_await(vf) && vvb_operation_await(vf))
		pci_info(pdev, "it is over\n");
	else
		pci_warn(pdev, "it is still unanswered, and may hit the VF's next driver\n");
}

/**
 * vvb_owner_settled - may somebody begin anew with the VF, open or reset it?
 * @vf:		the VF
 *
 * The answer to a command that was given up, by whoever had the VF then, would hit him.
 * Context: sleeps while a command is under way, as long as that may take; killable.
 * Return: 0; -EBUSY there is one, or one that has not ended in time; -EINTR; -ENODEV the VF is
 * wanted back.
 */
int vvb_owner_settled(struct vvb_vf *vf)
{
	struct vvb_deadline deadline = vvb_owner_deadline(vf);
	int err = vvb_owner_lock(vf, &deadline);

	if (err == -ECANCELED)
		return -ENODEV;
	if (err)
		return err == -ETIMEDOUT ? -EBUSY : err;
	vvb_owner_unlock(vf);
	return vvb_owner_stalled(vf) ? -EBUSY : 0;
}

/* Count what an access that failed came to in the end. -EBUSY is a PF's, and counted there. */
static void vvb_owner_count(struct vvb_vf *vf, int err)
{
	switch (err) {
	case -ENODEV:
		vvb_stats_event(vf, VVB_EV_PF_UNAVAILABLE);
		return;
	case -ETIMEDOUT:
		vvb_stats_event(vf, VVB_EV_COMMAND_TIMEOUT);
		return;
	case -EIO:
	case -ENOMEM:
		vvb_stats_event(vf, VVB_EV_COMMAND_ERROR);
	}
}

/* One operation; under the VF's turn. Return: 0 or as vvb_owner_run(). */
static __always_inline int vvb_owner_ask(struct vvb_vf *vf, struct vvb_call *call)
{
	int err;

	if (likely(vf->owner.active == VVB_OWNER_PF))
		err = vvb_owner_pf_ask(vf, call);
	else if (vf->owner.active == VVB_OWNER_SELF)
		err = vvb_owner_self_ask(vf, call);
	else
		err = vvb_owner_daemon_ask(vf, call);
	if (unlikely(err))
		vvb_owner_count(vf, err);
	return err;
}

/* A queue_select kept back goes out before what needs it; if it can't, neither can that. */
static int vvb_owner_select(struct vvb_vf *vf, const struct vvb_call *before)
{
	struct vvb_admin_op op = {
		.opcode = VVB_OP_COMMON_WRITE,
		.offset = VIRTIO_PCI_QUEUE_SEL,
		.width = 2,
	};
	struct vvb_call call = {
		.op = &op,
		.wanted = before->wanted,
		.deadline = before->deadline,
	};
	int err;

	if (!vvb_select_wanted(vf, before->op))
		return 0;
	vvb_stats_event(vf, VVB_EV_SELECT_SENT);
	vvb_put_le(op.registers, vf->owner.select.value, 2);
	err = vvb_owner_ask(vf, &call);
	vvb_select_ran(vf, &op, err);
	return err;
}

/* ---- for others ---- */

/* @vf: identified. May sleep. Return: 0 or a negative errno. */
int vvb_owner_init(struct vvb_vf *vf)
{
	init_waitqueue_head(&vf->owner.free);
	vf->owner.self_lacks = vvb_owner_self_look(vf);
	return vvb_owner_pf_init(vf);
}

void vvb_owner_free(struct vvb_vf *vf)
{
	vvb_owner_pf_free(vf);
}

const char *const vvb_owner_names[VVB_OWNER_NR] = {
	[VVB_OWNER_AUTO] = "auto",
	[VVB_OWNER_PF] = "pf",
	[VVB_OWNER_SELF] = "self",
	[VVB_OWNER_DAEMON] = "daemon",
};

/**
 * vvb_owner_choose - who could carry out legacy operations, as `owner` has it?
 * @vf:		identified
 * @why:	why nobody can, in words
 *
 * Context: any; PFs get and lose their driver meanwhile.
 * Return: who, or VVB_OWNER_AUTO for nobody. A daemon has to be asked for.
 */
enum vvb_owner_kind vvb_owner_choose(struct vvb_vf *vf, const char **why)
{
	enum vvb_owner_kind wanted = READ_ONCE(vf->set->owner);
	const char *pf = vf->member ? vvb_owner_pf_lacks(vf) : "it is no VF";

	if (wanted == VVB_OWNER_DAEMON) {
		*why = vvb_owner_daemon_lacks(vf);
		return *why ? VVB_OWNER_AUTO : VVB_OWNER_DAEMON;
	}
	if (wanted != VVB_OWNER_SELF && !pf)
		return VVB_OWNER_PF;
	if (wanted != VVB_OWNER_PF && !vf->owner.self_lacks)
		return VVB_OWNER_SELF;
	/* the PF's reason is what can be mended */
	*why = wanted == VVB_OWNER_SELF || !vf->member ? vf->owner.self_lacks : pf;
	return VVB_OWNER_AUTO;
}

/* Before the VF has a user. Return: 0 or a negative errno. */
int vvb_owner_open(struct vvb_vf *vf)
{
	return vf->owner.active == VVB_OWNER_SELF ? vvb_owner_self_open(vf) : 0;
}

/* Its user is gone. What a daemon still wants of it comes to nothing. */
void vvb_owner_close(struct vvb_vf *vf)
{
	vvb_owner_self_close(vf);
}

/* Take the VF's turn from a device that is closed: whoever has it is about to give it back. */
void vvb_owner_take(struct vvb_vf *vf)
{
	wait_event(vf->owner.free, vvb_owner_trylock(vf));
}

/**
 * vvb_owner_defer - keep a write of queue_select back until a command needs it
 * @vf:		the VF
 * @queue:	what the guest wrote
 *
 * Context: as vvb_owner_run(). Return: 0, -ETIMEDOUT, -EINTR or -ECANCELED as there.
 */
int vvb_owner_defer(struct vvb_vf *vf, u16 queue)
{
	struct vvb_deadline deadline = vvb_owner_deadline(vf);
	int err = vvb_owner_lock(vf, &deadline);

	if (err) {
		vvb_owner_count(vf, err);
		return err;
	}
	vvb_select_hold(vf, queue);
	vvb_owner_unlock(vf);
	return 0;
}

/**
 * vvb_owner_size_told - the guest has been told the size of the selected queue
 * @vf:		open, and its own owner; its lock is held
 * @size:	be it the device's, or not
 *
 * Its ring is going to have so many entries, and the device has to know. With a PF nobody can tell it.
 * Context: as vvb_owner_run().
 */
void vvb_owner_size_told(struct vvb_vf *vf, u16 size)
{
	struct vvb_deadline deadline = vvb_owner_deadline(vf);
	struct vvb_select *select = &vf->owner.select;

	if (vvb_owner_lock(vf, &deadline))
		return;
	vvb_owner_self_size_told(vf, select->held ? select->value : vvb_select_now(vf), size);
	vvb_owner_unlock(vf);
}

/**
 * vvb_owner_begin - several operations in one turn, by one deadline
 * @vf:		the VF
 * @within:	zeroed; for vvb_owner_also()
 *
 * Return: 0 and vvb_owner_finish() must follow; or as vvb_owner_defer().
 */
int vvb_owner_begin(struct vvb_vf *vf, struct vvb_call *within)
{
	int err;

	within->deadline = vvb_owner_deadline(vf);
	err = vvb_owner_lock(vf, &within->deadline);
	if (err)
		vvb_owner_count(vf, err);
	return err;
}

void vvb_owner_finish(struct vvb_vf *vf)
{
	vvb_owner_unlock(vf);
}

/**
 * vvb_owner_also - one more operation, while the VF's turn is the caller's
 * @vf:		the VF
 * @within:	what the turn was taken for
 * @op, @value:	as vvb_owner_run(); a queue_select that is kept back stays so
 *
 * Return: as vvb_owner_run().
 */
int vvb_owner_also(struct vvb_vf *vf, const struct vvb_call *within, const struct vvb_admin_op *op,
		   u64 *value)
{
	struct vvb_call call = {
		.op = op,
		.wanted = within->wanted,
		.deadline = within->deadline,
	};
	int err = vvb_owner_ask(vf, &call);

	if (!err && value)
		*value = call.value;
	return err;
}

/* One operation, as vvb_owner_run(), in a turn of its own. */
static __always_inline int vvb_owner_do(struct vvb_vf *vf, const struct vvb_admin_op *op,
					const struct vvb_wanted *wanted, u64 *value)
{
	struct vvb_call call __uninitialized;
	int err;

	/* one by one: of an initialiser the compiler makes a string instruction, which is dear */
	call.op = op;
	call.wanted = wanted;
	call.flags = 0;
	call.deadline = vvb_owner_deadline(vf);
	err = vvb_owner_lock(vf, &call.deadline);
	if (unlikely(err)) {
		vvb_owner_count(vf, err);
		return err;
	}
	if (unlikely(vf->owner.select.held))
		err = vvb_owner_select(vf, &call);
	if (!err && unlikely(READ_ONCE(vf->vectors.nr)))
		vvb_vectors_before(vf, &call);
	if (!err)
		err = vvb_owner_ask(vf, &call);
	if (op->opcode == VVB_OP_COMMON_WRITE) {
		vvb_select_ran(vf, op, err);
		vvb_vectors_ran(vf, op, err);
	}
	if (!err && value && !vvb_opcode_writes(op->opcode))
		*value = call.value;
	vvb_owner_unlock(vf);
	return err;
}

/*
 * The ISR byte. While it is ours there is no command, and no turn to wait for; when it is the
 * device's, what had come up before that goes with it.
 */
static noinline int vvb_owner_isr(struct vvb_vf *vf, const struct vvb_admin_op *op,
				  const struct vvb_wanted *wanted, u64 *value)
{
	int err = wanted && !wanted->ask(wanted->what) ? -ECANCELED : 0;

	if (err || vvb_intx_read(vf, value))
		return err;
	err = vvb_owner_do(vf, op, wanted, value);
	if (!err)
		*value |= vvb_intx_clear(vf);
	return err;
}

/**
 * vvb_owner_run - carry out one legacy operation
 * @vf:		the VF
 * @op:		checked: within one field, in range, width 1..8; the member id is not
 *		looked at, the exported functions fill it in
 * @wanted:	is it still of use? NULL: it is
 * @value:	reads: set to the result, missing bytes zero; writes: may be NULL
 *
 * Waits for its turn at the VF, at the PF, and for the device: all in all admin_timeout_ms, or
 * without end when that is 0. Until the device has the command, a signal that kills and the VF
 * being wanted back end the wait; with admin_timeout_ms also then.
 *
 * Context: process context, sleeps. Takes the VF's turn, so a daemon's own command and one of
 * the vCPU never meet (virtio_pci wants its callers to serialise per VF).
 * Return: 0; -EINTR the caller is being killed; -ECANCELED the VF is closed or wanted back, or the
 * operation is wanted no more; -ENODEV the PF's virtio driver is gone, or the process that has the
 * PF; -ENOTCONN there is no daemon for it; -ETIMEDOUT the device did not answer; -EBUSY nothing was
 * sent, as a command of this VF is unanswered, all that the PF may have in flight are, or too many
 * failed; -ENOMEM; -EIO the device or virtio_pci refused it.
 */
int vvb_owner_run(struct vvb_vf *vf, const struct vvb_admin_op *op, const struct vvb_wanted *wanted,
		  u64 *value)
{
	if (unlikely(op->offset == VIRTIO_PCI_ISR && op->opcode == VVB_OP_COMMON_READ))
		return vvb_owner_isr(vf, op, wanted, value);
	return vvb_owner_do(vf, op, wanted, value);
}

/**
 * vvb_owner_notify_info - the first notify address of a kind (virtio 1.3, 2.12.1.2.7)
 * @vf:		the VF
 * @flags:	VIRTIO_ADMIN_CMD_NOTIFY_INFO_FLAGS_*: owner's or member's BAR
 * @bar, @offset: as the device gave them, unchecked
 *
 * That there is no entry can't be told from status 2 of the device, so it is rationed, too.
 * Return: 0, -ENOENT no entry of the kind, or as vvb_owner_run().
 */
int vvb_owner_notify_info(struct vvb_vf *vf, u8 flags, u8 *bar, u64 *offset)
{
	static const struct vvb_admin_op op = { .opcode = VVB_OP_NOTIFY_INFO };
	struct vvb_call call = { .op = &op, .flags = flags, .deadline = vvb_owner_deadline(vf) };
	int err = vvb_owner_lock(vf, &call.deadline);

	if (err)
		return err;
	err = vvb_owner_ask(vf, &call);
	if (!err) {
		*bar = call.bar;
		*offset = call.offset;
	}
	vvb_owner_unlock(vf);
	return err;
}
