// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Frames: transmit, the learning switch, receive with and without mergeable buffers. */
#include <string.h>

#include "driver.h"

#define LEN 60u

static struct nic_fn_counters counters(struct world *w, unsigned int fn)
{
	struct nic_fn_counters c;

	nic_get_fn_counters(w->nic, fn, &c);
	return c;
}

static bool mem_is(struct world *w, uint64_t at, const void *bytes, size_t len)
{
	return !memcmp(w->ram + at, bytes, len);
}

Test(switch, a_frame_from_vf_to_pf)
{
	struct world *w = world_new(NULL, 2);
	struct net pf = net_modern(w, 0, NET_MODERN);
	struct net vf = net_modern(w, 1, NET_MODERN);
	struct net other = net_modern(w, 2, NET_MODERN);
	uint64_t at = net_offer(&pf, 1600);
	uint8_t frame[LEN];
	uint32_t id;

	net_offer(&other, 1600);
	net_frame(w, frame, LEN, 0, 1);
	net_send(&vf, frame, LEN);
	cr_assert_eq(net_received(&pf, &id), LEN + 12);
	cr_assert(mem_is(w, at + 12, frame, LEN));
	cr_assert(mem_is(w, at, "\0\0\0\0\0\0\0\0\0\0\1\0", 12), "num_buffers is 1");
	cr_assert_eq(net_received(&other, &id), 0);
	cr_assert_eq(w->uplink_frames, 0);
	cr_assert_eq(counters(w, 1).tx_frames, 1);
	cr_assert_eq(counters(w, 1).tx_bytes, LEN);
	cr_assert_eq(counters(w, 0).rx_frames, 1);
	cr_assert_eq(counters(w, 0).rx_bytes, LEN);
	world_free(w);
}

Test(switch, broadcast_multicast_and_unknown_go_everywhere_but_back)
{
	struct world *w = world_new(NULL, 3);
	struct net n[4];
	uint8_t frame[LEN];
	unsigned int fn, kind;
	uint32_t id;

	for (fn = 0; fn < 4; fn++)
		n[fn] = net_modern(w, fn, NET_MODERN);
	for (kind = 0; kind < 3; kind++) {
		for (fn = 0; fn < 4; fn++)
			net_offer(&n[fn], 1600);
		net_frame(w, frame, LEN, -1, 2);
		if (kind == 1)
			memcpy(frame, "\x33\x33\0\0\0\1", 6);
		if (kind == 2)
			memcpy(frame, "\x02\0\0\0\0\x77", 6);
		net_send(&n[2], frame, LEN);
		for (fn = 0; fn < 4; fn++)
			cr_assert_eq(net_received(&n[fn], &id), fn == 2 ? 0 : LEN + 12);
		cr_assert_eq(w->uplink_frames, kind + 1);
	}
	world_free(w);
}

Test(switch, learns_where_an_address_is)
{
	struct world *w = world_new(NULL, 2);
	struct net n[3];
	uint8_t frame[LEN];
	unsigned int fn;
	uint32_t id;

	for (fn = 0; fn < 3; fn++) {
		n[fn] = net_modern(w, fn, NET_MODERN);
		net_offer(&n[fn], 1600);
		net_offer(&n[fn], 1600);
	}
	/* a bridge behind VF 1 sends from 02:..:77 */
	net_frame(w, frame, LEN, 0, 1);
	memcpy(frame + 6, "\x02\0\0\0\0\x77", 6);
	net_send(&n[1], frame, LEN);
	cr_assert_eq(net_received(&n[0], &id), LEN + 12);
	/* an answer to it goes there only */
	net_frame(w, frame, LEN, -1, 2);
	memcpy(frame, "\x02\0\0\0\0\x77", 6);
	net_send(&n[2], frame, LEN);
	cr_assert_eq(net_received(&n[1], &id), LEN + 12);
	cr_assert_eq(net_received(&n[0], &id), 0);
	cr_assert_eq(w->uplink_frames, 0);
	/* until VF 1 is reset: flooded, then */
	nic_fn_reset(w->nic, 1);
	net_send(&n[2], frame, LEN);
	cr_assert_eq(net_received(&n[0], &id), LEN + 12);
	cr_assert_eq(w->uplink_frames, 1);
	world_free(w);
}

