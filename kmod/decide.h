/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way through decide for a VF that nobody has an opinion about, in line, as every kick
 * takes it.
 */
#ifndef VVB_DECIDE_H
#define VVB_DECIDE_H

#include "vvb.h"

enum vvb_verdict vvb_decide_guard(struct vvb_vf *vf, struct vvb_access *acc, int verdict);
enum vvb_verdict vvb_decide_policy(struct vvb_vf *vf, struct vvb_frame *frame);
void vvb_decide_outcome(struct vvb_vf *vf, struct vvb_frame *frame);

/**
 * vvb_decide - set the verdict of an access: guard, then the VF's policy, then the default
 * @vf:		open
 * @frame:	its access is complete; the policy may change value, scratch and delay_us
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
static inline void vvb_decide(struct vvb_vf *vf, struct vvb_frame *frame)
{
	struct vvb_access *acc = &frame->view.acc;
	enum vvb_verdict verdict = VVB_DEFAULT;
	int rule;

	lockdep_assert(in_task());
	rcu_read_lock_sched();
	rule = vvb_guard(acc, acc->vf, acc->field, acc->write, acc->value);
	frame->generation = 0;
	frame->shadow_generation = 0;
	if (unlikely(rule != VVB_DEFAULT))
		verdict = vvb_decide_guard(vf, acc, rule);
	if (verdict == VVB_DEFAULT &&
	    (rcu_access_pointer(vf->active.binding) || rcu_access_pointer(vf->shadow.binding)))
		verdict = vvb_decide_policy(vf, frame);
	rcu_read_unlock_sched();
	if (verdict == VVB_DEFAULT)
		verdict = vvb_is_kick(acc) ? VVB_NOTIFY : VVB_DIRECT;
	acc->verdict = verdict;
}

/**
 * vvb_decide_done - show the outcome to the policy that decided, if it still is there
 * @vf:		open
 * @frame:	as vvb_decide() left it, with the outcome; a read's value may be changed
 *
 * Context: as vvb_decide().
 */
static inline void vvb_decide_done(struct vvb_vf *vf, struct vvb_frame *frame)
{
	if (frame->generation || frame->shadow_generation)
		vvb_decide_outcome(vf, frame);
}

#endif /* VVB_DECIDE_H */
