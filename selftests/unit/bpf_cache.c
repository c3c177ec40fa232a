// SPDX-License-Identifier: GPL-2.0-only
/* The cache policy over a device that is a few variables, which answers what gets there. */
#include <criterion/criterion.h>
#include <vvb/split.h>

#include "cache.bpf.c"

#define VF 0x101ull
#define OTHER 0x102ull
#define QUEUES 3
#define CONFIG_LEN 232 /* as much as there can be */
#define F_MQ 0x400000u
#define F_CTRL_MAC_ADDR 0x800000u

/* Queue 2 is the control queue, and with MQ one of another size. */
struct device {
	u32 features;
	u32 accepted;
	u16 select;
	u16 sizes[QUEUES];
	u8 status;
	u8 isr;
	u32 addresses[QUEUES];
	u8 queues; /* one has an address */
	u8 fails_idle; /* sets DEVICE_NEEDS_RESET even before DRIVER_OK */
	u8 slow; /* so many reads of device_status until a reset is over */
	u8 busy; /* with a reset: all registers but device_status are nonsense */
	u8 config[CONFIG_LEN];
	int commands;
};

static struct device device;
static enum vvb_device_type type;
static u64 seq;
static u32 epoch;

static void start(void)
{
	type = VVB_DEVICE_NET;
	device = (struct device) { .features = 0x30ff8064, .sizes = { 256, 128, 64 } };
	for (int i = 0; i < CONFIG_LEN; i++)
		device.config[i] = 0x10 + i;
	seq = 0;
	epoch = 1;
	cache.attach(VF);
}

static void end(void)
{
	vvb_native_clear(&cache_state);
	vvb_native_clear(&cache_keep);
	vvb_native_clear(&cache_status);
}

TestSuite(bpf_cache, .init = start, .fini = end);

/* ---- the device ---- */

static void device_reset(void)
{
	device.busy = device.slow;
	device.select = 0;
	device.status = 0;
	device.accepted = 0;
	device.isr = 0;
	device.queues = 0;
	memset(device.addresses, 0, sizeof(device.addresses));
}

static u64 config_value(struct vvb_access *acc)
{
	u64 value = 0;

	for (int i = 0; i < acc->width; i++)
		value |= (u64)device.config[acc->offset + i] << (8 * i);
	return value;
}

static u16 size_of(u16 queue)
{
	if (queue == 2 && device.accepted & F_MQ)
		return 512;
	return queue < QUEUES ? device.sizes[queue] : 0;
}

static u8 status_read(void)
{
	device.busy -= !!device.busy;
	return device.busy ? 0x47 : device.status;
}

static u64 device_read(struct vvb_access *acc)
{
	u8 isr = device.isr;

	if (device.busy && acc->field != VVB_FIELD_DEVICE_STATUS)
		return 0x5a5a5a5a5a5a5a5a & (~0ull >> (64 - 8 * acc->width));
	switch (acc->field) {
	case VVB_FIELD_DEVICE_FEATURES:
		return device.features;
	case VVB_FIELD_DRIVER_FEATURES:
		return device.accepted;
	case VVB_FIELD_QUEUE_ADDRESS:
		return device.select < QUEUES ? device.addresses[device.select] : 0;
	case VVB_FIELD_QUEUE_SIZE:
		return size_of(device.select);
	case VVB_FIELD_QUEUE_SELECT:
		return device.select;
	case VVB_FIELD_DEVICE_STATUS:
		return status_read();
	case VVB_FIELD_ISR_STATUS:
		device.isr = 0;
		return isr;
	case VVB_FIELD_DEVICE_CONFIG:
		return config_value(acc);
	default:
		return 0;
	}
}

/* May the driver write this byte? One that has the control queue for it can't write its MAC here. */
static int writable(int at)
{
	switch (type) {
	case VVB_DEVICE_NET:
		return at < 6 && !(device.accepted & F_CTRL_MAC_ADDR);
	case VVB_DEVICE_BLK:
		return at == 32; /* writeback */
	case VVB_DEVICE_SCSI:
		return at >= 20 && at < 28; /* sense_size, cdb_size */
	default:
		return 0;
	}
}

static void device_write(struct vvb_access *acc)
{
	switch (acc->field) {
	case VVB_FIELD_DRIVER_FEATURES:
		device.accepted = acc->value & device.features;
		break;
	case VVB_FIELD_QUEUE_SELECT:
		device.select = acc->value;
		break;
	case VVB_FIELD_QUEUE_ADDRESS:
		device.queues = 1;
		if (device.select < QUEUES)
			device.addresses[device.select] = acc->value;
		break;
	case VVB_FIELD_DEVICE_STATUS:
		device.status = acc->value;
		if (!acc->value)
			device_reset();
		break;
	case VVB_FIELD_DEVICE_CONFIG:
		for (int i = 0; i < acc->width; i++)
			if (writable(acc->offset + i))
				device.config[acc->offset + i] = acc->value >> (8 * i);
		break;
	default:
		break;
	}
}

