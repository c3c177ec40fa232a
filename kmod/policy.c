// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two hooks where BPF decides: the host-wide guard (fmod_ret) and the policies
 * (struct_ops), of which each VF selects one by name.
 *
 * A callback never sleeps and runs under rcu_read_lock(), so a policy that goes away is
 * taken off its VFs, one synchronize_rcu() passes, and nothing of it runs any more.
 * Select, registration, update and removal share vvb_vfs_lock. Callbacks don't take it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bpf.h>
#include <linux/bpf_verifier.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/slab.h>

#include "vvb.h"

struct vvb_policy {
	struct list_head node;
	const struct vvb_policy_ops *ops;
};

static LIST_HEAD(vvb_policies);
static const struct btf *vvb_btf;

/* Why there can be no policies, NULL when there can. */
const char *vvb_bpf_unavailable = "not registered";

BTF_ID_LIST_SINGLE(vvb_access_id, struct, vvb_access)

/* ---- the guard ---- */

__bpf_hook_start();

/**
 * vvb_guard - attach a fmod_ret program here to put a rule over every VF of the host
 * @acc:	the access; to be read only, a program that writes it is not loaded
 * @vf, @field, @write, @value: the same as scalars, as @acc is untrusted to the program
 *
 * The program returns an enum vvb_verdict: DEFAULT for no opinion; DENY, DIRECT and PUNT
 * for any access, NOTIFY for a write to queue_notify.
 */
noinline int vvb_guard(struct vvb_access *acc, u64 vf, u32 field, u32 write, u64 value)
{
	/* keeps the call and its arguments from being optimised away */
	asm volatile("" : : "r"(acc), "r"(vf), "r"(field), "r"(write), "r"(value));
	return VVB_DEFAULT;
}

__bpf_hook_end();

BTF_KFUNCS_START(vvb_guard_ids)
BTF_ID_FLAGS(func, vvb_guard)
BTF_KFUNCS_END(vvb_guard_ids)

static const struct btf_kfunc_id_set vvb_guard_set = {
	.owner = THIS_MODULE,
	.set = &vvb_guard_ids,
};

static enum vvb_verdict vvb_guard_decide(struct vvb_vf *vf, struct vvb_access *acc)
{
	int verdict = vvb_guard(acc, acc->vf, acc->field, acc->write, acc->value);

	if (likely(verdict == VVB_DEFAULT))
		return VVB_DEFAULT;
	if (verdict != VVB_EMULATE && vvb_verdict_legal(verdict, acc->field, acc->write))
		return verdict;
	vvb_stats_event(vf, VVB_EV_ILLEGAL_GUARD);
	return VVB_DEFAULT;
}

/* ---- decide and done ---- */

/**
 * vvb_policy_decide - guard, then the VF's policy
 * @vf:		the VF
 * @acc:	the access; the policy may change value and scratch
 * @generation:	out: which binding was asked, 0 for none; for vvb_policy_done()
 *
 * Return: a verdict that is legal for the access, VVB_DEFAULT when nobody had one.
 */
enum vvb_verdict vvb_policy_decide(struct vvb_vf *vf, struct vvb_access *acc, u32 *generation)
{
	enum vvb_verdict rule = vvb_guard_decide(vf, acc);
	const struct vvb_policy_ops *ops;
	u64 value = acc->value;
	int verdict;

	*generation = 0;
	if (rule != VVB_DEFAULT)
		return rule;
	rcu_read_lock();
	ops = rcu_dereference(vf->ops);
	if (!ops) {
		rcu_read_unlock();
		return VVB_DEFAULT;
	}
	*generation = READ_ONCE(vf->ops_generation);
	verdict = ops->access(acc);
	rcu_read_unlock();
	if (likely(verdict == VVB_DEFAULT || vvb_verdict_legal(verdict, acc->field, acc->write)))
		return verdict;
	vvb_stats_event(vf, VVB_EV_ILLEGAL_VERDICT);
	acc->value = value;
	return VVB_DEFAULT;
}

/**
 * vvb_policy_done - show the outcome to the policy that decided
 * @vf:		the VF
 * @acc:	a read's value may be changed by the policy
 * @generation:	from vvb_policy_decide(); another policy is not told
 */
void vvb_policy_done(struct vvb_vf *vf, struct vvb_access *acc, u32 generation)
{
	const struct vvb_policy_ops *ops;

	if (!generation)
		return;
	rcu_read_lock();
	ops = rcu_dereference(vf->ops);
	if (ops && ops->done && READ_ONCE(vf->ops_generation) == generation)
		ops->done(acc);
	rcu_read_unlock();
}

/* ---- which policy a VF runs; all under vvb_vfs_lock ---- */

static struct vvb_policy *vvb_policy_find(const char *name)
{
	struct vvb_policy *policy;

	list_for_each_entry(policy, &vvb_policies, node)
		if (!strcmp(policy->ops->name, name))
			return policy;
	return NULL;
}

static const struct vvb_policy_ops *vvb_policy_of(struct vvb_vf *vf)
{
	return rcu_dereference_protected(vf->ops, lockdep_is_held(&vvb_vfs_lock));
}

