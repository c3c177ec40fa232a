// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ejection: a policy that says what it may not, reports an error of its own, takes too long,
 * or that the operator has had enough of, is taken off the VF. It is asked nothing from that
 * moment on; a worker then unbinds it, prints one line and tells the daemon, unless it is let go
 * of for another reason before, which tells them as well. Selecting a policy again, the same or
 * another, ends that state.
 */
#include <linux/pci.h>
#include <vvb/names.h>

#include "trace.h"
#include "vvb.h"

static const char *const vvb_ejection_names[] = { VVB_EJECTION_NAMES(VVB_NAME_AT, VVB_NAME_AT) };

/* One for all VFs. */
static void vvb_eject_settle(struct work_struct *work)
{
	guard(mutex)(&vvb_vfs_lock);
	vvb_policy_settle();
}

static DECLARE_WORK(vvb_eject_work, vvb_eject_settle);

/* What is known of the access; report_lock is held. */
static void vvb_eject_describe(struct vvb_ejection *e, const struct vvb_access *acc)
{
	e->access = 1;
	e->seq = acc->seq;
	e->value = acc->value;
	e->epoch = acc->epoch;
	e->field = acc->field;
	e->offset = acc->offset;
	e->width = acc->width;
	e->write = acc->write;
	e->msix = acc->msix;
}

/**
 * vvb_eject - a policy decides nothing more for this VF
 * @vf:		the VF
 * @binding:	the policy's; what comes after the first time is ignored
 * @kind, @code, @message: why, see struct vvb_ejection
 * @acc:	the access at hand, NULL when there is none
 *
 * Context: any; rcu_read_lock_sched() or vvb_vfs_lock is held.
 */
void vvb_eject(struct vvb_vf *vf, struct vvb_binding *binding, enum vvb_ejection_kind kind,
	       s32 code, const char *message, const struct vvb_access *acc)
{
	struct vvb_ejection *e = &vf->ejection;
	unsigned long flags;
	bool first;

	raw_spin_lock_irqsave(&vf->report_lock, flags);
	first = !binding->ejected;
	if (first) {
		WRITE_ONCE(binding->ejected, true);
		memset(e, 0, sizeof(*e));
		e->vf = vf->id;
		e->time_ns = ktime_get_real_ns();
		e->kind = kind;
		e->code = code;
		strscpy(e->policy, binding->ops->name, sizeof(e->policy));
		strscpy(e->message, message, sizeof(e->message));
		if (acc)
			vvb_eject_describe(e, acc);
	}
	raw_spin_unlock_irqrestore(&vf->report_lock, flags);
	if (!first)
		return;
	vvb_stats_event(vf, VVB_EV_EJECTED);
	queue_work(system_unbound_wq, &vvb_eject_work);
}

/* One line per ejection: a policy is ejected once, until root selects it or binds the VF again. */
static void vvb_eject_log(struct vvb_vf *vf, const struct vvb_ejection *e)
{
	struct pci_dev *pdev = vf->core.pdev;

	if (e->access)
		pci_warn(pdev, "policy %s ejected, %s (%d): %s; %s of %s, %u bytes at %u\n",
			 e->policy, vvb_ejection_names[e->kind], e->code, e->message,
			 e->write ? "write" : "read", vvb_fields[e->field].name, e->width,
			 e->offset);
	else
		pci_warn(pdev, "policy %s ejected, %s: %s\n", e->policy,
			 vvb_ejection_names[e->kind], e->message);
}

/**
 * vvb_eject_tell - a policy that was ejected has been let go of
 * @vf:		no access is on its way that the policy could still be asked about
 *
 * Tells the log, those who trace and the daemon; VVB_IOC_EJECTION tells whoever asks.
 *
 * Context: vvb_vfs_lock is held.
 */
void vvb_eject_tell(struct vvb_vf *vf)
{
	struct vvb_ejection e;

	vf->ejected = true;
	vvb_eject_report(vf, &e);
	vvb_eject_log(vf, &e);
	trace_vvb_policy(vf->id, e.policy, VVB_POLICY_EJECTED, e.code);
	vvb_punt_tell(vf);
}

/**
 * vvb_eject_by_operator - the same at the operator's wish
 * @vf:		bound
 * @message:	why, for the report
 *
 * Context: sleeps. Return: 0, or -ENOENT when no policy decides for the VF.
 */
int vvb_eject_by_operator(struct vvb_vf *vf, const char *message)
{
	struct vvb_binding *binding;

	guard(mutex)(&vvb_vfs_lock);
	binding = rcu_dereference_protected(vf->active.binding, lockdep_is_held(&vvb_vfs_lock));
	if (!binding)
		return -ENOENT;
	vvb_eject(vf, binding, VVB_EJECTED_BY_OPERATOR, 0, message, NULL);
	return 0;
}

/* A policy was selected: there is nothing to report. vvb_vfs_lock is held. */
void vvb_eject_rearm(struct vvb_vf *vf)
{
	vf->ejected = false;
	raw_spin_lock_irq(&vf->report_lock);
	memset(&vf->ejection, 0, sizeof(vf->ejection));
	raw_spin_unlock_irq(&vf->report_lock);
}

/* The last ejection; kind is VVB_EJECTED_NOT when there is none. */
void vvb_eject_report(struct vvb_vf *vf, struct vvb_ejection *report)
{
	raw_spin_lock_irq(&vf->report_lock);
	*report = vf->ejection;
	raw_spin_unlock_irq(&vf->report_lock);
	report->vf = vf->id;
}

void vvb_eject_init(struct vvb_vf *vf)
{
	raw_spin_lock_init(&vf->report_lock);
}

/* There is no VF any more, so no work comes after this. */
void vvb_eject_exit(void)
{
	cancel_work_sync(&vvb_eject_work);
}
