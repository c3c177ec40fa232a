// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decide: the host-wide guard is asked first, then the policy that the VF selected. Nothing
 * they say is used unchecked. What a policy may not say ends it for that VF, and the kernel's
 * default answers that same access. In the kernel, as here it is checked what BPF says.
 *
 * Callbacks run with preemption off: they can't sleep, what they take is their own doing, and
 * a policy that was taken off a VF has none running one grace period later.
 */
#include <linux/btf.h>
#include <linux/sched/clock.h>

#include "context.h"
#include "decide.h"
#include "policy.h"
#include "settings.h"
#include "shadow.h"
#include "stats.h"

#define VVB_BUDGET_SAMPLE 63 /* of the control accesses one in 64 is timed */
#define VVB_BUDGET_STRIKES 4 /* too slow so often in a row, and the policy goes */

/* ---- the guard ---- */

__bpf_hook_start();

/**
 * vvb_guard - attach a fmod_ret program here to put a rule over every VF of the host
 * @acc:	the access; to be read only, a program that writes it is not loaded
 * @vf, @field, @write, @value: the same as scalars, as @acc is untrusted to the program
 *
 * The program returns an enum vvb_verdict: DEFAULT for no opinion; DENY, DIRECT and PUNT
 * for any access, NOTIFY for a write to queue_notify. It runs with preemption off, see
 * vvb_access_decide(): what it takes, the host's CPU is gone for.
 */
noinline int vvb_guard(struct vvb_access *acc, u64 vf, u32 field, u32 write, u64 value)
{
	/* keeps the call and its arguments from being optimised away */
	asm volatile("" : : "r"(acc), "r"(vf), "r"(field), "r"(write), "r"(value));
	return VVB_DEFAULT;
}

__bpf_hook_end();

/* A guard restricts or redirects; it has no value to give and nothing to put off. */
static bool vvb_guard_may(int verdict, const struct vvb_access *acc)
{
	switch (verdict) {
	case VVB_NOTIFY:
	case VVB_DIRECT:
	case VVB_PUNT:
	case VVB_DENY:
		return vvb_verdict_legal(verdict, acc->field, acc->write);
	default:
		return false;
	}
}

/* What the guard said, if it may say so. */
enum vvb_verdict vvb_decide_guard(struct vvb_vf *vf, struct vvb_access *acc, int rule)
{
	if (vvb_guard_may(rule, acc))
		return rule;
	vvb_stats_event(vf, VVB_EV_ILLEGAL_GUARD);
	return VVB_DEFAULT;
}

/* ---- the policy; rcu_read_lock_sched() is held ---- */

/*
 * Of the control accesses that a policy is asked about one in so many is taken, access() and
 * done(), of the notifies those that are timed anyway. @asked: one more.
 */
static __always_inline bool vvb_budget_sampled(struct vvb_binding *binding,
					       const struct vvb_access_ctx *ctx, bool asked)
{
	if (vvb_is_kick(&ctx->arg.acc))
		return unlikely(ctx->start_ns);
	binding->asked += asked;
	return unlikely(!(binding->asked & VVB_BUDGET_SAMPLE));
}

/* Known only afterwards: did the callback take longer than it may, once again? */
static void vvb_budget_end(struct vvb_vf *vf, struct vvb_binding *binding, u64 start,
			   const struct vvb_access *acc)
{
	u32 budget = READ_ONCE(vf->set->policy_budget_us);
	u64 us;
	u8 slow;

	if (!budget)
		return;
	us = div_u64(local_clock() - start, NSEC_PER_USEC);
	if (us <= budget) {
		WRITE_ONCE(binding->slow, 0);
		return;
	}
	/* kicks on two CPUs may count as one */
	slow = READ_ONCE(binding->slow) + 1;
	WRITE_ONCE(binding->slow, slow);
	if (slow >= VVB_BUDGET_STRIKES)
		vvb_policy_eject(
			vf, binding, VVB_EJECTED_OVER_BUDGET, min_t(u64, us, S32_MAX),
			"callbacks took longer than policy_budget_us, microseconds of the last",
			acc);
}

static noinline int vvb_policy_access_timed(struct vvb_vf *vf, struct vvb_binding *binding,
					    struct vvb_access *acc)
{
	u64 start = local_clock();
	int verdict = binding->ops->access(acc);

