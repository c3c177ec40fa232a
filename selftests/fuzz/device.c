// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The device model with a driver, and a machine, that do anything: registers, memory, rings,
 * commands, resets, faults. It must not crash, hang, touch what is not its own (world.c looks),
 * or take part of what it says it refused.
 */
#include "world.h"

#define STEPS_MAX 200
#define PART_MAX 256u

#define F_MODERN (UINT64_C(3) << 32) /* VERSION_1, ACCESS_PLATFORM */
#define F_ADMIN_VQ (UINT64_C(1) << 41)

static struct world world;
static struct nic *nic;

static unsigned int function(struct input *in)
{
	return input_byte(in) % (WORLD_FNS + 1); /* and one that never exists */
}

static void registers(struct input *in)
{
	static const unsigned int widths[] = { 1, 2, 4, 8, 3, 0 };
	unsigned int fn = function(in), what = input_byte(in), offset = input_byte(in);
	unsigned int width = widths[what / 16 % 6];

	switch (what % 6) {
	case 0:
	case 1:
		nic_common_write(nic, fn, offset % 80, input_number(in, 8), width);
		break;
	case 2:
		nic_common_read(nic, fn, offset % 80, width);
		break;
	case 3:
		nic_device_cfg_read(nic, fn, offset, width);
		break;
	case 4:
		nic_device_cfg_write(nic, fn, offset, input_number(in, 4), width);
		break;
	default:
		nic_isr_read(nic, fn);
	}
}

static void doorbells(struct input *in)
{
	unsigned int fn = function(in);

	switch (input_byte(in) % 4) {
	case 0:
		nic_legacy_notify(nic, fn, (uint16_t)input_number(in, 2));
		break;
	case 1:
		nic_owner_notify(nic, fn, (uint16_t)input_number(in, 2));
		break;
	default:
		nic_notify(nic, fn, input_byte(in) % (WORLD_QUEUES + 2));
	}
}

static void memory(struct input *in)
{
	uint8_t bytes[PART_MAX];
	uint32_t at = (uint32_t)input_number(in, 2);
	uint32_t len = input_byte(in);

	input_bytes(in, bytes, len);
	if (len > WORLD_RAM - at)
		len = WORLD_RAM - at;
	memcpy(world.ram + at, bytes, len);
}

/* One descriptor or available entry of a ring as world_start() places it. */
static void ring(struct input *in)
{
	uint32_t at = world_ring(input_byte(in) % WORLD_FNS, input_byte(in) % WORLD_QUEUES);
	unsigned int i = input_byte(in) % WORLD_QUEUE;
	static const uint32_t bases[] = { 0xe000, 0xf000, 0x1000, WORLD_DOORBELLS };

	world_put(&world, at + 16 * i, bases[input_byte(in) % 4] + input_number(in, 1) * 4, 8);
	world_put(&world, at + 16 * i + 8, input_number(in, 2), 4);
	world_put(&world, at + 16 * i + 12, input_byte(in) & 7, 2);
	world_put(&world, at + 16 * i + 14, input_byte(in), 2);
	world_put(&world, at + WORLD_AVAIL + 2, input_byte(in), 2);
	world_put(&world, at + WORLD_AVAIL + 4 + 2 * i, i, 2);
}

static void start(struct input *in)
{
	unsigned int fn = input_byte(in) % WORLD_FNS;
	uint64_t extra = input_number(in, 4);

	world_start(&world, fn, F_MODERN | (fn ? 0 : F_ADMIN_VQ) | extra);
}

/* A header that is right but where the input says otherwise, and any data. */
static void command(struct input *in)
{
	uint8_t out[24 + PART_MAX] = { 0 };
	unsigned int room, len;
	uint64_t refused;
	struct nic_counters before, after;

	out[0] = input_byte(in) % 9;
	out[2] = 1;
	out[16] = input_byte(in) % (WORLD_VFS + 2);
	len = input_byte(in);
	room = input_byte(in);
	input_bytes(in, out + 24, len);
	if (input_byte(in) == 1)
		out[input_byte(in) % 24] ^= input_byte(in);
	nic_get_counters(nic, &before);
	if (world_command(&world, out, 24 + len, room) < 2)
		return;
	refused = world_get(&world, WORLD_IN, 2) != 0;
	nic_get_counters(nic, &after);
	fuzz_check(after.refused >= before.refused + refused);
}

/* What the device says it refused it has not done. */
static void refused_write(struct input *in)
{
	uint8_t out[24 + 8 + 8] = { 2 + 2 * (input_byte(in) & 1), 0, 1 };
	unsigned int vf = 1 + input_byte(in) % WORLD_VFS, len = input_byte(in) % 9;
	struct nic_fn_state before, after;

	out[16] = (uint8_t)vf;
	out[24] = input_byte(in);
	input_bytes(in, out + 32, len);
	nic_get_fn_state(nic, vf, &before);
	if (world_command(&world, out, 32 + len, 8) < 2 || !world_get(&world, WORLD_IN, 2))
		return;
	nic_get_fn_state(nic, vf, &after);
	fuzz_check(before.status == after.status && before.features == after.features);
	fuzz_check(before.enabled == after.enabled && before.interface == after.interface);
	fuzz_check(!memcmp(before.mac, after.mac, 6));
}

