// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Several queue pairs: which queue is what, how many are in use, where a frame comes in. */
#include <string.h>

#include "driver.h"

#define F_MQ F(22)
#define MQ (NET_MODERN | F_CTRL_VQ | F_MQ)
#define CFG_MAX_PAIRS 8
#define PAIRS 4
#define CTRL_QUEUE (2 * PAIRS)
#define LEN 100

static struct world *world(uint16_t pf_pairs, uint16_t vf_pairs)
{
	struct nic_settings set;

	nic_settings_init(&set);
	set.max_vfs = 2;
	set.queue_size = 64;
	set.pf_pairs = pf_pairs;
	set.vf_pairs = vf_pairs;
	return world_new(&set, 2);
}

static unsigned int size_of(struct world *w, unsigned int fn, unsigned int q)
{
	nic_common_write(w->nic, fn, C_Q_SELECT, q, 2);
	return (unsigned int)nic_common_read(w->nic, fn, C_Q_SIZE, 2);
}

static unsigned int pairs_in_use(struct world *w, unsigned int fn)
{
	struct nic_fn_state s;

	nic_get_fn_state(w->nic, fn, &s);
	return s.pairs;
}

Test(multiqueue, settings)
{
	struct nic_settings set;

	nic_settings_init(&set);
	cr_assert_eq(set.pf_pairs, 1);
	cr_assert_eq(set.vf_pairs, 1);
	set.vf_pairs = 8;
	cr_assert(nic_settings_ok(&set));
	set.vf_pairs = 9;
	cr_assert_not(nic_settings_ok(&set));
	set.vf_pairs = 0;
	cr_assert_not(nic_settings_ok(&set));
	set.vf_pairs = 1;
	set.pf_pairs = 9;
	cr_assert_not(nic_settings_ok(&set));
	set.pf_pairs = 0;
	cr_assert_not(nic_settings_ok(&set));
}

Test(multiqueue, what_is_on_offer)
{
	struct world *w = world(2, PAIRS);

	cr_assert_eq(drv_offered(w, 0) & F_MQ, F_MQ);
	cr_assert_eq(drv_offered(w, 1) & F_MQ, F_MQ);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, CFG_MAX_PAIRS, 2), 2);
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, CFG_MAX_PAIRS, 2), PAIRS);
	cr_assert_eq(nic_common_read(w->nic, 0, C_NUMQ, 2), 5);
	cr_assert_eq(nic_common_read(w->nic, 1, C_NUMQ, 2), 2 * PAIRS + 1);
	cr_assert_eq(nic_common_read(w->nic, 0, C_ADM_IDX, 2), 5, "behind the others");
	cr_assert_eq(nic_common_read(w->nic, 1, C_ADM_NUM, 2), 0);
	cr_assert_eq(nic_nr_queues(&w->set, 0), 6);
	cr_assert_eq(nic_nr_queues(&w->set, 1), 9);
	world_free(w);
	w = world(1, 1);
	cr_assert_eq(drv_offered(w, 0) & F_MQ, 0);
	cr_assert_eq(drv_offered(w, 1) & F_MQ, 0);
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, CFG_MAX_PAIRS, 2), 1);
	world_free(w);
}

Test(multiqueue, needs_the_control_queue)
{
	struct world *w = world(1, PAIRS);

	drv_start(w, 1, NET_MODERN | F_MQ);
	cr_assert_not(drv_status(w, 1) & S_FEATURES_OK);
	drv_start(w, 1, MQ);
	cr_assert(drv_status(w, 1) & S_FEATURES_OK);
	world_free(w);
}

Test(multiqueue, queues_with_the_feature_and_without)
{
	struct world *w = world(PAIRS, PAIRS);
	unsigned int q;

	drv_start(w, 1, NET_MODERN | F_CTRL_VQ);
	for (q = 0; q < 3; q++)
		cr_assert_eq(size_of(w, 1, q), 64);
	for (; q < 20; q++)
		cr_assert_eq(size_of(w, 1, q), 0, "queue %u", q);
	drv_start(w, 1, MQ);
	for (q = 0; q <= CTRL_QUEUE; q++)
		cr_assert_eq(size_of(w, 1, q), 64);
	for (; q < 20; q++)
		cr_assert_eq(size_of(w, 1, q), 0, "queue %u", q);
	drv_start(w, 0, NET_MODERN | F_CTRL_VQ | F_ADMIN_VQ);
	cr_assert_eq(size_of(w, 0, 3), 0);
	cr_assert_eq(size_of(w, 0, CTRL_QUEUE + 1), 64, "the administration queue stays");
	world_free(w);
}

static uint8_t ctrl(struct ring *r, const char *bytes, uint32_t len)
{
	struct world *w = r->w;
	uint64_t at = world_alloc(w, len + 1, 1);
	struct buf b[2] = { { at, len, false }, { at + len, 1, true } };
	uint32_t id, used;

	memcpy(w->ram + at, bytes, len);
	w->ram[at + len] = 0xee;
	ring_add(r, b, 2);
	ring_kick(r);
	cr_assert(ring_used(r, &id, &used));
	return w->ram[at + len];
}

