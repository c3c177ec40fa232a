// SPDX-License-Identifier: GPL-2.0-only
/*
 * guard-split - the split policy as a guard, for the VFs in its map: notifies at full
 * speed, control accesses to the daemon, and no tool needed beyond bpftool.
 *
 *   bpftool prog load guard-split.bpf.o /sys/fs/bpf/vvb_guard autoattach
 *   bpftool map update name split_vfs key hex 01 01 00 00 00 00 00 00 value 1
 *   rm /sys/fs/bpf/vvb_guard		# lifts it
 *
 * With vvbctl: policy load guard-split.bpf.o; policy set VF split on of guard-split
 */
#include "vvb.bpf.h"

VVB_VF_MAP(split_vfs, u8); /* 1: split, 0 or absent: no opinion */

VVB_KNOBS = {
	VVB_KNOB_ONE("split", split_vfs, u8, SWITCH, "", 0, 1, 0,
		     "notifies at full speed, control accesses to the daemon"),
};

VVB_GUARD(guard_split)
{
	u8 *on = vvb_map_get(&split_vfs, vf);

	if (!on || !*on)
		return VVB_DEFAULT;
	return vvb_is_notify(field, write) ? VVB_NOTIFY : VVB_PUNT;
}
