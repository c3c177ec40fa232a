// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The legacy register file of a VF, as administration commands show it. */
#include "driver.h"

Test(legacy, features_are_the_low_32_bits)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	uint64_t f = legacy_get(&a, 1, L_DF, 4);

	cr_assert_eq(f, F_MTU | F_MAC | F_MRG_RXBUF | F_STATUS | F_CTRL_VQ | F_CTRL_RX |
				F_CTRL_MAC_ADDR | F_ANY_LAYOUT | F_INDIRECT);
	world_free(w);
}

Test(legacy, indirect_is_a_setting)
{
	struct nic_settings s;
	struct world *w;
	struct admin a;

	nic_settings_init(&s);
	s.vf_indirect = false;
	w = world_new(&s, 1);
	a = admin_ready(w);
	cr_assert_eq(legacy_get(&a, 1, L_DF, 4) & F_INDIRECT, 0);
	world_free(w);
}

Test(legacy, driver_features_keep_what_was_offered)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);

	legacy_put(&a, 1, L_GF, UINT32_MAX, 4);
	cr_assert_eq(legacy_get(&a, 1, L_GF, 4), legacy_get(&a, 1, L_DF, 4));
	legacy_put(&a, 1, L_GF, F_MAC, 4);
	cr_assert_eq(legacy_get(&a, 1, L_GF, 4), F_MAC);
	world_free(w);
}

Test(legacy, three_queues_of_fixed_size)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	unsigned int q;

	for (q = 0; q < 6; q++) {
		legacy_put(&a, 1, L_QSEL, q, 2);
		cr_assert_eq(legacy_get(&a, 1, L_QSEL, 2), q);
		cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), q < 3 ? 256 : 0);
	}
	legacy_put(&a, 1, L_QSEL, 0xffff, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QSIZE, 2), 0);
	legacy_put(&a, 1, L_PFN, 5, 4);
	cr_assert_eq(legacy_get(&a, 1, L_PFN, 4), 0);
	legacy_put(&a, 1, L_QVEC, 1, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QVEC, 2), 0xffff);
	world_free(w);
}

Test(legacy, a_page_number_enables_zero_disables)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_fn_state s;

	legacy_put(&a, 1, L_QSEL, 1, 2);
	legacy_put(&a, 1, L_PFN, 0xfffff, 4);
	cr_assert_eq(legacy_get(&a, 1, L_PFN, 4), 0xfffff);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.enabled, 2);
	legacy_put(&a, 1, L_PFN, 0, 4);
	cr_assert_eq(legacy_get(&a, 1, L_PFN, 4), 0);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.enabled, 0);
	world_free(w);
}

Test(legacy, the_highest_page_number_is_an_address_not_an_overflow)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_fn_state s;

	legacy_put(&a, 1, L_STATUS, S_ACKNOWLEDGE | S_DRIVER, 1);
	legacy_put(&a, 1, L_QSEL, 1, 2);
	legacy_put(&a, 1, L_PFN, UINT32_MAX, 4);
	legacy_put(&a, 1, L_NOTIFY, 1, 2);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.broken, 2);
	cr_assert_eq(legacy_get(&a, 1, L_STATUS, 1) & S_NEEDS_RESET, 0);
	world_free(w);
}

Test(legacy, letting_go_after_reset_is_no_new_driver)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_fn_state s;

	net_legacy(&a, 1, 0);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.interface, NIC_IF_LEGACY);
	legacy_put(&a, 1, L_STATUS, 0, 1);
	legacy_put(&a, 1, L_QSEL, 0, 2);
	legacy_put(&a, 1, L_PFN, 0, 4);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.interface, NIC_IF_NONE);
	world_free(w);
}

Test(legacy, status_zero_resets)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_fn_state s;

	net_legacy(&a, 1, F_MAC);
	legacy_put(&a, 1, L_CVEC, 0, 2);
	legacy_put(&a, 1, L_STATUS, 0, 1);
	cr_assert_eq(legacy_get(&a, 1, L_STATUS, 1), 0);
	cr_assert_eq(legacy_get(&a, 1, L_GF, 4), 0);
	cr_assert_eq(legacy_get(&a, 1, L_QSEL, 2), 0);
	cr_assert_eq(legacy_get(&a, 1, L_PFN, 4), 0);
	cr_assert_eq(legacy_get(&a, 1, L_CVEC, 2), 0xffff);
	cr_assert_eq(legacy_get(&a, 1, L_QVEC, 2), 0xffff);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.enabled, 0);
	world_free(w);
}

