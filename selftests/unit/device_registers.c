// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The modern register file: every field, every wrong way to touch one. */
#include "driver.h"

static uint64_t rd(struct world *w, unsigned int fn, unsigned int offset, unsigned int width)
{
	return nic_common_read(w->nic, fn, offset, width);
}

static void wr(struct world *w, unsigned int fn, unsigned int offset, uint64_t v,
	       unsigned int width)
{
	nic_common_write(w->nic, fn, offset, v, width);
}

static uint64_t bad_accesses(struct world *w, unsigned int fn)
{
	struct nic_fn_counters c;

	nic_get_fn_counters(w->nic, fn, &c);
	return c.bad_accesses;
}

Test(registers, pf_offers_what_stock_linux_wants)
{
	struct world *w = world_new(NULL, 0);
	uint64_t f = drv_offered(w, NIC_PF);

	cr_assert_eq(f, F_MTU | F_MAC | F_MRG_RXBUF | F_STATUS | F_CTRL_VQ | F_CTRL_RX |
				F_CTRL_MAC_ADDR | F_VERSION_1 | F_ACCESS_PLATFORM | F_SR_IOV |
				F_ADMIN_VQ);
	world_free(w);
}

Test(registers, vf_offers_no_sriov_and_no_admin_queue)
{
	struct world *w = world_new(NULL, 1);
	uint64_t f = drv_offered(w, 1);

	cr_assert_eq(f & (F_SR_IOV | F_ADMIN_VQ | F_ANY_LAYOUT), 0);
	cr_assert_eq(f & (F_VERSION_1 | F_ACCESS_PLATFORM | F_INDIRECT | F_MRG_RXBUF),
		     F_VERSION_1 | F_ACCESS_PLATFORM | F_INDIRECT | F_MRG_RXBUF);
	world_free(w);
}

Test(registers, offered_features_follow_the_settings)
{
	struct nic_settings s;
	struct world *w;

	nic_settings_init(&s);
	s.pf_indirect = true;
	s.vf_indirect = false;
	s.event_idx = true;
	s.ring_reset = true;
	s.admin_vq = false;
	s.max_vfs = 1;
	w = world_new(&s, 1);
	cr_assert_eq(drv_offered(w, NIC_PF) &
			     (F_INDIRECT | F_EVENT_IDX | F_RING_RESET | F_ADMIN_VQ | F_SR_IOV),
		     F_INDIRECT | F_EVENT_IDX | F_RING_RESET | F_SR_IOV);
	cr_assert_eq(drv_offered(w, 1) & (F_INDIRECT | F_EVENT_IDX | F_RING_RESET),
		     F_EVENT_IDX | F_RING_RESET);
	world_free(w);
	s.max_vfs = 0;
	w = world_new(&s, 0);
	cr_assert_eq(drv_offered(w, NIC_PF) & F_SR_IOV, 0);
	world_free(w);
}

Test(registers, feature_windows_beyond_63_are_empty)
{
	struct world *w = world_new(NULL, 0);

	wr(w, 0, C_DFSELECT, 2, 4);
	cr_assert_eq(rd(w, 0, C_DF, 4), 0);
	wr(w, 0, C_DFSELECT, UINT32_MAX, 4);
	cr_assert_eq(rd(w, 0, C_DF, 4), 0);
	cr_assert_eq(rd(w, 0, C_DFSELECT, 4), UINT32_MAX);
	wr(w, 0, C_GFSELECT, 7, 4);
	wr(w, 0, C_GF, 0, 4);
	cr_assert_eq(rd(w, 0, C_GF, 4), 0);
	world_free(w);
}

Test(registers, driver_features_read_back)
{
	struct world *w = world_new(NULL, 0);

	drv_start(w, 0, NET_MODERN);
	wr(w, 0, C_GFSELECT, 0, 4);
	cr_assert_eq(rd(w, 0, C_GF, 4), (uint32_t)NET_MODERN);
	wr(w, 0, C_GFSELECT, 1, 4);
	cr_assert_eq(rd(w, 0, C_GF, 4), NET_MODERN >> 32);
	world_free(w);
}

Test(registers, driver_features_are_fixed_after_features_ok)
{
	struct world *w = world_new(NULL, 0);

	drv_start(w, 0, NET_MODERN);
	wr(w, 0, C_GFSELECT, 0, 4);
	wr(w, 0, C_GF, 0, 4);
	cr_assert_eq(rd(w, 0, C_GF, 4), (uint32_t)NET_MODERN);
	world_free(w);
}

