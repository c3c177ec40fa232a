// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Split virtqueues: what is right, and what is so wrong that the queue breaks. */
#include <string.h>

#include "driver.h"

static struct nic_fn_state state(struct world *w, unsigned int fn)
{
	struct nic_fn_state s;

	nic_get_fn_state(w->nic, fn, &s);
	return s;
}

static void is_broken(struct world *w, unsigned int fn, unsigned int q)
{
	struct nic_fn_counters c;

	nic_get_fn_counters(w->nic, fn, &c);
	cr_assert_eq(state(w, fn).broken, 1u << q);
	cr_assert_eq(c.ring_errors, 1);
	cr_assert(drv_status(w, fn) & S_NEEDS_RESET);
}

/* A VF with one transmit queue of 16 and a frame's worth of memory. */
struct fixture {
	struct world *w;
	struct net n;
	uint64_t mem;
};

static struct fixture setup(uint64_t features)
{
	struct fixture f = { .w = world_new(NULL, 2) };

	f.n = net_modern(f.w, 1, NET_MODERN | features);
	f.mem = world_alloc(f.w, 4096, 16);
	return f;
}

static void kick_is_broken(struct fixture *f)
{
	ring_kick(&f->n.tx);
	is_broken(f->w, 1, NIC_Q_TX);
	ring_kick(&f->n.tx);
	is_broken(f->w, 1, NIC_Q_TX);
	cr_assert_eq(ring_used_idx(&f->n.tx), 0);
	net_modern(f->w, 1, NET_MODERN);
	cr_assert_eq(state(f->w, 1).broken, 0, "a reset mends it");
	world_free(f->w);
}

Test(ring, used_elements_and_interrupts)
{
	struct fixture f = setup(0);
	struct buf b = { f.mem, 100, false };
	uint32_t id, len;
	uint16_t head;

	nic_set_msix(f.w->nic, 1, true, 4);
	head = ring_add(&f.n.tx, &b, 1);
	ring_kick(&f.n.tx);
	cr_assert(ring_used(&f.n.tx, &id, &len));
	cr_assert_eq(id, head);
	cr_assert_eq(len, 0);
	cr_assert_eq(f.w->interrupts[1][2], 1);
	cr_assert_not(ring_used(&f.n.tx, &id, &len));
	world_free(f.w);
}

Test(ring, no_interrupt_when_the_driver_says_so)
{
	struct fixture f = setup(0);
	struct buf b = { f.mem, 100, false };

	nic_set_msix(f.w->nic, 1, true, 4);
	world_put(f.w, f.n.tx.avail, 1, 2);
	ring_add(&f.n.tx, &b, 1);
	ring_kick(&f.n.tx);
	cr_assert_eq(world_interrupts(f.w, 1), 0);
	world_put(f.w, f.n.tx.avail, 0, 2);
	ring_add(&f.n.tx, &b, 1);
	ring_kick(&f.n.tx);
	cr_assert_eq(world_interrupts(f.w, 1), 1);
	world_free(f.w);
}

Test(ring, no_vector_no_message)
{
	struct fixture f = setup(0);
	struct buf b = { f.mem, 100, false };

	nic_set_msix(f.w->nic, 1, true, 4);
	nic_common_write(f.w->nic, 1, C_Q_SELECT, NIC_Q_TX, 2);
	nic_common_write(f.w->nic, 1, C_Q_MSIX, 0xffff, 2);
	ring_add(&f.n.tx, &b, 1);
	ring_kick(&f.n.tx);
	cr_assert_eq(world_interrupts(f.w, 1), 0);
	cr_assert_eq(ring_used_idx(&f.n.tx), 1);
	world_free(f.w);
}

