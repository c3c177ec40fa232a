// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Administration commands (virtio 1.3, 2.12): taken apart, checked, executed. The tables
 * and the order of the checks are the specification's, written down here a second time on
 * purpose: the device judges the driver and shares nothing with it.
 */
#include <string.h>

#include "bytes.h"
#include "chain.h"
#include "command.h"
#include "config.h"
#include "legacy.h"
#include "ring.h"
#include "trace.h"

enum {
	OP_LIST_QUERY = 0,
	OP_LIST_USE = 1,
	OP_COMMON_WRITE = 2,
	OP_COMMON_READ = 3,
	OP_DEVICE_WRITE = 4,
	OP_DEVICE_READ = 5,
	OP_NOTIFY_INFO = 6,
	OP_CAP_ID_LIST_QUERY = 7,
	OP_DEVICE_CAP_GET = 8,
	OP_DRIVER_CAP_SET = 9,
};

#define LIST_OPCODES 0x003u
#define LEGACY_OPCODES 0x07cu
#define CAPABILITY_OPCODES 0x380u

#define GROUP_SELF 0u
#define GROUP_SRIOV 1u

#define ST_OK 0u
#define ST_ENXIO 6u
#define ST_EAGAIN 11u
#define ST_EINVAL 22u

#define Q_OK 0u
#define Q_OPCODE 2u
#define Q_FIELD 3u
#define Q_GROUP 4u
#define Q_MEMBER 5u
#define Q_TRYAGAIN 7u

#define HDR_LEN 24u
#define WRITE_HDR_LEN 8u /* offset and reserved[7] before the registers */
#define DATA_MAX 256u /* command-specific data that is looked at */
#define STATUS_LEN 8u
#define RESULT_MAX 64u
#define FIELD_MAX 8u

#define LIST_LEN 8u
#define NOTIFY_ENTRY 16u
#define FLAG_OWNER 1u
#define FLAG_MEMBER 2u

/*
 * One command. What is missing of a short buffer reads as zero. @registers and @nr_regs:
 * for opcodes 2..5, where they are and how many; @nr_regs is what the buffers have room
 * for, which is the only length such a command has.
 */
struct command {
	uint16_t opcode;
	uint16_t group;
	uint64_t member;
	uint8_t in[HDR_LEN + DATA_MAX];
	const uint8_t *data;
	uint64_t data_len;
	uint64_t room;
	uint64_t nr_regs;
	uint8_t *registers;
	uint16_t status;
	uint16_t qualifier;
	uint8_t result[RESULT_MAX];
	unsigned int result_len;
};

static void fail(struct command *c, uint16_t status, uint16_t qualifier)
{
	c->status = status;
	c->qualifier = qualifier;
	c->result_len = 0;
}

static bool is_write(const struct command *c)
{
	return c->opcode == OP_COMMON_WRITE || c->opcode == OP_DEVICE_WRITE;
}

static bool is_access(const struct command *c)
{
	return c->opcode >= OP_COMMON_WRITE && c->opcode <= OP_DEVICE_READ;
}

static int command_read(struct nic *nic, const struct nic_chain *chain, struct command *c)
{
	size_t len = chain->out_len < sizeof(c->in) ? (size_t)chain->out_len : sizeof(c->in);

	memset(c, 0, sizeof(*c));
	if (nic_chain_read(nic, NIC_PF, chain, 0, c->in, len))
		return -1;
	c->opcode = (uint16_t)nic_get_le(c->in, 2);
	c->group = (uint16_t)nic_get_le(c->in + 2, 2);
	c->member = nic_get_le(c->in + 16, 8);
	c->data = c->in + HDR_LEN;
	c->data_len = chain->out_len > HDR_LEN ? chain->out_len - HDR_LEN : 0;
	c->room = chain->in_len > STATUS_LEN ? chain->in_len - STATUS_LEN : 0;
	c->registers = is_write(c) ? c->in + HDR_LEN + WRITE_HDR_LEN : c->result;
	if (is_write(c))
		c->nr_regs = c->data_len > WRITE_HDR_LEN ? c->data_len - WRITE_HDR_LEN : 0;
	else
		c->nr_regs = c->room;
	return 0;
}

/* Of capabilities, too, Linux looks into the SR-IOV group's list, though they are not for it. */
static uint64_t supported(const struct nic *nic, uint16_t group)
{
	return LIST_OPCODES | CAPABILITY_OPCODES |
	       (group == GROUP_SRIOV && nic->set.legacy_commands ? LEGACY_OPCODES : 0);
}

/* Linux says in the SR-IOV group alone which capability commands it uses. */
static bool used(const struct nic *nic, const struct command *c)
{
	const uint64_t *lists = nic->admin.used_opcodes;
	uint64_t list = lists[c->group] | (lists[GROUP_SRIOV] & CAPABILITY_OPCODES);

	return c->opcode < NIC_NR_OPCODES && list >> c->opcode & 1;
}

