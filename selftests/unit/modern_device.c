// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Legacy drivers of every age, over the modern registers of the device model: they set up rings in their
 * own order, and frames go from one end to the other.
 */
#include <string.h>

#include "function.h"

#define FRAME 60u
#define READY (S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK)

static uint8_t frame[FRAME];

/* The legacy driver's rings, and the size of its header. */
struct guest {
	struct function *f;
	struct net net;
};

static struct guest guest(struct function *f, uint32_t features)
{
	struct guest g = { f, { .hlen = features & F_MRG_RXBUF ? 12 : 10 } };

	return g;
}

static void rings(struct guest *g)
{
	function_ring(g->f, &g->net.rx, NIC_Q_RX);
	function_ring(g->f, &g->net.tx, NIC_Q_TX);
}

static void kick(struct guest *g, unsigned int q)
{
	function_put(g->f, VVB_FIELD_QUEUE_NOTIFY, q);
}

static void send(struct guest *g)
{
	struct world *w = g->f->w;
	uint64_t at = world_alloc(w, g->net.hlen + FRAME, 16);
	struct buf b = { at, g->net.hlen + FRAME, false };

	net_frame(w, frame, FRAME, -1, FUNCTION_VF);
	memcpy(w->ram + at + g->net.hlen, frame, FRAME);
	ring_add(&g->net.tx, &b, 1);
	kick(g, NIC_Q_TX);
}

/* Frames go out and come in, whole. */
static void passes(struct guest *g)
{
	struct world *w = g->f->w;
	unsigned int before = w->uplink_frames;
	uint64_t at;
	uint32_t id;

	send(g);
	cr_assert_eq(w->uplink_frames, before + 1);
	cr_assert_eq(w->uplink_len[before], FRAME);
	cr_assert(!memcmp(w->uplink_frame[before], frame, FRAME));
	at = net_offer(&g->net, 128);
	kick(g, NIC_Q_RX);
	net_frame(w, frame, FRAME, FUNCTION_VF, NIC_PF);
	cr_assert(nic_uplink_receive(w->nic, frame, FRAME));
	cr_assert_eq(net_received(&g->net, &id), g->net.hlen + FRAME);
	cr_assert(!memcmp(w->ram + at + g->net.hlen, frame, FRAME));
}

static struct guest started(struct function *f, uint32_t features)
{
	struct guest g = guest(f, features);

	function_start(f, features);
	rings(&g);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	return g;
}

static struct nic_settings settings(void)
{
	struct nic_settings set;

	nic_settings_init(&set);
	set.queue_size = 16;
	return set;
}

static uint64_t taken(struct function *f)
{
	struct nic_fn_state state;

	nic_get_fn_state(f->w->nic, FUNCTION_VF, &state);
	return state.features;
}

Test(modern_device, features_before_queues)
{
	struct function *f = function_new(NULL);
	struct guest g = started(f, F_MRG_RXBUF | F_MAC | F_STATUS);

	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), READY);
	cr_assert_eq(taken(f), F_MRG_RXBUF | F_MAC | F_STATUS | F_VERSION_1 | F_ACCESS_PLATFORM);
	passes(&g);
	function_free(f);
}

/* Linux 2.6.26 to 2.6.30 tell their features when all else is done. */
Test(modern_device, features_behind_queues)
{
	struct function *f = function_new(NULL);
	struct guest g = guest(f, F_MRG_RXBUF);

	function_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE | S_DRIVER);
	rings(&g);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert(taken(f) & F_MRG_RXBUF);
	passes(&g);
	function_free(f);
}