Test(legacy, vectors_with_msix_off_and_on)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);

	nic_set_msix(w->nic, 1, false, 3);
	legacy_put(&a, 1, L_CVEC, 2, 2);
	legacy_put(&a, 1, L_QVEC, 1, 2);
	nic_set_msix(w->nic, 1, true, 3);
	cr_assert_eq(legacy_get(&a, 1, L_CVEC, 2), 2);
	nic_set_msix(w->nic, 1, false, 3);
	cr_assert_eq(legacy_get(&a, 1, L_QVEC, 2), 1);
	legacy_put(&a, 1, L_QVEC, 3, 2);
	cr_assert_eq(legacy_get(&a, 1, L_QVEC, 2), 0xffff, "not in the table");
	legacy_put(&a, 1, L_CVEC, 0xffff, 2);
	cr_assert_eq(legacy_get(&a, 1, L_CVEC, 2), 0xffff);
	world_free(w);
}

Test(legacy, isr_is_cleared_by_reading)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct net n = net_legacy(&a, 1, 0);
	uint8_t frame[60];

	net_frame(w, frame, sizeof(frame), -1, 1);
	net_send(&n, frame, sizeof(frame));
	nic_set_link(w->nic, 1, false);
	cr_assert_eq(legacy_get(&a, 1, L_ISR, 1), 3);
	cr_assert_eq(legacy_get(&a, 1, L_ISR, 1), 0);
	cr_assert_eq(world_interrupts(w, 1), 0);
	world_free(w);
}

Test(legacy, with_msix_a_queue_interrupt_leaves_the_isr_alone)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct net n = net_legacy(&a, 1, 0);
	uint8_t frame[60];

	nic_set_msix(w->nic, 1, true, 4);
	net_frame(w, frame, sizeof(frame), -1, 1);
	net_send(&n, frame, sizeof(frame));
	cr_assert_eq(w->interrupts[1][2], 1);
	cr_assert_eq(legacy_get(&a, 1, L_ISR, 1), 0);
	world_free(w);
}

Test(legacy, device_configuration_by_byte_and_by_field)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct reply r;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		r = legacy_try_read(&a, 1, 5, (uint8_t)i, 1);
		admin_is(&r, OK);
		cr_assert_eq(r.result[0], nic_device_cfg_read(w->nic, 1, i, 1));
	}
	r = legacy_try_read(&a, 1, 5, 0, 6);
	admin_is(&r, OK);
	cr_assert_eq(r.result[5], 1);
	r = legacy_try_read(&a, 1, 5, 10, 2);
	cr_assert_eq(r.result[0] | r.result[1] << 8, 1500);
	world_free(w);
}

Test(legacy, a_longer_device_configuration_by_single_bytes)
{
	struct nic_settings set;
	struct world *w;
	struct admin a;
	struct reply r;

	nic_settings_init(&set);
	set.config_len = 232;
	w = world_new(&set, 1);
	a = admin_ready(w);
	for (unsigned int i = 24; i < 232; i++) {
		r = legacy_try_read(&a, 1, 5, (uint8_t)i, 1);
		admin_is(&r, OK);
		cr_assert_eq(r.result[0], 255 - i);
		r = legacy_try_write(&a, 1, 4, (uint8_t)i, 0x5a, 1);
		admin_is(&r, OK);
		cr_assert_eq(nic_device_cfg_read(w->nic, 1, i, 1), 255 - i, "read-only");
	}
	r = legacy_try_read(&a, 1, 5, 24, 2);
	admin_is(&r, INVALID_FIELD);
	r = legacy_try_read(&a, 1, 5, 23, 2);
	admin_is(&r, INVALID_FIELD);
	r = legacy_try_read(&a, 1, 5, 232, 1);
	admin_is(&r, INVALID_FIELD);
	world_free(w);
}

Test(legacy, a_legacy_driver_sets_its_mac_byte_by_byte)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_fn_state s;
	struct reply r;
	unsigned int i;

	legacy_start(&a, 1, F_MAC);
	for (i = 0; i < 6; i++) {
		r = legacy_try_write(&a, 1, 4, (uint8_t)i, 0x10 + i, 1);
		admin_is(&r, OK);
	}
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.mac[0], 0x10);
	cr_assert_eq(s.mac[5], 0x15);
	r = legacy_try_write(&a, 1, 4, 2, 0x4321, 2);
	admin_is(&r, OK);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.mac[3], 0x43);
	/* what is read-only stays; the permanent MAC is back after reset */
	r = legacy_try_write(&a, 1, 4, 10, 9000, 2);
	admin_is(&r, OK);
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, 10, 2), 1500);
	legacy_put(&a, 1, L_STATUS, 0, 1);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.mac[5], 1);
	world_free(w);
}

