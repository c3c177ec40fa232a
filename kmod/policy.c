// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which policies there are, and which of them a VF runs, as what.
 *
 * Select, registration, update, removal and ejection share vvb_vfs_lock. Callbacks of a policy
 * run under rcu_read_lock_sched(), so that nothing of one that was taken off its VFs runs any more
 * once a synchronize_rcu() has passed; that lies between two changes of a role's binding.
 */
#include <linux/bpf.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "policy.h"
#include "trace.h"
#include "vvb.h"

struct vvb_policy {
	struct list_head node;
	const struct vvb_policy_ops *ops;
};

static LIST_HEAD(vvb_policies);

/* ---- bindings; all under vvb_vfs_lock ---- */

static struct vvb_policy *vvb_policy_find(const char *name)
{
	struct vvb_policy *policy;

	list_for_each_entry(policy, &vvb_policies, node)
		if (!strcmp(policy->ops->name, name))
			return policy;
	return NULL;
}

static struct vvb_binding *vvb_binding(struct vvb_role *role)
{
	return rcu_dereference_protected(role->binding, lockdep_is_held(&vvb_vfs_lock));
}

static const struct vvb_policy_ops *vvb_policy_of(struct vvb_role *role)
{
	struct vvb_binding *binding = vvb_binding(role);

	return binding ? binding->ops : NULL;
}

/* The slot that is not in use: it has no reader left, see struct vvb_role. */
static struct vvb_binding *vvb_policy_spare(struct vvb_role *role)
{
	return &role->slots[vvb_binding(role) == &role->slots[0]];
}

static void vvb_policy_bind(struct vvb_role *role, const struct vvb_policy_ops *ops, bool ejected)
{
	struct vvb_binding *next = vvb_policy_spare(role);

	role->generation = role->generation + 1 ?: 1;
	*next = (struct vvb_binding) {
		.ops = ops,
		.generation = role->generation,
		.ejected = ejected,
	};
	rcu_assign_pointer(role->binding, next);
}