Test(ring, indexes_wrap_at_65536)
{
	struct fixture f = setup(0);
	struct buf b = { f.mem, 100, false };
	uint32_t id, len, i;
	uint16_t head;

	for (i = 0; i < 70000; i++) {
		head = ring_add(&f.n.tx, &b, 1);
		ring_kick(&f.n.tx);
		cr_assert(ring_used(&f.n.tx, &id, &len));
		cr_assert_eq(id, head);
	}
	cr_assert_eq(state(f.w, 1).broken, 0);
	world_free(f.w);
}

Test(ring, a_full_ring_in_one_kick)
{
	struct fixture f = setup(0);
	struct buf b = { f.mem, 100, false };
	unsigned int i;

	for (i = 0; i < 16; i++)
		ring_add(&f.n.tx, &b, 1);
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 16);
	world_free(f.w);
}

Test(ring, a_queue_of_one)
{
	struct world *w = world_new(NULL, 1);
	struct buf b = { world_alloc(w, 100, 1), 100, false };
	struct ring r;
	unsigned int i;

	drv_start(w, 1, NET_MODERN);
	ring_modern(&r, w, 1, NIC_Q_TX, 1);
	drv_ok(w, 1);
	for (i = 1; i < 10; i++) {
		ring_add(&r, &b, 1);
		ring_kick(&r);
		cr_assert_eq(ring_used_idx(&r), i);
	}
	world_free(w);
}

Test(ring, the_largest_queue)
{
	struct nic_settings s;
	struct world *w;
	struct ring r;
	struct buf b = { 0, 100, false };
	unsigned int i;

	nic_settings_init(&s);
	s.queue_size = 1024;
	w = world_new(&s, 1);
	b.addr = world_alloc(w, 100, 1);
	drv_start(w, 1, NET_MODERN);
	ring_modern(&r, w, 1, NIC_Q_TX, 1024);
	drv_ok(w, 1);
	for (i = 0; i < 1024; i++)
		ring_add(&r, &b, 1);
	ring_kick(&r);
	cr_assert_eq(ring_used_idx(&r), 1024);
	world_free(w);
}

Test(ring, a_chain_as_long_as_the_queue)
{
	struct fixture f = setup(0);
	struct buf bufs[16];
	unsigned int i;

	for (i = 0; i < 16; i++)
		bufs[i] = (struct buf) { f.mem + 8 * i, 8, false };
	ring_add(&f.n.tx, bufs, 16);
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 1);
	cr_assert_eq(state(f.w, 1).broken, 0);
	world_free(f.w);
}

