// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* PF and VFs as functions: coming and going, resets, interrupts, counters. */
#include "driver.h"

static struct nic_fn_state state(struct world *w, unsigned int fn)
{
	struct nic_fn_state s;

	nic_get_fn_state(w->nic, fn, &s);
	return s;
}

Test(functions, vfs_exist_while_enabled)
{
	struct world *w = world_new(NULL, 0);

	cr_assert(state(w, 0).exists);
	cr_assert_not(state(w, 1).exists);
	nic_set_num_vfs(w->nic, 3);
	cr_assert_eq(nic_num_vfs(w->nic), 3);
	cr_assert(state(w, 3).exists);
	cr_assert_not(state(w, 4).exists);
	nic_set_num_vfs(w->nic, 0);
	cr_assert_not(state(w, 1).exists);
	world_free(w);
}

Test(functions, never_more_vfs_than_the_setting)
{
	struct nic_settings s;
	struct world *w;

	nic_settings_init(&s);
	s.max_vfs = 4;
	w = world_new(&s, 100);
	cr_assert_eq(nic_num_vfs(w->nic), 4);
	cr_assert_not(state(w, 5).exists);
	world_free(w);
}

Test(functions, vf_enable_starts_from_scratch)
{
	struct world *w = world_new(NULL, 2);
	struct nic_fn_counters c;

	nic_set_msix(w->nic, 2, true, 4);
	net_modern(w, 2, NET_MODERN);
	nic_set_link(w->nic, 2, false);
	nic_set_num_vfs(w->nic, 2);
	cr_assert_eq(state(w, 2).status, 0);
	cr_assert_eq(state(w, 2).enabled, 0);
	cr_assert(nic_link(w->nic, 2));
	nic_get_fn_counters(w->nic, 2, &c);
	cr_assert_eq(c.resets, 0);
	cr_assert_eq(c.notifies, 0);
	world_free(w);
}

Test(functions, nothing_pending_survives_vf_disable)
{
	struct world *w = world_new(NULL, 1);
	struct net n = net_modern(w, 1, NET_MODERN);
	struct buf b = { world_alloc(w, 100, 1), 100, false };

	ring_add(&n.tx, &b, 1);
	nic_set_num_vfs(w->nic, 0);
	ring_kick(&n.tx);
	nic_set_num_vfs(w->nic, 1);
	ring_kick(&n.tx);
	cr_assert_eq(ring_used_idx(&n.tx), 0);
	world_free(w);
}

Test(functions, a_frame_for_a_vf_that_is_gone)
{
	struct world *w = world_new(NULL, 2);
	struct net n1 = net_modern(w, 1, NET_MODERN);
	struct net n2 = net_modern(w, 2, NET_MODERN);
	uint8_t frame[60];

	net_offer(&n2, 1600);
	net_frame(w, frame, sizeof(frame), 2, 1);
	net_send(&n1, frame, sizeof(frame));
	cr_assert_eq(ring_used_idx(&n2.rx), 1);
	nic_fn_reset(w->nic, 2);
	net_send(&n1, frame, sizeof(frame));
	cr_assert_eq(ring_used_idx(&n2.rx), 1);
	world_free(w);
}

Test(functions, flr_of_a_vf_leaves_the_others)
{
	struct world *w = world_new(NULL, 2);

	net_modern(w, 0, NET_MODERN);
	net_modern(w, 1, NET_MODERN);
	net_modern(w, 2, NET_MODERN);
	nic_fn_reset(w->nic, 1);
	cr_assert_eq(state(w, 1).status, 0);
	cr_assert_neq(state(w, 2).status, 0);
	cr_assert_neq(state(w, 0).status, 0);
	cr_assert_eq(nic_num_vfs(w->nic), 2);
	world_free(w);
}

Test(functions, flr_of_the_pf_takes_the_vfs)
{
	struct world *w = world_new(NULL, 2);

	net_modern(w, 0, NET_MODERN);
	nic_fn_reset(w->nic, 0);
	cr_assert_eq(nic_num_vfs(w->nic), 0);
	cr_assert_eq(state(w, 0).status, 0);
	cr_assert_not(state(w, 1).exists);
	world_free(w);
}

Test(functions, a_virtio_reset_of_the_pf_leaves_the_vfs)
{
	struct world *w = world_new(NULL, 2);

	net_modern(w, 0, NET_MODERN);
	net_modern(w, 1, NET_MODERN);
	nic_common_write(w->nic, 0, C_STATUS, 0, 1);
	cr_assert_eq(nic_num_vfs(w->nic), 2);
	cr_assert_neq(state(w, 1).status, 0);
	world_free(w);
}

Test(functions, flr_disables_msix)
{
	struct world *w = world_new(NULL, 1);
	struct net n;
	uint8_t frame[60];

	nic_set_msix(w->nic, 1, true, 4);
	nic_fn_reset(w->nic, 1);
	n = net_modern(w, 1, NET_MODERN);
	net_frame(w, frame, sizeof(frame), -1, 1);
	net_send(&n, frame, sizeof(frame));
	cr_assert_eq(world_interrupts(w, 1), 0);
	cr_assert_eq(nic_isr_read(w->nic, 1), 1);
	world_free(w);
}

Test(functions, a_smaller_table_silences_its_vectors)
{
	struct world *w = world_new(NULL, 1);
	struct net n;
	uint8_t frame[60];

	nic_set_msix(w->nic, 1, true, 4);
	n = net_modern(w, 1, NET_MODERN);
	nic_set_msix(w->nic, 1, true, 1);
	net_frame(w, frame, sizeof(frame), -1, 1);
	net_send(&n, frame, sizeof(frame));
	cr_assert_eq(world_interrupts(w, 1), 0);
	world_free(w);
}

Test(functions, counters_of_a_missing_function_are_zero)
{
	struct world *w = world_new(NULL, 0);
	struct nic_fn_counters c;

	nic_get_fn_counters(w->nic, 1, &c);
	cr_assert_eq(c.resets, 0);
	nic_get_fn_counters(w->nic, 1000, &c);
	cr_assert_eq(c.resets, 0);
	cr_assert_not(state(w, 1000).exists);
	world_free(w);
}

Test(functions, resets_are_counted)
{
	struct world *w = world_new(NULL, 1);
	struct nic_fn_counters c;

	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	nic_fn_reset(w->nic, 1);
	nic_surprise_reset(w->nic, 1);
	nic_get_fn_counters(w->nic, 1, &c);
	cr_assert_eq(c.resets, 3);
	world_free(w);
}

Test(functions, every_vf_sends_to_every_other)
{
	struct world *w = world_new(NULL, 16);
	struct net n[17];
	uint8_t frame[60];
	unsigned int from, to;
	uint32_t id;

	for (to = 0; to < 17; to++)
		n[to] = net_modern(w, to, NET_MODERN);
	for (from = 0; from < 17; from++)
		for (to = 0; to < 17; to++) {
			net_offer(&n[to], 100);
			net_frame(w, frame, sizeof(frame), (int)to, from);
			net_send(&n[from], frame, sizeof(frame));
			cr_assert_eq(net_received(&n[to], &id), from == to ? 0 : 72);
			if (from == to) {
				nic_uplink_receive(w->nic, frame, sizeof(frame));
				cr_assert_eq(net_received(&n[to], &id), 72);
			}
		}
	world_free(w);
}
