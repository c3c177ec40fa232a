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
 * What a guest reads as queue_size is how it lays out its ring, and who carries out what it asks
 * for (the PF, by administration commands) can't tell the device of another size than its own. So
 * that register is never fixed up, and its knobs say why.
 */
#include "vvb.bpf.h"

#define QUIRK_CONFIG_ROWS 3
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
#define QUIRK_ROW(called, at, most)                                                           \
	QUIRK_KNOB(called, at, ones, BITS, "", most, "bits that are always one"),             \
		QUIRK_KNOB(called, at, zeros, BITS, "", most, "bits that are always zero"),   \
		QUIRK_KNOB(called, at, value, BITS, "", most, "what it reads as when fixed"), \
		QUIRK_KNOB(called, at, fixed, SWITCH, "", 1, "never ask the device"),         \
		QUIRK_DELAY(called, at)
/* With the one value that changes nothing: help is why. */
#define QUIRK_REFUSED(called, at, member, kind)     \
	QUIRK_KNOB(called, at, member, kind, "", 0, \
		   "the device can't be told, and would take the guest's rings for other ones")
#define QUIRK_ROW_REFUSED(called, at)                                                             \
	QUIRK_REFUSED(called, at, ones, BITS), QUIRK_REFUSED(called, at, zeros, BITS),            \
		QUIRK_REFUSED(called, at, value, BITS), QUIRK_REFUSED(called, at, fixed, SWITCH), \
		QUIRK_DELAY(called, at)

VVB_KNOBS = {
	QUIRK_ROW("device_features", VVB_FIELD_DEVICE_FEATURES, 0xffffffff),
	QUIRK_ROW("driver_features", VVB_FIELD_DRIVER_FEATURES, 0xffffffff),
	QUIRK_ROW("queue_address", VVB_FIELD_QUEUE_ADDRESS, 0xffffffff),
	QUIRK_ROW_REFUSED("queue_size", VVB_FIELD_QUEUE_SIZE),
	QUIRK_ROW("queue_select", VVB_FIELD_QUEUE_SELECT, 0xffff),
	QUIRK_DELAY("queue_notify", VVB_FIELD_QUEUE_NOTIFY),
	QUIRK_ROW("device_status", VVB_FIELD_DEVICE_STATUS, 0xff),
	QUIRK_ROW("isr_status", VVB_FIELD_ISR_STATUS, 0xff),
	QUIRK_ROW("config_vector", VVB_FIELD_CONFIG_VECTOR, 0xffff),
	QUIRK_ROW("queue_vector", VVB_FIELD_QUEUE_VECTOR, 0xffff),
	QUIRK_ROW("config_0", VVB_FIELD_DEVICE_CONFIG, ~0ull),
	QUIRK_ROW("config_8", VVB_FIELD_DEVICE_CONFIG + 1, ~0ull),
	QUIRK_ROW("config_16", VVB_FIELD_DEVICE_CONFIG + 2, ~0ull),
};

static __always_inline struct quirk_row *quirk_row(struct vvb_access *acc)
{
	struct quirk_table *table = vvb_map_get(&quirk_table, acc->vf);
	u32 row = acc->field;

	if (row == VVB_FIELD_DEVICE_CONFIG)
		row += acc->offset / 8;
	return table && row < QUIRK_ROWS ? &table->row[row] : 0;
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
	if (acc->field == VVB_FIELD_QUEUE_SIZE)
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

	if (row && acc->field != VVB_FIELD_QUEUE_SIZE && !acc->write && !acc->error &&
	    acc->verdict != VVB_EMULATE)
		acc->value = quirk_bits(row, acc);
}

VVB_POLICY(quirk) = {
	.access = (void *)quirk_access,
	.done = (void *)quirk_done,
	.name = "quirk",
	.flags = VVB_POLICY_STATELESS,
};