/* ---- the kernel's part ---- */

static int fail; /* the next command, and its effect is not known */
static int lost; /* nor has it any */

static void act(struct vvb_access *acc)
{
	if (acc->verdict == VVB_EMULATE)
		return;
	device.commands += acc->verdict != VVB_DEFER;
	if (lost)
		return;
	if (acc->write)
		device_write(acc); /* at once: nothing here shows that a select came late */
	else
		acc->value = device_read(acc);
}

/* All of the field that it lies in, if that can be had at once. */
static void widen(struct vvb_access *acc)
{
	const struct vvb_config_layout *layout = vvb_config_layout(type);
	u8 start = vvb_config_field_start(layout, acc->offset);
	u8 end = vvb_config_field_end(layout, acc->offset);

	if (end - start > 8)
		return;
	acc->offset = start;
	acc->width = end - start;
}

static u64 run(struct vvb_access acc)
{
	const u8 offset = acc.offset, width = acc.width;
	int verdict;

	acc.vf = VF;
	acc.seq = ++seq;
	acc.epoch = epoch;
	acc.device_type = type;
	verdict = cache.access(&acc);
	acc.verdict = verdict ? verdict : VVB_DIRECT;
	if (verdict == VVB_PREFETCH)
		widen(&acc);
	act(&acc);
	acc.error = acc.verdict == VVB_EMULATE ? 0 : fail;
	fail = 0;
	lost = 0;
	if (acc.error && !acc.write)
		acc.value = ~0ull;
	cache.done(&acc);
	return acc.value >> (8 * (offset - acc.offset)) & (~0ull >> (64 - 8 * width));
}

static const u8 widths[VVB_FIELD_NR] = { 4, 4, 4, 2, 2, 2, 1, 1, 2, 2, 1 };

static u64 get(enum vvb_field field)
{
	return run((struct vvb_access) { .field = field, .width = widths[field] });
}

static void put(enum vvb_field field, u64 value)
{
	run((struct vvb_access) {
		.field = field, .width = widths[field], .write = 1, .value = value });
}

/*
 * A guard decides one, and has it carried out: the policy is not asked. A reset is over at once, as
 * a guest that does not wait for one gets what the device says then, and nobody here knows of it.
 */
static void put_by_guard(enum vvb_field field, u64 value)
{
	struct vvb_access acc = { .field = field, .write = 1, .value = value };

	seq++;
	device_write(&acc);
	if (field == VVB_FIELD_DEVICE_STATUS)
		device.busy = 0;
}

static u64 get_config(u8 offset, u8 width)
{
	return run((struct vvb_access) {
		.field = VVB_FIELD_DEVICE_CONFIG, .offset = offset, .width = width });
}

static void put_config(u8 offset, u8 value)
{
	run((struct vvb_access) { .field = VVB_FIELD_DEVICE_CONFIG,
				  .offset = offset,
				  .width = 1,
				  .write = 1,
				  .value = value });
}

/* How many commands did it take? */
static int cost(void)
{
	int commands = device.commands;

	device.commands = 0;
	return commands;
}

static void keep(u8 on)
{
	vvb_map_put(&cache_keep, VF, &on);
}

/* Ask the device for device_status, always. */
static void ask_status(void)
{
	u8 off = 0;

	vvb_map_put(&cache_status, VF, &off);
}

/* The guest's reset, and the read that shows it is over. */
static void reset(void)
{
	put(VVB_FIELD_DEVICE_STATUS, 0);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0);
	cost();
}

/* ---- tests ---- */

Test(bpf_cache, features_are_asked_for_once)
{
	cr_assert_eq(get(VVB_FIELD_DEVICE_FEATURES), device.features);
	cr_assert_eq(get(VVB_FIELD_DEVICE_FEATURES), device.features);
	cr_assert_eq(cost(), 1);
}

Test(bpf_cache, sizes_by_queue)
{
	for (int round = 0; round < 2; round++)
		for (int queue = 0; queue < 5; queue++) {
			put(VVB_FIELD_QUEUE_SELECT, queue);
			cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE),
				     queue < QUEUES ? device.sizes[queue] : 0);
			cr_assert_eq(get(VVB_FIELD_QUEUE_SELECT), queue);
		}
	cr_assert_eq(cost(), 5);
}

Test(bpf_cache, sizes_without_a_select_are_not_anybodys)
{
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), 256);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), 256);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SELECT), 0);
	cr_assert_eq(cost(), 3);
}