Test(switch, an_address_that_moves)
{
	struct world *w = world_new(NULL, 2);
	struct net n[3];
	uint8_t from[LEN], to[LEN];
	unsigned int fn;
	uint32_t id;

	for (fn = 0; fn < 3; fn++)
		n[fn] = net_modern(w, fn, NET_MODERN);
	net_offer(&n[1], 1600);
	net_offer(&n[2], 1600);
	net_frame(w, from, LEN, 0, 1);
	memcpy(from + 6, "\x02\0\0\0\0\x77", 6);
	net_frame(w, to, LEN, -1, 0);
	memcpy(to, "\x02\0\0\0\0\x77", 6);
	net_send(&n[1], from, LEN);
	net_send(&n[0], to, LEN);
	cr_assert_eq(net_received(&n[1], &id), LEN + 12);
	net_send(&n[2], from, LEN);
	net_send(&n[0], to, LEN);
	cr_assert_eq(net_received(&n[2], &id), LEN + 12);
	cr_assert_eq(net_received(&n[1], &id), 0);
	world_free(w);
}

Test(switch, more_addresses_than_the_table_holds)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	uint8_t frame[LEN];
	unsigned int i;

	net_frame(w, frame, LEN, 0, 1);
	for (i = 0; i < 1000; i++) {
		memcpy(frame + 6, "\x02\0\0\0", 4);
		frame[10] = (uint8_t)(i >> 8);
		frame[11] = (uint8_t)i;
		net_send(&n, frame, LEN);
	}
	cr_assert_eq(counters(w, 1).tx_frames, 1000);
	world_free(w);
}

Test(switch, a_frame_to_oneself_goes_nowhere)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	uint8_t frame[LEN];
	uint32_t id;

	net_offer(&n, 1600);
	net_frame(w, frame, LEN, 1, 1);
	net_send(&n, frame, LEN);
	cr_assert_eq(net_received(&n, &id), 0);
	cr_assert_eq(w->uplink_frames, 0);
	world_free(w);
}

Test(switch, uplink_in_and_out)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	struct nic_counters c;
	uint8_t frame[LEN];
	uint64_t at;
	uint32_t id;

	at = net_offer(&n, 1600);
	net_frame(w, frame, LEN, 1, 1);
	memcpy(frame + 6, "\x02\0\0\0\0\x99", 6);
	cr_assert(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(net_received(&n, &id), LEN + 12);
	cr_assert(mem_is(w, at + 12, frame, LEN));
	/* learned: an answer leaves by the uplink only */
	net_frame(w, frame, LEN, -1, 1);
	memcpy(frame, "\x02\0\0\0\0\x99", 6);
	net_send(&n, frame, LEN);
	cr_assert_eq(w->uplink_frames, 1);
	cr_assert_eq(memcmp(w->uplink_frame[0], frame, LEN), 0);
	nic_get_counters(w->nic, &c);
	cr_assert_eq(c.uplink_rx, 1);
	cr_assert_eq(c.uplink_tx, 1);
	/* and is not sent back out of it */
	cr_assert_not(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(w->uplink_frames, 1);
	world_free(w);
}

Test(switch, uplink_frames_of_wrong_length)
{
	struct world *w = world_new(NULL, 1);
	static uint8_t frame[NIC_FRAME_MAX + 1];

	cr_assert_not(nic_uplink_receive(w->nic, frame, 0));
	cr_assert_not(nic_uplink_receive(w->nic, frame, 13));
	cr_assert_not(nic_uplink_receive(w->nic, frame, NIC_FRAME_MAX + 1));
	world_free(w);
}

Test(switch, an_uplink_that_answers_at_once)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	uint8_t frame[LEN], answer[LEN];
	uint64_t at;
	uint32_t id;

	at = net_offer(&n, 1600);
	net_frame(w, answer, LEN, 1, 1);
	memcpy(answer + 6, "\x02\0\0\0\0\x99", 6);
	w->answer = answer;
	w->answer_len = LEN;
	net_frame(w, frame, LEN, -1, 1);
	net_send(&n, frame, LEN);
	cr_assert_eq(ring_used_idx(&n.tx), 1);
	cr_assert_eq(net_received(&n, &id), LEN + 12);
	cr_assert(mem_is(w, at + 12, answer, LEN));
	world_free(w);
}