Test(modern_device, features_again_when_a_size_was_read)
{
	struct function *f = function_new(NULL);
	struct guest g = guest(f, F_MRG_RXBUF);

	nic_set_msix(f->w->nic, FUNCTION_VF, true, 4);
	function_start(f, F_MRG_RXBUF | F_MAC);
	function_put(f, VVB_FIELD_CONFIG_VECTOR, 0);
	rings(&g);
	function_put(f, VVB_FIELD_QUEUE_VECTOR, 2);
	cr_assert_eq(taken(f) & (F_MRG_RXBUF | F_MAC), F_MRG_RXBUF | F_MAC);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	cr_assert_eq(function_get(f, VVB_FIELD_CONFIG_VECTOR), 0);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_VECTOR), 2, "the reset is not the guest's");
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(taken(f) & (F_MRG_RXBUF | F_MAC), F_MRG_RXBUF);
	passes(&g);
	cr_assert_eq(f->w->interrupts[FUNCTION_VF][2], 1);
	function_free(f);
}

Test(modern_device, the_same_features_again_are_no_reset)
{
	struct function *f = function_new(NULL);
	struct nic_fn_counters before, after;

	function_start(f, F_MRG_RXBUF);
	function_get(f, VVB_FIELD_QUEUE_SIZE);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &before);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &after);
	cr_assert_eq(before.resets, after.resets);
	function_free(f);
}

Test(modern_device, features_of_a_live_device_come_too_late)
{
	struct function *f = function_new(NULL);
	struct guest g = started(f, F_MRG_RXBUF);

	cr_assert_not(function_event(f, VVB_MODERN_EV_LATE_FEATURES));
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF | F_MAC);
	cr_assert(function_event(f, VVB_MODERN_EV_LATE_FEATURES));
	cr_assert_not(taken(f) & F_MAC);
	passes(&g);
	function_free(f);
}

Test(modern_device, kicks_before_driver_ok_are_kept)
{
	struct function *f = function_new(NULL);
	struct guest g = guest(f, F_MRG_RXBUF);
	struct nic_fn_counters c;

	function_start(f, F_MRG_RXBUF);
	rings(&g);
	send(&g);
	cr_assert(function_event(f, VVB_MODERN_EV_HELD_KICK));
	cr_assert_eq(f->w->uplink_frames, 0);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(f->w->uplink_frames, 1);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &c);
	cr_assert_eq(c.notifies, 1, "the model looks at its rings by itself, others do not");
	passes(&g);
	function_free(f);
}

Test(modern_device, a_kept_kick_does_not_outlive_a_reset)
{
	struct function *f = function_new(NULL);
	struct guest g = guest(f, F_MRG_RXBUF);
	struct nic_fn_counters c;

	function_start(f, F_MRG_RXBUF);
	rings(&g);
	send(&g);
	g = started(f, F_MRG_RXBUF);
	nic_get_fn_counters(f->w->nic, FUNCTION_VF, &c);
	cr_assert_eq(c.notifies, 0);
	passes(&g);
	function_free(f);
}

Test(modern_device, reset_while_live)
{
	struct function *f = function_new(NULL);
	struct guest g = started(f, F_MRG_RXBUF);
	struct nic_fn_state s;

	passes(&g);
	function_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	nic_get_fn_state(f->w->nic, FUNCTION_VF, &s);
	cr_assert_eq(s.enabled, 0);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), 0);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_ADDRESS), 0);
	cr_assert_eq(function_get(f, VVB_FIELD_DRIVER_FEATURES), 0);
	kick(&g, NIC_Q_TX);
	g = started(f, F_MRG_RXBUF);
	passes(&g);
	function_free(f);
}

Test(modern_device, a_reset_that_takes_its_time_is_over_when_the_write_is)
{
	struct nic_faults faults;
	struct function *f = function_new(NULL);
	struct guest g = started(f, F_MRG_RXBUF);

	nic_get_faults(f->w->nic, &faults);
	faults.reset_slow_ns = 5000000;
	nic_set_faults(f->w->nic, &faults);
	function_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), 0);
	g = started(f, F_MRG_RXBUF);
	passes(&g);
	function_free(f);
}

