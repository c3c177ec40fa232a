// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Random accesses of a guest to registers that are made of the modern interface, beside the oracle that
 * judges those that become administration commands: the guest must not see a difference. Where there is one
 * by right, chance is kept from it:
 *
 *  - A modern driver can't write the MAC: what the oracle has taken of it is put back (unmac()).
 *  - Control commands without the control queue: a modern device refuses such features, a legacy one takes
 *    what it gets (tame_features()). VERSION_1 is not required here, so that nothing else is refused.
 *  - A ring that is not in memory sets DEVICE_NEEDS_RESET, and with it an ISR bit that legacy devices
 *    have no use for (tame_address()).
 *  - DRIVER_OK stays set in a modern device until its reset, also when the driver takes it back. So the link
 *    does not change meanwhile, as the ISR bit says so to a driver that is ready only (link()).
 *  - Kicks before DRIVER_OK are held, and without RING_RESET a queue is not stopped: the oracle knows of
 *    neither, and modern_device.c is about both.
 */
#include <string.h>

#include "function.h"
#include "oracle.h"

#define ACCESSES 50000u
#define VECTORS 4u
#define MAC_LEN 6u
#define LAST_PAGE 250u /* three pages behind it are in memory */

/* Of driver_features, the third byte. */
#define CTRL_VQ_BYTE 0x02u
#define CTRL_BITS_BYTE 0x84u /* VIRTIO_NET_F_CTRL_RX, _CTRL_MAC_ADDR */

static const struct oracle_settings documented = {
	.features = 0x18878028,
	.queue_size = 256,
	.vectors = VECTORS,
	.config_len = 24,
	.config = { 0x52, 0x54, 0, 0x76, 0x62, 1, 1, 0, 1, 0, 0xdc, 5, 0x10, 0x27, 0, 0, 1 },
};

static struct function *f;
static struct oracle oracle;
static uint32_t state;

static uint32_t chance(uint32_t n)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % n;
}

static void begin(uint32_t seed, bool ring_reset)
{
	struct nic_settings set;

	nic_settings_init(&set);
	set.requires_version_1 = false;
	set.ring_reset = ring_reset;
	f = function_new(&set);
	nic_set_msix(f->w->nic, FUNCTION_VF, false, VECTORS);
	oracle_init(&oracle, &documented);
	state = seed;
}

/* What the module does with one field. */
static void field(const struct vvb_field_access *p, uint8_t *bytes, bool write)
{
	uint64_t value = write ? vvb_field_access_written(p, bytes) : 0;
	int err = 0;

	if (write && (p->beyond || p->skip))
		return;
	if (!p->beyond)
		err = strict_run(&f->s, vvb_opcode_for(p->area, write), p->offset, p->width,
				 &value);
	function_right(f);
	cr_assert_eq(err, 0);
	if (!write)
		vvb_field_access_read(p, bytes, value, p->offset, p->beyond);
}

static void access_bar0(unsigned int pos, uint8_t *bytes, unsigned int len, bool write)
{
	struct vvb_range range = {
		.pos = (uint8_t)pos,
		.len = (uint8_t)len,
		.msix = oracle.msix,
		.config_len = documented.config_len,
		.layout = vvb_config_layout(VVB_DEVICE_NET),
	};
	struct vvb_field_access p;

	for (; vvb_split_next(&range, &p); bytes += p.len)
		field(&p, bytes, write);
}

static void tame_features(uint8_t *bytes)
{
	if (!(bytes[2] & CTRL_VQ_BYTE))
		bytes[2] &= (uint8_t)~CTRL_BITS_BYTE;
}

static void tame_address(uint8_t *bytes)
{
	bytes[0] %= LAST_PAGE;
	memset(bytes + 1, 0, 3);
}

/* Values that say something, more often than not. */
static void likely(unsigned int pos, uint8_t *bytes)
{
	static const uint8_t statuses[] = { 0, 1, 3, 7, 7, 7, 15, 0x83, 0x08, 0x20 };

	if (pos == L_STATUS && chance(8))
		bytes[0] = statuses[chance(COUNT(statuses))];
	if ((pos == L_QSEL || pos == L_NOTIFY || pos == L_CVEC || pos == L_QVEC) && chance(8)) {
		bytes[0] = (uint8_t)chance(5);
		bytes[1] = 0;
	}
	if (pos == L_PFN && !chance(3))
		bytes[0] = 0;
}

static void unmac(void)
{
	memcpy(oracle.config, documented.config, MAC_LEN);
}

static void one_access(void)
{
	static const uint8_t registers[] = { L_DF,     L_GF,	 L_PFN, L_QSIZE, L_QSEL,
					     L_NOTIFY, L_STATUS, L_ISR, L_CVEC,	 L_QVEC };
	static struct oracle_outcome want;
	uint8_t bytes[ORACLE_BAR0_MAX];
	bool write = chance(2);
	unsigned int pos = chance(64), len = 1 + chance(12), i;

	if (chance(3)) {
		pos = registers[chance(COUNT(registers))];
		len = vvb_fields[vvb_common_field((uint8_t)pos)].width;
	}
	if (len > 64 - pos)
		len = 64 - pos;
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)chance(256);
	likely(pos, bytes);
	if (write && pos == L_GF)
		tame_features(bytes);
	if (write && pos == L_PFN)
		tame_address(bytes);
	oracle_access(&oracle, pos, write ? bytes : NULL, len, &want);
	unmac();
	cr_assert_eq(want.ret, (long)len);
	access_bar0(pos, bytes, len, write);
	cr_assert(write || !memcmp(bytes, want.bytes, len), "%u bytes at %u", len, pos);
}

static void link(void)
{
	bool up = chance(2);

	if (!(oracle.status & S_DRIVER_OK) != !f->s.m.live)
		return;
	oracle_set_link(&oracle, up);
	nic_set_link(f->w->nic, FUNCTION_VF, up);
}

static void msix(void)
{
	oracle_set_msix(&oracle, chance(2));
	nic_set_msix(f->w->nic, FUNCTION_VF, oracle.msix, VECTORS);
}

static void reset(void)
{
	nic_fn_reset(f->w->nic, FUNCTION_VF);
	nic_set_msix(f->w->nic, FUNCTION_VF, oracle.msix, VECTORS);
	vvb_modern_forget(&f->s.m);
	f->s.said = 0;
	oracle_reset(&oracle);
}

static void step(void)
{
	switch (chance(200)) {
	case 0:
		reset();
		break;
	case 1:
	case 2:
		msix();
		break;
	case 3:
	case 4:
	case 5:
		link();
		break;
	default:
		one_access();
	}
}

/* It must have come to something: a walk that is never live shows little. */
static void walk(uint32_t seed, bool ring_reset)
{
	unsigned int i, live = 0, queues = 0;

	begin(seed, ring_reset);
	for (i = 0; i < ACCESSES; i++) {
		step();
		live += f->s.m.live;
		queues += f->s.m.live && f->s.queue[0].enabled && f->s.queue[1].enabled;
	}
	cr_assert_gt(live, ACCESSES / 10);
	cr_assert_gt(queues, ACCESSES / 50);
	function_free(f);
}

Test(modern_oracle, seed_1)
{
	walk(1, false);
}

Test(modern_oracle, seed_2)
{
	walk(2, true);
}

Test(modern_oracle, seed_3)
{
	walk(3, false);
}

Test(modern_oracle, seed_4)
{
	walk(4, true);
}