/* The generation is never 0, and changes before a reader can see the new pointer. */
static void vvb_policy_swap(struct vvb_vf *vf, const struct vvb_policy_ops *ops)
{
	WRITE_ONCE(vf->ops_generation, vf->ops_generation + 1 ?: 1);
	rcu_assign_pointer(vf->ops, ops);
}

static int vvb_policy_attach(struct vvb_vf *vf, const struct vvb_policy_ops *ops)
{
	int err = ops->attach ? ops->attach(vf->id) : 0;

	if (!err)
		return 0;
	return err < 0 && err >= -MAX_ERRNO ? err : -EPERM;
}

/*
 * Letting go of a policy takes two steps, so that many VFs share one grace period: take it
 * off, and, when no callback of it runs any more, tell it.
 */
static void vvb_policy_leave(struct vvb_vf *vf, const struct vvb_policy_ops *next)
{
	vf->leaving = vvb_policy_of(vf);
	vvb_policy_swap(vf, next);
}

static void vvb_policy_left(struct vvb_vf *vf)
{
	if (vf->leaving && vf->leaving->detach)
		vf->leaving->detach(vf->id);
	vf->leaving = NULL;
}

static void vvb_policy_replace(struct vvb_vf *vf, const struct vvb_policy_ops *next)
{
	vvb_policy_leave(vf, next);
	if (!vf->leaving)
		return;
	synchronize_rcu();
	vvb_policy_left(vf);
}

/**
 * vvb_policy_select - the operator names the policy of a VF
 * @vf:		bound
 * @name:	"none", or the name of a loaded policy
 *
 * Takes effect with the next access. On an error the VF keeps what it had.
 * Return: 0; -EOPNOTSUPP no BPF here; -ENOENT no such policy; or what its attach() said.
 */
int vvb_policy_select(struct vvb_vf *vf, const char *name)
{
	struct vvb_policy *policy;
	int err;

	guard(mutex)(&vvb_vfs_lock);
	if (!strcmp(name, "none")) {
		vvb_policy_replace(vf, NULL);
		vf->policy[0] = 0;
		return 0;
	}
	if (vvb_bpf_unavailable)
		return -EOPNOTSUPP;
	policy = vvb_policy_find(name);
	if (!policy)
		return -ENOENT;
	if (vvb_policy_of(vf) == policy->ops)
		return 0;
	err = vvb_policy_attach(vf, policy->ops);
	if (err)
		return err;
	strscpy(vf->policy, name, sizeof(vf->policy));
	vvb_policy_replace(vf, policy->ops);
	return 0;
}

/* The VF is going away: off the list and off its policy in one step, for vvb_ops_unreg(). */
void vvb_policy_release(struct vvb_vf *vf)
{
	guard(mutex)(&vvb_vfs_lock);
	list_del_init(&vf->node);
	vvb_policy_replace(vf, NULL);
}

const char *vvb_policy_state(struct vvb_vf *vf)
{
	guard(mutex)(&vvb_vfs_lock);
	if (!vf->policy[0])
		return "none";
	return vvb_policy_of(vf) ? "active" : "missing";
}

/* One line per loaded policy: its name and how many VFs run it. */
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
			users += vvb_policy_of(vf) == policy->ops;
		at += sysfs_emit_at(buf, at, "%s %u\n", policy->ops->name, users);
	}
	return at;
}

/* ---- struct_ops ---- */

static int vvb_ops_reg(void *kdata, struct bpf_link *link)
{
	const struct vvb_policy_ops *ops = kdata;
	struct vvb_policy *policy;
	struct vvb_vf *vf;

	policy = kzalloc(sizeof(*policy), GFP_KERNEL);
	if (!policy)
		return -ENOMEM;
	policy->ops = ops;
	mutex_lock(&vvb_vfs_lock);
	if (vvb_policy_find(ops->name)) {
		mutex_unlock(&vvb_vfs_lock);
		kfree(policy);
		return -EEXIST;
	}
	list_add_tail(&policy->node, &vvb_policies);
	/* VFs that still name it from an earlier life get it back */
	list_for_each_entry(vf, &vvb_vfs, node)
		if (!vvb_policy_of(vf) && !strcmp(vf->policy, ops->name) &&
		    !vvb_policy_attach(vf, ops))
			vvb_policy_swap(vf, ops);
	mutex_unlock(&vvb_vfs_lock);
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

static void vvb_ops_unreg(void *kdata, struct bpf_link *link)
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
	list_for_each_entry(vf, &vvb_vfs, node)
		if (vvb_policy_of(vf) == ops)
			vvb_policy_leave(vf, NULL);
	synchronize_rcu();
	list_for_each_entry(vf, &vvb_vfs, node)
		vvb_policy_left(vf);
}