Test(switch, legacy_header_of_10_bytes)
{
	struct world *w = world_new(NULL, 2);
	struct admin a = admin_ready(w);
	struct net l = net_legacy(&a, 1, F_MAC);
	struct net m = net_modern(w, 2, NET_MODERN);
	uint8_t frame[LEN];
	uint64_t at = net_offer(&l, 1600), atm = net_offer(&m, 1600);
	uint32_t id;

	net_frame(w, frame, LEN, 1, 2);
	net_send(&m, frame, LEN);
	cr_assert_eq(net_received(&l, &id), LEN + 10);
	cr_assert(mem_is(w, at, "\0\0\0\0\0\0\0\0\0\0", 10));
	cr_assert(mem_is(w, at + 10, frame, LEN));
	net_frame(w, frame, LEN, 2, 1);
	net_send(&l, frame, LEN);
	cr_assert_eq(net_received(&m, &id), LEN + 12);
	cr_assert(mem_is(w, atm + 12, frame, LEN));
	world_free(w);
}

Test(switch, legacy_header_of_12_bytes)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct net l = net_legacy(&a, 1, F_MAC | F_MRG_RXBUF);
	uint8_t frame[LEN];
	uint64_t at = net_offer(&l, 1600);
	uint32_t id;

	net_frame(w, frame, LEN, 1, 1);
	memcpy(frame + 6, "\x02\0\0\0\0\x99", 6);
	nic_uplink_receive(w->nic, frame, LEN);
	cr_assert_eq(net_received(&l, &id), LEN + 12);
	cr_assert(mem_is(w, at, "\0\0\0\0\0\0\0\0\0\0\1\0", 12));
	cr_assert(mem_is(w, at + 12, frame, LEN));
	world_free(w);
}

Test(switch, mergeable_buffers)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN | F_MRG_RXBUF);
	uint8_t frame[1000];
	uint64_t at[12];
	uint32_t id, i;

	for (i = 0; i < 12; i++)
		at[i] = net_offer(&n, 128);
	net_frame(w, frame, 1000, 1, 1);
	memcpy(frame + 6, "\x02\0\0\0\0\x99", 6);
	cr_assert(nic_uplink_receive(w->nic, frame, 1000));
	/* 116 in the first, 128 in the next six, 116 in the last */
	cr_assert_eq(ring_used_idx(&n.rx), 8);
	cr_assert_eq(world_get(w, at[0] + 10, 2), 8);
	for (i = 0; i < 8; i++) {
		cr_assert_eq(net_received(&n, &id), i < 7 ? 128 : 116);
		cr_assert_eq(id, i);
	}
	cr_assert(mem_is(w, at[0] + 12, frame, 116));
	cr_assert(mem_is(w, at[3], frame + 116 + 256, 128));
	cr_assert(mem_is(w, at[7], frame + 116 + 768, 116));
	world_free(w);
}

Test(switch, a_frame_that_just_fits_takes_one_buffer)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN | F_MRG_RXBUF);
	uint8_t frame[116];
	uint32_t id;

	net_offer(&n, 128);
	net_offer(&n, 128);
	net_frame(w, frame, 116, -1, 1);
	nic_uplink_receive(w->nic, frame, 116);
	cr_assert_eq(net_received(&n, &id), 128);
	cr_assert_eq(net_received(&n, &id), 0);
	world_free(w);
}

Test(switch, mergeable_buffers_in_pieces)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN | F_MRG_RXBUF);
	uint64_t m = world_alloc(w, 4096, 16);
	struct buf one[2] = { { m, 11, true }, { m + 100, 20, true } };
	struct buf two[3] = { { m + 200, 1, true }, { m + 300, 1, true }, { m + 400, 99, true } };
	uint8_t frame[80];
	uint32_t id;

	ring_add(&n.rx, one, 2);
	ring_add(&n.rx, two, 3);
	net_frame(w, frame, 80, -1, 1);
	nic_uplink_receive(w->nic, frame, 80);
	cr_assert_eq(net_received(&n, &id), 31);
	cr_assert_eq(net_received(&n, &id), 61);
	/* num_buffers straddles two segments */
	cr_assert_eq(world_get(w, m + 10, 1), 2);
	cr_assert_eq(world_get(w, m + 100, 1), 0);
	cr_assert(mem_is(w, m + 101, frame, 19));
	cr_assert(mem_is(w, m + 200, frame + 19, 1));
	cr_assert(mem_is(w, m + 400, frame + 21, 59));
	world_free(w);
}

