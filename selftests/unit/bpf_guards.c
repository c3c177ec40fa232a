// SPDX-License-Identifier: GPL-2.0-only
#include <criterion/criterion.h>

#include "guard-readonly.bpf.c"
#include "guard-split.bpf.c"

#define VF 0x101ull
#define OTHER 0x102ull

static void set(struct vvb_native_map *map, u8 value)
{
	cr_assert_eq(vvb_map_put(map, VF, &value), 0);
}

/* Calls the guard for every register, both directions: @wanted tells what it must say. */
static void each(int (*guard)(struct vvb_access *, u64, u32, u32, u64), u64 vf,
		 int (*wanted)(u32 field, u32 write))
{
	for (u32 field = 0; field < VVB_FIELD_NR; field++)
		for (u32 write = 0; write < 2; write++)
			cr_assert_eq(guard(NULL, vf, field, write, 0), wanted(field, write));
}

static int no_opinion(u32 field, u32 write)
{
	(void)field, (void)write;
	return VVB_DEFAULT;
}

static int control_writes_denied(u32 field, u32 write)
{
	return write && field != VVB_FIELD_QUEUE_NOTIFY ? VVB_DENY : VVB_DEFAULT;
}

static int control_punted(u32 field, u32 write)
{
	return write && field == VVB_FIELD_QUEUE_NOTIFY ? VVB_NOTIFY : VVB_PUNT;
}

Test(bpf_guards, readonly)
{
	each(guard_readonly, VF, no_opinion);
	set(&readonly_vfs, 1);
	each(guard_readonly, VF, control_writes_denied);
	each(guard_readonly, OTHER, no_opinion);
	set(&readonly_vfs, 0);
	each(guard_readonly, VF, no_opinion);
	vvb_native_clear(&readonly_vfs);
}

Test(bpf_guards, split)
{
	each(guard_split, VF, no_opinion);
	set(&split_vfs, 1);
	each(guard_split, VF, control_punted);
	each(guard_split, OTHER, no_opinion);
	set(&split_vfs, 0);
	each(guard_split, VF, no_opinion);
	vvb_native_clear(&split_vfs);
}
