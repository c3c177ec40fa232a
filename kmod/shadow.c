// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shadow: a policy that is asked about copies of a VF's accesses and decides nothing.
 * Where it would have decided or answered in another way than what happened, that is counted,
 * and the last such accesses are kept. In the kernel, as both are asked about the same access.
 */
#include "context.h"
#include "policy.h"
#include "shadow.h"
#include "stats.h"

/**
 * vvb_shadow_ask - before anybody else has changed the access
 * @vf:		open
 * @ctx:	its access is copied
 * @interest:	VVB_INTEREST() of it
 *
 * Context: any; rcu_read_lock_sched() is held.
 */
void vvb_shadow_ask(struct vvb_vf *vf, struct vvb_access_ctx *ctx, u32 interest)
{
	struct vvb_binding *binding = rcu_dereference_sched(vf->shadow.binding);
	struct vvb_policy_arg *arg = &ctx->shadow;
	struct vvb_access *acc = &arg->acc;
	int verdict;

	if (!binding || !(binding->interest & interest))
		return;
	*acc = ctx->arg.acc;
	arg->raised = false;
	verdict = binding->ops->access(acc);
	ctx->shadow_generation = binding->generation;
	ctx->shadow_illegal =
		arg->raised || (verdict != VVB_DEFAULT && !vvb_verdict_may(verdict, interest));
	if (ctx->shadow_illegal || verdict == VVB_DEFAULT)
		verdict = vvb_is_kick(acc) ? VVB_NOTIFY : VVB_DIRECT;
	acc->verdict = verdict;
}

/* What would the shadow's verdict have come to, given what the device said? */
static void vvb_shadow_outcome(struct vvb_access_ctx *ctx, u64 value)
{
	const struct vvb_access *real = &ctx->arg.acc;
	struct vvb_access *acc = &ctx->shadow.acc;

	acc->handler = real->handler;
	acc->error = real->error;
	if (acc->verdict == VVB_DENY) {
		acc->handler = VVB_HANDLER_NOBODY;
		acc->error = -EACCES;
		value = ~0ULL;
	} else if (acc->verdict == VVB_EMULATE) {
		acc->handler = VVB_HANDLER_BPF;
		acc->error = 0;
		return;
	}
	if (!acc->write)
		acc->value = value;
}

static void vvb_shadow_keep(struct vvb_vf *vf, const struct vvb_access_ctx *ctx, u64 value,
			    u64 shadow_value)
{
	const struct vvb_access *acc = &ctx->arg.acc;
	struct vvb_shadow *diff = &vf->diff.found;

	guard(raw_spinlock_irqsave)(&vf->diff.lock);
	diff->samples[diff->nr_samples++ % VVB_SHADOW_SAMPLES] = (struct vvb_shadow_sample) {
		.time_ns = ktime_get_ns(),
		.value = value,
		.shadow_value = shadow_value,
		.verdict = acc->verdict,
		.shadow_verdict =
			ctx->shadow_illegal ? VVB_SHADOW_ILLEGAL : ctx->shadow.acc.verdict,
		.field = acc->field,
		.offset = acc->offset,
		.width = acc->width,
		.write = acc->write,
	};
}

/**
 * vvb_shadow_compare - hold the shadow's doing against what happened
 * @vf:		open
 * @ctx:	concluded
 * @value:	what a read got before the policy's done(), what a write was to write
 *
 * Context: any; rcu_read_lock_sched() is held.
 */
void vvb_shadow_compare(struct vvb_vf *vf, struct vvb_access_ctx *ctx, u64 value)
{
	struct vvb_binding *binding = rcu_dereference_sched(vf->shadow.binding);
	const struct vvb_access *acc = &ctx->arg.acc;
	const struct vvb_access *asked = &ctx->shadow.acc;
	u64 mask = vvb_all_ones(asked->width);
	/* what was prefetched around the access is left out */
	unsigned int shift = 8 * (asked->offset - acc->offset);
	u64 is = (acc->write ? value : acc->value >> shift) & mask, would;

	if (!binding || binding->generation != ctx->shadow_generation)
		return;
	vvb_shadow_outcome(ctx, value >> shift);
	would = ctx->shadow.acc.value & mask;
	if (binding->ops->done && !ctx->shadow_illegal) {
		binding->ops->done(&ctx->shadow.acc);
		if (!acc->write)
			would = ctx->shadow.acc.value & mask;
	}
	this_cpu_inc(vf->counters->compared[acc->field]);
	if (likely(!ctx->shadow_illegal && acc->verdict == ctx->shadow.acc.verdict && is == would))
		return;
	this_cpu_inc(vf->counters->differ[acc->field]);
	vvb_shadow_keep(vf, ctx, is, would);
}

/* Another shadow: start anew. vvb_vfs_lock is held. */
void vvb_shadow_restart(struct vvb_vf *vf)
{
	struct vvb_counters *c;
	int cpu;

	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(vf->counters, cpu);
		/* an access that began under the one before may still be counted */
		data_race(memset(c->compared, 0, sizeof(c->compared)));
		data_race(memset(c->differ, 0, sizeof(c->differ))); /* the same */
	}
	guard(raw_spinlock_irq)(&vf->diff.lock);
	memset(&vf->diff.found, 0, sizeof(vf->diff.found));
}

/* The ring, the newest first. */
static void vvb_shadow_samples(struct vvb_vf *vf, struct vvb_shadow *report)
{
	u32 nr, i;

	guard(raw_spinlock_irq)(&vf->diff.lock);
	nr = vf->diff.found.nr_samples;
	report->nr_samples = min_t(u32, nr, VVB_SHADOW_SAMPLES);
	for (i = 0; i < report->nr_samples; i++)
		report->samples[i] = vf->diff.found.samples[(nr - 1 - i) % VVB_SHADOW_SAMPLES];
}

/**
 * vvb_shadow_report - what was found so far
 * @vf:		bound
 * @report:	all zero; filled in
 *
 * Context: vvb_vfs_lock is held.
 */
void vvb_shadow_report(struct vvb_vf *vf, struct vvb_shadow *report)
{
	const struct vvb_counters *c;
	unsigned int i;
	int cpu;

	strscpy(report->policy, vf->shadow.name, sizeof(report->policy));
	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(vf->counters, cpu);
		for (i = 0; i < VVB_FIELD_NR; i++) {
			report->compared[i] += READ_ONCE(c->compared[i]);
			report->differ[i] += READ_ONCE(c->differ[i]);
		}
	}
	vvb_shadow_samples(vf, report);
}