/* Replace a policy in place: its VFs go over to the new one between two accesses. */
static int vvb_ops_update(void *kdata, void *old_kdata, struct bpf_link *link)
{
	const struct vvb_policy_ops *ops = kdata, *old = old_kdata;
	struct vvb_policy *policy;
	struct vvb_vf *vf;

	if (strcmp(ops->name, old->name))
		return -EINVAL;
	guard(mutex)(&vvb_vfs_lock);
	policy = vvb_policy_by_ops(old);
	if (!policy)
		return -ENOENT;
	policy->ops = ops;
	list_for_each_entry(vf, &vvb_vfs, node)
		if (vvb_policy_of(vf) == old)
			vvb_policy_swap(vf, ops);
	synchronize_rcu();
	return 0;
}

static bool vvb_name_valid(const char *name)
{
	size_t len = strnlen(name, VVB_POLICY_NAME_LEN);

	return len && len < VVB_POLICY_NAME_LEN && strcmp(name, "none") &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static int vvb_ops_init_member(const struct btf_type *t, const struct btf_member *member,
			       void *kdata, const void *udata)
{
	const struct vvb_policy_ops *from = udata;
	struct vvb_policy_ops *to = kdata;

	switch (__btf_member_bit_offset(t, member) / 8) {
	case offsetof(struct vvb_policy_ops, name):
		if (!vvb_name_valid(from->name))
			return -EINVAL;
		strscpy(to->name, from->name, sizeof(to->name));
		return 1;
	case offsetof(struct vvb_policy_ops, flags):
		if (from->flags)
			return -EINVAL;
		return 1;
	}
	return 0;
}

/* No callback may sleep: they run under rcu_read_lock() or the registry's lock. */
static int vvb_ops_check_member(const struct btf_type *t, const struct btf_member *member,
				const struct bpf_prog *prog)
{
	return prog->sleepable ? -EINVAL : 0;
}

static int vvb_ops_validate(void *kdata)
{
	const struct vvb_policy_ops *ops = kdata;

	return ops->access ? 0 : -EINVAL;
}

/* Called by register_bpf_struct_ops() only if the module has BTF of its own. */
static int vvb_ops_init(struct btf *btf)
{
	vvb_btf = btf;
	return 0;
}

static bool vvb_is_valid_access(int off, int size, enum bpf_access_type type,
				const struct bpf_prog *prog, struct bpf_insn_access_aux *info)
{
	return bpf_tracing_btf_ctx_access(off, size, type, prog, info);
}

#define VVB_WITHIN(off, size, member)                    \
	((off) >= offsetof(struct vvb_access, member) && \
	 (off) + (size) <= offsetofend(struct vvb_access, member))

static int vvb_btf_struct_access(struct bpf_verifier_log *log, const struct bpf_reg_state *reg,
				 int off, int size)
{
	if (reg->btf == vvb_btf && reg->btf_id == vvb_access_id[0] &&
	    (VVB_WITHIN(off, size, value) || VVB_WITHIN(off, size, scratch)))
		return SCALAR_VALUE;
	bpf_log(log, "vvb_access: only value and scratch are writable, not %d bytes at %d\n", size,
		off);
	return -EACCES;
}

static const struct bpf_verifier_ops vvb_verifier_ops = {
	.get_func_proto = bpf_base_func_proto,
	.is_valid_access = vvb_is_valid_access,
	.btf_struct_access = vvb_btf_struct_access,
};

static int vvb_stub_access(struct vvb_access *acc)
{
	return VVB_DEFAULT;
}

static void vvb_stub_done(struct vvb_access *acc)
{
}

static int vvb_stub_attach(u64 vf)
{
	return 0;
}

static void vvb_stub_detach(u64 vf)
{
}

static struct vvb_policy_ops vvb_cfi_stubs = {
	.access = vvb_stub_access,
	.done = vvb_stub_done,
	.attach = vvb_stub_attach,
	.detach = vvb_stub_detach,
};

static struct bpf_struct_ops vvb_struct_ops = {
	.verifier_ops = &vvb_verifier_ops,
	.init = vvb_ops_init,
	.check_member = vvb_ops_check_member,
	.init_member = vvb_ops_init_member,
	.validate = vvb_ops_validate,
	.reg = vvb_ops_reg,
	.unreg = vvb_ops_unreg,
	.update = vvb_ops_update,
	.cfi_stubs = &vvb_cfi_stubs,
	.name = "vvb_policy_ops",
	.owner = THIS_MODULE,
};

/**
 * vvb_policy_init - offer both hooks
 *
 * The driver is complete without them: a kernel that has no BTF, or refuses ours, leaves
 * NOTIFY and DIRECT, and the reason in the driver's `bpf` attribute. Registration returns
 * 0 without BTF too, so the proof is that .init was called.
 */
void vvb_policy_init(void)
{
	if (register_bpf_struct_ops(&vvb_struct_ops, vvb_policy_ops))
		vvb_bpf_unavailable = "the kernel refused the struct_ops type";
	else if (!vvb_btf)
		vvb_bpf_unavailable = "module has no BTF for this kernel";
	else if (register_btf_fmodret_id_set(&vvb_guard_set))
		vvb_bpf_unavailable = "the kernel refused the guard hook";
	else
		vvb_bpf_unavailable = NULL;
	if (vvb_bpf_unavailable)
		pr_warn("no BPF policies: %s\n", vvb_bpf_unavailable);
}