Test(switch, not_enough_mergeable_buffers_drops_the_frame_whole)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN | F_MRG_RXBUF);
	uint8_t frame[300];
	uint32_t id;

	net_offer(&n, 128);
	net_offer(&n, 128);
	net_frame(w, frame, 300, -1, 1);
	cr_assert_not(nic_uplink_receive(w->nic, frame, 300));
	cr_assert_eq(net_received(&n, &id), 0);
	cr_assert_eq(counters(w, 1).rx_dropped, 1);
	/* the two are still there, in order */
	cr_assert(nic_uplink_receive(w->nic, frame, 200));
	cr_assert_eq(net_received(&n, &id), 128);
	cr_assert_eq(id, 0);
	cr_assert_eq(net_received(&n, &id), 84);
	cr_assert_eq(id, 1);
	world_free(w);
}

Test(switch, tiny_mergeable_buffers_are_bounded)
{
	struct nic_settings s;
	struct world *w;
	struct net n;
	struct buf b;
	uint8_t frame[100];
	unsigned int i;

	nic_settings_init(&s);
	w = world_new(&s, 1);
	drv_start(w, 1, NET_MODERN | F_MRG_RXBUF);
	ring_modern(&n.rx, w, 1, NIC_Q_RX, 256);
	drv_ok(w, 1);
	b = (struct buf) { world_alloc(w, 16, 1), 13, true };
	ring_add(&n.rx, &b, 1);
	b.len = 1;
	for (i = 0; i < 200; i++)
		ring_add(&n.rx, &b, 1);
	/* one byte in the first, 99 more would do; 64 is the limit */
	net_frame(w, frame, 100, -1, 1);
	cr_assert_not(nic_uplink_receive(w->nic, frame, 100));
	cr_assert_eq(ring_used_idx(&n.rx), 0);
	cr_assert(nic_uplink_receive(w->nic, frame, 64));
	cr_assert_eq(ring_used_idx(&n.rx), 64);
	world_free(w);
}

Test(switch, no_buffers_no_frame)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	uint8_t frame[LEN];
	uint32_t id;

	net_frame(w, frame, LEN, -1, 1);
	cr_assert_not(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(counters(w, 1).rx_dropped, 1);
	net_offer(&n, 1600);
	cr_assert(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(net_received(&n, &id), LEN + 12);
	world_free(w);
}

Test(switch, a_buffer_too_small_drops_the_frame)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	uint8_t frame[LEN];

	net_offer(&n, LEN + 11);
	net_frame(w, frame, LEN, -1, 1);
	cr_assert_not(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert(nic_uplink_receive(w->nic, frame, LEN - 1));
	cr_assert_eq(counters(w, 1).ring_errors, 0);
	world_free(w);
}

Test(switch, without_mergeable_buffers_a_frame_takes_one)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	uint8_t frame[LEN];
	unsigned int i;

	for (i = 0; i < 4; i++)
		net_offer(&n, LEN);
	net_frame(w, frame, LEN, -1, 1);
	cr_assert_not(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(ring_used_idx(&n.rx), 0);
	world_free(w);
}

Test(switch, a_buffer_smaller_than_the_header)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN | F_MRG_RXBUF);
	uint8_t frame[LEN];

	net_offer(&n, 11);
	net_offer(&n, 1600);
	net_frame(w, frame, LEN, -1, 1);
	cr_assert_not(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(counters(w, 1).ring_errors, 0);
	world_free(w);
}

Test(switch, a_receive_buffer_nowhere_breaks_the_queue)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	struct buf b[2] = { { world_alloc(w, 16, 1), 12, true },
			    { UINT64_C(0xdead0000), 2000, true } };
	uint8_t frame[LEN];

	ring_add(&n.rx, b, 2);
	net_frame(w, frame, LEN, -1, 1);
	cr_assert_not(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(counters(w, 1).ring_errors, 1);
	cr_assert(drv_status(w, 1) & S_NEEDS_RESET);
	cr_assert_not(nic_uplink_receive(w->nic, frame, LEN));
	cr_assert_eq(counters(w, 1).ring_errors, 1);
	world_free(w);
}

