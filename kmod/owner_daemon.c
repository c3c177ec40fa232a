// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owner of a VF is a process in userspace, which drives the PF, or knows who does: legacy operations
 * are framed as the administration commands that a PF would get, and go to the VF's daemon
 * (operation.c). In the kernel as the other owners are: what the guest gets must not depend on what
 * the daemon makes of the rules.
 *
 * What it says of a command is what a device would: a status, any number, which is looked at here. None
 * of it is rationed, as nothing of it is printed.
 */
#include <vvb/result.h>

#include "command.h"
#include "owner.h"
#include "owner_daemon.h"
#include "owner_pf.h"
#include "trace.h"
#include "vf.h"

#define VVB_DAEMON_MS 10000 /* for so long when there is no admin_timeout_ms: it is but a process */

/* What is missing? Return: in words; NULL for nothing. */
const char *vvb_owner_daemon_lacks(struct vvb_vf *vf)
{
	return vvb_operation_possible(vf) ? NULL :
					    "no daemon that carries out operations has claimed it";
}

/* One that has no time-out gets one. */
static void vvb_owner_daemon_bound(struct vvb_deadline *deadline)
{
	if (deadline->timeout)
		return;
	deadline->timeout = msecs_to_jiffies(VVB_DAEMON_MS);
	deadline->at = jiffies + deadline->timeout;
}

/* What a result is to others. An address that is not there is no failure, see owner_pf.c. */
static int vvb_owner_daemon_take(struct vvb_call *call, const struct vvb_result *result)
{
	if (call->status)
		return -EIO;
	if (call->op->opcode == VVB_OP_NOTIFY_INFO)
		return vvb_result_notify(result, call->flags, &call->bar, &call->offset) ? 0 :
											   -ENOENT;
	call->value = vvb_result_number(result, 0,
					vvb_opcode_writes(call->op->opcode) ? 0 : call->op->width);
	return 0;
}

/* One try. Return: 0, it was carried out or refused; or why not. */
static int vvb_owner_daemon_try(struct vvb_vf *vf, struct vvb_call *call, struct vvb_result *result)
{
	u64 start = trace_vvb_admin_enabled() ? ktime_get_ns() : 0;
	int err = vvb_operation_run(vf, call, result);

	call->status = err ? 0 : -(int)vvb_result_status(result);
	if (start)
		trace_vvb_admin(vf->id, call->op, err ?: call->status, ktime_get_ns() - start);
	return err;
}

/**
 * vvb_owner_daemon_ask - one operation, asked for again while its device says "not now"
 * @vf:		its turn is the caller's
 * @call:	what to do; filled in
 *
 * Context: sleeps; killable. Return: 0 or as vvb_owner_run().
 */
int vvb_owner_daemon_ask(struct vvb_vf *vf, struct vvb_call *call)
{
	struct vvb_result result;
	unsigned int tries = 0;
	int err;

	vvb_owner_daemon_bound(&call->deadline);
	do {
		err = vvb_owner_daemon_try(vf, call, &result);
		if (err || call->status != -VVB_STATUS_EAGAIN)
			break;
		err = vvb_owner_pf_back_off(vf, &call->deadline, tries++);
	} while (!err);
	if (!err)
		vf->owner.busy.yes = false;
	return err ?: vvb_owner_daemon_take(call, &result);
}
