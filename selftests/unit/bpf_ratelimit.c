// SPDX-License-Identifier: GPL-2.0-only
/* The rate limit over a clock that the test turns. */
#include <criterion/criterion.h>
#include <pthread.h>

#include "ratelimit.bpf.c"

#define VF 0x101ull
#define MS 1000000ull

static void start(void)
{
	vvb_native_now = 1000 * RATELIMIT_SECOND;
	cr_assert_eq(ratelimit.attach(VF), 0);
}

static void end(void)
{
	vvb_native_clear(&ratelimit_knobs);
	vvb_native_clear(&ratelimit_buckets);
}

TestSuite(bpf_ratelimit, .init = start, .fini = end);

static void limit(u32 control_rate, u32 control_burst, u32 notify_rate, u32 notify_burst)
{
	struct ratelimit_knobs knobs = { control_rate, control_burst, notify_rate, notify_burst };

	cr_assert_eq(vvb_map_put(&ratelimit_knobs, VF, &knobs), 0);
}

/* How long a control access waits, in microseconds; the clock goes on by as much. */
static u32 control(void)
{
	struct vvb_access acc = { .vf = VF, .field = VVB_FIELD_DEVICE_STATUS };

	cr_assert_eq(ratelimit.access(&acc), VVB_DEFAULT);
	vvb_native_now += 1000ull * acc.delay_us;
	return acc.delay_us;
}

/* The same of a notify, for which nobody waits: 0 is passed at once. */
static u32 notify(void)
{
	struct vvb_access acc = { .vf = VF, .field = VVB_FIELD_QUEUE_NOTIFY, .write = 1 };
	int verdict = ratelimit.access(&acc);

	cr_assert_eq(verdict, acc.delay_us ? VVB_COALESCE : VVB_DEFAULT);
	return acc.delay_us;
}

Test(bpf_ratelimit, no_limit_unless_told)
{
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(control() + notify(), 0);
	limit(0, 1, 0, 1);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(control() + notify(), 0);
}

Test(bpf_ratelimit, control_burst_then_rate)
{
	limit(100, 5, 0, 1);
	for (int i = 0; i < 5; i++)
		cr_assert_eq(control(), 0, "%d of the burst", i);
	for (int i = 0; i < 20; i++)
		cr_assert_eq(control(), 10000, "%d of the rate", i);
	cr_assert_eq(notify(), 0, "the other bucket");
}

Test(bpf_ratelimit, control_rests)
{
	limit(100, 5, 0, 1);
	while (!control())
		;
	vvb_native_now += 30 * MS; /* three tokens */
	for (int i = 0; i < 3; i++)
		cr_assert_eq(control(), 0);
	cr_assert_eq(control(), 10000);
	vvb_native_now += 3600 * RATELIMIT_SECOND; /* five, and no more */
	for (int i = 0; i < 5; i++)
		cr_assert_eq(control(), 0);
	cr_assert_eq(control(), 10000);
}

Test(bpf_ratelimit, half_a_token_is_half_the_wait)
{
	limit(100, 1, 0, 1);
	cr_assert_eq(control(), 0);
	vvb_native_now += 4 * MS;
	cr_assert_eq(control(), 6000);
}

/* The kernel waits for punt_timeout_ms at most: what was not waited is nobody's debt. */
Test(bpf_ratelimit, waits_that_are_cut_don_t_add_up)
{
	struct vvb_access acc = { .vf = VF };

	limit(1, 1, 0, 1);
	for (int i = 0; i < 100; i++) {
		acc.delay_us = 0;
		ratelimit.access(&acc);
		vvb_native_now += 250 * MS;
		cr_assert_leq(acc.delay_us, 1000000);
	}
}

Test(bpf_ratelimit, notify_burst_then_one_per_interval)
{
	u32 passed = 0, rounds = 0;
	u64 began, due = 0;

	limit(0, 1, 1000, 10);
	for (int i = 0; i < 10; i++)
		cr_assert_eq(notify(), 0);
	began = vvb_native_now;
	/* kicks every 100 us for a second: those that pass and those delivered later, together */
	for (int i = 0; i < 10000; i++) {
		u32 us;

		vvb_native_now = began + i * 100000ull;
		us = notify();
		passed += !us;
		if (us && vvb_native_now >= due) {
			due = vvb_native_now + 1000ull * us;
			rounds++;
		}
	}
	cr_assert_geq(passed + rounds, 995);
	cr_assert_leq(passed + rounds, 1005);
}

Test(bpf_ratelimit, who_waits_is_joined)
{
	limit(0, 1, 100, 1);
	cr_assert_eq(notify(), 0);
	cr_assert_eq(notify(), 10000);
	vvb_native_now += 4 * MS;
	cr_assert_eq(notify(), 6000, "goes with the one before");
	cr_assert_eq(notify(), 6000);
	vvb_native_now += 6 * MS;
	cr_assert_eq(notify(), 10000, "the token is taken by those delivered now");
}