static bool uses_member(uint16_t opcode)
{
	return opcode >= OP_COMMON_WRITE && opcode <= OP_NOTIFY_INFO;
}

static bool for_self(uint16_t opcode)
{
	return opcode >= OP_CAP_ID_LIST_QUERY && opcode <= OP_DRIVER_CAP_SET;
}

static bool group_exists(const struct nic *nic, const struct command *c)
{
	if (c->group == GROUP_SELF)
		return true;
	if (c->group != GROUP_SRIOV || for_self(c->opcode))
		return false;
	if (!uses_member(c->opcode) && !nic->set.strict_vf_enable)
		return nic->set.max_vfs > 0;
	return nic->num_vfs > 0;
}

/* Group, then opcode, then member: the first that is wrong names the qualifier. */
static bool addressed(struct nic *nic, struct command *c)
{
	if (!group_exists(nic, c))
		fail(c, ST_EINVAL, Q_GROUP);
	else if (!used(nic, c))
		fail(c, ST_EINVAL, Q_OPCODE);
	else if (uses_member(c->opcode) && (!c->member || c->member > nic->num_vfs))
		fail(c, ST_EINVAL, Q_MEMBER);
	else if (uses_member(c->opcode) &&
		 nic->ops.now_ns(nic->opaque) < nic->fn[c->member].flr_until)
		fail(c, ST_EAGAIN, Q_TRYAGAIN);
	else
		return true;
	return false;
}

static void list_query(const struct nic *nic, struct command *c)
{
	nic_put_le(c->result, supported(nic, c->group), LIST_LEN);
	c->result_len = LIST_LEN;
}

/* The list may be longer than ours, as long as it holds nothing that we don't. */
static void list_use(struct nic *nic, struct command *c)
{
	uint64_t list = nic_get_le(c->data, LIST_LEN);
	unsigned int i;

	for (i = LIST_LEN; i < DATA_MAX; i++)
		if (c->data[i])
			fail(c, ST_EINVAL, Q_FIELD);
	if (list & ~supported(nic, c->group))
		fail(c, ST_EINVAL, Q_FIELD);
	if (c->status == ST_OK)
		nic->admin.used_opcodes[c->group] = list;
}

/* There is none: the list is empty, and no id names one. */
static void capability(struct command *c)
{
	if (c->opcode == OP_CAP_ID_LIST_QUERY)
		c->result_len = LIST_LEN;
	else
		fail(c, ST_ENXIO, Q_FIELD);
}

static void common_access(struct nic *nic, struct command *c)
{
	unsigned int fn = (unsigned int)c->member;
	unsigned int offset = c->data[0];

	if (c->nr_regs > FIELD_MAX || !nic_legacy_one_field(offset, (unsigned int)c->nr_regs)) {
		fail(c, ST_EINVAL, Q_FIELD);
		return;
	}
	if (is_write(c)) {
		nic_legacy_write(nic, fn, offset,
				 (uint32_t)nic_get_le(c->registers, (unsigned int)c->nr_regs));
		return;
	}
	c->result_len = (unsigned int)c->nr_regs;
	nic_put_le(c->result, nic_legacy_read(nic, fn, offset), c->result_len);
}

static void device_access(struct nic *nic, struct command *c)
{
	unsigned int fn = (unsigned int)c->member;
	unsigned int offset = c->data[0];
	uint8_t config[NIC_DEVICE_CFG_MAX];

	if (c->nr_regs > FIELD_MAX ||
	    !nic_config_one_field(nic, offset, (unsigned int)c->nr_regs)) {
		fail(c, ST_EINVAL, Q_FIELD);
		return;
	}
	if (is_write(c)) {
		nic_config_legacy_write(nic, fn, offset, c->registers, (unsigned int)c->nr_regs);
		return;
	}
	nic_config_bytes(nic, fn, config);
	c->result_len = (unsigned int)c->nr_regs;
	memcpy(c->result, config + offset, c->result_len);
}

static void entry(struct command *c, unsigned int i, uint8_t flags, uint8_t bar, uint64_t offset)
{
	uint8_t *e = c->result + i * NOTIFY_ENTRY;

	e[0] = flags;
	e[1] = bar;
	nic_put_le(e + 8, offset, 8);
}

