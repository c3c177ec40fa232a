/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has happened in a NIC, and the state that it is in. */
#ifndef NIC_REPORTS_H
#define NIC_REPORTS_H

#include <stdbool.h>
#include <stdint.h>

#define NIC_TRACE_LEN 256u
#define NIC_NR_OPCODES 10u /* administration opcodes 0..9 */

struct nic;

/**
 * struct nic_trace_entry - one administration command
 * @seq:	counted from 0 since nic_new()
 * @ns:		virtual time when it was executed (or lost)
 * @member, @opcode, @group: from its header
 * @offset:	opcodes 2..5
 * @len:	bytes of registers: written, or room for the result of a read
 * @value:	the first 8 bytes written or returned, little-endian
 * @status, @qualifier: as answered
 * @lost:	never answered
 */
struct nic_trace_entry {
	uint64_t seq;
	uint64_t ns;
	uint64_t member;
	uint64_t value;
	uint32_t len;
	uint16_t opcode;
	uint16_t group;
	uint16_t status;
	uint16_t qualifier;
	uint8_t offset;
	bool lost;
};

/**
 * nic_trace() - the last commands, oldest first
 * @out:	room for @max entries; up to NIC_TRACE_LEN are kept
 *
 * Return: number of entries written.
 */
unsigned int nic_trace(const struct nic *nic, struct nic_trace_entry *out, unsigned int max);

/**
 * nic_digest() - all commands so far as one number, in their order
 * @digest:	FNV-1a, 64 bits, begun with its offset basis. Of each command the opcode (2
 *		bytes), group (2), member (8), offset (4), length (4), value (8), status (2)
 *		and qualifier (2), as in struct nic_trace_entry, little-endian
 *
 * For whoever can't look at every command before the trace has dropped it.
 * Return: number of commands in it.
 */
uint64_t nic_digest(const struct nic *nic, uint64_t *digest);

/**
 * struct nic_counters - administration queue and switch, since nic_new()
 * @commands:	executed, by opcode, refused ones included
 * @other:	executed with an opcode of 10 and more, or too short to have one
 * @refused:	of all these, ended with another status than OK
 * @lost:	never answered: lose_nth, or in service when the PF was reset
 * @waiting:	commands held back at this moment by hang_queue or a delay
 * @uplink_tx, @uplink_rx: frames out of and in from the uplink
 */
struct nic_counters {
	uint64_t commands[NIC_NR_OPCODES];
	uint64_t other;
	uint64_t refused;
	uint64_t lost;
	uint64_t waiting;
	uint64_t uplink_tx;
	uint64_t uplink_rx;
};

void nic_get_counters(struct nic *nic, struct nic_counters *c);

/**
 * struct nic_fn_counters - one function, since nic_new() (VFs: since VF Enable)
 * @tx_dropped:	of a network card: malformed, too long, or the link is down
 * @rx_dropped:	no buffers, buffers too small, ring broken
 * @reads, @writes, @flushes, @discards, @zeroes: of a disk: requests that were done
 * @failed:	and those that were not: out of range, malformed or unknown
 * @notifies, @legacy_notifies, @owner_notifies: doorbells, by the door they came through
 * @interrupts:	MSI-X messages sent
 * @ring_errors: times a queue was found broken
 * @bad_accesses: refused register accesses and doorbells of queues that do not exist
 * @bar_accesses: to its register BAR, but for legacy doorbells; see nic_bar_access()
 * @resets:	by the driver, FLR or surprise
 */
struct nic_fn_counters {
	uint64_t tx_frames;
	uint64_t tx_bytes;
	uint64_t tx_dropped;
	uint64_t rx_frames;
	uint64_t rx_bytes;
	uint64_t rx_dropped;
	uint64_t reads;
	uint64_t writes;
	uint64_t flushes;
	uint64_t discards;
	uint64_t zeroes;
	uint64_t failed;
	uint64_t notifies;
	uint64_t legacy_notifies;
	uint64_t owner_notifies;
	uint64_t interrupts;
	uint64_t ring_errors;
	uint64_t bad_accesses;
	uint64_t bar_accesses;
	uint64_t resets;
};

/* All-zero for a function that does not exist. */
void nic_get_fn_counters(const struct nic *nic, unsigned int fn, struct nic_fn_counters *c);

enum nic_interface {
	NIC_IF_NONE = 0, /* reset: no driver */
	NIC_IF_MODERN,
	NIC_IF_LEGACY,
};

/**
 * struct nic_fn_state - for a person or a test to look at
 * @interface:	that the driver drives it by
 * @status:	device status
 * @features:	that the driver accepted
 * @pairs:	of a network card: queue pairs in use: 1, or what the driver has set by VIRTIO_NET_CTRL_MQ
 * @enabled:	bit per enabled queue
 * @broken:	bit per broken queue
 * @mac:	of a network card: current
 * @writeback:	of a disk: what the field of that name in its configuration is
 * @exists:	false: everything else is zero
 */
struct nic_fn_state {
	enum nic_interface interface;
	uint8_t status;
	uint64_t features;
	unsigned int pairs;
	uint32_t enabled;
	uint32_t broken;
	uint8_t mac[6];
	bool writeback;
	bool exists;
};

void nic_get_fn_state(const struct nic *nic, unsigned int fn, struct nic_fn_state *s);

#endif /* NIC_REPORTS_H */