Test(bpf_cache, sizes_of_far_queues_are_not_kept)
{
	put(VVB_FIELD_QUEUE_SELECT, CACHE_QUEUES);
	get(VVB_FIELD_QUEUE_SIZE);
	get(VVB_FIELD_QUEUE_SIZE);
	cr_assert_eq(cost(), 2);
}

/* All of @len bytes from @offset, as the kernel splits them. */
static void config_is_right(u8 offset, u8 len)
{
	struct vvb_range range = { .pos = VVB_COMMON_LEN + offset,
				   .len = len,
				   .config_len = CONFIG_LEN,
				   .layout = vvb_config_layout(type) };
	struct vvb_field_access p;

	while (vvb_split_next(&range, &p)) {
		u64 got = p.beyond ? 0 : get_config(p.offset, p.width);

		for (int i = 0; !p.beyond && i < p.width; i++)
			cr_assert_eq((got >> 8 * i) & 0xff, device.config[p.offset + i],
				     "byte %d, asked for from %d, %d bytes", p.offset + i, offset,
				     len);
	}
}

Test(bpf_cache, a_long_configuration_at_every_place_in_every_width)
{
	reset();
	for (int offset = 0; offset < CONFIG_LEN; offset++)
		for (int len = 1; len <= 8; len++) {
			config_is_right(offset, len);
			config_is_right(0, 24);
		}
}

Test(bpf_cache, mtu_bytewise_is_asked_for_once)
{
	reset();
	cr_assert_eq(get_config(10, 1), 0x1a);
	cr_assert_eq(get_config(11, 1), 0x1b);
	cr_assert_eq(get_config(10, 2), 0x1b1a);
	cr_assert_eq(get_config(11, 1), 0x1b);
	cr_assert_eq(cost(), 1);
}

/* Asked for again and again, how many commands does it take? */
static int mtu_cost(void)
{
	cost();
	for (int i = 0; i < 5; i++)
		cr_assert_eq(get_config(10, 2), device.config[10] | device.config[11] << 8);
	return cost();
}

Test(bpf_cache, mtu_is_kept_until_the_driver_takes_interrupts_or_runs)
{
	cr_assert_eq(mtu_cost(), 5, "no reset was seen");
	reset();
	cr_assert_eq(mtu_cost(), 1);
	put(VVB_FIELD_DEVICE_STATUS, 1);
	put(VVB_FIELD_DEVICE_STATUS, 3);
	put(VVB_FIELD_DRIVER_FEATURES, F_MQ);
	cr_assert_eq(mtu_cost(), 0);
	put(VVB_FIELD_CONFIG_VECTOR, 0);
	device.config[10] = 0x77;
	cr_assert_eq(mtu_cost(), 5, "a change is told by an interrupt");
	reset();
	cr_assert_eq(mtu_cost(), 1);
	put(VVB_FIELD_DEVICE_STATUS, 7);
	device.config[10] = 0x78;
	cr_assert_eq(mtu_cost(), 5);
	reset();
	cr_assert_eq(mtu_cost(), 1);
	put(VVB_FIELD_QUEUE_ADDRESS, 5);
	device.config[10] = 0x79;
	cr_assert_eq(mtu_cost(), 5);
}

Test(bpf_cache, mac_byte_by_byte_is_one_answer)
{
	reset();
	for (u8 i = 0; i < 6; i++)
		cr_assert_eq(get_config(i, 1), 0x10 + i);
	cr_assert_eq(cost(), 1);
	cr_assert_eq(get_config(0, 6), 0x151413121110);
	cr_assert_eq(cost(), 1);
}

Test(bpf_cache, the_host_may_change_mac)
{
	reset();
	get_config(0, 6);
	device.config[0] = 0x42;
	cr_assert_eq(get_config(0, 6), 0x151413121142);
	device.config[5] = 0x43;
	cr_assert_eq(get_config(0, 1), 0x42);
	device.config[5] = 0x44;
	get(VVB_FIELD_DEVICE_STATUS);
	cr_assert_eq(get_config(5, 1), 0x44, "and what was fetched is void after another access");
}

Test(bpf_cache, what_depends_on_features_or_the_host_is_not_kept)
{
	static const u8 fields[] = { 6, 8, 12, 16, 17, 18, 20 };

	reset();
	for (unsigned int i = 0; i < sizeof(fields); i++) {
		get_config(fields[i], 1);
		device.config[fields[i]]++;
		cr_assert_eq(get_config(fields[i], 1), device.config[fields[i]], "%d", fields[i]);
	}
}