Test(switch, frames_that_are_none_are_dropped_and_given_back)
{
	static const uint32_t lens[] = { 0, 1, 11, 12, 25, 12 + NIC_FRAME_MAX + 1 };
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	uint64_t m = world_alloc(w, 16384, 16);
	struct buf b = { m, 0, false };
	unsigned int i;

	for (i = 0; i < COUNT(lens); i++) {
		b.len = lens[i];
		ring_add(&n.tx, &b, 1);
		ring_kick(&n.tx);
		cr_assert_eq(ring_used_idx(&n.tx), i + 1);
	}
	/* offloads that were not on offer */
	b.len = 100;
	world_put(w, m, 1, 1);
	ring_add(&n.tx, &b, 1);
	world_put(w, m, 0x0100, 2);
	ring_add(&n.tx, &b, 1);
	ring_kick(&n.tx);
	cr_assert_eq(counters(w, 1).tx_dropped, i + 2);
	cr_assert_eq(counters(w, 1).tx_frames, 0);
	cr_assert_eq(counters(w, 1).ring_errors, 0);
	world_free(w);
}

Test(switch, the_longest_frame)
{
	struct world *w = world_new(NULL, 2);
	struct net a = net_modern(w, 1, NET_MODERN);
	struct net b = net_modern(w, 2, NET_MODERN);
	static uint8_t frame[NIC_FRAME_MAX];
	uint64_t at = net_offer(&b, NIC_FRAME_MAX + 12);
	uint32_t id;

	net_frame(w, frame, NIC_FRAME_MAX, 2, 1);
	net_send(&a, frame, NIC_FRAME_MAX);
	cr_assert_eq(net_received(&b, &id), NIC_FRAME_MAX + 12);
	cr_assert(mem_is(w, at + 12, frame, NIC_FRAME_MAX));
	world_free(w);
}

Test(switch, link_down_is_silence_both_ways)
{
	struct world *w = world_new(NULL, 2);
	struct net a = net_modern(w, 1, NET_MODERN);
	struct net b = net_modern(w, 2, NET_MODERN);
	uint8_t frame[LEN];
	uint32_t id;

	net_offer(&b, 1600);
	net_offer(&a, 1600);
	nic_set_link(w->nic, 1, false);
	net_frame(w, frame, LEN, 2, 1);
	net_send(&a, frame, LEN);
	cr_assert_eq(ring_used_idx(&a.tx), 1, "buffers come back");
	cr_assert_eq(net_received(&b, &id), 0);
	net_frame(w, frame, LEN, 1, 2);
	net_send(&b, frame, LEN);
	cr_assert_eq(net_received(&a, &id), 0);
	cr_assert_eq(counters(w, 1).tx_dropped, 1);
	cr_assert_eq(counters(w, 1).rx_dropped, 1);
	nic_set_link(w->nic, 1, true);
	net_send(&b, frame, LEN);
	cr_assert_eq(net_received(&a, &id), LEN + 12);
	world_free(w);
}

Test(switch, dma_carries_the_right_function)
{
	struct world *w = world_new(NULL, 2);
	struct net a = net_modern(w, 1, NET_MODERN);
	struct net b = net_modern(w, 2, NET_MODERN);
	uint8_t frame[LEN];
	unsigned int one, two;

	net_offer(&b, 1600);
	net_frame(w, frame, LEN, 2, 1);
	one = w->dmas[1];
	two = w->dmas[2];
	net_send(&a, frame, LEN);
	cr_assert_gt(w->dmas[1], one);
	cr_assert_gt(w->dmas[2], two);
	cr_assert_eq(w->dmas[0], 0);
	world_free(w);
}

/* control queue */

static uint8_t ctrl(struct world *w, struct ring *r, const char *bytes, uint32_t len)
{
	uint64_t at = world_alloc(w, len + 1, 1);
	struct buf b[2] = { { at, len, false }, { at + len, 1, true } };
	uint32_t id, used;

	memcpy(w->ram + at, bytes, len);
	w->ram[at + len] = 0xee;
	ring_add(r, b, 2);
	ring_kick(r);
	cr_assert(ring_used(r, &id, &used));
	cr_assert_eq(used, 1);
	return w->ram[at + len];
}

