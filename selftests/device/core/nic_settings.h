/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a NIC is built. */
#ifndef NIC_SETTINGS_H
#define NIC_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#define NIC_MAX_VFS 64u
#define NIC_MAX_PAIRS 8u
#define NIC_SECTOR 512u
#define NIC_DISK_MAX (UINT64_C(1) << 30)
#define NIC_DEVICE_CFG_LEN 24u /* of struct virtio_net_config */
#define NIC_BLK_CFG_LEN 96u /* of struct virtio_blk_config */
#define NIC_DEVICE_CFG_MAX 232u /* as much as a legacy I/O BAR of 256 bytes has room for */

/* What kind of virtio device its functions are. */
enum nic_type {
	NIC_TYPE_NET = 0,
	NIC_TYPE_BLK,
	NIC_TYPE_NR
};

/**
 * struct nic_settings - how the NIC is built; fixed for its life
 * @type:	of PF and VFs
 * @mac:	of a network card's PF; VF n has the same with n added to the last two bytes
 * @mtu:	in the device configuration (VIRTIO_NET_F_MTU)
 * @config_len:	length for VIRTIO_PCI_CAP_DEVICE_CFG, nic_config_len()..NIC_DEVICE_CFG_MAX. What is
 *		behind the fields of the type is read-only; the byte at offset n there is 255 - n,
 *		and a field of its own
 * @disk_size:	of a disk: its bytes, whole sectors, up to NIC_DISK_MAX. Each function has one of its own, in memory
 *		that is empty at first and keeps what is written for the NIC's life
 * @max_vfs:	TotalVFs, 0..64
 * @queue_size:	of all queues but the administration queue, a power of two up to 1024
 * @admin_queue_size: likewise
 * @pf_pairs, @vf_pairs: queue pairs, of a disk request queues, 1..NIC_MAX_PAIRS; from 2 on VIRTIO_NET_F_MQ or
 *		VIRTIO_BLK_F_MQ is on offer
 * @pf_indirect, @vf_indirect: offer VIRTIO_F_INDIRECT_DESC
 * @event_idx:	offer VIRTIO_F_EVENT_IDX, on every function
 * @ring_reset:	offer VIRTIO_F_RING_RESET, on every modern interface
 * @requires_version_1: FEATURES_OK of the modern interface wants VIRTIO_F_VERSION_1. Without, a
 *		driver there may do without it, as on QEMU's devices, and VIRTIO_F_ANY_LAYOUT is
 *		on offer there, too
 * @offer_access_platform: VFs offer VIRTIO_F_ACCESS_PLATFORM; the PF does in any case
 * @admin_vq:	the PF offers VIRTIO_F_ADMIN_VQ
 * @legacy_commands: opcodes 2..6 are supported, for the SR-IOV group
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
	enum nic_type type;
	uint8_t mac[6];
	uint16_t mtu;
	uint16_t config_len;
	uint64_t disk_size;
	unsigned int max_vfs;
	uint16_t queue_size;
	uint16_t admin_queue_size;
	uint16_t pf_pairs;
	uint16_t vf_pairs;
	bool pf_indirect;
	bool vf_indirect;
	bool event_idx;
	bool ring_reset;
	bool requires_version_1;
	bool offer_access_platform;
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
 * @s:	a network card, 52:54:00:76:62:00, MTU 1500, 24 bytes of configuration (a disk needs nic_config_len() of
 *	them), disks of 64 MiB, 64 VFs, queues of 256 (admin: 64), one pair, indirect
 *	descriptors on VFs only, VERSION_1 required, ACCESS_PLATFORM offered, admin queue with
 *	legacy commands, no FLR busy time,
 *	doorbells: member BAR 4 offset 0x3000, owner BAR 4 offset 0x4000, beside the MSI-X table
 *	BAR 5 offset 0xc00
 */
void nic_settings_init(struct nic_settings *s);

/* Is each in its range? */
bool nic_settings_ok(const struct nic_settings *s);

/* Bytes of the fields that the device configuration of a type has. */
unsigned int nic_config_len(enum nic_type type);

#endif /* NIC_SETTINGS_H */
