// SPDX-License-Identifier: GPL-2.0-only
/*
 * observe - decides nothing, sees everything: counts each VF's accesses by field, and
 * puts every control access with its outcome into a ring buffer.
 *
 *   vvbctl policy load observe.bpf.o && vvbctl policy select 0000:01:00.1 observe
 *   vvbctl policy events observe
 *   bpftool map dump pinned /sys/fs/bpf/vvb/observe/maps/observe_counts
 *
 * Counts begin when a VF selects it and are gone when it lets go.
 */
#include "vvb.bpf.h"

struct observe_count {
	u64 reads;
	u64 writes;
	u64 errors;
};

struct observe_counts {
	struct observe_count field[VVB_FIELD_NR];
	u64 lost; /* events that found the ring full */
};

VVB_VF_MAP(observe_counts, struct observe_counts);
VVB_RING(observe_events, 256 * 1024);

/* attach() has made them, but does not run when this takes the place of an older observe. */
static __noinline struct observe_counts *observe_begin(u64 vf)
{
	struct observe_counts zero = {};

	return vvb_map_add(&observe_counts, vf, &zero);
}

VVB_ATTACH(observe_attach, vf)
{
	struct observe_counts zero = {};

	return vvb_map_put(&observe_counts, vf, &zero);
}

VVB_DETACH(observe_detach, vf)
{
	vvb_map_del(&observe_counts, vf);
}

VVB_ACCESS(observe_access, acc)
{
	return VVB_DEFAULT;
}

VVB_DONE(observe_done, acc)
{
	struct observe_counts *counts = vvb_map_get(&observe_counts, acc->vf);
	struct vvb_access_event event = {
		.time_ns = vvb_now(),
		.vf = acc->vf,
		.seq = acc->seq,
		.value = acc->value,
		.error = acc->error,
		.field = acc->field,
		.offset = acc->offset,
		.width = acc->width,
		.write = acc->write,
		.done = 1,
		.verdict = acc->verdict,
		.handler = acc->handler,
	};
	u32 field = acc->field;

	if (!counts)
		counts = observe_begin(acc->vf);
	if (counts && field < VVB_FIELD_NR) {
		struct observe_count *count = &counts->field[field];

		vvb_count(acc->write ? &count->writes : &count->reads);
		if (acc->error)
			vvb_count(&count->errors);
		event.lost = counts->lost;
	}
	if (acc->verdict == VVB_NOTIFY)
		return;
	if (vvb_ring_put(&observe_events, &event, sizeof(event)) && counts)
		vvb_count(&counts->lost);
}

VVB_POLICY(observe) = {
	.access = (void *)observe_access,
	.done = (void *)observe_done,
	.attach = (void *)observe_attach,
	.detach = (void *)observe_detach,
	.name = "observe",
};
