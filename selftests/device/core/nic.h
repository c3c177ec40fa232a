/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The heart of an SR-IOV virtio-net NIC: one physical function (PF) with an
 * administration virtqueue, up to 64 virtual functions (VF), a learning switch between
 * them. Plain C: whoever embeds it (the QEMU glue, the unit tests) gives it memory,
 * interrupts and time as callbacks and tells it what happens on the PCI side.
 *
 * A function is named by its number: 0 is the PF, n is VF n (1-based, as in the
 * group_member_id of an administration command). A function that does not exist at the
 * moment reads as all-ones and ignores writes.
 *
 * Not thread-safe: the embedder serialises (QEMU: its big lock). Re-entry from inside a
 * callback is safe for every function whose description does not say otherwise: a
 * doorbell rung by the NIC's own DMA is remembered and served by the outer loop.
 */
#ifndef NIC_H
#define NIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NIC_PF 0u
#define NIC_MAX_VFS 64u
#define NIC_NR_FNS (NIC_MAX_VFS + 1)

/* Queues, the same on every function; only the PF has the administration queue. */
#define NIC_Q_RX 0u
#define NIC_Q_TX 1u
#define NIC_Q_CTRL 2u
#define NIC_Q_ADMIN 3u
#define NIC_NR_NET_QUEUES 3u /* num_queues: the admin queue is not counted */
#define NIC_NR_QUEUES 4u /* doorbells: queue_notify_off is the queue index */

#define NIC_COMMON_CFG_LEN 64u /* length for VIRTIO_PCI_CAP_COMMON_CFG */
#define NIC_DEVICE_CFG_LEN 24u /* of struct virtio_net_config, the usual config_len */
#define NIC_DEVICE_CFG_MAX 232u /* as much as a legacy I/O BAR of 256 bytes has room for */
#define NIC_ISR_LEN 1u /* length for VIRTIO_PCI_CAP_ISR_CFG */
#define NIC_MIN_VECTORS 4u /* config, rx, tx+ctrl, admin */

#define NIC_NO_VECTOR 0xffffu
#define NIC_NO_DEADLINE UINT64_MAX
#define NIC_FRAME_MAX 9728u /* longer frames are dropped and counted */
#define NIC_TRACE_LEN 256u
#define NIC_NR_OPCODES 7u /* administration opcodes 0..6 */

struct nic;

/**
 * struct nic_ops - what the NIC needs of the world around it
 * @dma_read:	copy @len bytes at @iova, as function @fn sees them, into @buf. 0, or
 *		anything else when the address is not reachable (the ring is then broken)
 * @dma_write:	the other way
 * @msix_notify: send MSI-X @vector of @fn. Called only while MSI-X is enabled there
 *		(nic_set_msix()) and with a vector below its number of vectors
 * @now_ns:	the virtual clock
 * @arm_timer:	call nic_timer_expired() at @deadline_ns, or as soon as possible when that
 *		is past, never from inside this callback. Replaces the deadline before;
 *		NIC_NO_DEADLINE cancels it. One timer serves the whole NIC
 * @uplink_send: a frame leaves through the uplink. May be NULL. May call
 *		nic_uplink_receive() before it returns
 */
struct nic_ops {
	int (*dma_read)(void *opaque, unsigned int fn, uint64_t iova, void *buf, size_t len);
	int (*dma_write)(void *opaque, unsigned int fn, uint64_t iova, const void *buf, size_t len);
	void (*msix_notify)(void *opaque, unsigned int fn, unsigned int vector);
	uint64_t (*now_ns)(void *opaque);
	void (*arm_timer)(void *opaque, uint64_t deadline_ns);
	void (*uplink_send)(void *opaque, const void *frame, size_t len);
};

/**
 * struct nic_settings - how the NIC is built; fixed for its life
 * @mac:	of the PF; VF n has the same with n added to the last two bytes
 * @mtu:	in the device configuration (VIRTIO_NET_F_MTU)
 * @config_len:	length for VIRTIO_PCI_CAP_DEVICE_CFG, NIC_DEVICE_CFG_LEN..NIC_DEVICE_CFG_MAX.
 *		What is behind struct virtio_net_config is read-only; the byte at offset n
 *		there is 255 - n, and a field of its own
 * @max_vfs:	TotalVFs, 0..64
 * @queue_size:	of the net queues, a power of two up to 1024
 * @admin_queue_size: likewise
 * @pf_indirect, @vf_indirect: offer VIRTIO_F_INDIRECT_DESC
 * @event_idx:	offer VIRTIO_F_EVENT_IDX, on every function
 * @ring_reset:	offer VIRTIO_F_RING_RESET, on every modern interface
 * @admin_vq:	the PF offers VIRTIO_F_ADMIN_VQ
 * @legacy_commands: opcodes 2..6 are supported
 * @strict_vf_enable: refuse LIST_QUERY and LIST_USE for the SR-IOV group, too, while VF
 *		Enable is clear. To the letter of the specification, but Linux sends
 *		both once, at DRIVER_OK, with VF Enable clear: it would never find the
 *		legacy commands. Commands 2..6 are refused then in any case
 * @flr_busy_ns: for so long after a reset of a VF, commands to it get EAGAIN
 * @member_bar, @member_offset: the VF's own legacy doorbell, for LEGACY_NOTIFY_INFO:
 *		where a 16-bit write of a queue index ends in nic_legacy_notify()
 * @owner_bar, @owner_offset: an area in a BAR of the PF with one 16-bit doorbell for each
 *		VF: a write at owner_offset + 2 * (n - 1) ends in nic_owner_notify(nic, n,
 *		value). LEGACY_NOTIFY_INFO gives VF n its own slot's offset
 * @msix_bar, @msix_offset: a second doorbell like @member_bar's, in the VF's BAR with the
 *		MSI-X table
 */