	vvb_budget_end(vf, binding, start, acc);
	return verdict;
}

static noinline void vvb_policy_done_timed(struct vvb_vf *vf, struct vvb_binding *binding,
					   struct vvb_access *acc)
{
	u64 start = local_clock();

	binding->ops->done(acc);
	vvb_budget_end(vf, binding, start, acc);
}

/* The policy gave up on itself, or said what it may not: it goes, and has changed nothing. */
static noinline void vvb_policy_failed(struct vvb_vf *vf, struct vvb_binding *binding,
				       struct vvb_access_ctx *ctx, int verdict, u64 value)
{
	struct vvb_policy_arg *arg = &ctx->arg;

	arg->acc.value = value;
	arg->acc.delay_us = 0;
	ctx->generation = 0;
	if (arg->raised) {
		vvb_policy_eject(vf, binding, VVB_EJECTED_ERROR, arg->code, arg->message,
				 &arg->acc);
		return;
	}
	vvb_stats_event(vf, VVB_EV_ILLEGAL_VERDICT);
	vvb_policy_eject(vf, binding, VVB_EJECTED_ILLEGAL_VERDICT, verdict,
			 "access() returned what is no verdict for this register", &arg->acc);
}

/* What the policy has to say: a legal verdict, or DEFAULT, and in the end it is gone. */
static enum vvb_verdict vvb_policy_decide(struct vvb_vf *vf, struct vvb_access_ctx *ctx,
					  u32 interest)
{
	struct vvb_binding *binding = rcu_dereference_sched(vf->policy.binding);
	struct vvb_policy_arg *arg = &ctx->arg;
	u64 value = arg->acc.value;
	int verdict;

	if (!binding || READ_ONCE(binding->ejected) || !(binding->interest & interest))
		return VVB_DEFAULT;
	ctx->generation = binding->done;
	arg->raised = false;
	if (vvb_budget_sampled(binding, ctx, true))
		verdict = vvb_policy_access_timed(vf, binding, &arg->acc);
	else
		verdict = binding->ops->access(&arg->acc);
	arg->acc.value &= vvb_all_ones(arg->acc.width);
	if (likely(!arg->raised && (verdict == VVB_DEFAULT || vvb_verdict_may(verdict, interest))))
		return verdict;
	vvb_policy_failed(vf, binding, ctx, verdict, value);
	return VVB_DEFAULT;
}

static void vvb_policy_done(struct vvb_vf *vf, struct vvb_access_ctx *ctx)
{
	struct vvb_binding *binding = rcu_dereference_sched(vf->policy.binding);
	struct vvb_policy_arg *arg = &ctx->arg;
	u64 value = arg->acc.value;

	if (!binding || binding->generation != ctx->generation || READ_ONCE(binding->ejected))
		return;
	arg->raised = false;
	if (vvb_budget_sampled(binding, ctx, false))
		vvb_policy_done_timed(vf, binding, &arg->acc);
	else
		binding->ops->done(&arg->acc);
	arg->acc.value &= vvb_all_ones(arg->acc.width);
	if (likely(!arg->raised))
		return;
	arg->acc.value = value;
	vvb_policy_eject(vf, binding, VVB_EJECTED_ERROR, arg->code, arg->message, &arg->acc);
}

/* ---- for access.h ---- */

/* A policy, or a shadow, has this @interest. rcu_read_lock_sched() is held. */
enum vvb_verdict vvb_decide_policy(struct vvb_vf *vf, struct vvb_access_ctx *ctx, u32 interest)
{
	if (unlikely(rcu_access_pointer(vf->shadow.binding)))
		vvb_shadow_ask(vf, ctx, interest);
	return vvb_policy_decide(vf, ctx, interest);
}

/* One of them was asked. */
void vvb_decide_outcome(struct vvb_vf *vf, struct vvb_access_ctx *ctx)
{
	u64 value = ctx->arg.acc.value;

	rcu_read_lock_sched();
	if (ctx->generation)
		vvb_policy_done(vf, ctx);
	if (ctx->shadow_generation)
		vvb_shadow_compare(vf, ctx, value);
	rcu_read_unlock_sched();
}