Test(bpf_cache, link_and_speed_are_never_kept)
{
	get_config(6, 2);
	device.config[6] = 0;
	cr_assert_eq(get_config(6, 2), 0x1700);
	get_config(12, 4);
	device.config[13]++;
	cr_assert_eq(get_config(12, 4), 0x1f1e1e1c);
	cr_assert_eq(cost(), 4);
}

Test(bpf_cache, the_link_byte_by_byte_is_one_answer)
{
	cr_assert_eq(get_config(6, 1), 0x16);
	cr_assert_eq(get_config(7, 1), 0x17);
	cr_assert_eq(cost(), 1);
	get_config(6, 1);
	device.config[6] = 0x26;
	cr_assert_eq(get_config(6, 1), 0x26, "not a second time");
	device.config[7] = 0x27;
	get(VVB_FIELD_QUEUE_SELECT);
	cr_assert_eq(get_config(7, 1), 0x27, "not after another access");
	get_config(6, 1);
	put(VVB_FIELD_DEVICE_STATUS, 7);
	device.config[7] = 0x28;
	cr_assert_eq(get_config(7, 1), 0x28, "nor after a write");
	get_config(12, 1);
	cr_assert_eq(get_config(13, 2), 0x1e1d);
	device.config[14]++;
	cr_assert_eq(get_config(14, 1), 0x1f, "nor what was given out");
	cr_assert_eq(get_config(15, 1), 0x1f);
}

Test(bpf_cache, status_is_the_guests_until_driver_ok)
{
	put(VVB_FIELD_DEVICE_STATUS, 1);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 1);
	cr_assert_eq(cost(), 2, "what was before is not known");
	reset();
	put(VVB_FIELD_DEVICE_STATUS, 1);
	put(VVB_FIELD_DEVICE_STATUS, 3);
	cr_assert_eq(cost(), 2);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 3);
	cr_assert_eq(cost(), 0);
	put(VVB_FIELD_DEVICE_STATUS, 7);
	device.status |= 0x40;
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x47);
	put(VVB_FIELD_DEVICE_STATUS, 3);
	device.status |= 0x40;
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x43, "once known to no one, it stays so");
}

Test(bpf_cache, a_reset_is_over_when_the_device_says_so)
{
	put(VVB_FIELD_DEVICE_STATUS, 0);
	device.status = 0x47;
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x47);
	device.status = 0;
	put(VVB_FIELD_QUEUE_SELECT, 0);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0);
	cost();
	get(VVB_FIELD_QUEUE_ADDRESS);
	get(VVB_FIELD_DEVICE_STATUS);
	cr_assert_eq(cost(), 2, "something was written in between");
}

Test(bpf_cache, the_status_is_asked_for_if_so_wanted)
{
	reset();
	put(VVB_FIELD_DEVICE_STATUS, 1);
	ask_status();
	device.status |= 0x40;
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x41, "from the next access");
	reset();
	put(VVB_FIELD_DEVICE_STATUS, 1);
	device.status |= 0x40;
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x41);
}

Test(bpf_cache, a_queue_has_no_address_before_one_is_written)
{
	put(VVB_FIELD_QUEUE_SELECT, 1);
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0);
	cr_assert_eq(cost(), 1, "the device may have been used before");
	reset();
	for (int queue = 0; queue < QUEUES; queue++) {
		put(VVB_FIELD_QUEUE_SELECT, queue);
		cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0);
	}
	cr_assert_eq(cost(), 0);
	put(VVB_FIELD_QUEUE_ADDRESS, 0x1234);
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0x1234);
	put(VVB_FIELD_QUEUE_SELECT, 0);
	cost();
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0);
	cr_assert_eq(cost(), 0);
	epoch++;
	get(VVB_FIELD_QUEUE_ADDRESS);
	cr_assert_eq(cost(), 1);
}

Test(bpf_cache, an_address_for_a_queue_that_is_not_known_is_for_any)
{
	reset();
	device.select = 2;
	put(VVB_FIELD_QUEUE_ADDRESS, 0x1234);
	put(VVB_FIELD_QUEUE_SELECT, 2);
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0x1234);
}

Test(bpf_cache, a_write_voids_the_configuration)
{
	reset();
	get_config(0, 1);
	put_config(5, 0x99);
	cr_assert_eq(get_config(5, 1), 0x99);
	cr_assert_eq(get_config(0, 6), 0x991413121110);
}

Test(bpf_cache, mac_is_fetched_bytewise_once_the_control_queue_may_set_it)
{
	reset();
	put(VVB_FIELD_DRIVER_FEATURES, F_CTRL_MAC_ADDR);
	get_config(0, 1);
	cost();
	get_config(1, 1);
	cr_assert_eq(cost(), 0, "without a queue nobody sets it");
	put(VVB_FIELD_QUEUE_ADDRESS, 0x1000);
	for (u8 i = 0; i < 6; i++) {
		device.config[i] = 0x42 + i; /* by a notify, which is not numbered */
		cr_assert_eq(get_config(i, 1), 0x42 + i);
	}
}