Test(ring, a_loop_breaks_the_queue)
{
	struct fixture f = setup(0);

	ring_desc(&f.n.tx, 0, f.mem, 8, D_NEXT, 1);
	ring_desc(&f.n.tx, 1, f.mem, 8, D_NEXT, 0);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

Test(ring, a_descriptor_that_follows_itself_breaks_the_queue)
{
	struct fixture f = setup(0);

	ring_desc(&f.n.tx, 3, f.mem, 0, D_NEXT, 3);
	ring_offer(&f.n.tx, 3);
	kick_is_broken(&f);
}

Test(ring, a_head_out_of_range_breaks_the_queue)
{
	struct fixture f = setup(0);

	ring_offer(&f.n.tx, 16);
	kick_is_broken(&f);
}

Test(ring, a_head_of_65535_breaks_the_queue)
{
	struct fixture f = setup(0);

	ring_offer(&f.n.tx, 0xffff);
	kick_is_broken(&f);
}

Test(ring, a_next_out_of_range_breaks_the_queue)
{
	struct fixture f = setup(0);

	ring_desc(&f.n.tx, 0, f.mem, 8, D_NEXT, 16);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

Test(ring, an_avail_index_that_jumps_breaks_the_queue)
{
	struct fixture f = setup(0);

	world_put(f.w, f.n.tx.avail + 2, 17, 2);
	kick_is_broken(&f);
}

Test(ring, an_avail_index_that_goes_back_breaks_the_queue)
{
	struct fixture f = setup(0);

	world_put(f.w, f.n.tx.avail + 2, 0xffff, 2);
	kick_is_broken(&f);
}

Test(ring, a_bad_buffer_address_breaks_the_queue)
{
	struct fixture f = setup(0);
	struct buf b = { BAD_ADDRESS, 100, false };

	ring_add(&f.n.tx, &b, 1);
	kick_is_broken(&f);
}

Test(ring, a_buffer_at_the_end_of_the_address_space_breaks_the_queue)
{
	struct fixture f = setup(0);
	struct buf b = { UINT64_MAX - 50, 100, false };

	ring_add(&f.n.tx, &b, 1);
	kick_is_broken(&f);
}

static struct fixture bad_part(unsigned int field)
{
	struct fixture f = { .w = world_new(NULL, 2) };
	uint64_t at = 4096;

	drv_start(f.w, 1, NET_MODERN);
	ring_modern(&f.n.tx, f.w, 1, NIC_Q_TX, 16);
	f.n.tx.q = NIC_Q_TX;
	/* set up again with one part somewhere else */
	drv_start(f.w, 1, NET_MODERN);
	nic_common_write(f.w->nic, 1, C_Q_SELECT, NIC_Q_TX, 2);
	nic_common_write(f.w->nic, 1, C_Q_SIZE, 16, 2);
	nic_common_write(f.w->nic, 1, C_Q_DESC, f.n.tx.desc, 8);
	nic_common_write(f.w->nic, 1, C_Q_DRIVER, f.n.tx.avail, 8);
	nic_common_write(f.w->nic, 1, C_Q_DEVICE, f.n.tx.used, 8);
	nic_common_write(f.w->nic, 1, field, BAD_ADDRESS, 8);
	nic_common_write(f.w->nic, 1, C_Q_ENABLE, 1, 2);
	drv_ok(f.w, 1);
	ring_desc(&f.n.tx, 0, at, 100, 0, 0);
	ring_offer(&f.n.tx, 0);
	return f;
}

Test(ring, a_descriptor_table_nowhere_breaks_the_queue)
{
	struct fixture f = bad_part(C_Q_DESC);

	kick_is_broken(&f);
}

Test(ring, an_available_ring_nowhere_breaks_the_queue)
{
	struct fixture f = bad_part(C_Q_DRIVER);

	ring_kick(&f.n.tx);
	is_broken(f.w, 1, NIC_Q_TX);
	world_free(f.w);
}

Test(ring, a_used_ring_nowhere_breaks_the_queue)
{
	struct fixture f = bad_part(C_Q_DEVICE);

	kick_is_broken(&f);
}

Test(ring, readable_after_writable_breaks_the_queue)
{
	struct fixture f = setup(0);
	struct buf b[2] = { { f.mem, 8, true }, { f.mem, 100, false } };

	ring_add(&f.n.tx, b, 2);
	kick_is_broken(&f);
}

Test(ring, empty_descriptors_are_tolerated)
{
	struct fixture f = setup(0);
	struct buf b[4] = {
		{ BAD_ADDRESS, 0, false },
		{ f.mem, 100, false },
		{ 0, 0, false },
		{ 0, 0, true },
	};
	struct buf none = { 0, 0, false };

	ring_add(&f.n.tx, b, 4);
	ring_add(&f.n.tx, &none, 1);
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 2);
	cr_assert_eq(state(f.w, 1).broken, 0);
	world_free(f.w);
}

Test(ring, lengths_of_four_gigabytes_are_dropped)
{
	struct fixture f = setup(0);
	struct buf b[2] = { { f.mem, UINT32_MAX, false }, { f.mem, UINT32_MAX, false } };
	struct nic_fn_counters c;

	ring_add(&f.n.tx, b, 2);
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 1);
	nic_get_fn_counters(f.w->nic, 1, &c);
	cr_assert_eq(c.tx_dropped, 1);
	world_free(f.w);
}

