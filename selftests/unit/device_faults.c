// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Misbehaviour on request: latency, wrong answers, silence, wrong notify lists. */
#include <string.h>

#include "driver.h"

#define MS UINT64_C(1000000)

static struct nic_faults faults(struct world *w)
{
	struct nic_faults f;

	nic_get_faults(w->nic, &f);
	return f;
}

static struct nic_counters counters(struct world *w)
{
	struct nic_counters c;

	nic_get_counters(w->nic, &c);
	return c;
}

/* Queues a LIST_QUERY and rings. */
static uint64_t query(struct admin *a)
{
	uint8_t out[24];
	uint64_t in;

	admin_header(out, 0, GROUP, 0);
	in = admin_put(a, out, sizeof(out), 16);
	ring_kick(&a->ring);
	return in;
}

/* Queues a write of queue_select of VF 1 and rings. */
static uint64_t select_queue(struct admin *a, uint8_t q)
{
	uint8_t out[34] = { 0 };
	uint64_t in;

	admin_header(out, 2, GROUP, 1);
	out[24] = L_QSEL;
	out[32] = q;
	in = admin_put(a, out, sizeof(out), 8);
	ring_kick(&a->ring);
	return in;
}

static uint16_t selected(struct world *w)
{
	return (uint16_t)nic_common_read(w->nic, 1, C_Q_SELECT, 2);
}

static void answered(struct admin *a, uint64_t in)
{
	struct reply r = admin_reply(a, in, 8);

	admin_is(&r, OK);
}

static void silent(struct admin *a)
{
	cr_assert_eq(ring_used_idx(&a->ring), a->ring.seen);
}

Test(faults, off_at_first)
{
	struct world *w = world_new(NULL, 1);
	struct nic_faults f = faults(w);

	cr_assert_eq(f.delay_ns, 0);
	cr_assert_eq(f.fail_nth, 0);
	cr_assert_eq(f.short_result, -1);
	cr_assert_eq(f.hang_queue, false);
	cr_assert_eq(f.lose_nth, 0);
	cr_assert_eq(f.notify_list, NIC_LIST_MEMBER);
	world_free(w);
}

Test(faults, a_delayed_command_takes_effect_at_its_end)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	uint64_t in;

	f.delay_ns = 5 * MS;
	nic_set_faults(w->nic, &f);
	in = select_queue(&a, 2);
	silent(&a);
	cr_assert_eq(counters(w).waiting, 1);
	cr_assert_eq(w->deadline, w->now + 5 * MS);
	world_sleep(w, 5 * MS - 1);
	silent(&a);
	cr_assert_eq(selected(w), 0);
	world_sleep(w, 1);
	answered(&a, in);
	cr_assert_eq(selected(w), 2);
	cr_assert_eq(counters(w).waiting, 0);
	cr_assert_eq(w->deadline, NIC_NO_DEADLINE);
	world_free(w);
}

Test(faults, delayed_commands_are_served_one_after_the_other)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	uint64_t in[5];
	unsigned int i;

	f.delay_ns = 2 * MS;
	nic_set_faults(w->nic, &f);
	for (i = 0; i < 5; i++)
		in[i] = query(&a);
	cr_assert_eq(counters(w).waiting, 5);
	for (i = 0; i < 5; i++) {
		world_sleep(w, 2 * MS - 1);
		silent(&a);
		world_sleep(w, 1);
		answered(&a, in[i]);
	}
	silent(&a);
	world_free(w);
}

Test(faults, an_early_or_spurious_timer_is_harmless)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	uint64_t in;

	nic_timer_expired(w->nic);
	f.delay_ns = 2 * MS;
	nic_set_faults(w->nic, &f);
	in = query(&a);
	w->now += MS;
	w->deadline = NIC_NO_DEADLINE;
	nic_timer_expired(w->nic);
	silent(&a);
	cr_assert_eq(w->deadline, w->now + MS, "armed again");
	world_sleep(w, MS);
	answered(&a, in);
	nic_timer_expired(w->nic);
	world_free(w);
}

Test(faults, the_nth_command_fails_and_does_nothing)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	struct reply r;

	f.fail_nth = 3;
	f.fail_status = 12;
	f.fail_qualifier = 6;
	nic_set_faults(w->nic, &f);
	legacy_put(&a, 1, L_QSEL, 1, 2);
	cr_assert_eq(faults(w).fail_nth, 2);
	legacy_put(&a, 1, L_QSEL, 2, 2);
	r = legacy_try_write(&a, 1, 2, L_QSEL, 0, 2);
	admin_is(&r, ANSWER(12, 6));
	cr_assert_eq(selected(w), 2);
	cr_assert_eq(faults(w).fail_nth, 0);
	cr_assert_eq(legacy_get(&a, 1, L_QSEL, 2), 2);
	cr_assert_eq(counters(w).refused, 1);
	world_free(w);
}

