// SPDX-License-Identifier: GPL-2.0-only
#include <criterion/criterion.h>

#include "observe.bpf.c"

#define VF 0x101ull

static struct observe_count counted(int field)
{
	struct observe_counts *counts = vvb_map_get(&observe_counts, VF);

	cr_assert_not_null(counts);
	return counts->field[field];
}

static struct vvb_access_event last(void)
{
	struct vvb_access_event event;

	memcpy(&event, observe_events.last, sizeof(event));
	return event;
}

Test(bpf_observe, decides_nothing)
{
	for (int field = 0; field < VVB_FIELD_NR; field++) {
		struct vvb_access acc = { .vf = VF, .field = field, .value = 7 };

		cr_assert_eq(observe.access(&acc), VVB_DEFAULT);
		cr_assert_eq(acc.value, 7);
	}
}

Test(bpf_observe, counts_by_field_and_direction)
{
	struct vvb_access acc = { .vf = VF, .field = VVB_FIELD_DEVICE_STATUS, .width = 1 };

	cr_assert_eq(observe.attach(VF), 0);
	observe.done(&acc);
	acc.write = 1;
	observe.done(&acc);
	acc.error = -EIO;
	observe.done(&acc);
	cr_assert_eq(counted(VVB_FIELD_DEVICE_STATUS).reads, 1);
	cr_assert_eq(counted(VVB_FIELD_DEVICE_STATUS).writes, 2);
	cr_assert_eq(counted(VVB_FIELD_DEVICE_STATUS).errors, 1);
	cr_assert_eq(counted(VVB_FIELD_ISR_STATUS).reads, 0);
	vvb_native_clear(&observe_counts);
}

Test(bpf_observe, attach_starts_from_zero)
{
	struct vvb_access acc = { .vf = VF };

	cr_assert_eq(observe.attach(VF), 0);
	observe.done(&acc);
	cr_assert_eq(counted(0).reads, 1);
	cr_assert_eq(observe.attach(VF), 0);
	cr_assert_eq(counted(0).reads, 0);
	vvb_native_clear(&observe_counts);
}

/* attach() does not run when a policy is updated in place. */
Test(bpf_observe, counts_begin_anew_after_an_update)
{
	struct vvb_access acc = { .vf = VF };

	observe.done(&acc);
	observe.done(&acc);
	cr_assert_eq(counted(0).reads, 2);
	vvb_native_clear(&observe_counts);
}

Test(bpf_observe, events_without_room_for_counts)
{
	const size_t room = observe_counts.room;
	struct vvb_access acc = { .vf = VF };

	observe_counts.room = 0;
	observe.done(&acc);
	cr_assert_eq(observe_events.puts, 1);
	cr_assert_null(vvb_map_get(&observe_counts, VF));
	observe_counts.room = room;
	vvb_native_clear(&observe_events);
}

Test(bpf_observe, vfs_come_and_go)
{
	for (u64 vf = 0; vf < 3 * VVB_MAX_VFS; vf++) {
		cr_assert_eq(observe.attach(vf), 0);
		observe.detach(vf);
	}
	for (u64 vf = 0; vf < VVB_MAX_VFS; vf++)
		cr_assert_eq(observe.attach(vf), 0);
	cr_assert_eq(observe.attach(VVB_MAX_VFS), -ENOSPC);
	observe.detach(8);
	cr_assert_eq(observe.attach(VVB_MAX_VFS), 0);
	vvb_native_clear(&observe_counts);
}

Test(bpf_observe, event_tells_the_outcome)
{
	struct vvb_access acc = {
		.vf = VF,
		.seq = 5,
		.field = VVB_FIELD_QUEUE_VECTOR,
		.offset = 22,
		.width = 2,
		.write = 1,
		.verdict = VVB_PUNT,
		.handler = VVB_HANDLER_DAEMON,
		.error = -EBUSY,
		.value = 0x1234,
	};
	struct vvb_access_event event;

	vvb_native_now = 99;
	observe.done(&acc);
	event = last();
	cr_assert_eq(observe_events.puts, 1);
	cr_assert_eq(event.time_ns, 99);
	cr_assert_eq(event.vf, VF);
	cr_assert_eq(event.seq, 5);
	cr_assert_eq(event.value, 0x1234);
	cr_assert_eq(event.error, -EBUSY);
	cr_assert_eq(event.field, VVB_FIELD_QUEUE_VECTOR);
	cr_assert_eq(event.offset, 22);
	cr_assert_eq(event.width, 2);
	cr_assert_eq(event.write, 1);
	cr_assert_eq(event.verdict, VVB_PUNT);
	cr_assert_eq(event.handler, VVB_HANDLER_DAEMON);
}

Test(bpf_observe, a_notify_is_counted_but_no_event)
{
	struct vvb_access acc = {
		.vf = VF,
		.field = VVB_FIELD_QUEUE_NOTIFY,
		.write = 1,
		.verdict = VVB_NOTIFY,
	};

	cr_assert_eq(observe.attach(VF), 0);
	observe.done(&acc);
	cr_assert_eq(counted(VVB_FIELD_QUEUE_NOTIFY).writes, 1);
	cr_assert_eq(observe_events.puts, 0);
	vvb_native_clear(&observe_counts);
}

Test(bpf_observe, a_full_ring_loses_events_and_no_counts)
{
	struct vvb_access acc = { .vf = VF };
	u64 room = observe_events.room / sizeof(struct vvb_access_event);

	cr_assert_eq(observe.attach(VF), 0);
	for (u64 i = 0; i < room + 10; i++)
		observe.done(&acc);
	cr_assert_eq(observe_events.puts, room);
	cr_assert_eq(counted(0).reads, room + 10);
	cr_assert_eq(((struct observe_counts *)vvb_map_get(&observe_counts, VF))->lost, 10);
	vvb_native_clear(&observe_counts);
}