Test(ring, indirect)
{
	struct fixture f = setup(F_INDIRECT);
	struct buf b[3] = { { f.mem, 12, false }, { f.mem, 50, false }, { f.mem, 50, false } };
	struct nic_fn_counters c;

	ring_add_indirect(&f.n.tx, b, 3);
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 1);
	nic_get_fn_counters(f.w->nic, 1, &c);
	cr_assert_eq(c.tx_bytes, 100);
	world_free(f.w);
}

Test(ring, direct_descriptors_before_an_indirect_one)
{
	struct fixture f = setup(F_INDIRECT);
	struct buf b[2] = { { f.mem, 50, false }, { f.mem, 50, false } };
	uint64_t table;
	struct nic_fn_counters c;

	ring_add_indirect(&f.n.tx, b, 2); /* builds the table */
	table = world_get(f.w, f.n.tx.desc, 8);
	f.n.tx.avail_idx = 0;
	/* the write-only flag of a descriptor that refers to a table is ignored */
	ring_desc(&f.n.tx, 1, table, 32, D_INDIRECT | D_WRITE, 0);
	ring_desc(&f.n.tx, 0, f.mem, 12, D_NEXT, 1);
	ring_offer(&f.n.tx, 0);
	ring_kick(&f.n.tx);
	nic_get_fn_counters(f.w->nic, 1, &c);
	cr_assert_eq(c.tx_bytes, 100);
	world_free(f.w);
}

Test(ring, an_indirect_table_longer_than_the_queue)
{
	struct fixture f = setup(F_INDIRECT);
	struct buf b[40];
	unsigned int i;

	for (i = 0; i < 40; i++)
		b[i] = (struct buf) { f.mem + 4 * i, 4, false };
	ring_add_indirect(&f.n.tx, b, 40);
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 1);
	world_free(f.w);
}

/* A full table and one more before it: more segments than a chain may have. */
Test(ring, a_chain_longer_than_any_breaks_the_queue)
{
	struct fixture f = setup(F_INDIRECT);
	static struct buf b[1024];
	uint64_t table;
	unsigned int i;

	for (i = 0; i < COUNT(b); i++)
		b[i] = (struct buf) { f.mem, 1, false };
	ring_add_indirect(&f.n.tx, b, COUNT(b));
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 1);
	table = world_get(f.w, f.n.tx.desc, 8);
	ring_desc(&f.n.tx, 1, f.mem, 1, D_NEXT, 2);
	ring_desc(&f.n.tx, 2, table, 16 * COUNT(b), D_INDIRECT, 0);
	ring_offer(&f.n.tx, 1);
	ring_kick(&f.n.tx);
	is_broken(f.w, 1, NIC_Q_TX);
	world_free(f.w);
}

Test(ring, indirect_without_the_feature_breaks_the_queue)
{
	struct fixture f = setup(0);
	struct buf b = { f.mem, 100, false };

	ring_add_indirect(&f.n.tx, &b, 1);
	kick_is_broken(&f);
}

