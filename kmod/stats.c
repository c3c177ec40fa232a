// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a VF: per CPU, no lock, summed when somebody asks. A reset races with
 * accesses that are under way and may miss one; nothing else reads them to decide.
 */
#include <linux/log2.h>

#define CREATE_TRACE_POINTS
#include "trace.h"
#include "vvb.h"

int vvb_stats_alloc(struct vvb_vf *vf)
{
	vf->counters = alloc_percpu(struct vvb_counters);
	return vf->counters ? 0 : -ENOMEM;
}

void vvb_stats_free(struct vvb_vf *vf)
{
	free_percpu(vf->counters);
}

void vvb_stats_event(struct vvb_vf *vf, enum vvb_event event)
{
	this_cpu_inc(vf->counters->event[event]);
}

void vvb_stats_command(struct vvb_vf *vf, enum vvb_opcode opcode)
{
	this_cpu_inc(vf->counters->commands[opcode & 7]);
}

/**
 * vvb_stats_access - count a finished field access
 * @vf:		the VF
 * @acc:	field, direction, verdict taken, handler and error are looked at
 * @start_ns:	ktime at decode, 0 when the access was not timed
 */
void vvb_stats_access(struct vvb_vf *vf, const struct vvb_access *acc, u64 start_ns)
{
	u64 ns = start_ns ? ktime_get_ns() - start_ns : 0;
	struct vvb_field_stats *field;

	field = &get_cpu_ptr(vf->counters)->field[acc->field];
	field->reads += !acc->write;
	field->writes += !!acc->write;
	field->verdict[acc->taken]++;
	field->by[acc->by]++;
	field->errors += !!acc->error;
	if (start_ns) {
		field->timed++;
		field->total_ns += ns;
		field->max_ns = max(field->max_ns, ns);
		field->latency[min(ilog2(ns | 1), VVB_LATENCY_NR - 1)]++;
	}
	put_cpu_ptr(vf->counters);
	trace_access(acc, ns);
}

static void vvb_stats_add_field(struct vvb_field_stats *to, const struct vvb_field_stats *from)
{
	unsigned int i;

	to->reads += from->reads;
	to->writes += from->writes;
	to->errors += from->errors;
	to->timed += from->timed;
	to->total_ns += from->total_ns;
	to->max_ns = max(to->max_ns, from->max_ns);
	for (i = 0; i < VVB_LATENCY_NR; i++)
		to->latency[i] += from->latency[i];
	for (i = 0; i < VVB_VERDICT_NR; i++)
		to->verdict[i] += from->verdict[i];
	for (i = 0; i < VVB_BY_NR; i++)
		to->by[i] += from->by[i];
}

/* What a kick that was a store would have counted. */
static void vvb_stats_add_kicks(struct vvb_field_stats *to, u64 kicks)
{
	to->writes += kicks;
	to->verdict[VVB_NOTIFY] += kicks;
	to->by[VVB_BY_NOTIFY] += kicks;
}

void vvb_stats_sum(struct vvb_vf *vf, struct vvb_stats *sum)
{
	const struct vvb_counters *c;
	unsigned int i;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	sum->vf = vf->id;
	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(vf->counters, cpu);
		for (i = 0; i < VVB_FIELD_NR; i++)
			vvb_stats_add_field(&sum->field[i], &c->field[i]);
		vvb_stats_add_kicks(&sum->field[VVB_FIELD_QUEUE_NOTIFY], c->kicks);
		for (i = 0; i < VVB_EV_NR; i++)
			sum->event[i] += c->event[i];
		for (i = 0; i < ARRAY_SIZE(sum->commands); i++)
			sum->commands[i] += c->commands[i];
	}
}

void vvb_stats_reset(struct vvb_vf *vf)
{
	int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(vf->counters, cpu), 0, sizeof(struct vvb_counters));
}