struct nic_settings {
	uint8_t mac[6];
	uint16_t mtu;
	uint16_t config_len;
	unsigned int max_vfs;
	uint16_t queue_size;
	uint16_t admin_queue_size;
	bool pf_indirect;
	bool vf_indirect;
	bool event_idx;
	bool ring_reset;
	bool admin_vq;
	bool legacy_commands;
	bool strict_vf_enable;
	uint64_t flr_busy_ns;
	uint8_t member_bar;
	uint64_t member_offset;
	uint8_t owner_bar;
	uint64_t owner_offset;
	uint8_t msix_bar;
	uint64_t msix_offset;
};

/**
 * nic_settings_init() - fill in the defaults
 * @s:	52:54:00:76:62:00, MTU 1500, 24 bytes of configuration, 64 VFs, queues of 256 (admin: 64), indirect
 *	descriptors on VFs only, admin queue with legacy commands, no FLR busy time,
 *	doorbells: member BAR 4 offset 0x3000, owner BAR 4 offset 0x4000, beside the MSI-X table
 *	BAR 5 offset 0xc00
 */
void nic_settings_init(struct nic_settings *s);

/**
 * nic_new() - a NIC with its VFs disabled
 * @ops:	copied
 * @opaque:	first argument of every callback
 * @s:		copied
 *
 * Return: NULL when out of memory or a setting is out of range.
 */
struct nic *nic_new(const struct nic_ops *ops, void *opaque, const struct nic_settings *s);
void nic_free(struct nic *nic);

/**
 * nic_set_num_vfs() - VF Enable changed, or is the same and a reset cleared it
 * @n:	NumVFs with VF Enable set, 0 with it clear; more than max_vfs counts as max_vfs
 *
 * Every VF's state starts from scratch, MSI-X disabled, link up; nothing the VFs had
 * pending happens any more.
 */
void nic_set_num_vfs(struct nic *nic, unsigned int n);
unsigned int nic_num_vfs(const struct nic *nic);

/**
 * nic_fn_reset() - conventional or function level reset of a function
 *
 * Of the PF: its virtio state, hung and lost commands included; all VFs vanish, as with
 * nic_set_num_vfs(nic, 0). Of a VF: its state, vectors included; starts flr_busy_ns.
 * MSI-X is disabled. The MAC is the permanent one again, as after any reset by the
 * driver; the link state stays.
 */
void nic_fn_reset(struct nic *nic, unsigned int fn);

/**
 * nic_set_msix() - MSI-X of a function was enabled or disabled
 * @nr_vectors:	size of its MSI-X table: vector registers take 0 .. nr_vectors - 1 and
 *		0xffff, anything else reads back as 0xffff
 *
 * Call it once at start, too, for the table size; until then it is NIC_MIN_VECTORS. The
 * vector registers are not touched: they survive MSI-X being switched off and on. With
 * MSI-X disabled an interrupt only sets the ISR status.
 */
void nic_set_msix(struct nic *nic, unsigned int fn, bool enabled, unsigned int nr_vectors);

/* Registers of the modern interface, in host byte order */

/**
 * nic_common_read() - virtio_pci_common_cfg (64 bytes, admin_queue_num included)
 * @width:	1, 2, 4 or 8; any offset: a read has no side effect
 *
 * Return: the value; all-ones out of range or for another width.
 */
uint64_t nic_common_read(struct nic *nic, unsigned int fn, unsigned int offset, unsigned int width);

/**
 * nic_common_write() - write one field of virtio_pci_common_cfg
 *
 * Offset and width must be those of one field (a half of a queue address is one; all
 * eight bytes are taken, too). Anything else, and read-only fields, are ignored and
 * counted (bad_accesses).
 */
void nic_common_write(struct nic *nic, unsigned int fn, unsigned int offset, uint64_t value,
		      unsigned int width);

/* Reads ISR status and clears it. */
uint8_t nic_isr_read(struct nic *nic, unsigned int fn);