static void vvb_policy_swap(struct vvb_role *role, const struct vvb_policy_ops *ops)
{
	if (ops)
		vvb_policy_bind(role, ops, false);
	else
		rcu_assign_pointer(role->binding, NULL);
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
static void vvb_policy_leave(struct vvb_role *role, const struct vvb_policy_ops *next)
{
	role->leaving = vvb_binding(role);
	vvb_policy_swap(role, next);
}

static void vvb_policy_left(struct vvb_vf *vf, struct vvb_role *role)
{
	struct vvb_binding *left = role->leaving;

	role->leaving = NULL;
	if (!left)
		return;
	if (left->ops->detach)
		left->ops->detach(vf->id);
	if (left->ejected)
		vvb_eject_tell(vf);
}

static void vvb_policy_replace(struct vvb_vf *vf, struct vvb_role *role,
			       const struct vvb_policy_ops *next)
{
	vvb_policy_leave(role, next);
	if (!role->leaving)
		return;
	synchronize_rcu();
	vvb_policy_left(vf, role);
}

/**
 * vvb_policy_settle - let go of what was ejected, on every VF
 *
 * Context: vvb_vfs_lock is held; sleeps.
 */
void vvb_policy_settle(void)
{
	struct vvb_binding *binding;
	struct vvb_vf *vf;
	bool any = false;

	list_for_each_entry(vf, &vvb_vfs, node) {
		binding = vvb_binding(&vf->active);
		if (!binding || !READ_ONCE(binding->ejected))
			continue;
		vvb_policy_leave(&vf->active, NULL);
		any = true;
	}
	if (!any)
		return;
	synchronize_rcu();
	list_for_each_entry(vf, &vvb_vfs, node)
		vvb_policy_left(vf, &vf->active);
}

/* ---- what a VF names already ---- */

/*
 * A role that names this policy, and has had none, gets it. Where it is refused nobody waits for
 * an errno, so that is told, and shown.
 */
static void vvb_policy_resume(struct vvb_vf *vf, struct vvb_role *role,
			      const struct vvb_policy_ops *ops)
{
	bool shadow = role == &vf->shadow;
	int err;

	if (vvb_policy_of(role) || strcmp(role->name, ops->name) || (!shadow && vf->ejected))
		return;
	if (shadow)
		err = ops->flags & VVB_POLICY_STATELESS ? 0 : -EINVAL;
	else
		err = vvb_policy_attach(vf, ops);
	role->refusal = err;
	if (err)
		pci_warn(vf->core.pdev, "%s %s is not bound, it says %d: the kernel decides\n",
			 shadow ? "shadow" : "policy", ops->name, err);
	else
		vvb_policy_swap(role, ops);
}

/* As a VF is bound. */
static void vvb_policy_resume_named(struct vvb_vf *vf, struct vvb_role *role)
{
	struct vvb_policy *policy;

	if (!role->name[0])
		return;
	policy = vvb_policy_find(role->name);
	if (policy)
		vvb_policy_resume(vf, role, policy->ops);
	else
		pci_warn(vf->core.pdev, "%s %s is not there yet: the kernel decides\n",
			 role == &vf->shadow ? "shadow" : "policy", role->name);
}

/**
 * vvb_policy_join - a VF is bound: on the list, with the settings of its address
 * @vf:		identified
 *
 * Context: sleeps. Return: 0, or as vvb_settings_of().
 */
int vvb_policy_join(struct vvb_vf *vf)
{
	struct vvb_settings *set;

	guard(mutex)(&vvb_vfs_lock);
	set = vvb_settings_of(vf->id);
	if (IS_ERR(set))
		return PTR_ERR(set);
	vf->set = set;
	vf->active.name = set->policy;
	vf->shadow.name = set->shadow;
	list_add_tail(&vf->node, &vvb_vfs);
	vvb_policy_resume_named(vf, &vf->active);
	vvb_policy_resume_named(vf, &vf->shadow);
	return 0;
}

/* ---- at the operator's wish ---- */

/* It has been named; what was said of the one before is over. */
static void vvb_policy_selected(struct vvb_vf *vf, struct vvb_role *role, const char *name)
{
	strscpy(role->name, name, VVB_POLICY_NAME_LEN);
	role->refusal = 0;
	if (role == &vf->shadow) {
		vvb_shadow_restart(vf);
		return;
	}
	vvb_eject_rearm(vf);
	trace_vvb_policy(vf->id, name, VVB_POLICY_SELECTED, 0);
}

/**
 * vvb_policy_select - the operator names the policy of a VF, or its shadow
 * @vf:		bound
 * @role:	&vf->active or &vf->shadow
 * @name:	"none", or the name of a loaded policy
 *
 * Takes effect with the next access. On an error the VF keeps what it had. Naming an ejected
 * policy puts it back in place.
 * Return: 0; -EOPNOTSUPP no BPF here; -ENOENT no such policy; -EINVAL a shadow that is not
 * stateless; -ENODEV the VF has been unbound meanwhile; or what its attach() said.
 */
int vvb_policy_select(struct vvb_vf *vf, struct vvb_role *role, const char *name)
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
		vvb_policy_replace(vf, role, NULL);
		vvb_policy_selected(vf, role, "");
		return 0;
	}
	if (vvb_bpf_unavailable)
		return -EOPNOTSUPP;
	policy = vvb_policy_find(name);
	if (!policy)
		return -ENOENT;
	ops = policy->ops;
	if (role == &vf->shadow && !(ops->flags & VVB_POLICY_STATELESS))
		return -EINVAL;
	if (vvb_policy_of(role) == ops)
		return 0;
	err = vvb_policy_attach(vf, ops);
	if (err)
		return err;
	vvb_policy_replace(vf, role, ops);
	vvb_policy_selected(vf, role, name);
	return 0;
}

/* The VF is going away: off the list and off its policies in one step, for vvb_policy_unreg(). */
void vvb_policy_release(struct vvb_vf *vf)
{
	guard(mutex)(&vvb_vfs_lock);
	list_del_init(&vf->node);
	vvb_policy_replace(vf, &vf->active, NULL);
	vvb_policy_replace(vf, &vf->shadow, NULL);
}

