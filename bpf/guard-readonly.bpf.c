// SPDX-License-Identifier: GPL-2.0-only
/*
 * guard-readonly - refuses every control write of the VFs in its map, whatever their
 * policies say. The guest may look at its device and ring its queues, no more.
 *
 *   bpftool prog load guard-readonly.bpf.o /sys/fs/bpf/vvb_guard autoattach
 *   bpftool map update name readonly_vfs key hex 01 01 00 00 00 00 00 00 value 1
 *   rm /sys/fs/bpf/vvb_guard		# lifts it
 *
 * With vvbctl: policy load guard-readonly.bpf.o; policy set VF readonly on of guard-readonly
 */
#include "vvb.bpf.h"

VVB_VF_MAP(readonly_vfs, u8); /* 1: refuse, 0 or absent: no opinion */

VVB_KNOBS = {
	VVB_KNOB_ONE("readonly", readonly_vfs, u8, SWITCH, "", 0, 1, 0,
		     "refuse every control write"),
};

VVB_GUARD(guard_readonly)
{
	u8 *on;

	if (!write || vvb_is_notify(field, write))
		return VVB_DEFAULT;
	on = vvb_map_get(&readonly_vfs, vf);
	return on && *on ? VVB_DENY : VVB_DEFAULT;
}