Test(bpf_cache, config_change_in_the_isr)
{
	reset();
	cr_assert_eq(mtu_cost(), 1);
	device.isr = 1;
	get(VVB_FIELD_ISR_STATUS);
	device.config[10] = 1;
	device.isr = 3;
	get(VVB_FIELD_ISR_STATUS);
	cr_assert_eq(get_config(10, 1), 1);
}

Test(bpf_cache, config_change_in_an_isr_that_was_lost)
{
	reset();
	cr_assert_eq(mtu_cost(), 1);
	device.config[10] = 1;
	device.isr = 3;
	fail = -EIO;
	get(VVB_FIELD_ISR_STATUS);
	cr_assert_eq(get_config(10, 1), 1);
}

Test(bpf_cache, sizes_end_with_driver_features)
{
	reset();
	put(VVB_FIELD_QUEUE_SELECT, 2);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), 64);
	put(VVB_FIELD_DRIVER_FEATURES, F_MQ);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), 512);
	fail = -EIO; /* and yet it was carried out */
	put(VVB_FIELD_DRIVER_FEATURES, 0);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), 64);
}

Test(bpf_cache, sizes_end_with_a_reset)
{
	keep(1);
	put(VVB_FIELD_DRIVER_FEATURES, F_MQ);
	put(VVB_FIELD_QUEUE_SELECT, 2);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), 512);
	reset();
	put(VVB_FIELD_QUEUE_SELECT, 2);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), 64);
}

/* Values that are read before the device says that its reset is over. */
Test(bpf_cache, a_reset_in_progress_teaches_nothing)
{
	device.slow = 3;
	put(VVB_FIELD_DEVICE_STATUS, 0);
	get(VVB_FIELD_DEVICE_FEATURES);
	get(VVB_FIELD_QUEUE_SELECT);
	get_config(0, 6);
	get_config(10, 2);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x47);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x47);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0);
	cr_assert_eq(get(VVB_FIELD_DEVICE_FEATURES), device.features);
	cr_assert_eq(get_config(0, 6), 0x151413121110);
	cr_assert_eq(get_config(10, 2), 0x1b1a);
}

/* What a guard lets through in between may be a write. */
Test(bpf_cache, a_reset_with_a_gap_teaches_nothing)
{
	put(VVB_FIELD_DEVICE_STATUS, 0);
	put_by_guard(VVB_FIELD_QUEUE_ADDRESS, 0x1234);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0);
	put(VVB_FIELD_QUEUE_SELECT, 0);
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0x1234);
	reset();
	put(VVB_FIELD_QUEUE_SELECT, 0);
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0);
	cr_assert_eq(cost(), 0, "the next one counts");
}

/* Status was 0 before, so that reading it as 0 shows nothing. */
Test(bpf_cache, a_reset_that_did_not_get_there_teaches_nothing)
{
	put(VVB_FIELD_QUEUE_ADDRESS, 0x1234);
	fail = -EIO;
	lost = 1;
	put(VVB_FIELD_DEVICE_STATUS, 0);
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0);
	put(VVB_FIELD_QUEUE_SELECT, 0);
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0x1234);
}

Test(bpf_cache, a_reset_whose_outcome_is_never_told_teaches_nothing)
{
	struct vvb_access acc = {
		.vf = VF, .field = VVB_FIELD_DEVICE_STATUS, .width = 1, .write = 1, .epoch = epoch
	};

	put(VVB_FIELD_QUEUE_ADDRESS, 0x1234);
	acc.seq = ++seq;
	cr_assert_eq(cache.access(&acc), VVB_DEFAULT); /* and no done() */
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0);
	put(VVB_FIELD_QUEUE_SELECT, 0);
	cr_assert_eq(get(VVB_FIELD_QUEUE_ADDRESS), 0x1234);
}

Test(bpf_cache, mac_is_not_kept_before_a_reset)
{
	device.accepted = F_CTRL_MAC_ADDR; /* before this policy came */
	get_config(0, 6);
	device.config[0] = 0x42;
	cr_assert_eq(get_config(0, 1), 0x42);
}

Test(bpf_cache, a_reset_from_outside_ends_one_in_progress)
{
	put(VVB_FIELD_DEVICE_STATUS, 0);
	get(VVB_FIELD_DEVICE_FEATURES);
	cost();
	epoch++;
	get(VVB_FIELD_DEVICE_FEATURES);
	cr_assert_eq(get(VVB_FIELD_DEVICE_FEATURES), device.features);
	cr_assert_eq(cost(), 1);
}