#define CTRL(w, r, bytes) ctrl(w, r, bytes, sizeof(bytes) - 1)

Test(switch, control_commands)
{
	struct world *w = world_new(NULL, 1);
	struct nic_fn_state s;
	struct ring r;

	drv_start(w, 1, NET_MODERN | F_CTRL_VQ | F_CTRL_RX | F_CTRL_MAC_ADDR);
	ring_modern(&r, w, 1, NIC_Q_CTRL, 16);
	drv_ok(w, 1);
	cr_assert_eq(CTRL(w, &r, "\0\0\1"), 0, "promisc");
	cr_assert_eq(CTRL(w, &r, "\0\1\0"), 0, "allmulti");
	cr_assert_eq(CTRL(w, &r, "\0\0"), 1, "no data");
	cr_assert_eq(CTRL(w, &r, "\0\2\1"), 1, "not on offer");
	cr_assert_eq(CTRL(w, &r, "\1\0\0\0\0\0\0\0\0\0"), 0, "empty tables");
	cr_assert_eq(CTRL(w, &r, "\1\0\1\0\0\0abcdef\2\0\0\0abcdefghijkl"), 0);
	cr_assert_eq(CTRL(w, &r, "\1\0\1\0\0\0abcdef\2\0\0\0abcdefghijk"), 1, "cut off");
	cr_assert_eq(CTRL(w, &r, "\1\0\xff\xff\xff\xff"), 1);
	cr_assert_eq(CTRL(w, &r, "\1\1abcdef"), 0);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(memcmp(s.mac, "abcdef", 6), 0);
	cr_assert_eq(CTRL(w, &r, "\1\1abcde"), 1);
	cr_assert_eq(CTRL(w, &r, "\4\0\1\0"), 1, "no such class");
	cr_assert_eq(CTRL(w, &r, "\0"), 1);
	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.mac[0], 0x52, "the permanent MAC again");
	world_free(w);
}

Test(switch, control_commands_need_their_features)
{
	struct world *w = world_new(NULL, 1);
	struct ring r;

	drv_start(w, 1, NET_MODERN | F_CTRL_VQ);
	ring_modern(&r, w, 1, NIC_Q_CTRL, 16);
	drv_ok(w, 1);
	cr_assert_eq(CTRL(w, &r, "\0\0\1"), 1);
	cr_assert_eq(CTRL(w, &r, "\1\0\0\0\0\0\0\0\0\0"), 1);
	cr_assert_eq(CTRL(w, &r, "\1\1abcdef"), 1);
	world_free(w);
}

Test(switch, a_control_command_without_room_for_the_ack)
{
	struct world *w = world_new(NULL, 1);
	struct buf b = { world_alloc(w, 8, 1), 3, false };
	struct ring r;
	uint32_t id, len;

	drv_start(w, 1, NET_MODERN | F_CTRL_VQ);
	ring_modern(&r, w, 1, NIC_Q_CTRL, 16);
	drv_ok(w, 1);
	ring_add(&r, &b, 1);
	ring_kick(&r);
	cr_assert(ring_used(&r, &id, &len));
	cr_assert_eq(len, 0);
	world_free(w);
}

Test(switch, a_frame_follows_a_mac_that_was_set)
{
	struct world *w = world_new(NULL, 2);
	struct net n[3];
	struct ring r;
	uint8_t frame[LEN];
	uint32_t id;

	n[0] = net_modern(w, 0, NET_MODERN);
	n[2] = net_modern(w, 2, NET_MODERN);
	drv_start(w, 1, NET_MODERN | F_CTRL_VQ | F_CTRL_MAC_ADDR);
	ring_modern(&n[1].rx, w, 1, NIC_Q_RX, 16);
	ring_modern(&r, w, 1, NIC_Q_CTRL, 16);
	drv_ok(w, 1);
	net_offer(&n[0], 1600);
	net_offer(&n[1], 1600);
	cr_assert_eq(CTRL(w, &r, "\1\1\2bcdef"), 0);
	net_frame(w, frame, LEN, 1, 2);
	net_send(&n[2], frame, LEN);
	cr_assert_eq(net_received(&n[1], &id), LEN + 12);
	cr_assert_eq(net_received(&n[0], &id), 0);
	world_free(w);
}
