// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A guest's legacy driver that does anything, over a device that answers anything: capabilities,
 * registers, errors of the bus, waits without end. What the logic does with such a device is looked at
 * by the strict bus of the unit tests: no access out of an area, nothing told out of order, and no
 * operation that costs more than it may.
 */
#include "input.h"
#include "strict.h"

#define OPERATIONS_MAX 100
#define COMMON_LEN 64u
#define LIE 0xc0 /* a byte of the input from here on: the device does not say what it was told */
#define BUS_ERROR 0xff

static struct input in;
static struct strict s;
static uint8_t registers[VVB_MODERN_AREAS][256];

/* What the device was told last, or what the input says. */
static int any_read(void *on, enum vvb_modern_area area, uint32_t offset, uint8_t width,
		    uint32_t *value)
{
	uint8_t what = input_byte(&in);

	(void)on;
	if (what == BUS_ERROR)
		return -1;
	if (what >= LIE)
		*value = (uint32_t)input_number(&in, width);
	else
		*value = (uint32_t)vvb_get_le(registers[area] + offset % (256 - 4), width);
	return 0;
}

static int any_write(void *on, enum vvb_modern_area area, uint32_t offset, uint8_t width,
		     uint32_t value)
{
	(void)on;
	if (input_byte(&in) == BUS_ERROR)
		return -1;
	vvb_put_le(registers[area] + offset % (256 - 4), value, width);
	return 0;
}

static const struct vvb_modern_bus any = { any_read, any_write, NULL };

static void capability(uint8_t *config, unsigned int at, uint8_t next, enum vvb_modern_area area,
		       uint32_t len)
{
	uint8_t *cap = config + at;

	cap[0] = 0x09;
	cap[1] = next;
	cap[2] = area == VVB_MODERN_NOTIFY ? VVB_MODERN_CAP_LEN + 4 : VVB_MODERN_CAP_LEN;
	cap[3] = (uint8_t)(area + 1);
	cap[4] = 2;
	vvb_put_le(cap + 8, 0x1000 * area, 4);
	vvb_put_le(cap + 12, len, 4);
}

/* A config space that is right, but where the input says otherwise. */
static const char *places(void)
{
	uint8_t config[VVB_MODERN_CONFIG_LEN] = { [0x06] = 0x10, [0x34] = 0x40 };
	__u64 bar_len[VVB_MODERN_BARS] = { [2] = 0x4000, [4] = 0x1000 };
	unsigned int patches;

	capability(config, 0x40, 0x50, VVB_MODERN_COMMON, COMMON_LEN);
	capability(config, 0x50, 0x64, VVB_MODERN_NOTIFY, 64);
	vvb_put_le(config + 0x60, 4, 4);
	capability(config, 0x64, 0x74, VVB_MODERN_ISR, 1);
	capability(config, 0x74, 0, VVB_MODERN_DEVICE, 24);
	for (patches = input_byte(&in) % 16; patches; patches--) {
		uint8_t at = input_byte(&in);

		config[at] = input_byte(&in);
	}
	return vvb_modern_find(config, bar_len, &s.m.places);
}

/* What the places that were found say must be true, whatever the capabilities say. */
static void look_at_places(void)
{
	static const uint64_t bar_len[VVB_MODERN_BARS] = { [2] = 0x4000, [4] = 0x1000 };
	unsigned int i;

	for (i = 0; i < VVB_MODERN_AREAS; i++) {
		const struct vvb_modern_place *place = &s.m.places.area[i];

		fuzz_check(place->bar < VVB_MODERN_BARS);
		fuzz_check((uint64_t)place->offset + place->len <= bar_len[place->bar] ||
			   !place->len);
		fuzz_check(place->len || i == VVB_MODERN_DEVICE);
	}
}

static void registers_begin(void)
{
	unsigned int i, at;

	for (i = 0; i < VVB_MODERN_AREAS; i++)
		for (at = 0; at < sizeof(registers[i]); at++)
			registers[i][at] = (uint8_t)(3 * at);
	vvb_put_le(registers[VVB_MODERN_COMMON] + VVB_MODERN_DEVICE_FEATURE, 0x7fffffff, 4);
	vvb_put_le(registers[VVB_MODERN_COMMON] + VVB_MODERN_QUEUE_SIZE, 256, 2);
	vvb_put_le(registers[VVB_MODERN_COMMON] + VVB_MODERN_QUEUE_NOTIFY_OFF, 1, 2);
}

/* @bits: device type, queues, and what else the module finds out of itself */
static void function(uint8_t bits, uint8_t more)
{
	uint32_t config_len = s.m.places.area[VVB_MODERN_DEVICE].len;

	s.m.device_type = bits & 1 ? VVB_DEVICE_NET : VVB_DEVICE_BLK;
	s.m.layout = bits & 2 ? vvb_config_layout(VVB_DEVICE_NET) : NULL;
	s.m.strongly_ordered = bits >> 2 & 1;
	s.m.config_len = (uint8_t)(config_len < 232 ? config_len : 232);
	s.m.nr_queues = bits >= 0xf0 ? VVB_MODERN_QUEUES : bits >> 4 & 7;
	s.m.queue_size_max = more & 0x80 ? 0 : more;
	s.patience = more & 3;
	s.behind = &any;
	strict_init(&s);
}

/* Somebody resets the function, from outside. */
static void reset(void)
{
	vvb_modern_forget(&s.m);
	s.said = 0;
	s.resetting = false;
	memset(s.made_for, 0, sizeof(s.made_for));
	memset(s.told, 0, sizeof(s.told));
}

/* A policy answers in place of the device when the driver reads the size of a queue. */
static void policy(uint8_t bits)
{
	if (s.m.select >= s.m.nr_queues)
		return;
	s.queue[s.m.select].size = (uint16_t)(1u << bits % 11);
	s.told[s.m.select] = s.queue[s.m.select].size;
}

static void guest(void)
{
	static const enum vvb_opcode opcodes[] = { VVB_OP_COMMON_READ, VVB_OP_COMMON_WRITE,
						   VVB_OP_DEVICE_READ, VVB_OP_DEVICE_WRITE };
	uint8_t what = input_byte(&in), at = input_byte(&in);
	uint64_t value = 0;

	if (what == 0xff) {
		reset();
	} else if (what == 0xfe) {
		policy(at);
	} else if (what % 4 >= 2) {
		value = input_number(&in, 8);
		strict_run(&s, opcodes[what % 4], at, 1 + what / 8 % 8, &value);
	} else if (what % 4) {
		strict_put(&s, at % VVB_FIELD_DEVICE_CONFIG, input_number(&in, 1 + what / 8 % 4));
	} else {
		strict_get(&s, at % VVB_FIELD_DEVICE_CONFIG, &value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int operations = 0;
	uint8_t bits, more;

	in = (struct input) { data, size };
	memset(&s, 0, sizeof(s));
	if (places())
		return 0;
	look_at_places();
	bits = input_byte(&in);
	more = input_byte(&in);
	registers_begin();
	function(bits, more);
	while (in.left && operations++ < OPERATIONS_MAX) {
		guest();
		if (s.wrong)
			dprintf(2, "does not hold: %s\n", s.wrong);
		fuzz_check(!s.wrong);
	}
	return 0;
}