static void learn_all(void)
{
	reset();
	get(VVB_FIELD_DEVICE_FEATURES);
	put(VVB_FIELD_QUEUE_SELECT, 1);
	get(VVB_FIELD_QUEUE_SIZE);
	get_config(0, 6);
	get_config(10, 2);
	cost();
}

/* What of it takes a command now? */
static int learned_anew(void)
{
	get(VVB_FIELD_DEVICE_FEATURES);
	put(VVB_FIELD_QUEUE_SELECT, 1);
	get(VVB_FIELD_QUEUE_SIZE);
	get_config(0, 6);
	get_config(10, 2);
	return cost();
}

Test(bpf_cache, everything_is_forgotten_at_a_reset)
{
	learn_all();
	cr_assert_eq(learned_anew(), 1, "mac");
	put(VVB_FIELD_DEVICE_STATUS, 1);
	cost();
	cr_assert_eq(learned_anew(), 1);
	reset();
	cr_assert_eq(get(VVB_FIELD_QUEUE_SELECT), 0);
	cost();
	cr_assert_eq(learned_anew(), 4);
	epoch++;
	cr_assert_eq(learned_anew(), 4);
	reset();
	cr_assert_eq(learned_anew(), 4);
	seq++; /* somebody else has decided one */
	cr_assert_eq(learned_anew(), 4);
	cr_assert_eq(learned_anew(), 2, "mac and MTU, until a reset is seen");
}

Test(bpf_cache, keep_outlives_a_reset_by_the_guest_only)
{
	keep(1);
	learn_all();
	reset();
	cr_assert_eq(learned_anew(), 2, "mac, and the size of the queue");
	put(VVB_FIELD_DEVICE_STATUS, 7);
	reset();
	cr_assert_eq(learned_anew(), 2);
	epoch++;
	cr_assert_eq(learned_anew(), 4);
	reset();
	seq++;
	cr_assert_eq(learned_anew(), 4);
}

Test(bpf_cache, status_vectors_and_accepted_features_always_come_from_the_device)
{
	put(VVB_FIELD_DEVICE_STATUS, 7);
	device.status = 0x47;
	cr_assert_eq(get(VVB_FIELD_DEVICE_STATUS), 0x47);
	put(VVB_FIELD_DRIVER_FEATURES, 0xffffffff);
	cr_assert_eq(get(VVB_FIELD_DRIVER_FEATURES), device.features);
	cost();
	put(VVB_FIELD_QUEUE_VECTOR, 1);
	get(VVB_FIELD_QUEUE_VECTOR);
	put(VVB_FIELD_CONFIG_VECTOR, 0);
	get(VVB_FIELD_CONFIG_VECTOR);
	put(VVB_FIELD_QUEUE_ADDRESS, 1);
	get(VVB_FIELD_QUEUE_ADDRESS);
	cr_assert_eq(cost(), 6);
}

Test(bpf_cache, errors_teach_nothing)
{
	struct vvb_access acc = { .vf = VF, .seq = ++seq, .epoch = epoch, .width = 4 };

	cr_assert_eq(cache.access(&acc), VVB_DEFAULT);
	acc.verdict = VVB_DIRECT;
	acc.value = 0xffffffff;
	acc.error = -EIO;
	cache.done(&acc);
	cr_assert_eq(get(VVB_FIELD_DEVICE_FEATURES), device.features);
}

Test(bpf_cache, an_outcome_that_is_never_told_teaches_nothing)
{
	struct vvb_access acc = { .vf = VF,
				  .field = VVB_FIELD_QUEUE_SELECT,
				  .width = 2,
				  .write = 1,
				  .value = 2,
				  .epoch = epoch };

	put(VVB_FIELD_QUEUE_SELECT, 1);
	acc.seq = ++seq;
	cr_assert_eq(cache.access(&acc), VVB_DEFER);
	device.select = 2; /* and no done() */
	cr_assert_eq(get(VVB_FIELD_QUEUE_SELECT), 2);
	cr_assert_eq(get(VVB_FIELD_QUEUE_SIZE), device.sizes[2]);
}

Test(bpf_cache, notifies_and_other_vfs)
{
	struct vvb_access other = { .vf = OTHER, .seq = 1, .epoch = epoch, .width = 4 };

	cr_assert_eq(cache.interest, VVB_INTEREST_ALL & ~VVB_INTEREST(VVB_FIELD_QUEUE_NOTIFY, 1));
	learn_all();
	cr_assert_eq(cache.attach(OTHER), 0);
	cr_assert_eq(cache.access(&other), VVB_DEFAULT, "knows nothing of it");
}

