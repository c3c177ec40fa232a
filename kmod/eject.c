// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ejection: a policy that says what it may not, reports an error of its own, takes too long,
 * or that the operator has had enough of, is taken off the VF. It is asked nothing from that
 * moment on. Then policy.c unbinds it, unless it is let go of for another reason before, and
 * either tells the log, those who trace and the daemon. Selecting a policy again, the same or
 * another, ends that state. In the kernel, as a guest goes on without its policy at once.
 */
#include <linux/pci.h>
#include <vvb/names.h>

#include "claim.h"
#include "eject.h"
#include "stats.h"
#include "trace.h"

static const char *const vvb_ejection_names[] = { VVB_EJECTION_NAMES(VVB_NAME_AT, VVB_NAME_AT) };

/* What is known of the access; vf->eject.lock is held. */
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
 * vvb_eject_mark - a policy is asked nothing more for this VF
 * @vf:		the VF
 * @binding:	the policy's
 * @kind, @code, @message: why, see struct vvb_ejection
 * @acc:	the access at hand, NULL when there is none
 *
 * Context: any; rcu_read_lock_sched() or vvb_vfs_lock is held.
 * Return: false: it has been ejected before, which stands.
 */
bool vvb_eject_mark(struct vvb_vf *vf, struct vvb_binding *binding, enum vvb_ejection_kind kind,
		    s32 code, const char *message, const struct vvb_access *acc)
{
	struct vvb_ejection *e = &vf->eject.last;

	guard(raw_spinlock_irqsave)(&vf->eject.lock);
	if (binding->ejected)
		return false;
	WRITE_ONCE(binding->ejected, true);
	memset(e, 0, sizeof(*e));
	e->time_ns = ktime_get_real_ns();
	e->kind = kind;
	e->code = code;
	strscpy(e->policy, binding->ops->name, sizeof(e->policy));
	strscpy(e->message, message, sizeof(e->message));
	if (acc)
		vvb_eject_describe(e, acc);
	vvb_stats_event(vf, VVB_EV_EJECTED);
	return true;
}

/*
 * One line per ejection: a policy is ejected once, until root selects it or binds the VF again. The
 * message is anybody's bytes.
 */
static void vvb_eject_log(struct vvb_vf *vf, const struct vvb_ejection *e)
{
	struct pci_dev *pdev = vf->core.pdev;
	int len = strlen(e->message);

	if (e->access)
		pci_warn(pdev, "policy %s ejected, %s (%d): %*pE; %s of %s, %u bytes at %u\n",
			 e->policy, vvb_ejection_names[e->kind], e->code, len, e->message,
			 e->write ? "write" : "read", vvb_fields[e->field].name, e->width,
			 e->offset);
	else
		pci_warn(pdev, "policy %s ejected, %s: %*pE\n", e->policy,
			 vvb_ejection_names[e->kind], len, e->message);
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

	vf->eject.unbound = true;
	vvb_eject_report(vf, &e);
	vvb_eject_log(vf, &e);
	trace_vvb_policy(vf->id, e.policy, VVB_POLICY_EJECTED, e.code);
	vvb_claim_tell(vf);
}

/* A policy was selected: there is nothing to report. vvb_vfs_lock is held. */
void vvb_eject_rearm(struct vvb_vf *vf)
{
	vf->eject.unbound = false;
	guard(raw_spinlock_irq)(&vf->eject.lock);
	memset(&vf->eject.last, 0, sizeof(vf->eject.last));
}

/* The last ejection; kind is VVB_EJECTED_NOT when there is none. */
void vvb_eject_report(struct vvb_vf *vf, struct vvb_ejection *report)
{
	guard(raw_spinlock_irq)(&vf->eject.lock);
	*report = vf->eject.last;
}
