// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A guest's accesses the way the kernel takes, include/vvb/split.h and admin.h, to the device
 * model, beside the oracle: results, commands and their order must be the same. What the
 * randomized VM test does against the module, a thousand times as often.
 */
#include <vvb/admin.h>

#include "oracle.h"
#include "world.h"

#define VF 1u
#define VECTORS 4u
#define STATUS_LEN 8u

#define F_VERSION_1 (UINT64_C(1) << 32)
#define F_ACCESS_PLATFORM (UINT64_C(1) << 33)
#define F_ADMIN_VQ (UINT64_C(1) << 41)

static struct world world;
static struct oracle oracle;
static struct oracle_outcome want;
static uint64_t digest;
static unsigned int commands;

static void run(const void *out, unsigned int len, unsigned int result_len)
{
	fuzz_check(world_command(&world, out, len, STATUS_LEN + result_len) ==
		   (long)(STATUS_LEN + result_len));
	fuzz_check(!world_get(&world, WORLD_IN, 4));
}

static void use_all_opcodes(void)
{
	uint8_t list_use[32] = { 1, 0, 1 };

	list_use[24] = 0x7f;
	run(list_use, sizeof(list_use), 0);
}

static struct oracle_settings documented = {
	.features = 0x18878028,
	.queue_size = WORLD_QUEUE,
	.vectors = VECTORS,
	.config = { 0x52, 0x54, 0, 0x76, 0x62, 1, 1, 0, 1, 0, 0xdc, 5, 0x10, 0x27, 0, 0, 1 },
};

/* Behind struct virtio_net_config each byte tells its offset. */
static void config_of_length(unsigned int len)
{
	documented.config_len = (uint8_t)len;
	for (unsigned int i = NIC_DEVICE_CFG_LEN; i < len; i++)
		documented.config[i] = (uint8_t)(255 - i);
}

static void begin(unsigned int config_len)
{
	struct nic_settings set;

	nic_settings_init(&set);
	set.config_len = (uint16_t)config_len;
	config_of_length(config_len);
	set.max_vfs = WORLD_VFS;
	set.queue_size = WORLD_QUEUE;
	set.admin_queue_size = WORLD_QUEUE;
	world_init(&world, &set);
	world_set_msix(&world, VF, false, VECTORS);
	world_start(&world, NIC_PF, F_VERSION_1 | F_ACCESS_PLATFORM | F_ADMIN_VQ);
	use_all_opcodes();
	oracle_init(&oracle, &documented);
	nic_digest(world.nic, &digest);
}

/* The kernel's side of one field access; @bytes are the guest's, in or out. */
static void write_field(const struct vvb_field_access *p, const uint8_t *bytes)
{
	uint64_t value = vvb_field_access_written(p, bytes);
	struct vvb_admin_op op = {
		.member = VF,
		.opcode = vvb_opcode_for(p->area, true),
		.offset = p->offset,
		.width = p->width,
	};
	struct vvb_command cmd;

	if (p->beyond || p->skip)
		return;
	if (p->field == VVB_FIELD_QUEUE_NOTIFY) {
		nic_legacy_notify(world.nic, VF, (uint16_t)value);
		return;
	}
	vvb_put_le(op.registers, value, p->width);
	vvb_admin_build(&op, &cmd);
	run(cmd.bytes, cmd.len, 0);
	commands++;
}

static void read_field(const struct vvb_field_access *p, uint8_t *bytes)
{
	struct vvb_admin_op op = {
		.member = VF,
		.opcode = vvb_opcode_for(p->area, false),
		.offset = p->offset,
		.width = p->width,
	};
	struct vvb_command cmd;

	if (p->beyond) {
		vvb_field_access_read(p, bytes, 0, p->offset, true);
		return;
	}
	vvb_admin_build(&op, &cmd);
	run(cmd.bytes, cmd.len, cmd.result_len);
	commands++;
	vvb_field_access_read(p, bytes, vvb_get_le(world.ram + WORLD_IN + STATUS_LEN, p->width),
			      p->offset, false);
}

static void access_bar0(unsigned int pos, uint8_t *bytes, unsigned int len, bool write)
{
	struct vvb_range range = {
		.pos = (uint8_t)pos,
		.len = (uint8_t)len,
		.msix = oracle.msix,
		.config_len = documented.config_len,
		.layout = vvb_config_layout(1),
	};
	struct vvb_field_access p;

	while (vvb_split_next(&range, &p)) {
		if (write)
			write_field(&p, bytes);
		else
			read_field(&p, bytes);
		bytes += p.len;
	}
}

static void compare(const uint8_t *bytes, unsigned int len, bool write)
{
	uint64_t seen;

	fuzz_check(want.ret == (long)len);
	fuzz_check(write || !memcmp(bytes, want.bytes, len));
	fuzz_check(commands == want.nr_commands);
	for (unsigned int i = 0; i < want.nr_commands; i++)
		digest = oracle_digest(digest, VF, &want.command[i]);
	nic_digest(world.nic, &seen);
	fuzz_check(seen == digest);
}

static void one_access(struct input *in, bool write)
{
	unsigned int bar0_len = oracle_bar0_len(&oracle), pos = input_byte(in) % bar0_len;
	unsigned int room = bar0_len - pos < ORACLE_AT_ONCE ? bar0_len - pos : ORACLE_AT_ONCE;
	unsigned int len = 1 + input_byte(in) % room;
	uint8_t bytes[ORACLE_BAR0_MAX];

	memset(bytes, 0x5a, sizeof(bytes));
	if (write)
		input_bytes(in, bytes, len);
	oracle_access(&oracle, pos, write ? bytes : NULL, len, &want);
	commands = 0;
	access_bar0(pos, bytes, len, write);
	compare(bytes, len, write);
}

static void reset(void)
{
	nic_fn_reset(world.nic, VF);
	world_set_msix(&world, VF, oracle.msix, VECTORS);
	oracle_reset(&oracle);
}

static void step(struct input *in)
{
	uint8_t what = input_byte(in);

	switch (what) {
	case 0:
		reset();
		break;
	case 1:
	case 2:
		oracle_set_msix(&oracle, what & 1);
		world_set_msix(&world, VF, what & 1, VECTORS);
		break;
	case 3:
	case 4:
		oracle_set_link(&oracle, what & 1);
		nic_set_link(world.nic, VF, what & 1);
		break;
	default:
		one_access(in, what & 1);
	}
}

/* The usual one three times of four, as what is longer takes many commands to read. */
static unsigned int config_len(uint8_t chosen)
{
	if (chosen % 4)
		return NIC_DEVICE_CFG_LEN;
	return NIC_DEVICE_CFG_LEN + chosen * (NIC_DEVICE_CFG_MAX - NIC_DEVICE_CFG_LEN) / 252;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	begin(config_len(input_byte(&in)));
	while (in.left)
		step(&in);
	world_exit(&world);
	return 0;
}