#define CTRL(r, bytes) ctrl(r, bytes, sizeof(bytes) - 1)

Test(multiqueue, the_control_queue_lies_behind_the_pairs)
{
	struct world *w = world(1, PAIRS);
	struct ring r;

	drv_start(w, 1, NET_MODERN | F_CTRL_VQ | F_CTRL_RX);
	ring_modern(&r, w, 1, NIC_Q_CTRL, 16);
	drv_ok(w, 1);
	cr_assert_eq(CTRL(&r, "\0\0\1"), 0);
	drv_start(w, 1, MQ | F_CTRL_RX);
	ring_modern(&r, w, 1, CTRL_QUEUE, 16);
	drv_ok(w, 1);
	cr_assert_eq(CTRL(&r, "\0\0\1"), 0);
	world_free(w);
}

Test(multiqueue, how_many_are_in_use)
{
	struct world *w = world(1, PAIRS);
	struct ring r;

	drv_start(w, 1, MQ);
	ring_modern(&r, w, 1, CTRL_QUEUE, 16);
	drv_ok(w, 1);
	cr_assert_eq(pairs_in_use(w, 1), 1);
	cr_assert_eq(CTRL(&r, "\4\0\4\0"), 0);
	cr_assert_eq(pairs_in_use(w, 1), 4);
	cr_assert_eq(CTRL(&r, "\4\0\5\0"), 1, "more than there are");
	cr_assert_eq(CTRL(&r, "\4\0\0\0"), 1, "none");
	cr_assert_eq(CTRL(&r, "\4\0\1\1"), 1, "257");
	cr_assert_eq(CTRL(&r, "\4\0\1"), 1, "cut off");
	cr_assert_eq(CTRL(&r, "\4\1\1\0"), 1, "another command");
	cr_assert_eq(pairs_in_use(w, 1), 4);
	cr_assert_eq(CTRL(&r, "\4\0\2\0"), 0);
	cr_assert_eq(pairs_in_use(w, 1), 2);
	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	cr_assert_eq(pairs_in_use(w, 1), 1);
	drv_start(w, 1, NET_MODERN | F_CTRL_VQ);
	ring_modern(&r, w, 1, NIC_Q_CTRL, 16);
	drv_ok(w, 1);
	cr_assert_eq(CTRL(&r, "\4\0\1\0"), 1, "without the feature");
	world_free(w);
}

/* A function with all its pairs, and another that sends to it. */
struct fixture {
	struct world *w;
	struct net pair[PAIRS];
	struct ring control;
	struct net peer;
};

static struct fixture fixture(void)
{
	struct fixture f = { .w = world(1, PAIRS) };
	unsigned int i;

	f.peer = net_modern(f.w, 2, NET_MODERN);
	drv_start(f.w, 1, MQ);
	for (i = 0; i < PAIRS; i++) {
		f.pair[i].hlen = 12;
		ring_modern(&f.pair[i].rx, f.w, 1, 2 * i, 16);
		ring_modern(&f.pair[i].tx, f.w, 1, 2 * i + 1, 16);
	}
	ring_modern(&f.control, f.w, 1, CTRL_QUEUE, 16);
	drv_ok(f.w, 1);
	for (i = 0; i < 8 * PAIRS; i++)
		net_offer(&f.pair[i % PAIRS], LEN + 12);
	return f;
}

/* An IPv4 frame between function 1 and 2, port 1000 + @flow there, port 80 here. */
static void ip_frame(struct fixture *f, uint8_t *frame, unsigned int to, unsigned int flow)
{
	static const uint8_t one[6] = { 10, 0, 0, 1, 0, 80 };
	uint8_t two[6] = { 10, 0, 0, 2, 1000 >> 8, (uint8_t)(1000 + flow) };
	const uint8_t *from = to == 1 ? two : one, *dest = to == 1 ? one : two;

	net_frame(f->w, frame, LEN, (int)to, to == 1 ? 2 : 1);
	memset(frame + 12, 0, LEN - 12);
	frame[12] = 8;
	frame[14] = 0x45;
	frame[14 + 9] = 6;
	memcpy(frame + 14 + 12, from, 4);
	memcpy(frame + 14 + 16, dest, 4);
	memcpy(frame + 14 + 20, from + 4, 2);
	memcpy(frame + 14 + 22, dest + 4, 2);
}

/* The pair at which the next frame of a flow comes in. */
static unsigned int comes_in_at(struct fixture *f, unsigned int flow)
{
	uint8_t frame[LEN];
	unsigned int i, at = PAIRS;
	uint32_t id;

	ip_frame(f, frame, 1, flow);
	net_send(&f->peer, frame, LEN);
	for (i = 0; i < PAIRS; i++) {
		if (!net_received(&f->pair[i], &id))
			continue;
		cr_assert_eq(at, PAIRS, "it came in twice");
		at = i;
	}
	cr_assert_lt(at, PAIRS, "it did not come in");
	return at;
}