Test(legacy, no_mac_write_next_to_the_control_command)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct reply r;

	legacy_start(&a, 1, F_MAC | F_CTRL_VQ | F_CTRL_MAC_ADDR);
	r = legacy_try_write(&a, 1, 4, 0, 0x99, 1);
	admin_is(&r, OK);
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, 0, 1), 0x52);
	world_free(w);
}

Test(legacy, buffers_are_used_before_driver_ok)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct ring tx;
	struct buf b = { world_alloc(w, 80, 8), 80, false };

	legacy_start(&a, 1, 0);
	ring_legacy(&tx, &a, 1, NIC_Q_TX);
	ring_add(&tx, &b, 1);
	nic_legacy_notify(w->nic, 1, NIC_Q_TX);
	cr_assert_eq(ring_used_idx(&tx), 1);
	world_free(w);
}

Test(legacy, three_doors_to_the_same_queue)
{
	struct world *w = world_new(NULL, 2);
	struct admin a = admin_ready(w);
	struct net n = net_legacy(&a, 2, 0);
	struct buf b = { world_alloc(w, 80, 8), 80, false };
	struct nic_fn_counters c;

	ring_add(&n.tx, &b, 1);
	nic_legacy_notify(w->nic, 2, NIC_Q_TX);
	cr_assert_eq(ring_used_idx(&n.tx), 1);
	ring_add(&n.tx, &b, 1);
	nic_owner_notify(w->nic, 2, NIC_Q_TX);
	cr_assert_eq(ring_used_idx(&n.tx), 2);
	ring_add(&n.tx, &b, 1);
	nic_notify(w->nic, 2, NIC_Q_TX);
	cr_assert_eq(ring_used_idx(&n.tx), 3);
	nic_get_fn_counters(w->nic, 2, &c);
	cr_assert_eq(c.legacy_notifies, 1);
	cr_assert_eq(c.owner_notifies, 1);
	cr_assert_eq(c.notifies, 1);
	world_free(w);
}

Test(legacy, one_interface_at_a_time)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct nic_fn_state s;

	net_legacy(&a, 1, F_MAC);
	nic_common_write(w->nic, 1, C_STATUS, S_FAILED, 1);
	nic_common_write(w->nic, 1, C_GF, 0, 4);
	nic_common_write(w->nic, 1, C_Q_DESC, 0x1234, 4);
	cr_assert_eq(legacy_get(&a, 1, L_STATUS, 1), S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK);
	cr_assert_eq(legacy_get(&a, 1, L_GF, 4), F_MAC);
	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	cr_assert_eq(legacy_get(&a, 1, L_STATUS, 1), 0);
	net_modern(w, 1, NET_MODERN);
	legacy_put(&a, 1, L_STATUS, S_FAILED, 1);
	legacy_put(&a, 1, L_GF, 0, 4);
	legacy_put(&a, 1, L_QSEL, 0, 2);
	legacy_put(&a, 1, L_PFN, 0, 4);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.interface, NIC_IF_MODERN);
	cr_assert_eq(s.enabled, 3);
	cr_assert_eq(s.features, NET_MODERN);
	legacy_put(&a, 1, L_STATUS, 0, 1);
	cr_assert_eq(drv_status(w, 1), 0);
	world_free(w);
}

Test(legacy, needs_reset_is_a_modern_bit)
{
	struct world *w = world_new(NULL, 1);
	struct admin a = admin_ready(w);
	struct net n = net_modern(w, 1, NET_MODERN);

	ring_offer(&n.tx, 999);
	ring_kick(&n.tx);
	cr_assert(drv_status(w, 1) & S_NEEDS_RESET);
	cr_assert_eq(legacy_get(&a, 1, L_STATUS, 1) & S_NEEDS_RESET, 0);
	world_free(w);
}

Test(legacy, every_vf_has_its_own)
{
	struct world *w = world_new(NULL, 64);
	struct admin a = admin_ready(w);
	unsigned int vf;

	for (vf = 1; vf <= 64; vf++)
		legacy_put(&a, vf, L_QSEL, vf, 2);
	for (vf = 1; vf <= 64; vf++) {
		cr_assert_eq(legacy_get(&a, vf, L_QSEL, 2), vf);
		cr_assert_eq(nic_device_cfg_read(w->nic, vf, 5, 1), vf);
	}
	world_free(w);
}