Test(registers, features_ok_is_refused_for_what_was_not_offered)
{
	struct world *w = world_new(NULL, 0);

	drv_start(w, 0, NET_MODERN | F(34));
	cr_assert_eq(drv_status(w, 0), S_ACKNOWLEDGE | S_DRIVER);
	drv_start(w, 0, NET_MODERN | F_INDIRECT);
	cr_assert_eq(drv_status(w, 0), S_ACKNOWLEDGE | S_DRIVER, "not offered on the PF");
	drv_start(w, 0, NET_MODERN);
	cr_assert(drv_status(w, 0) & S_FEATURES_OK);
	world_free(w);
}

Test(registers, features_ok_is_refused_for_a_bit_of_64_and_above)
{
	struct world *w = world_new(NULL, 0);

	wr(w, 0, C_STATUS, S_ACKNOWLEDGE | S_DRIVER, 1);
	wr(w, 0, C_GFSELECT, 1, 4);
	wr(w, 0, C_GF, F_VERSION_1 >> 32, 4);
	wr(w, 0, C_GFSELECT, 2, 4);
	wr(w, 0, C_GF, 1, 4);
	wr(w, 0, C_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_FEATURES_OK, 1);
	cr_assert_eq(drv_status(w, 0), S_ACKNOWLEDGE | S_DRIVER);
	world_free(w);
}

Test(registers, features_ok_needs_version_1_and_its_own_dependencies)
{
	struct world *w = world_new(NULL, 0);

	drv_start(w, 0, F_MAC);
	cr_assert_eq(drv_status(w, 0) & S_FEATURES_OK, 0);
	drv_start(w, 0, NET_MODERN | F_CTRL_RX);
	cr_assert_eq(drv_status(w, 0) & S_FEATURES_OK, 0);
	drv_start(w, 0, NET_MODERN | F_CTRL_RX | F_CTRL_VQ);
	cr_assert(drv_status(w, 0) & S_FEATURES_OK);
	world_free(w);
}

Test(registers, three_queues_and_an_admin_queue_behind_them)
{
	struct world *w = world_new(NULL, 1);
	unsigned int q;

	cr_assert_eq(rd(w, 0, C_NUMQ, 2), 3);
	cr_assert_eq(rd(w, 0, C_ADM_IDX, 2), 3);
	cr_assert_eq(rd(w, 0, C_ADM_NUM, 2), 1);
	cr_assert_eq(rd(w, 1, C_NUMQ, 2), 3);
	cr_assert_eq(rd(w, 1, C_ADM_IDX, 2), 0);
	cr_assert_eq(rd(w, 1, C_ADM_NUM, 2), 0);
	for (q = 0; q < 6; q++) {
		wr(w, 0, C_Q_SELECT, q, 2);
		cr_assert_eq(rd(w, 0, C_Q_SELECT, 2), q);
		cr_assert_eq(rd(w, 0, C_Q_SIZE, 2), q < 3 ? 256 : q == 3 ? 64 : 0);
		cr_assert_eq(rd(w, 0, C_Q_NOFF, 2), q < 4 ? q : 0);
		cr_assert_eq(rd(w, 0, C_Q_NDATA, 2), q < 4 ? q : 0);
		wr(w, 1, C_Q_SELECT, q, 2);
		cr_assert_eq(rd(w, 1, C_Q_SIZE, 2), q < 3 ? 256 : 0);
	}
	world_free(w);
}

