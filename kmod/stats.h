/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of a VF, per CPU, see stats.c. */
#ifndef VVB_STATS_H
#define VVB_STATS_H

#include <linux/percpu.h>
#include <linux/timekeeping.h>

#include <vvb/admin.h>
#include "vf.h"

/* struct vvb_field_stats without its room: there is one for each VF, register and CPU. */
struct vvb_field_counters {
	u64 reads;
	u64 writes;
	u64 errors;
	u64 timed;
	u64 total_ns;
	u64 max_ns;
	u64 verdict[VVB_VERDICT_NR];
	u64 handler[VVB_HANDLER_NR];
	u64 latency[VVB_LATENCY_NR];
};

/* Of a field of the device configuration, beside what all of them count as a register. */
struct vvb_config_counters {
	u64 reads;
	u64 writes;
	u64 errors;
};

/**
 * struct vvb_counters - of one VF on one CPU
 * @config:	by the number of the field in the VF's layout; the last is for what is behind them
 * @kicks:	that were a store and were not timed: not in @field, but added to it in the end
 * @kicks_signalled: the same, by an ioeventfd: added to their event, too
 * @kicks_seen:	all, to time one in some
 * @compared, @differ: what the shadow was held against
 */
struct vvb_counters {
	struct vvb_field_counters field[VVB_FIELD_NR];
	u64 event[VVB_EV_NR];
	u64 commands[8];
	u64 kicks;
	u64 kicks_signalled;
	u64 kicks_seen;
	u64 compared[VVB_FIELD_NR];
	u64 differ[VVB_FIELD_NR];
	struct vvb_config_counters config[VVB_CONFIG_FIELDS];
};

/*
 * All that is counted of a VF goes through these two. The bench builds a module that counts
 * nothing and looks at no clock, to learn what that costs.
 */
#ifdef VVB_UNCOUNTED
#define vvb_count(counter) ((void)sizeof(counter))
#define vvb_clock() (0ULL)
#else
#define vvb_count(counter) this_cpu_inc(counter)
#define vvb_clock() ktime_get_ns()
#endif

static inline void vvb_stats_event(struct vvb_vf *vf, enum vvb_event event)
{
	vvb_count(vf->counters->event[event]);
}

/**
 * struct vvb_kick_ways - how kicks have come
 * @vmm:	written by the VF's user
 * @ioeventfd:	signalled, and done right there
 * @thread:	signalled where they could not be done
 */
struct vvb_kick_ways {
	u64 vmm;
	u64 ioeventfd;
	u64 thread;
};

void vvb_stats_access(struct vvb_vf *vf, const struct vvb_access *acc, u64 start_ns);
void vvb_stats_sum(struct vvb_vf *vf, struct vvb_stats *sum);
struct vvb_kick_ways vvb_stats_kick_ways(struct vvb_vf *vf);
void vvb_stats_reset(struct vvb_vf *vf);

#endif /* VVB_STATS_H */