Test(bpf_ratelimit, tuned_while_it_runs)
{
	limit(10, 1, 0, 1);
	control();
	cr_assert_eq(control(), 100000);
	limit(1000, 1, 0, 1);
	cr_assert_leq(control(), 1000);
	cr_assert_eq(control(), 1000);
	limit(0, 1, 0, 1);
	cr_assert_eq(control(), 0);
}

/* So many that the bucket is empty, and one more that waits. */
static void exhaust(u32 (*one)(void), u32 burst)
{
	for (u32 i = 0; i < burst; i++)
		cr_assert_eq(one(), 0);
	cr_assert_gt(one(), 0);
}

/* One in a second at last, 65,536 at once: an empty bucket would take 18 hours to fill. */
Test(bpf_ratelimit, a_higher_rate_is_in_force_at_once)
{
	limit(1, 65536, 1, 65536);
	exhaust(control, 65536);
	exhaust(notify, 65536);
	limit(1000, 16, 10000, 256);
	cr_assert_leq(control(), 1000);
	cr_assert_eq(control(), 1000);
	cr_assert_leq(notify(), 100);
	vvb_native_now += MS;
	cr_assert_leq(notify(), 100);
}

Test(bpf_ratelimit, no_delay_is_longer_than_an_interval)
{
	static const u32 rates[] = { 1, 2, 7, 1000, 1000000 };
	static const u32 bursts[] = { 1, 2, 64, 65536 };

	for (unsigned int i = 0; i < 5000; i++) {
		const u32 rate = rates[i * 7 % 5], burst = bursts[i * 3 % 4];

		limit(rate, burst, rate, burst);
		for (unsigned int j = 0; j < 10 + i % 100; j++) {
			cr_assert_leq(control(), (1000000 + rate - 1) / rate);
			cr_assert_leq(notify(), (1000000 + rate - 1) / rate);
		}
	}
}

/* Nothing checks what bpftool puts into the map. */
Test(bpf_ratelimit, knobs_out_of_range)
{
	static const u32 odd[] = { 0, 1, 0x7fffffff, 0xffffffff };

	for (unsigned int i = 0; i < 256; i++) {
		limit(odd[i & 3], odd[i >> 2 & 3], odd[i >> 4 & 3], odd[i >> 6]);
		for (int j = 0; j < 3; j++)
			cr_assert_leq(control() + notify(), 2000000);
	}
}

Test(bpf_ratelimit, a_vf_that_never_attached)
{
	struct vvb_access acc = { .vf = VF + 1 };

	cr_assert_eq(ratelimit.access(&acc), VVB_DEFAULT);
	cr_assert_eq(acc.delay_us, 0);
}

/* Another layout of the buckets: attach() does not run when a policy is updated in place. */
Test(bpf_ratelimit, the_limit_outlives_an_update)
{
	limit(100, 5, 100, 5);
	exhaust(control, 5);
	exhaust(notify, 5);
	vvb_native_clear(&ratelimit_buckets);
	exhaust(control, 5);
	for (int i = 0; i < 20; i++)
		cr_assert_eq(control(), 10000);
	exhaust(notify, 5);
}

Test(bpf_ratelimit, no_room_is_no_licence)
{
	const size_t room = ratelimit_buckets.room;

	limit(100, 5, 200, 5);
	vvb_native_clear(&ratelimit_buckets);
	ratelimit_buckets.room = 0;
	for (int i = 0; i < 20; i++) {
		cr_assert_eq(control(), 10000);
		cr_assert_eq(notify(), 5000);
	}
	limit(0, 5, 0, 5);
	cr_assert_eq(control() + notify(), 0);
	ratelimit_buckets.room = room;
}

Test(bpf_ratelimit, vfs_come_and_go)
{
	for (u64 vf = 0; vf < 3 * VVB_MAX_VFS; vf++) {
		cr_assert_eq(ratelimit.attach(vf), 0);
		ratelimit.detach(vf);
	}
	for (u64 vf = 0; vf < VVB_MAX_VFS; vf++)
		cr_assert_eq(ratelimit.attach(vf), 0);
	cr_assert_eq(ratelimit.attach(VVB_MAX_VFS), -ENOSPC);
	cr_assert_eq(ratelimit.attach(7), 0, "again");
	ratelimit.detach(8);
	cr_assert_eq(ratelimit.attach(VVB_MAX_VFS), 0);
}

/* ---- notifies from several CPUs ---- */

static u32 passed_at_once;

static void *kick(void *unused)
{
	for (int i = 0; i < 10000; i++)
		if (!notify())
			__sync_fetch_and_add(&passed_at_once, 1);
	return unused;
}

Test(bpf_ratelimit, no_token_is_taken_twice)
{
	pthread_t threads[4];

	limit(0, 1, 1, 3000);
	for (int i = 0; i < 4; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, kick, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	cr_assert_leq(passed_at_once, 3000);
	cr_assert_gt(passed_at_once, 0);
}
