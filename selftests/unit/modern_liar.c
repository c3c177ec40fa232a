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

static void slow(struct function *f, uint64_t ns)
{
	struct nic_faults faults;

	nic_get_faults(f->w->nic, &faults);
	faults.reset_slow_ns = ns;
	nic_set_faults(f->w->nic, &faults);
}

static int try_put(struct function *f, enum vvb_field field, uint32_t value)
{
	int err = strict_put(&f->s, field, value);

	function_right(f);
	return err;
}

static uint64_t try_get(struct function *f, enum vvb_field field)
{
	uint64_t value;

	strict_get(&f->s, field, &value);
	function_right(f);
	return value;
}

/* The rest of the guest's driver does not know, and goes on. */
Test(modern_liar, a_reset_that_does_not_end)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct ring tx;
	unsigned int field;

	function_start(f, F_MRG_RXBUF);
	slow(f, UINT64_MAX);
	cr_assert_eq(try_put(f, VVB_FIELD_DEVICE_STATUS, 0), VVB_MODERN_SILENT);
	for (field = 0; field < VVB_FIELD_DEVICE_CONFIG; field++) {
		try_get(f, field);
		try_put(f, field, S_ACKNOWLEDGE);
	}
	cr_assert_eq(try_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER);
	cr_assert_eq(try_get(f, VVB_FIELD_QUEUE_SIZE), 0xffff);
	cr_assert_eq(try_put(f, VVB_FIELD_DEVICE_STATUS, READY), VVB_MODERN_SILENT);
	nic_fn_reset(f->w->nic, FUNCTION_VF);
	slow(f, 0);
	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	function_free(f);
}

Test(modern_liar, a_reset_that_ends_late)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	function_start(f, F_MRG_RXBUF);
	slow(f, 15000000); /* more than the patience for one operation, less than for two */
	cr_assert_eq(try_put(f, VVB_FIELD_DEVICE_STATUS, 0), VVB_MODERN_SILENT);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE);
	cr_assert_eq(drv_status(f->w, FUNCTION_VF), S_ACKNOWLEDGE);
	function_free(f);
}

Test(modern_liar, a_reset_that_does_not_reach_the_device)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct ring tx;

	function_start(f, F_MRG_RXBUF | F_MAC);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	f->lies.fail_at = 1;
	cr_assert_lt(try_put(f, VVB_FIELD_DEVICE_STATUS, 0), 0);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE | S_DRIVER);
	cr_assert_eq(drv_status(f->w, FUNCTION_VF), S_ACKNOWLEDGE | S_DRIVER);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	cr_assert_not(taken(f) & F_MAC);
	function_free(f);
}

Test(modern_liar, new_features_and_a_reset_that_does_not_end)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	function_start(f, F_MRG_RXBUF | F_MAC);
	function_get(f, VVB_FIELD_QUEUE_SIZE);
	slow(f, UINT64_MAX);
	cr_assert_eq(try_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF), VVB_MODERN_SILENT);
	cr_assert_eq(try_get(f, VVB_FIELD_QUEUE_SIZE), 0xffff);
	cr_assert_eq(try_put(f, VVB_FIELD_DEVICE_STATUS, READY), VVB_MODERN_SILENT);
	cr_assert_not(f->s.m.agreed || f->s.m.live);
	function_free(f);
}

static void fix(struct function *f, enum vvb_modern_common field, uint32_t value)
{
	f->lies.fixed = true;
	f->lies.field = field;
	f->lies.value = value;
}

static uint32_t enabled(struct function *f)
{
	struct nic_fn_state state;

	nic_get_fn_state(f->w->nic, FUNCTION_VF, &state);
	return state.enabled;
}

/* FEATURES_OK is the last write before its answer: count to there. */
Test(modern_liar, features_of_which_nobody_knows_whether_they_were_taken)
{
	struct nic_settings set = settings();
	struct function *f;
	unsigned int n;

	for (n = 1; n < 16; n++) {
		f = function_new(&set);
		function_start(f, F_MRG_RXBUF | F_MAC);
		f->lies.fail_at = n;
		try_get(f, VVB_FIELD_QUEUE_SIZE);
		f->lies.fail_at = 0;
		function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
		cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 16);
		cr_assert_eq(taken(f), f->s.m.taken);
		cr_assert_not(taken(f) & F_MAC);
		function_free(f);
	}
}

/* The second queue can't be had, so that the device is not live; the first one it has. */
static struct function *half_live(struct nic_settings *set, struct ring *tx)
{
	struct function *f = function_new(set);
	struct ring rx;

