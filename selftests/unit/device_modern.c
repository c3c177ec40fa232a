// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The modern interface of a VF that is not what a driver would like: other settings, and faults. */
#include "driver.h"

#define MS UINT64_C(1000000)

static struct world *faulty(const struct nic_settings *set, const struct nic_faults *f)
{
	struct world *w = world_new(set, 1);

	nic_set_faults(w->nic, f);
	return w;
}

static uint32_t get(struct world *w, unsigned int fn, unsigned int offset, unsigned int width)
{
	return (uint32_t)nic_common_read(w->nic, fn, offset, width);
}

static struct nic_settings tolerant(void)
{
	struct nic_settings set;

	nic_settings_init(&set);
	set.requires_version_1 = false;
	return set;
}

Test(modern, version_1_is_required)
{
	struct world *w = world_new(NULL, 1);

	drv_start(w, 1, F_ACCESS_PLATFORM | F_MAC);
	cr_assert_not(drv_status(w, 1) & S_FEATURES_OK);
	world_free(w);
}

Test(modern, without_version_1_a_header_has_ten_bytes)
{
	struct nic_settings set = tolerant();
	struct world *w = world_new(&set, 2);
	struct net from, to;
	uint8_t frame[60];

	cr_assert(drv_offered(w, 1) & F_ANY_LAYOUT);
	from = net_modern(w, 1, F_ACCESS_PLATFORM | F_MAC);
	from.hlen = 10;
	to = net_modern(w, 2, F_ACCESS_PLATFORM | F_MAC);
	net_offer(&to, 128);
	net_frame(w, frame, sizeof(frame), 2, 1);
	net_send(&from, frame, sizeof(frame));
	cr_assert_eq(net_received(&to, &(uint32_t) { 0 }), 10 + sizeof(frame));
	world_free(w);
}

Test(modern, without_version_1_but_with_mergeable_buffers_it_has_twelve)
{
	struct nic_settings set = tolerant();
	struct world *w = world_new(&set, 2);
	struct net from = net_modern(w, 1, F_ACCESS_PLATFORM | F_MRG_RXBUF);
	struct net to = net_modern(w, 2, F_ACCESS_PLATFORM | F_MRG_RXBUF);
	uint8_t frame[60];

	net_offer(&to, 128);
	net_frame(w, frame, sizeof(frame), 2, 1);
	net_send(&from, frame, sizeof(frame));
	cr_assert_eq(net_received(&to, &(uint32_t) { 0 }), 12 + sizeof(frame));
	world_free(w);
}

Test(modern, access_platform_of_vfs_is_a_setting)
{
	struct nic_settings set;
	struct world *w;

	nic_settings_init(&set);
	set.offer_access_platform = false;
	w = world_new(&set, 1);
	cr_assert_not(drv_offered(w, 1) & F_ACCESS_PLATFORM);
	cr_assert(drv_offered(w, NIC_PF) & F_ACCESS_PLATFORM);
	drv_start(w, 1, NET_MODERN);
	cr_assert_not(drv_status(w, 1) & S_FEATURES_OK);
	world_free(w);
}

Test(modern, no_fault_at_first)
{
	struct world *w = world_new(NULL, 1);
	struct nic_faults f, none;

	nic_get_faults(w->nic, &f);
	nic_faults_init(&none);
	cr_assert_eq(f.queue_size_shown, -1);
	cr_assert_eq(f.notify_off_shown, -1);
	cr_assert_eq(f.short_result, none.short_result);
	cr_assert_not(f.features_all || f.features_refused || f.config_restless || f.reset_slow_ns);
	world_free(w);
}

Test(modern, all_features)
{
	struct nic_faults f;
	struct world *w;

	nic_faults_init(&f);
	f.features_all = true;
	w = faulty(NULL, &f);
	cr_assert_eq(drv_offered(w, 1), UINT64_MAX);
	cr_assert_neq(drv_offered(w, NIC_PF), UINT64_MAX, "the PF is as it was");
	world_free(w);
}

Test(modern, features_refused)
{
	struct nic_faults f;
	struct world *w;

	nic_faults_init(&f);
	f.features_refused = true;
	w = faulty(NULL, &f);
	drv_start(w, 1, NET_MODERN);
	cr_assert_eq(drv_status(w, 1), S_ACKNOWLEDGE | S_DRIVER);
	drv_start(w, NIC_PF, NET_MODERN);
	cr_assert(drv_status(w, NIC_PF) & S_FEATURES_OK, "the PF is as it was");
	world_free(w);
}