/* Four entries, the list ended by one with flags 0: the result starts out as zero. */
static void notify_info(const struct nic *nic, struct command *c)
{
	const struct nic_settings *s = &nic->set;
	uint64_t slot = s->owner_offset + 2 * (c->member - 1);

	c->result_len = RESULT_MAX;
	switch (nic->faults.notify_list) {
	case NIC_LIST_OWNER:
		entry(c, 0, FLAG_OWNER, s->owner_bar, slot);
		break;
	case NIC_LIST_OWNER_MEMBER:
		entry(c, 0, FLAG_OWNER, s->owner_bar, slot);
		entry(c, 1, FLAG_MEMBER, s->member_bar, s->member_offset);
		break;
	case NIC_LIST_EMPTY:
		break;
	case NIC_LIST_BAD_BAR:
		entry(c, 0, FLAG_MEMBER, 7, s->member_offset);
		break;
	case NIC_LIST_MISALIGNED:
		entry(c, 0, FLAG_MEMBER, s->member_bar, s->member_offset + 1);
		break;
	case NIC_LIST_OUT_OF_RANGE:
		entry(c, 0, FLAG_MEMBER, s->member_bar, UINT64_C(1) << 40);
		break;
	case NIC_LIST_MSIX_BAR:
		entry(c, 0, FLAG_MEMBER, s->msix_bar, s->msix_offset);
		break;
	default:
		entry(c, 0, FLAG_MEMBER, s->member_bar, s->member_offset);
		break;
	}
}

/* A command of a supported opcode, whose group and member exist. */
static void execute(struct nic *nic, struct command *c)
{
	switch (c->opcode) {
	case OP_LIST_QUERY:
		list_query(nic, c);
		break;
	case OP_LIST_USE:
		list_use(nic, c);
		break;
	case OP_NOTIFY_INFO:
		notify_info(nic, c);
		break;
	case OP_CAP_ID_LIST_QUERY:
	case OP_DEVICE_CAP_GET:
	case OP_DRIVER_CAP_SET:
		capability(c);
		break;
	case OP_COMMON_READ:
	case OP_COMMON_WRITE:
		common_access(nic, c);
		break;
	default:
		device_access(nic, c);
		break;
	}
}

/* The Nth next command is made to fail: nothing of it happens. */
static bool forced_failure(struct nic *nic, struct command *c)
{
	struct nic_faults *f = &nic->faults;

	if (!f->fail_nth || --f->fail_nth)
		return false;
	fail(c, f->fail_status, f->fail_qualifier);
	return true;
}

static void trace(struct nic *nic, const struct command *c, bool lost)
{
	struct nic_trace_entry t = {
		.member = c->member,
		.opcode = c->opcode,
		.group = c->group,
		.status = c->status,
		.qualifier = c->qualifier,
		.lost = lost,
	};

	if (is_access(c)) {
		t.offset = c->data[0];
		t.len = c->nr_regs < UINT32_MAX ? (uint32_t)c->nr_regs : UINT32_MAX;
		t.value = nic_get_le(c->registers, c->nr_regs < 8 ? (unsigned int)c->nr_regs : 8);
	}
	nic_trace_add(nic, &t);
}

static void count(struct nic *nic, const struct command *c)
{
	if (c->opcode < NIC_NR_OPCODES)
		nic->count.commands[c->opcode]++;
	else
		nic->count.other++;
	nic->count.refused += c->status != ST_OK;
}

/* Status first, then as much of the result as there is room for. */
static int command_answer(struct nic *nic, const struct nic_chain *chain, struct command *c)
{
	uint8_t out[STATUS_LEN + RESULT_MAX] = { 0 };
	int32_t cut = nic->faults.short_result;
	uint64_t len;

	if (cut >= 0 && c->result_len > (uint32_t)cut)
		c->result_len = (uint32_t)cut;
	nic_put_le(out, c->status, 2);
	nic_put_le(out + 2, c->qualifier, 2);
	memcpy(out + STATUS_LEN, c->result, c->result_len);
	len = STATUS_LEN + c->result_len;
	if (len > chain->in_len)
		len = chain->in_len;
	if (nic_chain_write(nic, NIC_PF, chain, 0, out, (size_t)len))
		return -1;
	nic_vq_push(nic, NIC_PF, nic_admin_queue(nic), chain, (uint32_t)len);
	return 0;
}

static void broken(struct nic *nic, const struct nic_chain *chain)
{
	unsigned int q = nic_admin_queue(nic);

	if (chain->gen == nic->fn[NIC_PF].vq[q].gen)
		nic_vq_break(nic, NIC_PF, q);
}

/* Executes the command in a chain of the administration queue and answers it. */
void nic_command(struct nic *nic, const struct nic_chain *chain)
{
	struct command c;

	if (command_read(nic, chain, &c)) {
		broken(nic, chain);
		return;
	}
	if (!forced_failure(nic, &c) && addressed(nic, &c))
		execute(nic, &c);
	count(nic, &c);
	trace(nic, &c, false);
	if (command_answer(nic, chain, &c))
		broken(nic, chain);
}

/* Only writes down what will never be answered. */
void nic_command_lost(struct nic *nic, const struct nic_chain *chain)
{
	struct command c;

	nic->count.lost++;
	if (!command_read(nic, chain, &c))
		trace(nic, &c, true);
}
