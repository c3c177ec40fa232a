/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one way of an access: prepare, decide, delay, act, done, count. What each access pays for
 * is in line; see access.c.
 */
#ifndef VVB_ACCESS_H
#define VVB_ACCESS_H

#include <vvb/split.h>

#include "context.h"
#include "decide.h"
#include "stats.h"
#include "vf.h"

/* What BAR0 does while I/O decoding is off: nothing. */
static inline int vvb_io_check(struct vvb_vf *vf)
{
	if (likely(READ_ONCE(vf->state.io_enabled)))
		return 0;
	vvb_stats_event(vf, VVB_EV_IO_DISABLED);
	return -EIO;
}

/* Prepare: an access that nobody has been asked about. */
static inline void vvb_access_prepare(struct vvb_vf *vf, struct vvb_access *acc,
				      const struct vvb_field_access *fa, bool write, bool msix)
{
	/* one by one: of an initialiser the compiler makes a string instruction, which is dear */
	acc->vf = vf->id;
	acc->seq = 0;
	acc->epoch = READ_ONCE(vf->state.epoch);
	acc->field = fa->field;
	acc->area = fa->area;
	acc->offset = fa->offset;
	acc->width = fa->width;
	acc->write = write;
	acc->msix = msix;
	acc->verdict = VVB_DEFAULT;
	acc->handler = 0;
	acc->error = 0;
	acc->delay_us = 0;
	acc->value = 0;
	acc->scratch = 0;
	acc->device_type = VVB_DEVICE_NONE;
	acc->owner = VVB_OWNER_AUTO;
}

/* One that is the policy's to see, in the order of the VF's accesses. vf->lock is held. */
static inline void vvb_access_number(struct vvb_vf *vf, struct vvb_access *acc)
{
	acc->seq = ++vf->seq;
	acc->device_type = vf->layout->device_type;
	acc->owner = vf->owner.active;
}

/**
 * vvb_access_decide - set the verdict of an access: guard, then the VF's policy, then the default
 * @vf:		open
 * @ctx:	its access is complete; the policy may change value, scratch and delay_us
 * @interest:	VVB_INTEREST() of the access
 * @otherwise:	the default: VVB_NOTIFY of a kick, else VVB_DIRECT
 *
 * The kernel leaves out a guard that is under way on this CPU already, and vvb_guard() then
 * returns 0: "no opinion" of a guard that may have wanted to deny. (Programs that attach by
 * fmod_ret count themselves per CPU, see bpf_prog_check_recur() and __bpf_prog_enter_recur();
 * nothing tells the caller.) So nobody may come in between on this CPU: no other thread, hence
 * preemption is off while it is asked, and no interrupt, hence none asks. A guard can't sleep,
 * as the hook is not registered as one that may; nor does it make accesses of its own.
 *
 * Policies are not left out: the kernel checks no recursion for struct_ops, so that one may be
 * asked while it is asked; it only must not be gone meanwhile, for which preemption is off, too.
 *
 * Context: a task, interrupts may be off; no hard or soft interrupt.
 */
static __always_inline void vvb_access_decide(struct vvb_vf *vf, struct vvb_access_ctx *ctx,
					      u32 interest, enum vvb_verdict otherwise)
{
	struct vvb_access *acc = &ctx->arg.acc;
	enum vvb_verdict verdict = VVB_DEFAULT;
	int rule;

	lockdep_assert(in_task());
	rcu_read_lock_sched();
	rule = vvb_guard(acc, acc->vf, acc->field, acc->write, acc->value);
	ctx->generation = 0;
	ctx->shadow_generation = 0;
	if (unlikely(rule != VVB_DEFAULT))
		verdict = vvb_decide_guard(vf, acc, rule);
	if (verdict == VVB_DEFAULT &&
	    (READ_ONCE(vf->policy.interest) | READ_ONCE(vf->shadow.interest)) & interest)
		verdict = vvb_decide_policy(vf, ctx, interest);
	rcu_read_unlock_sched();
	acc->verdict = verdict == VVB_DEFAULT ? otherwise : verdict;
}

/*
 * The same of a read that found no policy to ask, and so is not in the order of the accesses that one
 * is asked about: a policy that has been selected meanwhile is for what comes after it.
 */
static inline void vvb_access_decide_alone(struct vvb_vf *vf, struct vvb_access_ctx *ctx)
{
	struct vvb_access *acc = &ctx->arg.acc;
	enum vvb_verdict verdict = VVB_DEFAULT;
	int rule;

	lockdep_assert(in_task());
	rcu_read_lock_sched();
	rule = vvb_guard(acc, acc->vf, acc->field, acc->write, acc->value);
	if (unlikely(rule != VVB_DEFAULT))
		verdict = vvb_decide_guard(vf, acc, rule);
	rcu_read_unlock_sched();
	ctx->generation = 0;
	ctx->shadow_generation = 0;
	acc->verdict = verdict == VVB_DEFAULT ? VVB_DIRECT : verdict;
}

/* Done: show the outcome to the policy that decided, if it still is there. Context as above. */
static inline void vvb_access_show(struct vvb_vf *vf, struct vvb_access_ctx *ctx)
{
	if (ctx->generation || ctx->shadow_generation)
		vvb_decide_outcome(vf, ctx);
}

int vvb_access_done(struct vvb_vf *vf, struct vvb_access_ctx *ctx, int err);
int vvb_access_run(struct vvb_vf *vf, struct vvb_access_ctx *ctx);

#endif /* VVB_ACCESS_H */
