// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A device that lies, hangs, or is not there, and a bus that fails: what the guest is shown stays sane,
 * nothing is told out of order, and every operation ends.
 */
#include "function.h"

#define READY (S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK)

static struct nic_settings settings(void)
{
	struct nic_settings set;

	nic_settings_init(&set);
	set.queue_size = 16;
	set.ring_reset = true;
	return set;
}

static uint64_t taken(struct function *f)
{
	struct nic_fn_state state;

	nic_get_fn_state(f->w->nic, FUNCTION_VF, &state);
	return state.features;
}

Test(modern_liar, ring_reset_without_a_register_for_it)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct ring tx;

	f->s.m.places.area[VVB_MODERN_COMMON].len = 56;
	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 0);
	cr_assert(function_event(f, VVB_MODERN_EV_QUEUE_RUNS));
	cr_assert_not(taken(f) & F_RING_RESET);
	function_free(f);
}

static void finds_no_queue(struct function *f)
{
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	cr_assert(function_event(f, VVB_MODERN_EV_REFUSED));
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER | S_FAILED);
	cr_assert_not(drv_status(f->w, FUNCTION_VF) & (S_FEATURES_OK | S_DRIVER_OK));
}

Test(modern_liar, a_device_that_goes_around_the_iommu)
{
	struct nic_settings set = settings();
	struct function *f;

	set.offer_access_platform = false;
	f = function_new(&set);
	function_start(f, F_MRG_RXBUF);
	finds_no_queue(f);
	function_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF | F_MAC);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	function_free(f);
}

Test(modern_liar, any_layout_without_mergeable_buffers)
{
	struct nic_settings set = settings();
	struct function *f;

	set.requires_version_1 = false;
	f = function_new(&set);
	function_start(f, F_ANY_LAYOUT);
	cr_assert_neq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	cr_assert_eq(taken(f), F_ANY_LAYOUT | F_ACCESS_PLATFORM);
	function_free(f);
}

Test(modern_liar, any_layout_of_which_the_device_knows_nothing)
{
	struct nic_settings set = settings();
	struct function *f;

	set.requires_version_1 = false;
	f = function_new(&set);
	function_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	function_get(f, VVB_FIELD_DEVICE_FEATURES);
	f->s.m.offered &= ~F_ANY_LAYOUT;
	cr_assert(function_get(f, VVB_FIELD_DEVICE_FEATURES) & F_ANY_LAYOUT);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE | S_DRIVER);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_ANY_LAYOUT);
	finds_no_queue(f);
	function_free(f);
}