Test(registers, queue_fields_read_back_per_queue)
{
	struct world *w = world_new(NULL, 0);
	unsigned int q;

	for (q = 0; q < 3; q++) {
		wr(w, 0, C_Q_SELECT, q, 2);
		wr(w, 0, C_Q_SIZE, 16u << q, 2);
		wr(w, 0, C_Q_DESC, 0x1000 + q, 4);
		wr(w, 0, C_Q_DESC + 4, 7 + q, 4);
		wr(w, 0, C_Q_DRIVER, UINT64_C(0x123456789abcdef0) + q, 8);
		wr(w, 0, C_Q_DEVICE + 4, 9, 4);
		wr(w, 0, C_Q_DEVICE, 0x3000 + q, 4);
		wr(w, 0, C_Q_MSIX, q, 2);
	}
	for (q = 0; q < 3; q++) {
		wr(w, 0, C_Q_SELECT, q, 2);
		cr_assert_eq(rd(w, 0, C_Q_SIZE, 2), 16u << q);
		cr_assert_eq(rd(w, 0, C_Q_DESC, 8), (uint64_t)(7 + q) << 32 | (0x1000 + q));
		cr_assert_eq(rd(w, 0, C_Q_DRIVER, 8), UINT64_C(0x123456789abcdef0) + q);
		cr_assert_eq(rd(w, 0, C_Q_DEVICE, 4), 0x3000 + q);
		cr_assert_eq(rd(w, 0, C_Q_DEVICE + 4, 4), 9);
		cr_assert_eq(rd(w, 0, C_Q_MSIX, 2), q);
		cr_assert_eq(rd(w, 0, C_Q_ENABLE, 2), 0);
	}
	world_free(w);
}

Test(registers, queue_size_is_a_power_of_two_within_the_maximum)
{
	static const uint16_t bad[] = { 0, 3, 255, 257, 512, 0xffff };
	struct world *w = world_new(NULL, 0);
	unsigned int i;

	for (i = 0; i < COUNT(bad); i++) {
		wr(w, 0, C_Q_SIZE, bad[i], 2);
		cr_assert_eq(rd(w, 0, C_Q_SIZE, 2), 256);
	}
	cr_assert_eq(bad_accesses(w, 0), i);
	world_free(w);
}

Test(registers, an_enabled_queue_does_not_move)
{
	struct world *w = world_new(NULL, 0);
	struct ring r;

	drv_start(w, 0, NET_MODERN);
	ring_modern(&r, w, 0, 0, 16);
	wr(w, 0, C_Q_DESC, 0x777000, 4);
	wr(w, 0, C_Q_SIZE, 8, 2);
	wr(w, 0, C_Q_ENABLE, 0, 2);
	cr_assert_eq(rd(w, 0, C_Q_DESC, 8), r.desc);
	cr_assert_eq(rd(w, 0, C_Q_SIZE, 2), 16);
	cr_assert_eq(rd(w, 0, C_Q_ENABLE, 2), 1);
	world_free(w);
}

Test(registers, a_queue_that_does_not_exist_takes_nothing)
{
	struct world *w = world_new(NULL, 1);

	wr(w, 1, C_Q_SELECT, 3, 2);
	wr(w, 1, C_Q_DESC, 1, 4);
	wr(w, 1, C_Q_ENABLE, 1, 2);
	wr(w, 1, C_Q_MSIX, 1, 2);
	cr_assert_eq(rd(w, 1, C_Q_ENABLE, 2), 0);
	cr_assert_eq(rd(w, 1, C_Q_MSIX, 2), 0xffff);
	wr(w, 1, C_Q_SELECT, 0xffff, 2);
	wr(w, 1, C_Q_ENABLE, 1, 2);
	cr_assert_eq(rd(w, 1, C_Q_SIZE, 2), 0);
	cr_assert_eq(bad_accesses(w, 1), 4);
	world_free(w);
}

Test(registers, vectors_outside_the_table_read_back_as_none)
{
	struct world *w = world_new(NULL, 0);

	cr_assert_eq(rd(w, 0, C_MSIX, 2), 0xffff);
	cr_assert_eq(rd(w, 0, C_Q_MSIX, 2), 0xffff);
	nic_set_msix(w->nic, 0, true, 3);
	wr(w, 0, C_MSIX, 2, 2);
	cr_assert_eq(rd(w, 0, C_MSIX, 2), 2);
	wr(w, 0, C_MSIX, 3, 2);
	cr_assert_eq(rd(w, 0, C_MSIX, 2), 0xffff);
	wr(w, 0, C_Q_MSIX, 0, 2);
	cr_assert_eq(rd(w, 0, C_Q_MSIX, 2), 0);
	wr(w, 0, C_Q_MSIX, 0xfffe, 2);
	cr_assert_eq(rd(w, 0, C_Q_MSIX, 2), 0xffff);
	world_free(w);
}