	function_start(f, F_MRG_RXBUF | F_MAC);
	function_ring(f, &rx, NIC_Q_RX);
	function_ring(f, tx, NIC_Q_TX);
	f->s.m.places.area[VVB_MODERN_NOTIFY].len = 4;
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER | S_FAILED);
	cr_assert(function_event(f, VVB_MODERN_EV_BAD_QUEUE));
	cr_assert_eq(enabled(f), 1);
	f->s.m.places.area[VVB_MODERN_NOTIFY].len = 12;
	return f;
}

Test(modern_liar, other_features_for_a_device_that_is_half_live)
{
	struct nic_settings set = settings();
	struct ring tx;
	struct function *f = half_live(&set, &tx);

	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	cr_assert_eq(enabled(f), 0);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(enabled(f), 3);
	function_free(f);
}

Test(modern_liar, another_ring_for_a_device_that_is_half_live)
{
	struct nic_settings set = settings();
	struct ring rx;
	struct function *f;

	set.ring_reset = false;
	f = half_live(&set, &rx);
	function_ring(f, &rx, NIC_Q_RX);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(enabled(f), 3);
	nic_common_write(f->w->nic, FUNCTION_VF, C_Q_SELECT, NIC_Q_RX, 2);
	cr_assert_eq(nic_common_read(f->w->nic, FUNCTION_VF, C_Q_DESC, 4), rx.desc);
	function_free(f);
}

Test(modern_liar, a_doorbell_out_of_its_area)
{
	static const uint32_t offs[] = { 3, 100, 0xffff };
	struct nic_settings set = settings();
	struct function *f;
	struct ring tx;
	unsigned int i;

	for (i = 0; i < COUNT(offs); i++) {
		f = function_new(&set);
		function_start(f, F_MRG_RXBUF);
		function_ring(f, &tx, NIC_Q_TX);
		fix(f, VVB_MODERN_QUEUE_NOTIFY_OFF, offs[i]);
		function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
		cr_assert(function_event(f, VVB_MODERN_EV_BAD_QUEUE));
		cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS),
			     S_ACKNOWLEDGE | S_DRIVER | S_FAILED);
		function_put(f, VVB_FIELD_QUEUE_NOTIFY, NIC_Q_TX);
		function_free(f);
	}
}

/* A guest's way to the first frame; what fails is not told to it. */
static void whole_way(struct function *f)
{
	unsigned int q;

	try_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	try_get(f, VVB_FIELD_DEVICE_STATUS);
	try_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE | S_DRIVER);
	try_get(f, VVB_FIELD_DEVICE_FEATURES);
	try_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF | F_MAC);
	try_put(f, VVB_FIELD_CONFIG_VECTOR, 0);
	for (q = 0; q < 2; q++) {
		try_put(f, VVB_FIELD_QUEUE_SELECT, q);
		try_get(f, VVB_FIELD_QUEUE_SIZE);
		try_put(f, VVB_FIELD_QUEUE_ADDRESS, 16 + q);
		try_put(f, VVB_FIELD_QUEUE_VECTOR, 1 + q);
		try_put(f, VVB_FIELD_QUEUE_NOTIFY, q);
	}
	try_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	try_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	try_put(f, VVB_FIELD_QUEUE_NOTIFY, 1);
	try_put(f, VVB_FIELD_QUEUE_ADDRESS, 0);
	try_put(f, VVB_FIELD_QUEUE_ADDRESS, 18);
	try_get(f, VVB_FIELD_ISR_STATUS);
	try_get(f, VVB_FIELD_DEVICE_STATUS);
}

static void is_live(struct function *f)
{
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), READY);
	cr_assert_eq(drv_status(f->w, FUNCTION_VF), READY | S_FEATURES_OK);
	cr_assert(f->s.m.live);
	cr_assert_eq(enabled(f), 3);
	cr_assert_eq(taken(f), f->s.m.taken);
}

Test(modern_liar, an_error_of_the_bus_at_any_access)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	unsigned int n, all;

	whole_way(f);
	is_live(f);
	all = f->s.accesses;
	function_free(f);
	for (n = 1; n <= all; n++) {
		f = function_new(&set);
		f->lies.fail_at = n;
		whole_way(f);
		f->lies.fail_at = 0;
		whole_way(f);
		is_live(f);
		function_free(f);
	}
}