/* attach() does not run when a policy is updated in place. */
Test(bpf_cache, learns_anew_after_an_update)
{
	learn_all();
	vvb_native_clear(&cache_state);
	get(VVB_FIELD_DEVICE_FEATURES);
	get(VVB_FIELD_DEVICE_FEATURES);
	cr_assert_eq(cost(), 1);
	cr_assert_eq(mtu_cost(), 5, "no reset was seen");
}

Test(bpf_cache, no_room_and_no_answer_of_its_own)
{
	const size_t room = cache_state.room;

	vvb_native_clear(&cache_state);
	cache_state.room = 0;
	learn_all();
	cr_assert_eq(learned_anew(), 5, "the select, too");
	cache_state.room = room;
}

Test(bpf_cache, vfs_come_and_go)
{
	for (u64 vf = VF; vf < 3 * VVB_MAX_VFS; vf++) {
		cr_assert_eq(cache.attach(vf), 0);
		cache.detach(vf);
	}
	for (u64 vf = 0; vf < VVB_MAX_VFS; vf++)
		cr_assert_eq(cache.attach(vf), 0);
	cr_assert_eq(cache.attach(VVB_MAX_VFS), -ENOSPC);
	cache.detach(8);
	cr_assert_eq(cache.attach(VVB_MAX_VFS), 0);
}

/* ---- anything, in any order ---- */

static u32 dice = 1;

static u32 roll(u32 sides)
{
	dice = dice * 1664525 + 1013904223;
	return (dice >> 8) % sides;
}

/* What stays as it is while the device is in use, whatever the host does. */
static int constant(int at)
{
	switch (type) {
	case VVB_DEVICE_NET:
		return at == 10 || at == 11; /* mtu */
	case VVB_DEVICE_BLK:
		return (at >= 8 && at < 32) || (at >= 34 && at < 96);
	case VVB_DEVICE_CONSOLE:
		return at >= 4 && at < 8; /* max_nr_ports */
	case VVB_DEVICE_SCSI:
		return at < 16 || (at >= 28 && at < 36);
	case VVB_DEVICE_9P:
		return at < 34;
	default:
		return 0;
	}
}

static void change(int at)
{
	if (!constant(at))
		device.config[at] = roll(256);
}

/* What the host does to its configuration. */
static void reconfigure(void)
{
	change(roll(CONFIG_LEN));
	if (roll(2))
		change(roll(10));
}

/* What happens to a device besides. */
static void live(void)
{
	switch (roll(12)) {
	case 0:
		reconfigure();
		device.isr |= 3;
		break;
	case 1:
		if (type == VVB_DEVICE_NET && device.queues && device.accepted & F_CTRL_MAC_ADDR)
			device.config[roll(6)] = roll(256);
		break;
	case 2:
		if (device.fails_idle || device.status & 4)
			device.status |= 0x40;
		break;
	case 3:
		if (!roll(20)) {
			epoch++;
			device.busy = 0;
		}
		break;
	case 4:
		if (!roll(3))
			put_by_guard(roll(3) ? roll(VVB_FIELD_NR) : VVB_FIELD_QUEUE_ADDRESS,
				     roll(4));
		break;
	}
}

/* One that has to do with the access before, or any. */
static struct vvb_access any(void)
{
	static struct vvb_access last;
	struct vvb_access acc = { .field = roll(VVB_FIELD_NR), .write = !roll(3) };
	u8 left;

	if (last.field == VVB_FIELD_DEVICE_STATUS && last.write && roll(2))
		acc = (struct vvb_access) { .field = VVB_FIELD_DEVICE_STATUS };
	acc.width = widths[acc.field];
	acc.value = acc.field == VVB_FIELD_QUEUE_SELECT	 ? roll(5) :
		    acc.field == VVB_FIELD_DEVICE_STATUS ? (roll(3) ? roll(16) : 0) :
							   roll(1 << 24) << 4;
	if (acc.field == VVB_FIELD_DEVICE_CONFIG) {
		acc.offset = roll(3) ? roll(40) : roll(CONFIG_LEN);
		left = vvb_config_field_end(vvb_config_layout(type), acc.offset) - acc.offset;
		acc.width = 1 + roll(left < 8 ? left : 8);
	}
	if (last.field == VVB_FIELD_DEVICE_CONFIG && !last.write && roll(2)) {
		acc = last;
		acc.offset += acc.offset + 1 < CONFIG_LEN;
		acc.width = 1;
	}
	last = acc;
	return acc;
}

/*
 * Bytes of one field that are read in a row, with nothing in between, may be as old as the first
 * of them; but not those of mac while the control queue can set it.
 */
static struct {
	u8 field; /* where it begins */
	u8 config[CONFIG_LEN];
} row;

