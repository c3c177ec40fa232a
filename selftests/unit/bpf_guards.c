// SPDX-License-Identifier: GPL-2.0-only
#include <criterion/criterion.h>

/* one program has one table of knobs */
#define vvb_knobs readonly_knobs
#include "guard-readonly.bpf.c"
#undef vvb_knobs
#define vvb_knobs split_knobs
#include "guard-split.bpf.c"
#undef vvb_knobs
#define vvb_knobs audit_knobs
#include "guard-audit.bpf.c"
#undef vvb_knobs

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

static struct vvb_access_event audited;

static int audit(struct vvb_access *acc)
{
	u64 before = audit_events.puts;
	int verdict = guard_audit(acc, acc->vf, acc->field, acc->write, acc->value);

	cr_assert_eq(verdict, VVB_DEFAULT, "it has no opinion");
	memcpy(&audited, audit_events.last, sizeof(audited));
	return audit_events.puts - before;
}

Test(bpf_guards, audit)
{
	struct vvb_access acc = { .vf = VF,
				  .seq = 7,
				  .field = VVB_FIELD_DEVICE_CONFIG,
				  .offset = 3,
				  .width = 1,
				  .write = 1,
				  .value = 0x5a };

	vvb_native_now = 99;
	vvb_native_thread = 12ull << 32 | 13;
	strcpy(vvb_native_comm, "CPU 0/KVM");
	cr_assert_eq(audit(&acc), 0, "nobody asked for it");
	set(&audit_vfs, 1);
	cr_assert_eq(audit(&acc), 1);
	cr_assert_eq(audited.time_ns, 99);
	cr_assert_eq(audited.vf, VF);
	cr_assert_eq(audited.seq, 7);
	cr_assert_eq(audited.value, 0x5a);
	cr_assert_eq(audited.field, VVB_FIELD_DEVICE_CONFIG);
	cr_assert_eq(audited.offset, 3);
	cr_assert_eq(audited.width, 1);
	cr_assert_eq(audited.write, 1);
	cr_assert_eq(audited.done, 0);
	cr_assert_eq(audited.pid, 12);
	cr_assert_eq(audited.tid, 13);
	cr_assert_str_eq(audited.comm, "CPU 0/KVM");
	acc.write = 0;
	cr_assert_eq(audit(&acc), 0, "a read");
	acc.write = 1;
	acc.field = VVB_FIELD_QUEUE_NOTIFY;
	cr_assert_eq(audit(&acc), 0, "a notify");
	acc.vf = OTHER;
	acc.field = VVB_FIELD_DEVICE_STATUS;
	cr_assert_eq(audit(&acc), 0, "another VF");
	vvb_native_clear(&audit_vfs);
	vvb_native_clear(&audit_events);
}

Test(bpf_guards, audit_counts_what_it_loses)
{
	struct vvb_access acc = { .vf = VF, .field = VVB_FIELD_DEVICE_STATUS, .write = 1 };

	set(&audit_vfs, 1);
	while (audit(&acc))
		cr_assert_eq(audited.lost, 0);
	audit(&acc);
	vvb_native_clear(&audit_events); /* somebody has read them */
	cr_assert_eq(audit(&acc), 1);
	cr_assert_eq(audited.lost, 2);
	vvb_native_clear(&audit_vfs);
	vvb_native_clear(&audit_lost);
}
