// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shadow: a policy that is asked about copies of a VF's accesses and decides nothing.
 * Where it would have decided or answered in another way than what happened, that is counted,
 * and the last such accesses are kept.
 */
#include "vvb.h"

/**
 * vvb_shadow_ask - before anybody else has changed the access
 * @vf:		open
 * @frame:	its access is copied
 *
 * Context: any; rcu_read_lock_sched() is held.
 */
void vvb_shadow_ask(struct vvb_vf *vf, struct vvb_frame *frame)
{
	struct vvb_binding *binding = rcu_dereference_sched(vf->shadow.binding);
	struct vvb_view *view = &frame->shadow;
	struct vvb_access *acc = &view->acc;
	int verdict;

	if (!binding)
		return;
	*acc = frame->view.acc;
	view->raised = false;
	verdict = binding->ops->access(acc);
	frame->shadow_generation = binding->generation;
	frame->shadow_illegal =
		view->raised ||
		(verdict != VVB_DEFAULT && !vvb_verdict_legal(verdict, acc->field, acc->write));
	if (frame->shadow_illegal || verdict == VVB_DEFAULT)
		verdict = vvb_is_kick(acc) ? VVB_NOTIFY : VVB_DIRECT;
	acc->verdict = verdict;
}

/* What would the shadow's verdict have come to, given what the device said? */
static void vvb_shadow_outcome(struct vvb_frame *frame, u64 value)
{
	const struct vvb_access *real = &frame->view.acc;
	struct vvb_access *acc = &frame->shadow.acc;

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

static void vvb_shadow_keep(struct vvb_vf *vf, const struct vvb_frame *frame, u64 value,
			    u64 shadow_value)
{
	const struct vvb_access *acc = &frame->view.acc;
	struct vvb_shadow *diff = &vf->diff;
	unsigned long flags;

	raw_spin_lock_irqsave(&vf->report_lock, flags);
	diff->samples[diff->nr_samples++ % VVB_SHADOW_SAMPLES] = (struct vvb_shadow_sample) {
		.time_ns = ktime_get_ns(),
		.value = value,
		.shadow_value = shadow_value,
		.verdict = acc->verdict,
		.shadow_verdict =
			frame->shadow_illegal ? VVB_SHADOW_ILLEGAL : frame->shadow.acc.verdict,
		.field = acc->field,
		.offset = acc->offset,
		.width = acc->width,
		.write = acc->write,
	};
	raw_spin_unlock_irqrestore(&vf->report_lock, flags);
}

/**
 * vvb_shadow_compare - hold the shadow's doing against what happened
 * @vf:		open
 * @frame:	concluded
 * @value:	what a read got before the policy's done(), what a write was to write
 *
 * Context: any; rcu_read_lock_sched() is held.
 */
void vvb_shadow_compare(struct vvb_vf *vf, struct vvb_frame *frame, u64 value)
{
	struct vvb_binding *binding = rcu_dereference_sched(vf->shadow.binding);
	const struct vvb_access *acc = &frame->view.acc;
	const struct vvb_access *asked = &frame->shadow.acc;
	u64 mask = vvb_all_ones(asked->width);
	/* what was prefetched around the access is left out */
	unsigned int shift = 8 * (asked->offset - acc->offset);
	u64 is = (acc->write ? value : acc->value >> shift) & mask, would;

	if (!binding || binding->generation != frame->shadow_generation)
		return;
	vvb_shadow_outcome(frame, value >> shift);
	would = frame->shadow.acc.value & mask;
	if (binding->ops->done && !frame->shadow_illegal) {
		binding->ops->done(&frame->shadow.acc);
		if (!acc->write)
			would = frame->shadow.acc.value & mask;
	}
	this_cpu_inc(vf->counters->compared[acc->field]);
	if (likely(!frame->shadow_illegal && acc->verdict == frame->shadow.acc.verdict &&
		   is == would))
		return;
	this_cpu_inc(vf->counters->differ[acc->field]);
	vvb_shadow_keep(vf, frame, is, would);
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
	raw_spin_lock_irq(&vf->report_lock);
	memset(&vf->diff, 0, sizeof(vf->diff));
	raw_spin_unlock_irq(&vf->report_lock);
}

/* The ring, the newest first. report_lock is held. */
static void vvb_shadow_samples(struct vvb_vf *vf, struct vvb_shadow *report)
{
	u32 nr = vf->diff.nr_samples, i;

	report->nr_samples = min_t(u32, nr, VVB_SHADOW_SAMPLES);
	for (i = 0; i < report->nr_samples; i++)
		report->samples[i] = vf->diff.samples[(nr - 1 - i) % VVB_SHADOW_SAMPLES];
}

/**
 * vvb_shadow_report - what was found so far
 * @vf:		bound
 * @report:	filled in, all of it
 *
 * Context: vvb_vfs_lock is held.
 */
void vvb_shadow_report(struct vvb_vf *vf, struct vvb_shadow *report)
{
	const struct vvb_counters *c;
	unsigned int i;
	int cpu;

	memset(report, 0, sizeof(*report));
	report->vf = vf->id;
	strscpy(report->policy, vf->shadow.name, sizeof(report->policy));
	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(vf->counters, cpu);
		for (i = 0; i < VVB_FIELD_NR; i++) {
			report->compared[i] += READ_ONCE(c->compared[i]);
			report->differ[i] += READ_ONCE(c->differ[i]);
		}
	}
	raw_spin_lock_irq(&vf->report_lock);
	vvb_shadow_samples(vf, report);
	raw_spin_unlock_irq(&vf->report_lock);
}