Test(modern_device, no_version_1_for_a_header_of_ten_bytes)
{
	struct nic_settings set = settings();
	struct function *f;
	struct guest g;

	set.requires_version_1 = false;
	set.ring_reset = true;
	f = function_new(&set);
	g = started(f, F_MAC);
	cr_assert(function_event(f, VVB_MODERN_EV_WITHOUT_V1));
	cr_assert_eq(taken(f), F_MAC | F_ACCESS_PLATFORM);
	passes(&g);
	function_free(f);
}

Test(modern_device, a_device_that_wants_version_1_refuses_it)
{
	struct function *f = function_new(NULL);

	function_start(f, F_MAC);
	function_put(f, VVB_FIELD_QUEUE_SELECT, NIC_Q_RX);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	cr_assert(function_event(f, VVB_MODERN_EV_REFUSED));
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), (READY & ~S_DRIVER_OK) | S_FAILED);
	function_free(f);
}

Test(modern_device, what_was_refused_may_be_chosen_in_another_way)
{
	struct function *f = function_new(NULL);
	struct guest g = guest(f, F_MRG_RXBUF);

	function_start(f, F_MAC);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 0);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, F_MRG_RXBUF);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 256);
	rings(&g);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	passes(&g);
	function_free(f);
}

Test(modern_device, the_guest_sees_no_queue_larger_than_it_may)
{
	struct function *f = function_new(NULL);
	struct guest g;

	f->s.m.queue_size_max = 100;
	g = started(f, F_MRG_RXBUF);
	cr_assert_eq(g.net.rx.size, 64);
	cr_assert_eq(nic_common_read(f->w->nic, FUNCTION_VF, C_Q_SIZE, 2), 64);
	passes(&g);
	function_free(f);
}

/* A policy that shows the guest another size than the device's: its ring is laid out by that. */
Test(modern_device, a_ring_of_the_size_that_a_policy_told)
{
	struct function *f = function_new(NULL);

	function_start(f, F_MRG_RXBUF);
	function_put(f, VVB_FIELD_QUEUE_SELECT, NIC_Q_TX);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), 256);
	strict_size_told(&f->s, NIC_Q_TX, 64);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 16);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE | S_DRIVER | S_DRIVER_OK);
	nic_common_write(f->w->nic, FUNCTION_VF, C_Q_SELECT, NIC_Q_TX, 2);
	cr_assert_eq(nic_common_read(f->w->nic, FUNCTION_VF, C_Q_SIZE, 2), 64);
	cr_assert_eq(nic_common_read(f->w->nic, FUNCTION_VF, C_Q_DRIVER, 4), 16 * 4096 + 64 * 16);
	function_right(f);
	function_free(f);
}

/* Address 0 takes a queue back; the driver then gives it another ring. */
static void moved(struct guest *g)
{
	function_put(g->f, VVB_FIELD_QUEUE_SELECT, NIC_Q_TX);
	function_put(g->f, VVB_FIELD_QUEUE_ADDRESS, 0);
	cr_assert_eq(function_get(g->f, VVB_FIELD_QUEUE_ADDRESS), 0);
	function_ring(g->f, &g->net.tx, NIC_Q_TX);
}

Test(modern_device, a_queue_moves_with_ring_reset)
{
	struct nic_settings set = settings();
	struct function *f;
	struct guest g;
	struct nic_fn_state s;

	set.ring_reset = true;
	f = function_new(&set);
	g = started(f, F_MRG_RXBUF);
	passes(&g);
	function_put(f, VVB_FIELD_QUEUE_SELECT, NIC_Q_TX);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, 0);
	nic_get_fn_state(f->w->nic, FUNCTION_VF, &s);
	cr_assert_eq(s.enabled, 1u << NIC_Q_RX);
	moved(&g);
	passes(&g);
	cr_assert_not(function_event(f, VVB_MODERN_EV_QUEUE_RUNS));
	function_free(f);
}