const char *vvb_policy_state(struct vvb_vf *vf)
{
	struct vvb_binding *binding;

	guard(mutex)(&vvb_vfs_lock);
	if (!vf->active.name[0])
		return "none";
	binding = vvb_binding(&vf->active);
	if (vf->ejected || (binding && READ_ONCE(binding->ejected)))
		return "ejected";
	if (binding)
		return "active";
	return vf->active.refusal ? "refused" : "missing";
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
			users += vvb_policy_of(&vf->active) == policy->ops ||
				 vvb_policy_of(&vf->shadow) == policy->ops;
		at += sysfs_emit_at(buf, at, "%s %u\n", policy->ops->name, users);
	}
	return at;
}

/* ---- what is loaded; called by the BPF core under a lock of its own ---- */

/* VFs that still name it from an earlier life get it back. */
static void vvb_policy_return(const struct vvb_policy_ops *ops)
{
	struct vvb_vf *vf;

	list_for_each_entry(vf, &vvb_vfs, node) {
		vvb_policy_resume(vf, &vf->active, ops);
		vvb_policy_resume(vf, &vf->shadow, ops);
	}
}

/* A policy is there. Return: 0; -EEXIST its name is taken; -ENOMEM. */
int vvb_policy_reg(void *kdata, struct bpf_link *link)
{
	const struct vvb_policy_ops *ops = kdata;
	struct vvb_policy *policy = kzalloc(sizeof(*policy), GFP_KERNEL);

	if (!policy)
		return -ENOMEM;
	policy->ops = ops;
	guard(mutex)(&vvb_vfs_lock);
	if (vvb_policy_find(ops->name)) {
		kfree(policy);
		return -EEXIST;
	}
	list_add_tail(&policy->node, &vvb_policies);
	vvb_policy_return(ops);
	trace_vvb_policy(0, ops->name, VVB_POLICY_LOADED, 0);
	return 0;
}

static struct vvb_policy *vvb_policy_by_ops(const struct vvb_policy_ops *ops)
{
	struct vvb_policy *policy;

	list_for_each_entry(policy, &vvb_policies, node)
		if (policy->ops == ops)
			return policy;
	return NULL;
}

/* A policy goes: its VFs keep its name and have the default. */
void vvb_policy_unreg(void *kdata, struct bpf_link *link)
{
	const struct vvb_policy_ops *ops = kdata;
	struct vvb_policy *policy;
	struct vvb_vf *vf;

	guard(mutex)(&vvb_vfs_lock);
	policy = vvb_policy_by_ops(ops);
	if (!policy)
		return;
	list_del(&policy->node);
	kfree(policy);
	list_for_each_entry(vf, &vvb_vfs, node) {
		if (vvb_policy_of(&vf->active) == ops)
			vvb_policy_leave(&vf->active, NULL);
		if (vvb_policy_of(&vf->shadow) == ops)
			vvb_policy_swap(&vf->shadow, NULL);
		if (!strcmp(vf->active.name, ops->name))
			vf->active.refusal = 0;
	}
	synchronize_rcu();
	list_for_each_entry(vf, &vvb_vfs, node)
		vvb_policy_left(vf, &vf->active);
	trace_vvb_policy(0, ops->name, VVB_POLICY_UNLOADED, 0);
}

/* The version before was ejected, at the last moment even: that holds for its successor. */
static void vvb_policy_inherit(struct vvb_role *role)
{
	if (vvb_policy_spare(role)->ejected)
		WRITE_ONCE(vvb_binding(role)->ejected, true);
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
	policy = vvb_policy_by_ops(old);
	if (!policy)
		return -ENOENT;
	policy->ops = ops;
	list_for_each_entry(vf, &vvb_vfs, node) {
		if (vvb_policy_of(&vf->active) == old)
			vvb_policy_bind(&vf->active, ops,
					READ_ONCE(vvb_binding(&vf->active)->ejected));
		if (vvb_policy_of(&vf->shadow) == old)
			vvb_policy_swap(&vf->shadow, ops);
	}
	synchronize_rcu();
	list_for_each_entry(vf, &vvb_vfs, node)
		if (vvb_policy_of(&vf->active) == ops)
			vvb_policy_inherit(&vf->active);
	vvb_policy_settle();
	trace_vvb_policy(0, ops->name, VVB_POLICY_UPDATED, 0);
	return 0;
}
