// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a VF: per CPU, no lock, summed when somebody asks. A reset races with
 * accesses that are under way and may miss one; nothing else reads them to decide. In the kernel,
 * as they count whatever policy there is, or none.
 */
#include <linux/log2.h>

#define CREATE_TRACE_POINTS
#include "trace.h"
#include "stats.h"

/* What it is compared with is that of the CPU it is kept on. */
static noinline void vvb_stats_max(struct vvb_field_counters __percpu *field, u64 ns)
{
	preempt_disable();
	if (ns > this_cpu_read(field->max_ns))
		this_cpu_write(field->max_ns, ns);
	preempt_enable();
}

static void vvb_stats_time(struct vvb_field_counters __percpu *field, u64 ns)
{
	vvb_count(field->timed);
	this_cpu_add(field->total_ns, ns);
	vvb_count(field->latency[min(ilog2(ns | 1), VVB_LATENCY_NR - 1)]);
	if (unlikely(ns > this_cpu_read(field->max_ns)))
		vvb_stats_max(field, ns);
}

/* Which field of the device configuration it is; behind them, how many there are. */
static unsigned int vvb_stats_config_nr(const struct vvb_config_layout *layout, u8 offset)
{
	const struct vvb_config_place *place = vvb_config_place(layout, offset);

	if (place)
		return place - layout->field;
	return layout ? layout->nr : 0;
}

static noinline void vvb_stats_config(struct vvb_vf *vf, const struct vvb_access *acc)
{
	struct vvb_config_counters __percpu *config =
		&vf->counters->config[vvb_stats_config_nr(vf->layout, acc->offset)];

	if (acc->write)
		vvb_count(config->writes);
	else
		vvb_count(config->reads);
	if (acc->error)
		vvb_count(config->errors);
}

/**
 * vvb_stats_access - count a finished field access
 * @vf:		the VF
 * @acc:	field, direction, verdict taken, handler and error are looked at
 * @start_ns:	ktime at decode, 0 when the access was not timed
 */
void vvb_stats_access(struct vvb_vf *vf, const struct vvb_access *acc, u64 start_ns)
{
	struct vvb_field_counters __percpu *field = &vf->counters->field[acc->field];
	u64 ns = start_ns ? vvb_clock() - start_ns : 0;

	if (acc->write)
		vvb_count(field->writes);
	else
		vvb_count(field->reads);
	vvb_count(field->verdict[acc->verdict]);
	vvb_count(field->handler[acc->handler]);
	if (acc->error)
		vvb_count(field->errors);
	if (acc->field == VVB_FIELD_DEVICE_CONFIG)
		vvb_stats_config(vf, acc);
	if (start_ns)
		vvb_stats_time(field, ns);
	trace_vvb_access(acc, ns);
}

static void vvb_stats_add(u64 *to, const u64 *from, unsigned int nr)
{
	while (nr--)
		*to++ += READ_ONCE(*from++);
}

static void vvb_stats_add_field(struct vvb_field_stats *to, const struct vvb_field_counters *from)
{
	to->reads += READ_ONCE(from->reads);
	to->writes += READ_ONCE(from->writes);
	to->errors += READ_ONCE(from->errors);
	to->timed += READ_ONCE(from->timed);
	to->total_ns += READ_ONCE(from->total_ns);
	to->max_ns = max(to->max_ns, READ_ONCE(from->max_ns));
	vvb_stats_add(to->latency, from->latency, VVB_LATENCY_NR);
	vvb_stats_add(to->verdict, from->verdict, VVB_VERDICT_NR);
	vvb_stats_add(to->handler, from->handler, VVB_HANDLER_NR);
}

static void vvb_stats_add_config(struct vvb_config_stats *to,
				 const struct vvb_config_counters *from)
{
	to->reads += READ_ONCE(from->reads);
	to->writes += READ_ONCE(from->writes);
	to->errors += READ_ONCE(from->errors);
}

/* Counted by number, told by offset, which is the specification's. */
static void vvb_stats_sum_config(const struct vvb_config_layout *layout, struct vvb_stats *sum,
				 const struct vvb_counters *c)
{
	unsigned int i;

	for (i = 0; layout && i <= layout->nr; i++)
		vvb_stats_add_config(&sum->config[layout->field[i].start], &c->config[i]);
}

/* What a kick that was a store would have counted. */
static void vvb_stats_add_kicks(struct vvb_field_stats *to, u64 kicks)
{
	to->writes += kicks;
	to->verdict[VVB_NOTIFY] += kicks;
	to->handler[VVB_HANDLER_NOTIFY] += kicks;
}

/* @sum is all zero. */
void vvb_stats_sum(struct vvb_vf *vf, struct vvb_stats *sum)
{
	const struct vvb_counters *c;
	unsigned int i;
	u64 signalled;
	int cpu;

	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(vf->counters, cpu);
		for (i = 0; i < VVB_FIELD_NR; i++)
			vvb_stats_add_field(&sum->field[i], &c->field[i]);
		signalled = READ_ONCE(c->kicks_signalled);
		vvb_stats_add_kicks(&sum->field[VVB_FIELD_QUEUE_NOTIFY],
				    READ_ONCE(c->kicks) + signalled);
		vvb_stats_add(sum->event, c->event, VVB_EV_NR);
		sum->event[VVB_EV_KICK_BY_IOEVENTFD] += signalled;
		vvb_stats_add(sum->commands, c->commands, ARRAY_SIZE(c->commands));
		vvb_stats_sum_config(vf->layout, sum, c);
	}
}

/* Each kick is a write of queue_notify, and those that were signalled are counted once more. */
struct vvb_kick_ways vvb_stats_kick_ways(struct vvb_vf *vf)
{
	struct vvb_kick_ways ways = {};
	const struct vvb_counters *c;
	u64 all = 0, signalled;
	int cpu;

	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(vf->counters, cpu);
		signalled = READ_ONCE(c->kicks_signalled);
		all += READ_ONCE(c->field[VVB_FIELD_QUEUE_NOTIFY].writes) + READ_ONCE(c->kicks) +
		       signalled;
		ways.ioeventfd += READ_ONCE(c->event[VVB_EV_KICK_BY_IOEVENTFD]) + signalled;
		ways.thread += READ_ONCE(c->event[VVB_EV_KICK_BY_THREAD]);
	}
	/* one that is under way may be counted in part */
	ways.vmm = all - min(all, ways.ioeventfd + ways.thread);
	return ways;
}

void vvb_stats_reset(struct vvb_vf *vf)
{
	int cpu;

	for_each_possible_cpu(cpu)
		/* see above: it may miss an access */
		data_race(memset(per_cpu_ptr(vf->counters, cpu), 0, sizeof(struct vvb_counters)));
}