Test(registers, vectors_survive_msix_off_and_on)
{
	struct world *w = world_new(NULL, 0);

	nic_set_msix(w->nic, 0, true, 4);
	wr(w, 0, C_MSIX, 3, 2);
	wr(w, 0, C_Q_MSIX, 1, 2);
	nic_set_msix(w->nic, 0, false, 4);
	cr_assert_eq(rd(w, 0, C_MSIX, 2), 3);
	nic_set_msix(w->nic, 0, true, 4);
	cr_assert_eq(rd(w, 0, C_Q_MSIX, 2), 1);
	nic_fn_reset(w->nic, 0);
	cr_assert_eq(rd(w, 0, C_MSIX, 2), 0xffff);
	cr_assert_eq(rd(w, 0, C_Q_MSIX, 2), 0xffff);
	world_free(w);
}

Test(registers, status_zero_resets_everything)
{
	struct world *w = world_new(NULL, 0);
	struct ring r;

	drv_start(w, 0, NET_MODERN);
	ring_modern(&r, w, 0, 0, 16);
	wr(w, 0, C_MSIX, 0, 2);
	drv_ok(w, 0);
	nic_set_link(w->nic, 0, false);
	wr(w, 0, C_STATUS, 0, 1);
	cr_assert_eq(drv_status(w, 0), 0);
	cr_assert_eq(nic_isr_read(w->nic, 0), 0, "the link's interrupt");
	wr(w, 0, C_GFSELECT, 1, 4);
	cr_assert_eq(rd(w, 0, C_GF, 4), 0);
	cr_assert_eq(rd(w, 0, C_Q_SELECT, 2), 0);
	cr_assert_eq(rd(w, 0, C_Q_ENABLE, 2), 0);
	cr_assert_eq(rd(w, 0, C_Q_DESC, 8), 0);
	cr_assert_eq(rd(w, 0, C_Q_SIZE, 2), 256);
	cr_assert_eq(rd(w, 0, C_MSIX, 2), 0xffff);
	world_free(w);
}

Test(registers, queue_reset_needs_its_feature)
{
	struct nic_settings s;
	struct world *w;
	struct ring r;

	nic_settings_init(&s);
	s.ring_reset = true;
	w = world_new(&s, 0);
	drv_start(w, 0, NET_MODERN);
	ring_modern(&r, w, 0, 0, 16);
	wr(w, 0, C_Q_RESET, 1, 2);
	cr_assert_eq(rd(w, 0, C_Q_ENABLE, 2), 1);
	drv_start(w, 0, NET_MODERN | F_RING_RESET);
	ring_modern(&r, w, 0, 0, 16);
	wr(w, 0, C_Q_RESET, 2, 2);
	cr_assert_eq(rd(w, 0, C_Q_ENABLE, 2), 1);
	wr(w, 0, C_Q_RESET, 1, 2);
	cr_assert_eq(rd(w, 0, C_Q_RESET, 2), 0);
	cr_assert_eq(rd(w, 0, C_Q_ENABLE, 2), 0);
	cr_assert_eq(rd(w, 0, C_Q_SIZE, 2), 256);
	ring_modern(&r, w, 0, 0, 8);
	cr_assert_eq(rd(w, 0, C_Q_ENABLE, 2), 1);
	world_free(w);
}

Test(registers, read_only_fields_stay)
{
	static const struct {
		unsigned int offset, width;
	} ro[] = {
		{ C_DF, 4 },	  { C_NUMQ, 2 },    { C_GENERATION, 1 }, { C_Q_NOFF, 2 },
		{ C_Q_NDATA, 2 }, { C_ADM_IDX, 2 }, { C_ADM_NUM, 2 },
	};
	struct world *w = world_new(NULL, 0);
	uint64_t before;
	unsigned int i;

	for (i = 0; i < COUNT(ro); i++) {
		before = rd(w, 0, ro[i].offset, ro[i].width);
		wr(w, 0, ro[i].offset, ~before, ro[i].width);
		cr_assert_eq(rd(w, 0, ro[i].offset, ro[i].width), before);
	}
	cr_assert_eq(bad_accesses(w, 0), i);
	world_free(w);
}