Test(modern_device, a_queue_that_moves_keeps_its_vector)
{
	struct nic_settings set = settings();
	struct function *f;
	struct guest g;

	set.ring_reset = true;
	f = function_new(&set);
	nic_set_msix(f->w->nic, FUNCTION_VF, true, 4);
	g = started(f, F_MRG_RXBUF);
	function_put(f, VVB_FIELD_QUEUE_SELECT, NIC_Q_TX);
	function_put(f, VVB_FIELD_QUEUE_VECTOR, 2);
	moved(&g);
	cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_VECTOR), 2);
	send(&g);
	cr_assert_eq(f->w->interrupts[FUNCTION_VF][2], 1);
	function_free(f);
}

Test(modern_device, without_ring_reset_a_queue_runs_on)
{
	struct function *f = function_new(NULL);
	struct guest g = started(f, F_MRG_RXBUF);
	struct nic_fn_state s;

	moved(&g);
	cr_assert(function_event(f, VVB_MODERN_EV_QUEUE_RUNS));
	nic_get_fn_state(f->w->nic, FUNCTION_VF, &s);
	cr_assert_eq(s.enabled, 3);
	function_free(f);
}

/* Which queues there are depends on features: the control queue has another number with MQ. */
Test(modern_device, as_many_queues_as_features_make)
{
	static const bool with[] = { true, true, true, true, true, false };
	static const bool without[] = { true, true, true, false, false, false };
	struct nic_settings set = settings();
	struct function *f;
	unsigned int q;

	set.vf_pairs = 2;
	f = function_new(&set);
	function_start(f, F_MRG_RXBUF | F_CTRL_VQ | (1u << 22));
	for (q = 0; q < COUNT(with); q++) {
		function_put(f, VVB_FIELD_QUEUE_SELECT, q);
		cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), with[q] ? 16 : 0);
	}
	function_start(f, F_MRG_RXBUF | F_CTRL_VQ);
	for (q = 0; q < COUNT(without); q++) {
		function_put(f, VVB_FIELD_QUEUE_SELECT, q);
		cr_assert_eq(function_get(f, VVB_FIELD_QUEUE_SIZE), without[q] ? 16 : 0);
	}
	function_free(f);
}

Test(modern_device, a_queue_of_a_live_device)
{
	struct function *f = function_new(NULL);
	struct guest g = guest(f, F_MRG_RXBUF);

	function_start(f, F_MRG_RXBUF);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	rings(&g);
	passes(&g);
	function_free(f);
}

/* Old drivers of disks read them in their probe, and wait. */
static void live_at_first_kick(uint8_t device_type)
{
	struct nic_settings set = settings();
	struct function *f;
	struct guest g;

	set.requires_version_1 = false;
	f = function_new(&set);
	f->s.m.device_type = device_type;
	g = guest(f, F_MRG_RXBUF); /* VERSION_1: it changes the header of network packets only */
	function_start(f, 0);
	function_ring(f, &g.net.tx, NIC_Q_TX);
	kick(&g, NIC_Q_RX);
	cr_assert_not(function_event(f, VVB_MODERN_EV_EARLY_LIVE), "a queue that is not there");
	send(&g);
	cr_assert(function_event(f, VVB_MODERN_EV_EARLY_LIVE));
	cr_assert_eq(f->w->uplink_frames, 1);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER);
	function_ring(f, &g.net.rx, NIC_Q_RX);
	function_put(f, VVB_FIELD_DEVICE_STATUS, READY);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), READY);
	passes(&g);
	function_free(f);
}

Test(modern_device, all_but_network_cards_are_live_at_the_first_kick)
{
	static const uint8_t types[] = { VVB_DEVICE_BLK, VVB_DEVICE_CONSOLE, VVB_DEVICE_RNG,
					 VVB_DEVICE_SCSI, VVB_DEVICE_9P };

	for (size_t i = 0; i < sizeof(types); i++)
		live_at_first_kick(types[i]);
}

