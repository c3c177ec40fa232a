// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the BPF verifier has to know of us: the type of a policy (struct_ops), what its
 * programs may touch and call, and the function that a guard attaches to (fmod_ret). In the kernel,
 * as the verifier asks there.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bpf.h>
#include <linux/bpf_verifier.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>

#include "compat.h"
#include "context.h"
#include "decide.h"
#include "hooks.h"
#include "policy.h"

static const struct btf *vvb_btf;

/*
 * The type struct vvb_access, as the kernel numbers it. Where pahole gave the module a distilled
 * base (.BTF.base), its types are numbered anew as it is loaded; a BTF_ID_LIST would keep the old
 * numbers. So it comes from the verifier, see vvb_ops_check_member(); 0 is no type's.
 */
static u32 vvb_access_id;

/* ---- the guard ---- */

BTF_KFUNCS_START(vvb_guard_ids)
BTF_ID_FLAGS(func, vvb_guard)
BTF_KFUNCS_END(vvb_guard_ids)

static const struct btf_kfunc_id_set vvb_guard_set = {
	.owner = THIS_MODULE,
	.set = &vvb_guard_ids,
};

/* ---- what policies may call ---- */

__bpf_kfunc_start_defs();

/**
 * vvb_policy_error - a policy gives up on itself, and is ejected from the VF
 * @acc:	the access that it was called with
 * @code:	its own, for the report
 * @message__str: a constant string, for the report; cut after 79 characters
 *
 * The access that access() was asked about gets the kernel's default, whatever it returns;
 * what done() changed is undone.
 */