/* Every write that is not one whole field leaves every register as it was. */
Test(registers, wrong_widths_and_offsets_change_nothing)
{
	static const uint8_t field[64] = {
		[C_DFSELECT] = 4,     [C_GFSELECT] = 4, [C_GF] = 4,	      [C_MSIX] = 2,
		[C_STATUS] = 1,	      [C_Q_SELECT] = 2, [C_Q_SIZE] = 2,	      [C_Q_MSIX] = 2,
		[C_Q_ENABLE] = 2,     [C_Q_DESC] = 4,	[C_Q_DESC + 4] = 4,   [C_Q_DRIVER] = 4,
		[C_Q_DRIVER + 4] = 4, [C_Q_DEVICE] = 4, [C_Q_DEVICE + 4] = 4, [C_Q_RESET] = 2,
	};
	struct world *w = world_new(NULL, 1);
	uint64_t before[8];
	unsigned int offset, width, i;

	drv_start(w, 0, NET_MODERN);
	for (i = 0; i < 8; i++)
		before[i] = rd(w, 0, 8 * i, 8);
	for (offset = 0; offset < 300; offset++)
		for (width = 0; width < 20; width++) {
			if (offset < 64 && field[offset] && (field[offset] == width || width == 8))
				continue;
			wr(w, 0, offset, 0x0101010101010101, width);
		}
	wr(w, 0, UINT32_MAX, 1, 4);
	for (i = 0; i < 8; i++)
		cr_assert_eq(rd(w, 0, 8 * i, 8), before[i]);
	world_free(w);
}

Test(registers, reads_in_any_width_agree_and_end_at_64)
{
	struct world *w = world_new(NULL, 0);
	unsigned int offset, width, i;
	uint64_t v;

	drv_start(w, 0, NET_MODERN);
	for (width = 1; width <= 8; width *= 2)
		for (offset = 0; offset + width <= 64; offset++) {
			v = 0;
			for (i = 0; i < width; i++)
				v |= rd(w, 0, offset + i, 1) << 8 * i;
			cr_assert_eq(rd(w, 0, offset, width), v);
		}
	cr_assert_eq(rd(w, 0, 64, 1), 0xff);
	cr_assert_eq(rd(w, 0, 61, 4), UINT32_MAX);
	cr_assert_eq(rd(w, 0, 0, 3), 0xffffff);
	cr_assert_eq(rd(w, 0, UINT32_MAX, 4), UINT32_MAX);
	rd(w, 0, 0, 0);
	rd(w, 0, 0, 1000);
	world_free(w);
}

Test(registers, a_function_that_does_not_exist_is_all_ones)
{
	struct world *w = world_new(NULL, 2);
	unsigned int fn;

	for (fn = 3; fn < 70; fn++) {
		cr_assert_eq(rd(w, fn, C_STATUS, 1), 0xff);
		cr_assert_eq(nic_isr_read(w->nic, fn), 0xff);
		cr_assert_eq(nic_device_cfg_read(w->nic, fn, 0, 4), UINT32_MAX);
		wr(w, fn, C_STATUS, 1, 1);
		nic_device_cfg_write(w->nic, fn, 0, 0, 1);
		nic_bar_access(w->nic, fn);
		nic_notify(w->nic, fn, 0);
		nic_legacy_notify(w->nic, fn, 0);
		nic_owner_notify(w->nic, fn, 0);
		nic_fn_reset(w->nic, fn);
		nic_set_msix(w->nic, fn, true, 4);
		nic_set_link(w->nic, fn, false);
		nic_surprise_reset(w->nic, fn);
		cr_assert_not(nic_link(w->nic, fn));
	}
	nic_notify(w->nic, UINT32_MAX, 0);
	world_free(w);
}

Test(registers, device_configuration)
{
	struct nic_settings s;
	struct world *w;

	nic_settings_init(&s);
	s.mtu = 1400;
	w = world_new(&s, 3);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 0, 4), 0x76005452);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 4, 2), 0x0062);
	cr_assert_eq(nic_device_cfg_read(w->nic, 3, 5, 1), 0x03);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 6, 2), 1, "link up");
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 8, 2), 1, "queue pairs");
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 10, 2), 1400);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 12, 4), 10000);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 16, 1), 1);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 17, 1), 0);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 18, 2), 0);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 20, 4), 0);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 24, 1), 0xff);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 22, 4), UINT32_MAX);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 0, 3), 0xffffff);
	nic_device_cfg_write(w->nic, 0, 0, 0x99, 1);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 0, 1), 0x52);
	cr_assert_eq(bad_accesses(w, 0), 1);
	world_free(w);
}