Test(modern_liar, driver_ok_that_does_not_reach_the_device)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct nic_fn_counters c;
	struct ring tx;
	unsigned int n, before;

	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_QUEUE_NOTIFY, NIC_Q_TX);
	before = f->s.accesses;
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	n = f->s.accesses - before -
	    2; /* then comes the kick, and the status as the guest has it */
	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_QUEUE_NOTIFY, NIC_Q_TX);
	f->lies.fail_at = n;
	cr_assert_lt(try_put(f, VVB_FIELD_DEVICE_STATUS, READY), 0);
	cr_assert_eq(drv_status(f->w, FUNCTION_VF), S_ACKNOWLEDGE | S_DRIVER | S_FEATURES_OK);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &c);
	cr_assert_eq(c.notifies, 2, "the kick was kept");
	function_free(f);
}

Test(modern_liar, a_queue_that_is_smaller_than_the_guest_was_told)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct ring tx;

	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	fix(f, VVB_MODERN_QUEUE_SIZE, 8);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert(function_event(f, VVB_MODERN_EV_BAD_QUEUE));
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER | S_FAILED);
	cr_assert_eq(enabled(f), 0);
	function_free(f);
}

Test(modern_liar, a_queue_that_is_larger_than_the_guest_was_told)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct ring tx;

	function_start(f, F_MRG_RXBUF);
	f->s.m.queue_size_max = 8;
	function_ring(f, &tx, NIC_Q_TX);
	f->s.m.queue_size_max = 0;
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(nic_common_read(f->w->nic, FUNCTION_VF, C_Q_SIZE, 2), 8);
	cr_assert_eq(nic_common_read(f->w->nic, FUNCTION_VF, C_Q_DEVICE, 4), tx.used);
	function_free(f);
}

Test(modern_liar, a_policy_that_told_the_guest_of_a_larger_queue)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	function_start(f, F_MRG_RXBUF);
	strict_size_told(&f->s, 0, 32);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 16);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert(function_event(f, VVB_MODERN_EV_BAD_QUEUE));
	cr_assert_eq(enabled(f), 0);
	function_free(f);
}

Test(modern_liar, a_policy_that_told_the_guest_what_no_ring_has)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	function_start(f, F_MRG_RXBUF);
	strict_size_told(&f->s, 0, 12);
	strict_size_told(&f->s, UINT16_MAX, 12);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 16);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert(function_event(f, VVB_MODERN_EV_BAD_QUEUE));
	cr_assert_eq(enabled(f), 0);
	function_free(f);
}

Test(modern_liar, a_queue_that_has_gone)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct ring tx;

	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	fix(f, VVB_MODERN_QUEUE_SIZE, 0);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert(function_event(f, VVB_MODERN_EV_BAD_QUEUE));
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_ADDRESS), 0);
	function_free(f);
}

Test(modern_liar, sizes_that_no_ring_has)
{
	static const uint32_t sizes[][2] = { { 0, 0 }, { 1, 1 }, { 100, 64 }, { 65535, 32768 } };
	struct nic_settings set = settings();
	struct function *f;
	unsigned int i;

	for (i = 0; i < COUNT(sizes); i++) {
		f = function_new(&set);
		fix(f, VVB_MODERN_QUEUE_SIZE, sizes[i][0]);
		function_start(f, F_MRG_RXBUF);
		cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), sizes[i][1]);
		function_put(f, VVB_FIELD_QUEUE_ADDRESS, 0xffffffff);
		function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
		function_free(f);
	}
}

Test(modern_liar, a_device_that_has_gone)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	unsigned int field;
	uint64_t value;

	f->lies.all_ones = true;
	cr_assert_eq(strict_get(&f->s, VVB_FIELD_DEVICE_FEATURES, &value), VVB_MODERN_GONE);
	cr_assert_eq(strict_get(&f->s, VVB_FIELD_DEVICE_STATUS, &value), VVB_MODERN_GONE);
	cr_assert_eq(try_put(f, VVB_FIELD_DEVICE_STATUS, 0), VVB_MODERN_GONE);
	whole_way(f);
	for (field = 0; field < VVB_FIELD_DEVICE_CONFIG; field++)
		try_get(f, field);
	cr_assert_not(f->s.m.agreed || f->s.m.live || f->s.m.offered);
	f->lies.all_ones = false;
	whole_way(f);
	is_live(f);
	function_free(f);
}

Test(modern_liar, a_device_that_goes_while_it_is_live)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	uint64_t value;

	whole_way(f);
	f->lies.all_ones = true;
	cr_assert_eq(strict_get(&f->s, VVB_FIELD_DEVICE_STATUS, &value), VVB_MODERN_GONE);
	whole_way(f);
	f->lies.all_ones = false;
	whole_way(f);
	is_live(f);
	function_free(f);
}

