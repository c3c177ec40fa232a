/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The heart of an SR-IOV virtio NIC: one physical function (PF) with an administration
 * virtqueue, up to 64 virtual functions (VF), a learning switch between them. Or of one whose
 * functions are disks, each by itself; it is called NIC here all the same. Plain C: whoever embeds it
 * (the QEMU glue, the unit tests) gives it memory, interrupts and time as callbacks and tells it what
 * happens on the PCI side. This is all that it includes; the core knows nothing of it but the callbacks.
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

#include "nic_faults.h"
#include "nic_reports.h"
#include "nic_settings.h"

#define NIC_PF 0u
#define NIC_NR_FNS (NIC_MAX_VFS + 1)

/*
 * Queues of a function with N pairs: pair n is 2n (receive) and 2n + 1 (transmit). Behind the
 * pairs is the control queue, at 2N; at 2 for a driver without VIRTIO_NET_F_MQ, which has the
 * first pair only. The PF has its administration queue at 2N + 1, whatever was negotiated.
 * A disk has request queues in their place, N of them, or one for a driver without
 * VIRTIO_BLK_F_MQ; its administration queue is at N.
 */
#define NIC_Q_RX 0u
#define NIC_Q_TX 1u
#define NIC_Q_CTRL 2u /* of one pair */
#define NIC_MAX_QUEUES (2 * NIC_MAX_PAIRS + 2)

#define NIC_COMMON_CFG_LEN 64u /* length for VIRTIO_PCI_CAP_COMMON_CFG */
#define NIC_ISR_LEN 1u /* length for VIRTIO_PCI_CAP_ISR_CFG */
#define NIC_MIN_VECTORS 4u /* config, rx, tx+ctrl, admin */

#define NIC_NO_VECTOR 0xffffu
#define NIC_NO_DEADLINE UINT64_MAX
#define NIC_FRAME_MAX 9728u /* longer frames are dropped and counted */

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

/* Doorbells of a function built like this: queue_notify_off is the queue's index. */
unsigned int nic_nr_queues(const struct nic_settings *s, unsigned int fn);

/* Index of the PF's administration queue. */
unsigned int nic_admin_queue(const struct nic *nic);

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
 * @width:	1, 2, 4 or 8; any offset: a read has no side effect, unless config_restless
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

/* Ignored and counted, but for a part of a field that a modern driver may write. */
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

#endif /* NIC_H */