Test(modern, a_slow_reset)
{
	struct nic_faults f;
	struct world *w;

	nic_faults_init(&f);
	f.reset_slow_ns = 5 * MS;
	w = faulty(NULL, &f);
	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	cr_assert_eq(drv_status(w, 1), 0, "there was nothing to reset");
	nic_common_write(w->nic, 1, C_STATUS, S_ACKNOWLEDGE, 1);
	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	cr_assert_eq(drv_status(w, 1), S_ACKNOWLEDGE);
	nic_common_write(w->nic, 1, C_Q_SELECT, 2, 2);
	world_sleep(w, 5 * MS - 1);
	cr_assert_eq(drv_status(w, 1), S_ACKNOWLEDGE);
	world_sleep(w, 1);
	cr_assert_eq(drv_status(w, 1), 0);
	cr_assert_eq(get(w, 1, C_Q_SELECT, 2), 0, "it did not listen");
	world_free(w);
}

Test(modern, a_reset_that_ends_with_an_flr_only)
{
	struct nic_faults f;
	struct world *w;

	nic_faults_init(&f);
	f.reset_slow_ns = UINT64_MAX;
	w = faulty(NULL, &f);
	drv_start(w, 1, NET_MODERN);
	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	world_sleep(w, UINT64_C(1) << 62);
	cr_assert_neq(drv_status(w, 1), 0);
	nic_fn_reset(w->nic, 1);
	cr_assert_eq(drv_status(w, 1), 0);
	drv_start(w, NIC_PF, NET_MODERN);
	nic_common_write(w->nic, NIC_PF, C_STATUS, 0, 1);
	cr_assert_eq(drv_status(w, NIC_PF), 0, "the PF is as it was");
	world_free(w);
}

Test(modern, a_restless_configuration)
{
	struct nic_faults f;
	struct world *w;
	uint32_t before;

	nic_faults_init(&f);
	f.config_restless = true;
	w = faulty(NULL, &f);
	before = get(w, 1, C_GENERATION, 1);
	get(w, 1, C_STATUS, 1);
	cr_assert_eq(get(w, 1, C_GENERATION, 1), before + 1);
	cr_assert_eq(get(w, 1, C_STATUS, 4) >> 8 & 0xff, before + 2);
	cr_assert_eq(get(w, NIC_PF, C_GENERATION, 1), get(w, NIC_PF, C_GENERATION, 1));
	world_free(w);
}

Test(modern, queues_that_show_something_else)
{
	static const int32_t shown[] = { 0, 100, 65535 };
	struct nic_faults f;
	struct world *w;
	unsigned int i;

	nic_faults_init(&f);
	for (i = 0; i < COUNT(shown); i++) {
		f.queue_size_shown = shown[i];
		f.notify_off_shown = shown[i];
		w = faulty(NULL, &f);
		cr_assert_eq(get(w, 1, C_Q_SIZE, 2), shown[i]);
		cr_assert_eq(get(w, 1, C_Q_NOFF, 2), shown[i]);
		cr_assert_eq(get(w, NIC_PF, C_Q_SIZE, 2), 256);
		nic_common_write(w->nic, 1, C_Q_SELECT, 3, 2);
		cr_assert_eq(get(w, 1, C_Q_SIZE, 2), 0, "there is no such queue");
		world_free(w);
	}
}

Test(modern, needs_reset)
{
	struct world *w = world_new(NULL, 1);
	struct nic_fn_state s;

	nic_needs_reset(w->nic, 1);
	cr_assert_eq(drv_status(w, 1), 0, "there is no driver to tell");
	net_modern(w, 1, NET_MODERN);
	nic_needs_reset(w->nic, 1);
	nic_needs_reset(w->nic, 2);
	cr_assert(drv_status(w, 1) & S_NEEDS_RESET);
	cr_assert_eq(nic_isr_read(w->nic, 1), 2);
	nic_get_fn_state(w->nic, 1, &s);
	cr_assert_eq(s.enabled, 3);
	nic_common_write(w->nic, 1, C_STATUS, 0, 1);
	cr_assert_eq(drv_status(w, 1), 0);
	world_free(w);
}