static void use_all_opcodes(void)
{
	uint8_t out[32] = { 1, 0, 1 };

	out[24] = 0x7f;
	world_command(&world, out, sizeof(out), 8);
}

static void machine(struct input *in)
{
	unsigned int fn = function(in);

	switch (input_byte(in) % 9) {
	case 0:
		nic_fn_reset(nic, fn);
		if (fn < NIC_NR_FNS)
			world.msix[fn] = false;
		break;
	case 1:
		nic_set_num_vfs(nic, input_byte(in) % (WORLD_VFS + 2));
		for (fn = 1; fn < NIC_NR_FNS; fn++)
			world.msix[fn] = false;
		break;
	case 2:
	case 3:
		world_set_msix(&world, fn, input_byte(in) & 1, input_byte(in) % 6);
		break;
	case 4:
		nic_set_link(nic, fn, input_byte(in) & 1);
		break;
	case 5:
		nic_surprise_reset(nic, fn);
		break;
	case 6:
		nic_set_flr_busy(nic, input_byte(in) * UINT64_C(1000));
		break;
	case 7:
		nic_needs_reset(nic, fn);
		break;
	default:
		world_sleep(&world, input_number(in, 4));
	}
}

static void faults(struct input *in)
{
	struct nic_faults f;

	nic_get_faults(nic, &f);
	switch (input_byte(in) % 12) {
	case 0:
		f.delay_ns = input_number(in, 2);
		break;
	case 1:
		f.fail_nth = input_byte(in) % 4;
		f.fail_status = (uint16_t)input_number(in, 2);
		break;
	case 2:
		f.short_result = input_byte(in) % 70 - 1;
		break;
	case 3:
		f.hang_queue = input_byte(in) & 1;
		break;
	case 4:
		f.lose_nth = input_byte(in) % 4;
		break;
	case 5:
		f.notify_list = input_byte(in) % NIC_LIST_NR;
		break;
	case 6:
		f.features_refused = input_byte(in) & 1;
		break;
	case 7:
		f.reset_slow_ns = input_number(in, 8);
		break;
	case 8:
		f.config_restless = input_byte(in) & 1;
		break;
	case 9:
		f.queue_size_shown = (int32_t)input_number(in, 2) - 1;
		break;
	case 10:
		f.notify_off_shown = (int32_t)input_number(in, 2) - 1;
		break;
	default:
		nic_faults_init(&f);
	}
	nic_set_faults(nic, &f);
}

static void uplink(struct input *in)
{
	static uint8_t frame[NIC_FRAME_MAX + 64];
	size_t len = input_number(in, 2) % sizeof(frame);

	input_bytes(in, frame, 16);
	nic_uplink_receive(nic, frame, len);
}

static void look(void)
{
	static struct nic_trace_entry trace[NIC_TRACE_LEN];
	unsigned int fn, nr = nic_trace(nic, trace, NIC_TRACE_LEN);
	struct nic_fn_counters counters;
	struct nic_fn_state state;
	uint64_t digest;

	fuzz_check(nr <= nic_digest(nic, &digest));
	fuzz_check(!nr || trace[nr - 1].seq == nic_digest(nic, &digest) - 1);
	for (fn = 0; fn <= WORLD_FNS; fn++) {
		nic_get_fn_counters(nic, fn, &counters);
		nic_get_fn_state(nic, fn, &state);
		fuzz_check(state.exists == (fn <= nic_num_vfs(nic)));
	}
}

static void step(struct input *in)
{
	static void (*const steps[])(struct input * in) = {
		registers, doorbells, memory,	     ring,    ring,   start,
		command,   command,   refused_write, machine, faults, uplink,
	};
	unsigned int what = input_byte(in);

	if (what == 0xff)
		use_all_opcodes();
	else
		steps[what % 12](in);
}

static void settings(struct nic_settings *set, uint8_t bits, bool disk)
{
	nic_settings_init(set);
	set->type = disk ? NIC_TYPE_BLK : NIC_TYPE_NET;
	set->disk_size = 32 * NIC_SECTOR;
	set->max_vfs = WORLD_VFS;
	set->queue_size = WORLD_QUEUE;
	set->admin_queue_size = WORLD_QUEUE;
	set->pf_indirect = bits & 1;
	set->event_idx = bits & 2;
	set->ring_reset = bits & 4;
	set->strict_vf_enable = bits & 8;
	set->vf_indirect = !(bits & 16);
	set->requires_version_1 = !(bits & 128);
	set->offer_access_platform = set->requires_version_1;
	set->pf_pairs = bits & 64 ? WORLD_PAIRS : 1;
	set->vf_pairs = set->pf_pairs;
	set->config_len = (uint16_t)(bits & 32 ? NIC_DEVICE_CFG_MAX : nic_config_len(set->type));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	struct nic_settings set;
	unsigned int steps = 0;
	uint8_t bits = input_byte(&in);

	settings(&set, bits, input_byte(&in) & 1);
	world_init(&world, &set);
	nic = world.nic;
	world_set_msix(&world, NIC_PF, true, 4);
	while (in.left && steps++ < STEPS_MAX)
		step(&in);
	look();
	world_exit(&world);
	return 0;
}
