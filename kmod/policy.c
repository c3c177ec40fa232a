// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which policies there are, and which of them a VF runs, as what. In the kernel, as it has to know
 * when no callback of one runs any more.
 *
 * Select, registration, update, removal and ejection share vvb_vfs_lock. Callbacks of a policy
 * run under rcu_read_lock_sched(), so that nothing of one that was taken off its VFs runs any more
 * once a synchronize_rcu() has passed; that lies between two changes of a slot's binding.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bpf.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "capable.h"
#include "eject.h"
#include "policy.h"
#include "settings.h"
#include "shadow.h"
#include "trace.h"
#include "vf.h"
#include "who.h"

struct vvb_policy {
	struct list_head node;
	const struct vvb_policy_ops *ops;
};

static LIST_HEAD(vvb_policies); /* under vvb_vfs_lock */

const char *vvb_policy_unavailable = "not registered";

/* May a policy be called so? */
bool vvb_policy_name_valid(const char *name)
{
	size_t len = strnlen(name, VVB_POLICY_NAME_LEN);

	return len && len < VVB_POLICY_NAME_LEN && strcmp(name, "none") &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

/* ---- bindings; all under vvb_vfs_lock ---- */

static struct vvb_policy *vvb_policy_find(const char *name)
{
	struct vvb_policy *policy;

	list_for_each_entry(policy, &vvb_policies, node)
		if (!strcmp(policy->ops->name, name))
			return policy;
	return NULL;
}

static struct vvb_binding *vvb_policy_bound(struct vvb_policy_slot *slot)
{
	return rcu_dereference_protected(slot->binding, lockdep_is_held(&vvb_vfs_lock));
}

static const struct vvb_policy_ops *vvb_policy_of(struct vvb_policy_slot *slot)
{
	struct vvb_binding *binding = vvb_policy_bound(slot);

	return binding ? binding->ops : NULL;
}

/* The one that is not in use: it has no reader left, see struct vvb_policy_slot. */
static struct vvb_binding *vvb_policy_spare(struct vvb_policy_slot *slot)
{
	return &slot->bindings[vvb_policy_bound(slot) == &slot->bindings[0]];
}

static void vvb_policy_bind(struct vvb_policy_slot *slot, const struct vvb_policy_ops *ops,
			    bool ejected)
{
	struct vvb_binding *next = vvb_policy_spare(slot);

	slot->generation = slot->generation + 1 ?: 1;
	*next = (struct vvb_binding) {
		.ops = ops,
		.generation = slot->generation,
		.done = ops->done ? slot->generation : 0,
		.interest = ops->interest ?: VVB_INTEREST_ALL,
		.ejected = ejected,
	};
	WRITE_ONCE(slot->interest, next->interest);
	rcu_assign_pointer(slot->binding, next);
}

static void vvb_policy_swap(struct vvb_policy_slot *slot, const struct vvb_policy_ops *ops)
{
	if (ops) {
		vvb_policy_bind(slot, ops, false);
		return;
	}
	WRITE_ONCE(slot->interest, 0);
	rcu_assign_pointer(slot->binding, NULL);
}

/* A shadow is stateless and has no attach(). */
static int vvb_policy_attach(struct vvb_vf *vf, const struct vvb_policy_ops *ops)
{
	int err = ops->attach ? ops->attach(vf->id) : 0;

	if (!err)
		return 0;
	return err < 0 && err >= -MAX_ERRNO ? err : -EPERM;
}

/*
 * Letting go of a policy takes two steps, so that many VFs share one grace period: take it
 * off, and, when no callback of it runs any more, tell it. Whatever it goes for: if it had been
 * ejected, that is told to everybody else now, as nobody would find out later.
 */
static void vvb_policy_unbind(struct vvb_policy_slot *slot, const struct vvb_policy_ops *next)
{
	slot->leaving = vvb_policy_bound(slot);
	vvb_policy_swap(slot, next);
}

static void vvb_policy_unbound(struct vvb_vf *vf, struct vvb_policy_slot *slot)
{
	struct vvb_binding *left = slot->leaving;

	slot->leaving = NULL;
	if (!left)
		return;
	if (left->ops->detach)
		left->ops->detach(vf->id);
	if (left->ejected)
		vvb_eject_tell(vf);
}

static void vvb_policy_replace(struct vvb_vf *vf, struct vvb_policy_slot *slot,
			       const struct vvb_policy_ops *next)
{
	vvb_policy_unbind(slot, next);
	if (!slot->leaving)
		return;
	synchronize_rcu();
	vvb_policy_unbound(vf, slot);
}

/* Let go of what was ejected, on every VF. */
static void vvb_policy_settle(void)
{
	struct vvb_binding *binding;
	struct vvb_vf *vf;
	bool any = false;

	list_for_each_entry(vf, &vvb_vfs, node) {
		binding = vvb_policy_bound(&vf->policy);
		if (!binding || !READ_ONCE(binding->ejected))
			continue;
		vvb_policy_unbind(&vf->policy, NULL);
		any = true;
	}
	if (!any)
		return;
	synchronize_rcu();
	list_for_each_entry(vf, &vvb_vfs, node)
		vvb_policy_unbound(vf, &vf->policy);
}

static void vvb_policy_settle_later(struct work_struct *work)
{
	guard(mutex)(&vvb_vfs_lock);
	vvb_policy_settle();
}

static DECLARE_WORK(vvb_policy_settler, vvb_policy_settle_later); /* for all VFs */

/**
 * vvb_policy_eject - a policy decides nothing more for this VF
 * @vf, @binding, @kind, @code, @message, @acc: as vvb_eject_mark()
 *
 * Context: as vvb_eject_mark().
 */
void vvb_policy_eject(struct vvb_vf *vf, struct vvb_binding *binding, enum vvb_ejection_kind kind,
		      s32 code, const char *message, const struct vvb_access *acc)
{
	if (vvb_eject_mark(vf, binding, kind, code, message, acc))
		schedule_work(&vvb_policy_settler);
}

/* There is no VF any more, so no work comes after this. */
void vvb_policy_exit(void)
{
	cancel_work_sync(&vvb_policy_settler);
}

/* ---- what a VF names already ---- */

/*
 * A slot that names this policy, and has had none, gets it. Where it is refused nobody waits for
 * an errno, so that is told, and shown.
 */
static void vvb_policy_resume(struct vvb_vf *vf, struct vvb_policy_slot *slot,
			      const struct vvb_policy_ops *ops)
{
	bool shadow = slot == &vf->shadow;
	int err;

	if (vvb_policy_of(slot) || strcmp(slot->name, ops->name) || (!shadow && vf->eject.unbound))
		return;
	if (shadow)
		err = ops->flags & VVB_POLICY_STATELESS ? 0 : -EINVAL;
	else
		err = vvb_policy_attach(vf, ops);
	slot->refusal = err;
	if (err)
		pci_warn(vf->core.pdev, "%s %s is not bound, it says %d: the kernel decides\n",
			 shadow ? "shadow" : "policy", ops->name, err);
	else
		vvb_policy_swap(slot, ops);
}

/* As a VF is bound. */
static void vvb_policy_resume_named(struct vvb_vf *vf, struct vvb_policy_slot *slot)
{
	struct vvb_policy *policy;

	if (!slot->name[0])
		return;
	policy = vvb_policy_find(slot->name);
	if (policy)
		vvb_policy_resume(vf, slot, policy->ops);
	else
		pci_warn(vf->core.pdev, "%s %s is not there yet: the kernel decides\n",
			 slot == &vf->shadow ? "shadow" : "policy", slot->name);
}

/* A VF is bound, with its settings. vvb_vfs_lock is held. */
void vvb_policy_join(struct vvb_vf *vf)
{
	vf->policy.name = vf->set->policy;
	vf->shadow.name = vf->set->shadow;
	vvb_policy_resume_named(vf, &vf->policy);
	vvb_policy_resume_named(vf, &vf->shadow);
}

/* ---- at the operator's wish ---- */

/* It has been named; what was said of the one before is over. */
static void vvb_policy_selected(struct vvb_vf *vf, struct vvb_policy_slot *slot, const char *name)
{
	strscpy(slot->name, name, VVB_POLICY_NAME_LEN);
	slot->refusal = 0;
	if (slot == &vf->shadow) {
		vvb_shadow_restart(vf);
		return;
	}
	vvb_eject_rearm(vf);
	trace_vvb_policy(vf->id, name, VVB_POLICY_SELECTED, 0);
}

/**
 * vvb_policy_select - the operator names the policy of a VF, or its shadow
 * @vf:		bound
 * @slot:	&vf->policy or &vf->shadow
 * @name:	"none", or the name of a loaded policy
 *
 * Takes effect with the next access. On an error the VF keeps what it had. Naming an ejected
 * policy puts it back in place.
 * Return: 0; -EOPNOTSUPP no BPF here; -ENOENT no such policy; -EINVAL a shadow that is not
 * stateless; -ENODEV the VF has been unbound meanwhile; or what its attach() said.
 */
int vvb_policy_select(struct vvb_vf *vf, struct vvb_policy_slot *slot, const char *name)
{
	const struct vvb_policy_ops *ops;
	struct vvb_policy *policy;
	int err;

	guard(mutex)(&vvb_vfs_lock);
	if (list_empty(&vf->node))
		return -ENODEV;
	/* what was ejected is let go of before it, or another, is attached */
	vvb_policy_settle();
	if (!strcmp(name, "none")) {
		vvb_policy_replace(vf, slot, NULL);
		vvb_policy_selected(vf, slot, "");
		return 0;
	}
	if (vvb_policy_unavailable)
		return -EOPNOTSUPP;
	policy = vvb_policy_find(name);
	if (!policy)
		return -ENOENT;
	ops = policy->ops;
	if (slot == &vf->shadow && !(ops->flags & VVB_POLICY_STATELESS))
		return -EINVAL;
	if (vvb_policy_of(slot) == ops)
		return 0;
	err = vvb_policy_attach(vf, ops);
	if (err)
		return err;
	vvb_policy_replace(vf, slot, ops);
	vvb_policy_selected(vf, slot, name);
	return 0;
}

/* The VF goes away, it is off the list. vvb_vfs_lock is held; sleeps. */
void vvb_policy_leave(struct vvb_vf *vf)
{
	vvb_policy_replace(vf, &vf->policy, NULL);
	vvb_policy_replace(vf, &vf->shadow, NULL);
}

/**
 * vvb_policy_eject_by_operator - eject the VF's policy at the operator's wish
 * @vf:		bound
 * @message:	why, for the report
 *
 * Context: sleeps. Return: 0, or -ENOENT when no policy decides for the VF.
 */
int vvb_policy_eject_by_operator(struct vvb_vf *vf, const char *message)
{
	struct vvb_binding *binding;

	guard(mutex)(&vvb_vfs_lock);
	binding = vvb_policy_bound(&vf->policy);
	if (!binding)
		return -ENOENT;
	vvb_policy_eject(vf, binding, VVB_EJECTED_BY_OPERATOR, 0, message, NULL);
	return 0;
}

/* Has the VF a legacy interface, of which its policy could be asked, or would it, once open? */
static bool vvb_policy_asked(struct vvb_vf *vf)
{
	enum vvb_owner_kind owner;
	const char *why;

	scoped_guard(spinlock, &vf->state.lock)
		if (vf->state.opened)
			return vf->state.transitional;
	return vf->set->legacy != VVB_LEGACY_OFF && vvb_capable(vf, &owner, &why) != VVB_LEGACY_OFF;
}

static const char *vvb_policy_state_locked(struct vvb_vf *vf)
{
	struct vvb_binding *binding;

	if (!vf->policy.name[0])
		return "none";
	binding = vvb_policy_bound(&vf->policy);
	if (vf->eject.unbound || (binding && READ_ONCE(binding->ejected)))
		return "ejected";
	if (binding)
		return vvb_policy_asked(vf) ? "active" : "idle";
	return vf->policy.refusal ? "refused" : "missing";
}

const char *vvb_policy_state(struct vvb_vf *vf)
{
	guard(mutex)(&vvb_vfs_lock);
	return vvb_policy_state_locked(vf);
}

/**
 * vvb_policy_admit - may a VF be opened, as far as its policy goes?
 * @vf:		about to be opened
 *
 * Context: sleeps; takes vvb_vfs_lock.
 * Return: 0; -EUNATCH: policy_required, and the policy that is named does not decide. No other way
 * to fail an open has that errno, so that a VMM's message alone tells.
 */
int vvb_policy_admit(struct vvb_vf *vf)
{
	const char *state;

	guard(mutex)(&vvb_vfs_lock);
	if (vf->set->policy_required == VVB_REQUIRED_NO)
		return 0;
	state = vvb_policy_state_locked(vf);
	if (!strcmp(state, "active"))
		return 0;
	if (vf->policy.name[0])
		dev_warn_ratelimited(vf->core.vdev.dev,
				     "not opened: policy_required, and policy %s is %s\n",
				     vf->policy.name, state);
	else
		dev_warn_ratelimited(vf->core.vdev.dev,
				     "not opened: policy_required, and no policy is selected\n");
	return -EUNATCH;
}

/* One line per loaded policy: its name, and how many VFs run it, shadows included. */
ssize_t vvb_policy_list(char *buf)
{
	struct vvb_policy *policy;
	unsigned int users;
	struct vvb_vf *vf;
	ssize_t at = 0;

	guard(mutex)(&vvb_vfs_lock);
	list_for_each_entry(policy, &vvb_policies, node) {
		users = 0;
		list_for_each_entry(vf, &vvb_vfs, node)
			users += vvb_policy_of(&vf->policy) == policy->ops ||
				 vvb_policy_of(&vf->shadow) == policy->ops;
		at += sysfs_emit_at(buf, at, "%s %u\n", policy->ops->name, users);
	}
	return at;
}

/* ---- what is loaded; called by the BPF core under a lock of its own ---- */

/* For those who trace, and in the kernel's log for whoever asks later. */
static void vvb_policy_tell(const char *name, u32 event, const char *what)
{
	char who[VVB_WHO_LEN];

	trace_vvb_policy(0, name, event, 0);
	pr_info("policy %s %s, by %s\n", name, what, vvb_who(who));
}

/* A policy is there: VFs that name it get it. Return: 0; -EEXIST its name is taken; -ENOMEM. */
int vvb_policy_reg(void *kdata, struct bpf_link *link)
{
	const struct vvb_policy_ops *ops = kdata;
	struct vvb_policy *policy __free(kfree) = kzalloc(sizeof(*policy), GFP_KERNEL);
	struct vvb_vf *vf;

	if (!policy)
		return -ENOMEM;
	policy->ops = ops;
	guard(mutex)(&vvb_vfs_lock);
	if (vvb_policy_find(ops->name))
		return -EEXIST;
	list_add_tail(&no_free_ptr(policy)->node, &vvb_policies);
	list_for_each_entry(vf, &vvb_vfs, node) {
		vvb_policy_resume(vf, &vf->policy, ops);
		vvb_policy_resume(vf, &vf->shadow, ops);
	}
	vvb_policy_tell(ops->name, VVB_POLICY_LOADED, "loaded");
	return 0;
}

/* A policy goes: its VFs keep its name and have the default. */
void vvb_policy_unreg(void *kdata, struct bpf_link *link)
{
	const struct vvb_policy_ops *ops = kdata;
	struct vvb_policy *policy;
	struct vvb_vf *vf;

	guard(mutex)(&vvb_vfs_lock);
	policy = vvb_policy_find(ops->name);
	if (!policy || policy->ops != ops)
		return;
	list_del(&policy->node);
	kfree(policy);
	list_for_each_entry(vf, &vvb_vfs, node) {
		if (vvb_policy_of(&vf->policy) == ops)
			vvb_policy_unbind(&vf->policy, NULL);
		if (vvb_policy_of(&vf->shadow) == ops)
			vvb_policy_swap(&vf->shadow, NULL);
		if (!strcmp(vf->policy.name, ops->name))
			vf->policy.refusal = 0;
	}
	synchronize_rcu();
	list_for_each_entry(vf, &vvb_vfs, node)
		vvb_policy_unbound(vf, &vf->policy);
	vvb_policy_tell(ops->name, VVB_POLICY_UNLOADED, "unloaded");
}

/*
 * Replace a policy in place: its VFs go over to the new one between two accesses. It keeps
 * its name, and stays stateless where it is a shadow. Where it has been ejected, the new one is
 * asked nothing either.
 */
int vvb_policy_update(void *kdata, void *old_kdata, struct bpf_link *link)
{
	const struct vvb_policy_ops *ops = kdata, *old = old_kdata;
	struct vvb_policy *policy;
	struct vvb_vf *vf;

	if (strcmp(ops->name, old->name) || ops->flags != old->flags)
		return -EINVAL;
	guard(mutex)(&vvb_vfs_lock);
	policy = vvb_policy_find(old->name);
	if (!policy || policy->ops != old)
		return -ENOENT;
	policy->ops = ops;
	list_for_each_entry(vf, &vvb_vfs, node) {
		if (vvb_policy_of(&vf->policy) == old)
			vvb_policy_bind(&vf->policy, ops,
					READ_ONCE(vvb_policy_bound(&vf->policy)->ejected));
		if (vvb_policy_of(&vf->shadow) == old)
			vvb_policy_swap(&vf->shadow, ops);
	}
	synchronize_rcu();
	/* the version before was ejected, at the last moment even: that holds for its successor */
	list_for_each_entry(vf, &vvb_vfs, node)
		if (vvb_policy_of(&vf->policy) == ops && vvb_policy_spare(&vf->policy)->ejected)
			WRITE_ONCE(vvb_policy_bound(&vf->policy)->ejected, true);
	vvb_policy_settle();
	vvb_policy_tell(ops->name, VVB_POLICY_UPDATED, "replaced");
	return 0;
}