Test(faults, a_failed_read_has_no_result)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	struct reply r;

	f.fail_nth = 1;
	f.fail_status = 11;
	f.fail_qualifier = 7;
	nic_set_faults(w->nic, &f);
	r = legacy_try_read(&a, 1, 3, L_DF, 4);
	admin_is(&r, ANSWER(11, 7));
	cr_assert_eq(r.used, 8);
	cr_assert_eq(r.result[0], 0xee);
	world_free(w);
}

Test(faults, short_results)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	struct reply r;
	int32_t k;

	for (k = 0; k <= 4; k++) {
		f.short_result = k;
		nic_set_faults(w->nic, &f);
		r = legacy_try_read(&a, 1, 3, L_QSIZE, 2);
		admin_is(&r, OK);
		cr_assert_eq(r.used, 8 + (k < 2 ? k : 2));
		cr_assert_eq(r.result[1], k < 2 ? 0xee : 1);
		r = admin_cmd(&a, 6, GROUP, 1, NULL, 0, 64);
		cr_assert_eq(r.used, 8 + k);
	}
	f.short_result = -1;
	nic_set_faults(w->nic, &f);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 256);
	world_free(w);
}

Test(faults, a_hung_queue_answers_in_order_once_released)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	uint64_t in[3];
	unsigned int i;

	f.hang_queue = true;
	nic_set_faults(w->nic, &f);
	in[0] = select_queue(&a, 1);
	in[1] = select_queue(&a, 2);
	in[2] = query(&a);
	world_sleep(w, 1000000 * MS);
	silent(&a);
	cr_assert_eq(selected(w), 0);
	cr_assert_eq(counters(w).waiting, 3);
	f.hang_queue = false;
	nic_set_faults(w->nic, &f);
	for (i = 0; i < 3; i++)
		answered(&a, in[i]);
	cr_assert_eq(selected(w), 2);
	cr_assert_eq(counters(w).waiting, 0);
	world_free(w);
}

Test(faults, a_hang_holds_a_delayed_command_too)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	uint64_t in;

	f.delay_ns = 2 * MS;
	nic_set_faults(w->nic, &f);
	in = query(&a);
	f.hang_queue = true;
	nic_set_faults(w->nic, &f);
	world_sleep(w, 10 * MS);
	silent(&a);
	cr_assert_eq(counters(w).waiting, 1);
	f.hang_queue = false;
	nic_set_faults(w->nic, &f);
	answered(&a, in);
	world_free(w);
}

Test(faults, a_reset_drops_what_hangs)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	unsigned int how;

	for (how = 0; how < 3; how++) {
		a = admin_ready(w);
		f.hang_queue = true;
		nic_set_faults(w->nic, &f);
		select_queue(&a, 2);
		if (how == 0)
			nic_common_write(w->nic, 0, C_STATUS, 0, 1);
		else if (how == 1)
			nic_surprise_reset(w->nic, 0);
		else
			nic_fn_reset(w->nic, 0);
		f.hang_queue = false;
		nic_set_faults(w->nic, &f);
		silent(&a);
		if (how == 2)
			nic_set_num_vfs(w->nic, 1);
		cr_assert_eq(selected(w), 0);
	}
	world_free(w);
}

Test(faults, a_reset_drops_the_command_in_service)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);

	f.delay_ns = 2 * MS;
	nic_set_faults(w->nic, &f);
	select_queue(&a, 2);
	nic_common_write(w->nic, 0, C_STATUS, 0, 1);
	world_sleep(w, 10 * MS);
	silent(&a);
	cr_assert_eq(selected(w), 0);
	cr_assert_eq(counters(w).lost, 1);
	cr_assert_eq(counters(w).waiting, 0);
	world_free(w);
}

Test(faults, one_is_lost_the_others_go_on)
{
	static struct nic_trace_entry t[8];
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	uint64_t first, last;

	f.lose_nth = 2;
	nic_set_faults(w->nic, &f);
	first = query(&a);
	select_queue(&a, 2);
	last = query(&a);
	answered(&a, first);
	answered(&a, last);
	silent(&a);
	cr_assert_eq(selected(w), 0);
	cr_assert_eq(counters(w).lost, 1);
	cr_assert_eq(faults(w).lose_nth, 0);
	cr_assert_eq(nic_trace(w->nic, t, 8), 4);
	cr_assert(t[2].lost);
	cr_assert_eq(t[2].opcode, 2);
	cr_assert_eq(t[2].offset, L_QSEL);
	cr_assert_not(t[3].lost);
	world_free(w);
}

