// SPDX-License-Identifier: GPL-2.0-only
/*
 * guard-audit - who writes what: puts every control write to the VFs in its map into a ring
 * buffer, with the process and thread that it came from. It has no opinion on any of them.
 *
 *   vvbctl policy load guard-audit.bpf.o
 *   vvbctl policy set 0000:01:00.1 audit on of guard-audit
 *   vvbctl policy events guard-audit 10		# for ten seconds
 *
 * bpftool loads it as well (see guard-readonly.bpf.c), but can't read a ring buffer.
 */
#include "vvb.bpf.h"

VVB_VF_MAP(audit_vfs, u8); /* 1: audit, 0 or absent: don't */
VVB_VF_MAP(audit_lost, u64); /* writes that found the ring full */
VVB_RING(audit_events, 256 * 1024);

VVB_KNOBS = {
	VVB_KNOB_ONE("audit", audit_vfs, u8, SWITCH, "", 0, 1, 0,
		     "put every control write into the ring buffer"),
};

/* There is as much room for losses as for VFs to audit. */
static __always_inline void audit_loss(u64 vf)
{
	u64 none = 0, *lost = vvb_map_add(&audit_lost, vf, &none);

	if (lost)
		vvb_count(lost);
}

VVB_GUARD(guard_audit)
{
	u8 *on = vvb_map_get(&audit_vfs, vf);
	u64 *lost = vvb_map_get(&audit_lost, vf);
	struct vvb_access_event event = {
		.time_ns = vvb_now(),
		.vf = vf,
		.value = value,
		.field = field,
		.write = 1,
	};

	if (!on || !*on || !write || vvb_is_notify(field, write))
		return VVB_DEFAULT;
	event.seq = acc->seq;
	event.offset = acc->offset;
	event.width = acc->width;
	event.lost = lost ? *lost : 0;
	event.pid = vvb_thread() >> 32;
	event.tid = vvb_thread();
	vvb_comm(event.comm);
	if (vvb_ring_put(&audit_events, &event, sizeof(event)))
		audit_loss(vf);
	return VVB_DEFAULT;
}
