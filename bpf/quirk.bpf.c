// SPDX-License-Identifier: GPL-2.0-only
/*
 * quirk - a table of fix-ups per VF, for a device or a driver that is not quite right: bits
 * of a register that are forced to one or to zero, a value that stands for the register, or
 * a delay. All of it is knobs; with none set the policy does nothing.
 *
 *   vvbctl policy load quirk.bpf.o && vvbctl policy select 0000:01:00.1 quirk
 *   vvbctl policy set 0000:01:00.1 config_8.value 0x5780001	# MTU 1400, one queue pair
 *   vvbctl policy set 0000:01:00.1 config_8.fixed on
 *   vvbctl policy set 0000:01:00.1 device_status.delay_us 500
 *
 * Bits are forced in what the guest reads and in what it writes; zero wins over one. A fixed
 * register never reaches the device: reads give its value, writes are swallowed. The device
 * configuration has a row for eight bytes each, low byte first.
 *
 * What a guest reads as queue_size is how it lays out its ring, and the device must have it so, too.
 * That of a VF that is its own owner is told; a PF, by administration commands, can't tell it. So
 * the register is fixed up for the former alone.
 */
#include "vvb.bpf.h"

#define QUIRK_CONFIG_ROWS 12 /* all that a device of a known type has */
#define QUIRK_ROWS (VVB_FIELD_DEVICE_CONFIG + QUIRK_CONFIG_ROWS)
#define QUIRK_DELAY_MAX 60000000

struct quirk_row {
	u64 ones;
	u64 zeros;
	u64 value;
	u32 delay_us;
	u32 fixed;
};

struct quirk_table {
	struct quirk_row row[QUIRK_ROWS];
};

VVB_VF_MAP(quirk_table, struct quirk_table);

#define QUIRK_KNOB(called, at, member, kind, units, most, about)            \
	VVB_KNOB_AT(called "." #member, quirk_table,                        \
		    __builtin_offsetof(struct quirk_table, row[at].member), \
		    sizeof(((struct quirk_row *)0)->member), kind, units, 0, most, 0, about)
#define QUIRK_DELAY(called, at) \
	QUIRK_KNOB(called, at, delay_us, NUMBER, "us", QUIRK_DELAY_MAX, "how long it waits")
#define QUIRK_ROW_IF(called, at, most, when)                                                       \
	QUIRK_KNOB(called, at, ones, BITS, "", most, "bits that are always one" when),             \
		QUIRK_KNOB(called, at, zeros, BITS, "", most, "bits that are always zero" when),   \
		QUIRK_KNOB(called, at, value, BITS, "", most, "what it reads as when fixed" when), \
		QUIRK_KNOB(called, at, fixed, SWITCH, "", 1, "never ask the device" when),         \
		QUIRK_DELAY(called, at)
#define QUIRK_ROW(called, at, most) QUIRK_ROW_IF(called, at, most, "")
#define QUIRK_CONFIG(called, nr) QUIRK_ROW(called, VVB_FIELD_DEVICE_CONFIG + (nr), ~0ull)

VVB_KNOBS = {
	QUIRK_ROW("device_features", VVB_FIELD_DEVICE_FEATURES, 0xffffffff),
	QUIRK_ROW("driver_features", VVB_FIELD_DRIVER_FEATURES, 0xffffffff),
	QUIRK_ROW("queue_address", VVB_FIELD_QUEUE_ADDRESS, 0xffffffff),
	QUIRK_ROW_IF("queue_size", VVB_FIELD_QUEUE_SIZE, 0xffff, ", of a VF that is its own owner"),
	QUIRK_ROW("queue_select", VVB_FIELD_QUEUE_SELECT, 0xffff),
	QUIRK_DELAY("queue_notify", VVB_FIELD_QUEUE_NOTIFY),
	QUIRK_ROW("device_status", VVB_FIELD_DEVICE_STATUS, 0xff),
	QUIRK_ROW("isr_status", VVB_FIELD_ISR_STATUS, 0xff),
	QUIRK_ROW("config_vector", VVB_FIELD_CONFIG_VECTOR, 0xffff),
	QUIRK_ROW("queue_vector", VVB_FIELD_QUEUE_VECTOR, 0xffff),
	QUIRK_CONFIG("config_0", 0),
	QUIRK_CONFIG("config_8", 1),
	QUIRK_CONFIG("config_16", 2),
	QUIRK_CONFIG("config_24", 3),
	QUIRK_CONFIG("config_32", 4),
	QUIRK_CONFIG("config_40", 5),
	QUIRK_CONFIG("config_48", 6),
	QUIRK_CONFIG("config_56", 7),
	QUIRK_CONFIG("config_64", 8),
	QUIRK_CONFIG("config_72", 9),
	QUIRK_CONFIG("config_80", 10),
	QUIRK_CONFIG("config_88", 11),
};

static __always_inline struct quirk_row *quirk_row(struct vvb_access *acc)
{
	struct quirk_table *table = vvb_map_get(&quirk_table, acc->vf);
	u32 row = acc->field;

	if (row == VVB_FIELD_DEVICE_CONFIG)
		row += acc->offset / 8;
	return table && row < QUIRK_ROWS ? &table->row[row] : 0;
}

/* A size that the device is not told of would have guest and device lay out a ring in two ways. */
static __always_inline bool quirk_is_fixable(struct vvb_access *acc)
{
	return acc->field != VVB_FIELD_QUEUE_SIZE || acc->owner == VVB_OWNER_SELF;
}

/* Where in the row's numbers the register begins. */
static __always_inline u32 quirk_shift(struct vvb_access *acc)
{
	return acc->field == VVB_FIELD_DEVICE_CONFIG ? (acc->offset & 7) * 8 : 0;
}

static __always_inline u64 quirk_bits(struct quirk_row *row, struct vvb_access *acc)
{
	u32 shift = quirk_shift(acc);

	return (acc->value | row->ones >> shift) & ~(row->zeros >> shift);
}

VVB_ACCESS(quirk_access, acc)
{
	struct quirk_row *row = quirk_row(acc);

	if (!row)
		return VVB_DEFAULT;
	acc->delay_us = row->delay_us;
	if (vvb_is_notify(acc->field, acc->write))
		return row->delay_us ? VVB_COALESCE : VVB_DEFAULT;
	if (!quirk_is_fixable(acc))
		return VVB_DEFAULT;
	if (acc->write)
		acc->value = quirk_bits(row, acc);
	else if (row->fixed)
		acc->value = row->value >> quirk_shift(acc);
	return row->fixed ? VVB_EMULATE : VVB_DEFAULT;
}

/* A read that failed keeps its all-ones: there is no register to fix. */
VVB_DONE(quirk_done, acc)
{
	struct quirk_row *row = quirk_row(acc);

	if (row && quirk_is_fixable(acc) && !acc->write && !acc->error &&
	    acc->verdict != VVB_EMULATE)
		acc->value = quirk_bits(row, acc);
}

VVB_POLICY(quirk) = {
	.access = (void *)quirk_access,
	.done = (void *)quirk_done,
	.name = "quirk",
	.flags = VVB_POLICY_STATELESS,
};