Test(modern_liar, status_bits_that_mean_nothing)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct nic_fn_counters before, after;

	function_put(f, VVB_FIELD_CONFIG_VECTOR, 1);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &before);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_NEEDS_RESET);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_FEATURES_OK);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &after);
	cr_assert_eq(before.resets, after.resets);
	cr_assert_eq(function_get(f, VVB_FIELD_CONFIG_VECTOR), 1);
	function_free(f);
}

Test(modern_liar, features_ok_is_never_set)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	f->lies.status_hidden = S_FEATURES_OK;
	function_start(f, F_MRG_RXBUF);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 16);
	function_put(f, VVB_FIELD_QUEUE_NOTIFY, 0);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER | S_FAILED);
	cr_assert_eq(enabled(f), 0);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF | F_MAC);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	function_free(f);
}

Test(modern_liar, a_configuration_that_never_rests)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	uint64_t value = 0;

	f->lies.restless = true;
	cr_assert_eq(strict_run(&f->s, VVB_OP_DEVICE_READ, 0, 6, &value), 0);
	cr_assert(function_event(f, VVB_MODERN_EV_RESTLESS));
	cr_assert_eq(value & 0xffffffff, nic_device_cfg_read(f->w->nic, FUNCTION_VF, 0, 4));
	cr_assert_leq(f->s.accesses, 1 + 7 * VVB_MODERN_CONFIG_TRIES);
	value = 0;
	strict_run(&f->s, VVB_OP_DEVICE_READ, 10, 2, &value);
	cr_assert_not(function_event(f, VVB_MODERN_EV_RESTLESS), "it is read at once");
	cr_assert_eq(value, 1500);
	function_free(f);
}

Test(modern_liar, a_status_that_changes_by_itself)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	whole_way(f);
	is_live(f);
	nic_surprise_reset(f->w->nic, FUNCTION_VF);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), 0);
	function_put(f, VVB_FIELD_QUEUE_NOTIFY, 1);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 0);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 20);
	try_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	whole_way(f);
	is_live(f);
	function_free(f);
}

Test(modern_liar, needs_reset_is_not_the_guests_affair)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	whole_way(f);
	function_event(f, VVB_MODERN_EV_NEEDS_RESET);
	nic_needs_reset(f->w->nic, FUNCTION_VF);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), READY);
	cr_assert(function_event(f, VVB_MODERN_EV_NEEDS_RESET));
	function_put(f, VVB_FIELD_DEVICE_STATUS, 0xff);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), 0xff & ~S_NEEDS_RESET);
	function_free(f);
}

Test(modern_liar, a_queue_reset_that_does_not_end)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	whole_way(f);
	fix(f, VVB_MODERN_QUEUE_RESET, 1);
	cr_assert_eq(try_put(f, VVB_FIELD_QUEUE_ADDRESS, 0), VVB_MODERN_SILENT);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_ADDRESS), 18);
	f->lies.fixed = false;
	whole_way(f);
	is_live(f);
	function_free(f);
}

Test(modern_liar, a_kept_kick_that_does_not_reach_the_device)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct nic_fn_counters c;
	struct ring tx;
	unsigned int before;

	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_QUEUE_NOTIFY, NIC_Q_TX);
	before = f->s.accesses;
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	before = f->s.accesses - before - 1; /* the last is the status as the guest has it */
	function_start(f, F_MRG_RXBUF);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_QUEUE_NOTIFY, NIC_Q_TX);
	f->lies.fail_at = before;
	cr_assert_lt(try_put(f, VVB_FIELD_DEVICE_STATUS, READY), 0);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &c);
	cr_assert_eq(c.notifies, 1);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &c);
	cr_assert_eq(c.notifies, 2);
	function_free(f);
}

Test(modern_liar, a_queue_that_shrinks_before_its_ring_is_told)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);

	function_start(f, F_MRG_RXBUF);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 16);
	fix(f, VVB_MODERN_QUEUE_SIZE, 8);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 16);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert(function_event(f, VVB_MODERN_EV_BAD_QUEUE));
	cr_assert_eq(enabled(f), 0);
	function_free(f);
}

Test(modern_liar, a_policy_that_tells_a_size_and_then_does_not)
{
	struct nic_settings set = settings();
	struct function *f = function_new(&set);
	struct ring tx;

	function_start(f, F_MRG_RXBUF);
	function_put(f, VVB_FIELD_QUEUE_SELECT, NIC_Q_TX);
	strict_size_told(&f->s, NIC_Q_TX, 8);
	function_ring(f, &tx, NIC_Q_TX);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(nic_common_read(f->w->nic, FUNCTION_VF, C_Q_SIZE, 2), 16);
	function_free(f);
}