Test(multiqueue, one_pair_until_the_driver_wants_more)
{
	struct fixture f = fixture();
	unsigned int flow;

	for (flow = 0; flow < 4; flow++)
		cr_assert_eq(comes_in_at(&f, flow), 0);
	world_free(f.w);
}

Test(multiqueue, a_flow_comes_in_at_the_pair_that_sent_of_it)
{
	struct fixture f = fixture();
	unsigned int flow, seen = 0;
	uint8_t frame[LEN];

	cr_assert_eq(CTRL(&f.control, "\4\0\4\0"), 0);
	for (flow = 0; flow < 4; flow++) {
		seen |= 1u << comes_in_at(&f, flow);
		cr_assert_eq(comes_in_at(&f, flow), comes_in_at(&f, flow), "always the same");
	}
	cr_assert_eq(seen, 0xf, "all are used");
	for (flow = 0; flow < 4; flow++) {
		ip_frame(&f, frame, 2, flow);
		net_send(&f.pair[3 - flow], frame, LEN);
	}
	for (flow = 0; flow < 4; flow++)
		cr_assert_eq(comes_in_at(&f, flow), 3 - flow);
	world_free(f.w);
}

Test(multiqueue, no_frame_at_a_pair_that_is_out_of_use)
{
	struct fixture f = fixture();
	unsigned int flow;
	uint8_t frame[LEN];

	cr_assert_eq(CTRL(&f.control, "\4\0\4\0"), 0);
	for (flow = 0; flow < 4; flow++) {
		ip_frame(&f, frame, 2, flow);
		net_send(&f.pair[flow], frame, LEN);
	}
	cr_assert_eq(CTRL(&f.control, "\4\0\2\0"), 0);
	for (flow = 0; flow < 4; flow++)
		cr_assert_lt(comes_in_at(&f, flow), 2);
	world_free(f.w);
}

Test(multiqueue, a_pair_out_of_use_does_not_send)
{
	struct fixture f = fixture();
	uint64_t at = world_alloc(f.w, LEN + 12, 16);
	struct buf b = { at, LEN + 12, false };
	uint32_t id;

	net_offer(&f.peer, LEN + 12);
	ip_frame(&f, f.w->ram + at + 12, 2, 0);
	ring_add(&f.pair[2].tx, &b, 1);
	ring_kick(&f.pair[2].tx);
	cr_assert_eq(net_received(&f.peer, &id), 0);
	cr_assert_eq(CTRL(&f.control, "\4\0\3\0"), 0);
	cr_assert_eq(net_received(&f.peer, &id), LEN + 12, "it had waited");
	world_free(f.w);
}

Test(multiqueue, frames_of_any_kind_find_a_queue)
{
	static const uint8_t kinds[][2] = { { 8, 0 }, { 0x86, 0xdd }, { 8, 6 }, { 0, 0 } };
	struct fixture f = fixture();
	uint8_t frame[LEN];
	unsigned int kind, i, seen;
	uint32_t id, len;

	cr_assert_eq(CTRL(&f.control, "\4\0\4\0"), 0);
	for (kind = 0; kind < COUNT(kinds); kind++) {
		for (len = 14; len < LEN; len += 7) {
			net_frame(f.w, frame, LEN, 1, 2);
			memcpy(frame + 12, kinds[kind], 2);
			frame[14] = 0x4f;
			frame[14 + 9] = 17;
			net_send(&f.peer, frame, len);
			for (i = 0, seen = 0; i < PAIRS; i++) {
				if (!net_received(&f.pair[i], &id))
					continue;
				net_offer(&f.pair[i], LEN + 12);
				seen++;
			}
			cr_assert_eq(seen, 1, "kind %u, %u bytes", kind, len);
		}
	}
	world_free(f.w);
}

Test(multiqueue, legacy)
{
	struct world *w = world(1, PAIRS);
	struct admin a = admin_ready(w);
	struct ring r, tx;
	struct buf b = { world_alloc(w, LEN, 16), LEN, false };
	uint32_t id, len;

	cr_assert_eq(legacy_get(&a, 1, L_DF, 4) & F_MQ, F_MQ);
	legacy_put(&a, 1, L_QSEL, CTRL_QUEUE, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 0, "before the features are known");
	legacy_start(&a, 1, F_MAC | F_CTRL_VQ | F_MQ);
	ring_legacy(&r, &a, 1, CTRL_QUEUE);
	ring_legacy(&tx, &a, 1, 5);
	legacy_put(&a, 1, L_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK, 1);
	cr_assert_eq(CTRL(&r, "\4\0\3\0"), 0);
	cr_assert_eq(pairs_in_use(w, 1), 3);
	ring_add(&tx, &b, 1);
	nic_legacy_notify(w->nic, 1, 5);
	cr_assert(ring_used(&tx, &id, &len));
	nic_legacy_notify(w->nic, 1, CTRL_QUEUE + 1);
	legacy_put(&a, 1, L_GF, F_MAC, 4);
	cr_assert_eq(pairs_in_use(w, 1), 1, "other features, other queues");
	world_free(w);
}