Test(ring, indirect_in_indirect_breaks_the_queue)
{
	struct fixture f = setup(F_INDIRECT);

	world_put(f.w, f.mem, f.mem, 8);
	world_put(f.w, f.mem + 8, 16, 4);
	world_put(f.w, f.mem + 12, D_INDIRECT, 2);
	ring_desc(&f.n.tx, 0, f.mem, 16, D_INDIRECT, 0);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

Test(ring, indirect_with_a_next_breaks_the_queue)
{
	struct fixture f = setup(F_INDIRECT);

	ring_desc(&f.n.tx, 0, f.mem, 16, D_INDIRECT | D_NEXT, 1);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

Test(ring, an_indirect_loop_breaks_the_queue)
{
	struct fixture f = setup(F_INDIRECT);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		world_put(f.w, f.mem + 16 * i, f.mem, 8);
		world_put(f.w, f.mem + 16 * i + 8, 8, 4);
		world_put(f.w, f.mem + 16 * i + 12, D_NEXT, 2);
		world_put(f.w, f.mem + 16 * i + 14, 1 - i, 2);
	}
	ring_desc(&f.n.tx, 0, f.mem, 32, D_INDIRECT, 0);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

Test(ring, an_indirect_next_out_of_the_table_breaks_the_queue)
{
	struct fixture f = setup(F_INDIRECT);

	world_put(f.w, f.mem, f.mem, 8);
	world_put(f.w, f.mem + 8, 8, 4);
	world_put(f.w, f.mem + 12, D_NEXT, 2);
	world_put(f.w, f.mem + 14, 1, 2);
	ring_desc(&f.n.tx, 0, f.mem, 16, D_INDIRECT, 0);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

static void indirect_length(uint32_t len)
{
	struct fixture f = setup(F_INDIRECT);

	ring_desc(&f.n.tx, 0, f.mem, len, D_INDIRECT, 0);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

Test(ring, odd_indirect_lengths_break_the_queue)
{
	indirect_length(0);
	indirect_length(15);
	indirect_length(17);
	indirect_length(16 * 1025);
	indirect_length(UINT32_MAX - 15);
}

Test(ring, an_indirect_table_nowhere_breaks_the_queue)
{
	struct fixture f = setup(F_INDIRECT);

	ring_desc(&f.n.tx, 0, BAD_ADDRESS, 16, D_INDIRECT, 0);
	ring_offer(&f.n.tx, 0);
	kick_is_broken(&f);
}

Test(ring, a_broken_queue_tells_the_driver)
{
	struct fixture f = setup(0);

	nic_set_msix(f.w->nic, 1, true, 4);
	nic_common_write(f.w->nic, 1, C_MSIX, 0, 2);
	ring_offer(&f.n.tx, 999);
	ring_kick(&f.n.tx);
	cr_assert_eq(f.w->interrupts[1][0], 1);
	cr_assert_eq(nic_isr_read(f.w->nic, 1), 2);
	/* the driver can't take the bit away */
	nic_common_write(f.w->nic, 1, C_STATUS, 7 | S_FEATURES_OK, 1);
	cr_assert(drv_status(f.w, 1) & S_NEEDS_RESET);
	world_free(f.w);
}

Test(ring, the_driver_cannot_set_needs_reset)
{
	struct fixture f = setup(0);

	nic_common_write(f.w->nic, 1, C_STATUS, drv_status(f.w, 1) | S_NEEDS_RESET, 1);
	cr_assert_eq(drv_status(f.w, 1) & S_NEEDS_RESET, 0);
	world_free(f.w);
}

Test(ring, nothing_is_used_before_driver_ok)
{
	struct world *w = world_new(NULL, 1);
	struct ring r;
	struct buf b = { world_alloc(w, 100, 1), 100, false };

	drv_start(w, 1, NET_MODERN);
	ring_modern(&r, w, 1, NIC_Q_TX, 16);
	ring_add(&r, &b, 1);
	ring_kick(&r);
	cr_assert_eq(ring_used_idx(&r), 0);
	drv_ok(w, 1);
	cr_assert_eq(ring_used_idx(&r), 1);
	world_free(w);
}

Test(ring, event_index)
{
	struct nic_settings s;
	struct world *w;
	struct net n;
	struct buf b;
	unsigned int i;

	nic_settings_init(&s);
	s.event_idx = true;
	w = world_new(&s, 1);
	n = net_modern(w, 1, NET_MODERN | F_EVENT_IDX);
	nic_set_msix(w->nic, 1, true, 4);
	b = (struct buf) { world_alloc(w, 100, 1), 100, false };
	/* interrupt when used entry 4 is there, not before and not after */
	world_put(w, n.tx.avail + 4 + 2 * 16, 4, 2);
	for (i = 0; i < 8; i++) {
		ring_add(&n.tx, &b, 1);
		ring_kick(&n.tx);
		cr_assert_eq(w->interrupts[1][2], i >= 4);
		/* and the device wants to hear of the very next buffer */
		cr_assert_eq(world_get(w, n.tx.used + 4 + 8 * 16, 2), i + 1);
	}
	world_free(w);
}

/* The ring of VF 1 lies such that used entries ring VF 2's doorbell. */
Test(ring, a_doorbell_rung_by_dma_is_served_by_the_outer_loop)
{
	struct fixture f = setup(0);
	struct net n2 = net_modern(f.w, 2, NET_MODERN);
	struct buf b = { f.mem, 100, false };

	ring_add(&n2.tx, &b, 1);
	nic_set_msix(f.w->nic, 1, true, 4);
	f.w->message_address = world_bar(2, BAR_NOTIFY + 4 * NIC_Q_TX);
	ring_add(&f.n.tx, &b, 1);
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 1);
	cr_assert_eq(ring_used_idx(&n2.tx), 1);
	world_free(f.w);
}

Test(ring, a_used_ring_in_another_functions_doorbells)
{
	struct fixture f = setup(0);
	struct net n2 = net_modern(f.w, 2, NET_MODERN);
	struct buf b = { f.mem, 100, false };
	struct ring *r = &f.n.tx;

	drv_start(f.w, 1, NET_MODERN);
	ring_modern(r, f.w, 1, NIC_Q_TX, 1);
	drv_start(f.w, 1, NET_MODERN);
	nic_common_write(f.w->nic, 1, C_Q_SELECT, NIC_Q_TX, 2);
	nic_common_write(f.w->nic, 1, C_Q_SIZE, 1, 2);
	nic_common_write(f.w->nic, 1, C_Q_DESC, r->desc, 8);
	nic_common_write(f.w->nic, 1, C_Q_DRIVER, r->avail, 8);
	nic_common_write(f.w->nic, 1, C_Q_DEVICE, world_bar(2, BAR_NOTIFY), 8);
	nic_common_write(f.w->nic, 1, C_Q_ENABLE, 1, 2);
	drv_ok(f.w, 1);
	ring_add(&n2.tx, &b, 1);
	ring_add(r, &b, 1);
	ring_kick(r);
	cr_assert_eq(ring_used_idx(&n2.tx), 1);
	world_free(f.w);
}

/* Two functions whose interrupts ring each other, for ever new work: it must end. */
Test(ring, ringing_each_other_ends)
{
	struct fixture f = setup(0);
	struct net n2 = net_modern(f.w, 2, NET_MODERN);
	struct buf b = { f.mem, 100, false };
	unsigned int i;

	nic_set_msix(f.w->nic, 1, true, 4);
	nic_set_msix(f.w->nic, 2, true, 4);
	f.w->message_address = world_bar(2, BAR_NOTIFY + 4 * NIC_Q_TX);
	for (i = 0; i < 16; i++) {
		ring_add(&f.n.tx, &b, 1);
		ring_add(&n2.tx, &b, 1);
	}
	ring_kick(&f.n.tx);
	cr_assert_eq(ring_used_idx(&f.n.tx), 16);
	cr_assert_eq(ring_used_idx(&n2.tx), 16);
	world_free(f.w);
}

/*
 * Each interrupt makes another buffer available. Without a bound this never ends; with
 * it the rest goes on from the timer, and a reset ends it.
 */
Test(ring, a_ring_that_is_fed_for_ever_is_bounded)
{
	struct fixture f = setup(0);
	struct buf b = { f.mem, 100, false };
	struct nic_fn_counters c, later;
	unsigned int i;

	for (i = 0; i < 16; i++)
		ring_desc(&f.n.tx, (uint16_t)i, f.mem, 100, 0, 0);
	nic_set_msix(f.w->nic, 1, true, 4);
	f.w->feed = f.n.tx.avail + 2;
	ring_add(&f.n.tx, &b, 1);
	ring_kick(&f.n.tx);
	nic_get_fn_counters(f.w->nic, 1, &c);
	cr_assert_gt(c.tx_frames, 1000);
	cr_assert_leq(c.tx_frames, 10000);
	cr_assert_neq(f.w->deadline, NIC_NO_DEADLINE);
	world_sleep(f.w, 100000);
	nic_get_fn_counters(f.w->nic, 1, &later);
	cr_assert_gt(later.tx_frames, c.tx_frames);
	cr_assert_leq(later.tx_frames, 40000);
	nic_common_write(f.w->nic, 1, C_STATUS, 0, 1);
	world_sleep(f.w, 1000000);
	cr_assert_eq(f.w->deadline, NIC_NO_DEADLINE);
	world_free(f.w);
}

/* A ring may point at the function's own registers, the reset among them. */
Test(ring, a_reset_in_the_middle_of_a_chain)
{
	struct world *w = world_new(NULL, 2);
	struct net n = net_modern(w, 1, NET_MODERN | F_CTRL_VQ | F_CTRL_RX);
	struct ring ctrl;
	uint64_t at = world_alloc(w, 16, 1);
	struct buf b[2] = { { at, 3, false }, { world_bar(1, C_STATUS), 1, true } };

	(void)n;
	drv_start(w, 1, NET_MODERN | F_CTRL_VQ | F_CTRL_RX);
	ring_modern(&ctrl, w, 1, NIC_Q_CTRL, 16);
	drv_ok(w, 1);
	ring_add(&ctrl, b, 2); /* the ack, 0, goes into device status */
	ring_kick(&ctrl);
	cr_assert_eq(drv_status(w, 1), 0);
	cr_assert_eq(ring_used_idx(&ctrl), 0);
	cr_assert_eq(world_get(w, 0, 8) | world_get(w, 8, 8), 0, "no ring at address 0");
	world_free(w);
}

Test(ring, a_reset_of_the_owner_by_its_own_answer)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint8_t out[25];
	uint64_t at = world_alloc(w, 64, 8);
	/* status of the answer, 0, into the PF's device status */
	struct buf b[2] = { { at, 24, false }, { world_bar(0, C_STATUS), 1, true } };

	admin_header(out, 0, GROUP, 0);
	memcpy(w->ram + at, out, 24);
	ring_add(&a.ring, b, 2);
	ring_kick(&a.ring);
	cr_assert_eq(drv_status(w, 0), 0);
	world_free(w);
}

/* Random rings: no crash, no hang. */
Test(ring, random_rings)
{
	struct fixture f = setup(F_INDIRECT | F_MRG_RXBUF);
	uint64_t seed = 7;
	unsigned int round, i;
	uint64_t at[3];

	for (round = 0; round < 3000; round++) {
		f.w->brk = 65536;
		f.n = net_modern(f.w, 1, NET_MODERN | F_INDIRECT | F_MRG_RXBUF);
		at[0] = f.n.tx.desc;
		at[1] = f.n.rx.desc;
		at[2] = f.mem;
		for (i = 0; i < 600; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			f.w->ram[at[i % 3] + (seed >> 40) % 512] =
				seed >> 62 ? 0 : (uint8_t)(seed >> 56);
		}
		for (i = 0; i < 16; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			/* addresses that exist, mostly */
			world_put(f.w, f.n.tx.desc + 16 * i, (seed >> 45) & 0xfffff, 8);
			world_put(f.w, f.n.rx.desc + 16 * i, (seed >> 33) & 0x7fff0, 8);
			if (seed >> 61)
				world_put(f.w, f.n.tx.desc + 16 * i + 8, (seed >> 50) & 0x3ff, 4);
		}
		world_put(f.w, f.n.rx.avail + 2, 16, 2);
		world_put(f.w, f.n.tx.avail + 2, (seed >> 33) % 18, 2);
		ring_kick(&f.n.tx);
		nic_uplink_receive(f.w->nic, f.w->ram + f.mem, 60 + round % 1000);
		world_sleep(f.w, 1000);
	}
	world_free(f.w);
}