__bpf_kfunc void vvb_policy_error(struct vvb_access *acc, s32 code, const char *message__str)
{
	struct vvb_policy_arg *arg = container_of(acc, struct vvb_policy_arg, acc);

	arg->raised = true;
	arg->code = code;
	strscpy(arg->message, message__str, sizeof(arg->message));
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(vvb_kfunc_ids)
BTF_ID_FLAGS(func, vvb_policy_error, KF_TRUSTED_ARGS)
BTF_KFUNCS_END(vvb_kfunc_ids)

/*
 * They would be open to every struct_ops there is. The kernel asks about functions of this module
 * only, and this module has one type of struct_ops: what is attached to its BTF is a policy. No
 * number is compared, as those of vvb_kfunc_ids are the ones from before the module was loaded.
 */
static int vvb_kfunc_filter(const struct bpf_prog *prog, u32 kfunc_id)
{
	return prog->aux->attach_btf == vvb_btf ? 0 : -EACCES;
}

static const struct btf_kfunc_id_set vvb_kfunc_set = {
	.owner = THIS_MODULE,
	.set = &vvb_kfunc_ids,
	.filter = vvb_kfunc_filter,
};

/* ---- the type of a policy ---- */

static int vvb_ops_init_member(const struct btf_type *t, const struct btf_member *member,
			       void *kdata, const void *udata)
{
	const struct vvb_policy_ops *from = udata;
	struct vvb_policy_ops *to = kdata;

	switch (__btf_member_bit_offset(t, member) / 8) {
	case offsetof(struct vvb_policy_ops, name):
		if (!vvb_policy_name_valid(from->name))
			return -EINVAL;
		strscpy(to->name, from->name, sizeof(to->name));
		return 1;
	case offsetof(struct vvb_policy_ops, flags):
		if (from->flags & ~VVB_POLICY_STATELESS)
			return -EINVAL;
		to->flags = from->flags;
		return 1;
	case offsetof(struct vvb_policy_ops, interest):
		if (from->interest & ~VVB_INTEREST_ALL)
			return -EINVAL;
		to->interest = from->interest;
		return 1;
	}
	return 0;
}

/* The struct that the first parameter of a callback points at, 0 when it is no pointer. */
static u32 vvb_pointee(const struct btf_member *member)
{
	const struct btf_type *type = btf_type_by_id(vvb_btf, member->type); /* of a function */

	type = btf_type_by_id(vvb_btf, type->type);
	type = btf_type_by_id(vvb_btf, btf_params(type)[0].type);
	return btf_type_is_ptr(type) ? type->type : 0;
}

/*
 * A program that wants to be a callback. None may sleep: they run under rcu_read_lock_sched() or
 * vvb_vfs_lock.
 *
 * bpf_check() comes here, by way of check_attach_btf_id(), before it walks the program's
 * instructions (do_check_main()): vvb_access_id is known before any access is judged by it. Who
 * checks two programs at once finds the same number twice.
 */
static int vvb_ops_check_member(const struct btf_type *t, const struct btf_member *member,
				const struct bpf_prog *prog)
{
	if (prog->sleepable)
		return -EINVAL;
	switch (__btf_member_bit_offset(t, member) / 8) {
	case offsetof(struct vvb_policy_ops, access):
	case offsetof(struct vvb_policy_ops, done):
		WRITE_ONCE(vvb_access_id, vvb_pointee(member));
	}
	return 0;
}

static int vvb_ops_validate(void *kdata)
{
	const struct vvb_policy_ops *ops = kdata;

	if (!ops->access || (ops->flags & VVB_POLICY_STATELESS && (ops->attach || ops->detach)))
		return -EINVAL;
	return 0;
}

/* Called by register_bpf_struct_ops() only if the module has BTF of its own. */
static int vvb_ops_init(struct btf *btf)
{
	vvb_btf = btf;
	return 0;
}

#define VVB_WITHIN(off, size, member)                    \
	((off) >= offsetof(struct vvb_access, member) && \
	 (off) + (size) <= offsetofend(struct vvb_access, member))

/*
 * A policy writes. A pointer that it kept from an earlier call (a kptr in a map) points at what has
 * ended: only the one it was called with is trusted. The verifier of Linux 6.12.117 refuses the
 * other before it asks here, so that no test there shows this line.
 */
static int vvb_btf_struct_access(struct bpf_verifier_log *log, const struct bpf_reg_state *reg,
				 int off, int size)
{
	if (!(reg->type & PTR_TRUSTED)) {
		bpf_log(log, "vvb_access: only the access of this call is writable\n");
		return -EACCES;
	}
	if (reg->btf == vvb_btf && reg->btf_id == READ_ONCE(vvb_access_id) &&
	    (VVB_WITHIN(off, size, value) || VVB_WITHIN(off, size, scratch) ||
	     VVB_WITHIN(off, size, delay_us)))
		return SCALAR_VALUE;
	bpf_log(log, "vvb_access: value, scratch, delay_us are writable, not %d bytes at %d\n",
		size, off);
	return -EACCES;
}

static const struct bpf_verifier_ops vvb_verifier_ops = {
	.get_func_proto = bpf_base_func_proto,
	.is_valid_access = bpf_tracing_btf_ctx_access,
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
	.reg = vvb_policy_reg,
	.unreg = vvb_policy_unreg,
	.update = vvb_policy_update,
	.cfi_stubs = &vvb_cfi_stubs,
	.name = "vvb_policy_ops",
	.owner = THIS_MODULE,
};

/**
 * vvb_hooks_init - offer both hooks
 *
 * The driver is complete without them: a kernel that has no BTF, or refuses ours, leaves
 * NOTIFY and DIRECT, and the reason in the driver's `bpf` attribute. Registration returns
 * 0 without BTF too, so the proof is that .init was called.
 */
void vvb_hooks_init(void)
{
	if (register_bpf_struct_ops(&vvb_struct_ops, vvb_policy_ops))
		vvb_policy_unavailable = "the kernel refused the struct_ops type";
	else if (!vvb_btf)
		vvb_policy_unavailable = "module has no BTF for this kernel";
	else if (register_btf_fmodret_id_set(&vvb_guard_set))
		vvb_policy_unavailable = "the kernel refused the guard hook";
	else if (register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS, &vvb_kfunc_set))
		vvb_policy_unavailable = "the kernel refused the functions for policies";
	else
		vvb_policy_unavailable = NULL;
	if (vvb_policy_unavailable)
		pr_warn("no BPF policies: %s\n", vvb_policy_unavailable);
}