Test(modern_device, a_disk_that_can_not_be_live_has_failed)
{
	struct nic_faults faults;
	struct function *f = function_new(NULL);
	struct guest g = guest(f, 0);

	f->s.m.device_type = VVB_DEVICE_BLK;
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE | S_DRIVER);
	rings(&g);
	nic_get_faults(f->w->nic, &faults);
	faults.features_refused = true;
	nic_set_faults(f->w->nic, &faults);
	kick(&g, NIC_Q_TX);
	cr_assert_eq(function_get(f, VVB_FIELD_DEVICE_STATUS), S_ACKNOWLEDGE | S_DRIVER | S_FAILED);
	function_free(f);
}

Test(modern_device, the_configuration_in_its_own_width)
{
	struct function *f = function_new(NULL);
	uint64_t value;
	unsigned int at;

	for (at = 0; at < 24; at++) {
		value = 0;
		strict_run(&f->s, VVB_OP_DEVICE_READ, (uint8_t)at, 1, &value);
		cr_assert_eq(value, nic_device_cfg_read(f->w->nic, FUNCTION_VF, at, 1));
	}
	value = 0;
	strict_run(&f->s, VVB_OP_DEVICE_READ, 13, 3, &value);
	cr_assert_eq(value, nic_device_cfg_read(f->w->nic, FUNCTION_VF, 12, 4) >> 8);
	value = 0;
	strict_run(&f->s, VVB_OP_DEVICE_READ, 0, 6, &value);
	cr_assert_eq(value, nic_device_cfg_read(f->w->nic, FUNCTION_VF, 0, 4) |
				    nic_device_cfg_read(f->w->nic, FUNCTION_VF, 4, 2) << 32);
	function_free(f);
}

static void write_config(struct function *f, uint8_t at, uint8_t width, uint64_t value)
{
	cr_assert_eq(strict_run(&f->s, VVB_OP_DEVICE_WRITE, at, width, &value), 0);
	function_right(f);
}

Test(modern_device, an_integer_is_written_when_all_of_it_is_there)
{
	struct function *f = function_new(NULL);

	write_config(f, 15, 1, 0x44);
	write_config(f, 12, 1, 0x11);
	write_config(f, 14, 1, 0x33);
	cr_assert_eq(f->writes, 0);
	write_config(f, 13, 1, 0x22);
	cr_assert_eq(f->writes, 1);
	write_config(f, 12, 2, 0x2211);
	write_config(f, 14, 2, 0x4433);
	cr_assert_eq(f->writes, 2);
	write_config(f, 10, 2, 1400);
	cr_assert_eq(f->writes, 3);
	write_config(f, 0, 6, 0x665544332211);
	cr_assert_eq(f->writes, 9, "an array goes byte by byte");
	cr_assert_not(function_event(f, VVB_MODERN_EV_PARTIAL_WRITE));
	function_free(f);
}

Test(modern_device, part_of_an_integer_that_is_left_alone)
{
	struct function *f = function_new(NULL);

	write_config(f, 12, 2, 0x2211);
	write_config(f, 10, 2, 1400);
	cr_assert(function_event(f, VVB_MODERN_EV_PARTIAL_WRITE));
	write_config(f, 14, 2, 0x4433);
	cr_assert_eq(f->writes, 1, "half of it is forgotten");
	write_config(f, 14, 2, 0x4433);
	cr_assert(function_event(f, VVB_MODERN_EV_PARTIAL_WRITE));
	function_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	write_config(f, 12, 2, 0x2211);
	cr_assert_eq(f->writes, 1, "a reset forgets it, too");
	function_free(f);
}

Test(modern_device, an_integer_that_is_cut_off_is_bytes)
{
	struct function *f = function_new(NULL);
	uint64_t value = 0;

	f->s.m.config_len = 14;
	f->s.m.places.area[VVB_MODERN_DEVICE].len = 14;
	strict_run(&f->s, VVB_OP_DEVICE_READ, 12, 2, &value);
	cr_assert_eq(value, nic_device_cfg_read(f->w->nic, FUNCTION_VF, 12, 2));
	write_config(f, 13, 1, 1);
	cr_assert_eq(f->writes, 1);
	function_free(f);
}