static void row_goes_on(const struct vvb_access *acc)
{
	u8 field = vvb_config_field_start(vvb_config_layout(type), acc->offset);

	if (acc->field != VVB_FIELD_DEVICE_CONFIG || acc->write) {
		row.field = 0xff;
		return;
	}
	if (row.field != field || (type == VVB_DEVICE_NET && !field && device.queues &&
				   device.accepted & F_CTRL_MAC_ADDR))
		memcpy(row.config, device.config, CONFIG_LEN);
	row.field = field;
}

static u64 in_row(const struct vvb_access *acc)
{
	u64 value = 0;

	for (int i = 0; i < acc->width; i++)
		value |= (u64)row.config[acc->offset + i] << (8 * i);
	return value;
}

/* What a read of @was gives. */
static u64 would_read(struct device was, struct vvb_access *acc)
{
	const struct device now = device;
	u64 value;

	device = was;
	value = device_read(acc);
	device = now;
	return value;
}

static void any_order(u8 slowest)
{
	struct vvb_access acc;
	struct device was;
	u64 got;
	int failed;

	for (int i = 0; i < 200000; i++) {
		device.slow = roll(slowest + 1);
		live();
		acc = any();
		was = device;
		row_goes_on(&acc);
		fail = roll(30) ? 0 : -EIO;
		lost = fail && roll(2);
		failed = fail;
		got = run(acc);
		cr_assert(acc.write || failed || got == would_read(was, &acc) ||
				  (acc.field == VVB_FIELD_DEVICE_CONFIG && got == in_row(&acc)),
			  "access %d of field %d at %d", i, acc.field, acc.offset);
	}
	cr_assert_lt(device.commands, 190000, "some were spared");
}

Test(bpf_cache, never_wrong)
{
	any_order(2);
}

Test(bpf_cache, never_wrong_with_keep)
{
	keep(1);
	any_order(0);
}

Test(bpf_cache, never_wrong_of_a_device_that_fails_idle)
{
	ask_status();
	device.fails_idle = 1;
	any_order(2);
}

static void of_type(enum vvb_device_type device_type)
{
	end();
	start();
	type = device_type;
	row.field = 0xff;
	any_order(2);
}

Test(bpf_cache, never_wrong_of_any_type)
{
	of_type(VVB_DEVICE_BLK);
	of_type(VVB_DEVICE_CONSOLE);
	of_type(VVB_DEVICE_RNG);
	of_type(VVB_DEVICE_SCSI);
	of_type(VVB_DEVICE_9P);
	of_type(VVB_DEVICE_NONE);
}

/* Reads of the field that begins at @offset, once the device is fresh. */
static int reads_cost(enum vvb_device_type device_type, u8 offset, u8 width)
{
	end();
	start();
	type = device_type;
	reset();
	for (int i = 0; i < 3; i++) {
		get_config(offset, width);
		get(VVB_FIELD_DRIVER_FEATURES); /* no row of reads */
	}
	return cost() - 3;
}

Test(bpf_cache, what_can_not_change_by_type)
{
	cr_expect_eq(reads_cost(VVB_DEVICE_BLK, 0, 4), 3, "capacity");
	cr_expect_eq(reads_cost(VVB_DEVICE_BLK, 8, 4), 1, "size_max");
	cr_expect_eq(reads_cost(VVB_DEVICE_BLK, 20, 4), 1, "blk_size");
	cr_expect_eq(reads_cost(VVB_DEVICE_BLK, 32, 1), 3, "writeback");
	cr_expect_eq(reads_cost(VVB_DEVICE_BLK, 34, 2), 1, "num_queues");
	cr_expect_eq(reads_cost(VVB_DEVICE_BLK, 36, 4), 1, "max_discard_sectors");
	cr_expect_eq(reads_cost(VVB_DEVICE_CONSOLE, 0, 2), 3, "cols");
	cr_expect_eq(reads_cost(VVB_DEVICE_CONSOLE, 4, 4), 1, "max_nr_ports");
	cr_expect_eq(reads_cost(VVB_DEVICE_SCSI, 0, 4), 1, "num_queues");
	cr_expect_eq(reads_cost(VVB_DEVICE_SCSI, 20, 4), 3, "sense_size");
	cr_expect_eq(reads_cost(VVB_DEVICE_SCSI, 32, 4), 1, "max_lun");
	cr_expect_eq(reads_cost(VVB_DEVICE_9P, 0, 2), 1, "tag_len");
	cr_expect_eq(reads_cost(VVB_DEVICE_RNG, 10, 2), 3, "nothing that is known");
	cr_expect_eq(reads_cost(VVB_DEVICE_NET, 10, 2), 1, "mtu");
}