Test(faults, vfs_that_vanish_under_a_delayed_command)
{
	struct world *w = world_new(NULL, 2);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	struct reply r;
	uint64_t in;

	f.delay_ns = 2 * MS;
	nic_set_faults(w->nic, &f);
	in = select_queue(&a, 2);
	nic_set_num_vfs(w->nic, 0);
	world_sleep(w, 2 * MS);
	r = admin_reply(&a, in, 8);
	admin_is(&r, ANSWER(22, 4));
	world_free(w);
}

static struct reply notify_info(struct admin *a, struct world *w, enum nic_notify_list list,
				unsigned int vf)
{
	struct nic_faults f = faults(w);
	struct reply r;

	f.notify_list = list;
	nic_set_faults(w->nic, &f);
	r = admin_cmd(a, 6, GROUP, vf, NULL, 0, 64);
	admin_is(&r, OK);
	cr_assert_eq(r.used, 72);
	return r;
}

static uint64_t entry_offset(const struct reply *r, unsigned int i)
{
	uint64_t v = 0;
	unsigned int k;

	for (k = 0; k < 8; k++)
		v |= (uint64_t)r->result[16 * i + 8 + k] << 8 * k;
	return v;
}

Test(faults, notify_lists)
{
	struct world *w = world_new(NULL, 3);
	struct admin a = admin_ready(w);
	struct reply r;

	r = notify_info(&a, w, NIC_LIST_MEMBER, 3);
	cr_assert_eq(memcmp(r.result, "\2\4", 2), 0);
	cr_assert_eq(entry_offset(&r, 0), 0x3000);
	r = notify_info(&a, w, NIC_LIST_OWNER, 3);
	cr_assert_eq(memcmp(r.result, "\1\4", 2), 0);
	cr_assert_eq(entry_offset(&r, 0), 0x4004);
	cr_assert_eq(r.result[16], 0);
	r = notify_info(&a, w, NIC_LIST_OWNER_MEMBER, 1);
	cr_assert_eq(r.result[0], 1);
	cr_assert_eq(entry_offset(&r, 0), 0x4000);
	cr_assert_eq(r.result[16], 2);
	cr_assert_eq(entry_offset(&r, 1), 0x3000);
	r = notify_info(&a, w, NIC_LIST_EMPTY, 1);
	cr_assert_eq(r.result[0], 0);
	r = notify_info(&a, w, NIC_LIST_BAD_BAR, 1);
	cr_assert_gt(r.result[1], 5);
	r = notify_info(&a, w, NIC_LIST_MISALIGNED, 1);
	cr_assert_eq(entry_offset(&r, 0) & 1, 1);
	r = notify_info(&a, w, NIC_LIST_OUT_OF_RANGE, 1);
	cr_assert_geq(entry_offset(&r, 0), UINT64_C(1) << 40);
	r = notify_info(&a, w, NIC_LIST_MSIX_BAR, 1);
	cr_assert_eq(memcmp(r.result, "\2\5", 2), 0);
	cr_assert_eq(entry_offset(&r, 0), 0xc00);
	world_free(w);
}

/* Behind the used ring's avail_event; nothing, as long as nobody asks for it. */
static uint64_t stamp(struct ring *r)
{
	return world_get(r->w, r->used + 8 + 8u * r->size, 8);
}

Test(faults, doorbells_are_stamped)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_faults f = faults(w);
	struct net modern = net_modern(w, 1, NET_MODERN), legacy;

	world_sleep(w, 5);
	ring_kick(&modern.tx);
	cr_assert_eq(stamp(&modern.tx), 0);
	f.stamp_doorbells = true;
	nic_set_faults(w->nic, &f);
	world_sleep(w, 7);
	ring_kick(&modern.tx);
	cr_assert_eq(stamp(&modern.tx), w->now);
	cr_assert_eq(stamp(&modern.rx), 0);
	nic_surprise_reset(w->nic, 1);
	legacy = net_legacy(&a, 1, 0);
	world_sleep(w, 9);
	nic_legacy_notify(w->nic, 1, NIC_Q_TX);
	cr_assert_eq(stamp(&legacy.tx), w->now);
	world_sleep(w, 9);
	cr_assert_eq(stamp(&legacy.tx), w->now - 9);
	ring_kick(&a.ring);
	cr_assert_eq(stamp(&a.ring), 0);
	world_free(w);
}

Test(faults, a_surprise_reset_tells_nobody)
{
	struct world *w = world_new(NULL, 1);
	struct nic_fn_state s;

	nic_set_msix(w->nic, 1, true, 4);
	net_modern(w, 1, NET_MODERN);
	nic_surprise_reset(w->nic, 1);
	cr_assert_eq(drv_status(w, 1), 0);
	cr_assert_eq(world_interrupts(w, 1), 0);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.enabled, 0);
	cr_assert_eq(s.interface, NIC_IF_NONE);
	world_free(w);
}