/* As nic_common_read(), on the device configuration: config_len bytes. */
uint64_t nic_device_cfg_read(struct nic *nic, unsigned int fn, unsigned int offset,
			     unsigned int width);

/* The modern device configuration is read-only: ignored and counted. */
void nic_device_cfg_write(struct nic *nic, unsigned int fn, unsigned int offset, uint64_t value,
			  unsigned int width);

/*
 * Count an access to the BAR where all these are, whatever it hits: the core, whose legacy
 * interface reads some of them too, cannot tell.
 */
void nic_bar_access(struct nic *nic, unsigned int fn);

/**
 * nic_notify() - modern doorbell
 * @queue:	by the doorbell's place: offset in the notify area / notify_off_multiplier.
 *		One that does not exist is ignored and counted
 */
void nic_notify(struct nic *nic, unsigned int fn, unsigned int queue);

/**
 * nic_legacy_notify() - legacy doorbell in a VF's own BAR
 * @value:	what was written: the queue's index
 */
void nic_legacy_notify(struct nic *nic, unsigned int fn, uint16_t value);

/* Legacy doorbell of VF @vf (1-based) in the owner's BAR. */
void nic_owner_notify(struct nic *nic, unsigned int vf, uint16_t value);

/* The deadline of the last arm_timer() has come; early or spurious calls are fine. */
void nic_timer_expired(struct nic *nic);

/**
 * nic_uplink_receive() - a frame comes in from the uplink
 *
 * Return: true when at least one function took it. What is false is dropped and counted;
 * the embedder need not keep it.
 */
bool nic_uplink_receive(struct nic *nic, const void *frame, size_t len);

/* Misbehaviour */

/* What LEGACY_NOTIFY_INFO lists. */
enum nic_notify_list {
	NIC_LIST_MEMBER = 0, /* the VF's own doorbell */
	NIC_LIST_OWNER, /* the slot in the owner's BAR */
	NIC_LIST_OWNER_MEMBER, /* both, the owner's first */
	NIC_LIST_EMPTY, /* the end flag at once */
	NIC_LIST_BAD_BAR, /* member flag, BAR 7 */
	NIC_LIST_MISALIGNED, /* member flag, odd offset */
	NIC_LIST_OUT_OF_RANGE, /* member flag, offset 2^40 */
	NIC_LIST_MSIX_BAR, /* the VF's doorbell in the BAR with its MSI-X table */
	NIC_LIST_NR
};

/**
 * struct nic_faults - how the administration queue misbehaves; all zero: not at all
 *		(except @short_result, off is -1)
 * @delay_ns:	latency of each command; commands are served one after the other, and
 *		take effect when they end
 * @fail_nth:	the Nth next command fails (1: the next); counts down, 0 is off. It has
 *		no side effect and no result
 * @fail_status, @fail_qualifier: with these
 * @short_result: results are cut off after so many bytes, -1 is off
 * @hang_queue:	this and all later commands wait; clearing it releases them in order
 * @lose_nth:	the Nth next command is never executed and never completes, the others
 *		go on; counts down, 0 is off
 * @notify_list: what LEGACY_NOTIFY_INFO lists
 */
struct nic_faults {
	uint64_t delay_ns;
	uint32_t fail_nth;
	uint16_t fail_status;
	uint16_t fail_qualifier;
	int32_t short_result;
	bool hang_queue;
	uint32_t lose_nth;
	enum nic_notify_list notify_list;
};

/* The live settings: fail_nth and lose_nth as counted down so far. */
void nic_get_faults(const struct nic *nic, struct nic_faults *f);

/* Takes effect at once; a command already in service keeps its deadline. */
void nic_set_faults(struct nic *nic, const struct nic_faults *f);

/* Another flr_busy_ns, for the resets to come. */
void nic_set_flr_busy(struct nic *nic, uint64_t ns);

/* Link of one function up or down: status in its config, config change interrupt. */
void nic_set_link(struct nic *nic, unsigned int fn, bool up);
bool nic_link(const struct nic *nic, unsigned int fn);

/* The function loses its virtio state and tells nobody. MSI-X stays as it was. */
void nic_surprise_reset(struct nic *nic, unsigned int fn);

/* What happened */

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
 * @other:	executed with an opcode of 7 and more, or too short to have one
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
 * @tx_dropped:	malformed, too long, or the link is down
 * @rx_dropped:	no buffers, buffers too small, ring broken
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
 * @enabled:	bit per enabled queue
 * @broken:	bit per broken queue
 * @mac:	current
 * @exists:	false: everything else is zero
 */
struct nic_fn_state {
	enum nic_interface interface;
	uint8_t status;
	uint64_t features;
	uint8_t enabled;
	uint8_t broken;
	uint8_t mac[6];
	bool exists;
};

void nic_get_fn_state(const struct nic *nic, unsigned int fn, struct nic_fn_state *s);

#endif /* NIC_H */
