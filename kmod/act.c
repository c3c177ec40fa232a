// SPDX-License-Identifier: GPL-2.0-only
/* A verdict is carried out. It is in the kernel as it holds what the device may be asked to do. */
#include "act.h"
#include "context.h"
#include "notify.h"
#include "owner.h"
#include "power.h"
#include "punt.h"

/* DIRECT: the kernel's own command for this access. */
static __always_inline int vvb_act_direct(struct vvb_vf *vf, struct vvb_access *acc)
{
	struct vvb_admin_op op = {
		.opcode = vvb_opcode_for(acc->area, acc->write),
		.offset = acc->offset,
		.width = acc->width,
	};

	if (acc->write)
		vvb_put_le(op.registers, acc->value, acc->width);
	acc->handler = VVB_HANDLER_KERNEL;
	return vvb_owner_run(vf, &op, NULL, acc->write ? NULL : &acc->value);
}

/* PREFETCH: all of the field, of which the guest gets its part when done() has seen it. */
static int vvb_act_prefetch(struct vvb_vf *vf, struct vvb_access *acc)
{
	u8 start = vvb_config_field_start(vf->layout, acc->offset);
	u8 end = min(vvb_config_field_end(vf->layout, acc->offset), vf->config_len);

	if (end - start <= sizeof(acc->value)) {
		acc->offset = start;
		acc->width = end - start;
	}
	return vvb_act_direct(vf, acc);
}

/* What the kernel does when nobody has an opinion, or one that is not to be had. */
static int vvb_act_default(struct vvb_vf *vf, struct vvb_access *acc)
{
	if (!vvb_is_kick(acc))
		return vvb_act_direct(vf, acc);
	if (vf->notify_addr)
		return vvb_notify(vf, acc);
	if (vf->owner.active != VVB_OWNER_SELF)
		vvb_stats_event(vf, VVB_EV_NOTIFY_FALLBACK);
	return vvb_act_direct(vf, acc);
}

static int vvb_act_deny(struct vvb_vf *vf, struct vvb_access *acc)
{
	vvb_stats_event(vf, VVB_EV_DENIED);
	acc->handler = VVB_HANDLER_NOBODY;
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
		acc->handler = VVB_HANDLER_DAEMON;
		if (!acc->write)
			acc->value = answer.value;
		return 0;
	case VVB_REPLY_COMMAND:
		acc->handler = VVB_HANDLER_DAEMON;
		return vvb_owner_run(vf, &answer.op, NULL, acc->write ? NULL : &acc->value);
	case VVB_REPLY_DENY:
		return vvb_act_deny(vf, acc);
	default:
		return vvb_act_default(vf, acc);
	}
}

/* What needs the device, or may. */
static __always_inline int vvb_act_awake(struct vvb_vf *vf, struct vvb_access *acc)
{
	int err = vvb_power_get(vf);

	if (err)
		return err;
	switch (acc->verdict) {
	case VVB_DIRECT:
		err = vvb_act_direct(vf, acc);
		break;
	case VVB_PUNT:
		err = vvb_act_punt(vf, acc);
		break;
	case VVB_PREFETCH:
		err = vvb_act_prefetch(vf, acc);
		break;
	default:
		err = vvb_act_default(vf, acc);
	}
	vvb_power_put(vf);
	return err;
}

/**
 * vvb_act - carry out acc->verdict
 * @vf:		open; its lock is held unless @acc is a kick that is no command
 * @acc:	decided; value and handler are filled in
 *
 * Return: 0, or the negative errno behind an all-ones / dropped outcome.
 */
int vvb_act(struct vvb_vf *vf, struct vvb_access *acc)
{
	if (READ_ONCE(vf->revoke.revoked)) {
		acc->handler = VVB_HANDLER_NOBODY;
		return -ENODEV;
	}
	switch (acc->verdict) {
	case VVB_EMULATE:
		acc->handler = VVB_HANDLER_BPF;
		return 0;
	case VVB_DENY:
		return vvb_act_deny(vf, acc);
	case VVB_DEFER:
		acc->handler = VVB_HANDLER_KERNEL;
		return vvb_owner_defer(vf, acc->value);
	default:
		return vvb_act_awake(vf, acc);
	}
}