Test(registers, a_longer_device_configuration)
{
	struct nic_settings s;
	struct world *w;

	nic_settings_init(&s);
	s.config_len = 232;
	w = world_new(&s, 1);
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, 16, 1), 1, "duplex");
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, 20, 8), UINT64_C(0xe4e5e6e700000000));
	for (unsigned int fn = 0; fn < 2; fn++)
		for (unsigned int i = 24; i < 232; i++)
			cr_assert_eq(nic_device_cfg_read(w->nic, fn, i, 1), 255 - i);
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, 232, 1), 0xff);
	cr_assert_eq(nic_device_cfg_read(w->nic, 1, 229, 4), UINT32_MAX);
	world_free(w);
}

Test(registers, vf_mac_carries_into_the_fifth_byte)
{
	struct nic_settings s;
	struct world *w;

	nic_settings_init(&s);
	s.mac[5] = 0xff;
	w = world_new(&s, 2);
	cr_assert_eq(nic_device_cfg_read(w->nic, 2, 4, 2), 0x0163);
	world_free(w);
}

Test(registers, link_changes_config_generation_and_interrupt)
{
	struct world *w = world_new(NULL, 0);

	drv_start(w, 0, NET_MODERN);
	nic_set_msix(w->nic, 0, true, 4);
	wr(w, 0, C_MSIX, 0, 2);
	nic_set_link(w->nic, 0, false);
	cr_assert_eq(world_interrupts(w, 0), 0, "before DRIVER_OK");
	drv_ok(w, 0);
	nic_set_link(w->nic, 0, true);
	nic_set_link(w->nic, 0, true);
	cr_assert_eq(rd(w, 0, C_GENERATION, 1), 2);
	cr_assert_eq(w->interrupts[0][0], 1);
	cr_assert_eq(nic_isr_read(w->nic, 0), 2);
	cr_assert_eq(nic_isr_read(w->nic, 0), 0);
	nic_set_msix(w->nic, 0, false, 4);
	nic_set_link(w->nic, 0, false);
	cr_assert_eq(w->interrupts[0][0], 1);
	cr_assert_eq(nic_isr_read(w->nic, 0), 2);
	cr_assert_eq(nic_device_cfg_read(w->nic, 0, 6, 2), 0);
	world_free(w);
}

Test(registers, doorbells_of_missing_queues_are_counted)
{
	struct world *w = world_new(NULL, 1);

	nic_notify(w->nic, 0, 4);
	nic_notify(w->nic, 0, UINT32_MAX);
	cr_assert_eq(bad_accesses(w, 0), 2);
	nic_notify(w->nic, 1, 3);
	nic_legacy_notify(w->nic, 1, 3);
	nic_legacy_notify(w->nic, 1, 0xffff);
	nic_owner_notify(w->nic, 1, 99);
	cr_assert_eq(bad_accesses(w, 1), 4);
	nic_legacy_notify(w->nic, 0, 0);
	nic_owner_notify(w->nic, 0, 0);
	world_free(w);
}

Test(registers, accesses_to_the_bar_are_counted_per_function)
{
	struct world *w = world_new(NULL, 2);
	struct nic_fn_counters c;

	nic_bar_access(w->nic, 2);
	nic_bar_access(w->nic, 2);
	nic_get_fn_counters(w->nic, 1, &c);
	cr_assert_eq(c.bar_accesses, 0);
	nic_get_fn_counters(w->nic, 2, &c);
	cr_assert_eq(c.bar_accesses, 2);
	world_free(w);
}

Test(registers, settings_out_of_range_make_no_nic)
{
	static const struct nic_ops ops;
	struct nic_settings s;

	nic_settings_init(&s);
	s.max_vfs = 65;
	cr_assert_null(nic_new(&ops, NULL, &s));
	nic_settings_init(&s);
	s.queue_size = 100;
	cr_assert_null(nic_new(&ops, NULL, &s));
	nic_settings_init(&s);
	s.admin_queue_size = 0;
	cr_assert_null(nic_new(&ops, NULL, &s));
	s.admin_queue_size = 2048;
	cr_assert_null(nic_new(&ops, NULL, &s));
	nic_settings_init(&s);
	s.config_len = 23;
	cr_assert_null(nic_new(&ops, NULL, &s));
	s.config_len = 233;
	cr_assert_null(nic_new(&ops, NULL, &s));
}
