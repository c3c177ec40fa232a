// SPDX-License-Identifier: GPL-2.0-or-later
/* The defaults of a NIC, what can be built, and what that has. */
#include <string.h>

#include "type.h"

void nic_settings_init(struct nic_settings *s)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0x76, 0x62, 0x00 };

	memset(s, 0, sizeof(*s));
	memcpy(s->mac, mac, sizeof(mac));
	s->mtu = 1500;
	s->disk_size = UINT64_C(64) << 20;
	s->config_len = (uint16_t)nic_config_len(s->type);
	s->max_vfs = NIC_MAX_VFS;
	s->queue_size = 256;
	s->admin_queue_size = 64;
	s->pf_pairs = 1;
	s->vf_pairs = 1;
	s->vf_indirect = true;
	s->requires_version_1 = true;
	s->offer_access_platform = true;
	s->admin_vq = true;
	s->legacy_commands = true;
	s->member_bar = 4;
	s->member_offset = 0x3000;
	s->owner_bar = 4;
	s->owner_offset = 0x4000;
	s->msix_bar = 5;
	s->msix_offset = 0xc00;
}

static bool queue_size_ok(uint16_t size)
{
	return size && size <= NIC_QUEUE_SIZE_MAX && !(size & (size - 1));
}

static bool pairs_ok(uint16_t pairs)
{
	return pairs && pairs <= NIC_MAX_PAIRS;
}

static bool disk_ok(const struct nic_settings *s)
{
	return s->disk_size && s->disk_size <= NIC_DISK_MAX && !(s->disk_size % NIC_SECTOR);
}

bool nic_settings_ok(const struct nic_settings *s)
{
	return s->type < NIC_TYPE_NR && s->max_vfs <= NIC_MAX_VFS && queue_size_ok(s->queue_size) &&
	       queue_size_ok(s->admin_queue_size) && pairs_ok(s->pf_pairs) &&
	       pairs_ok(s->vf_pairs) && s->config_len >= nic_config_len(s->type) &&
	       s->config_len <= NIC_DEVICE_CFG_MAX && disk_ok(s);
}

unsigned int nic_config_len(enum nic_type type)
{
	return nic_type(type)->config_len;
}

unsigned int nic_nr_queues(const struct nic_settings *s, unsigned int fn)
{
	const struct nic_type_ops *type = nic_type(s->type);

	return fn == NIC_PF ? type->nr_queues(s->pf_pairs) + 1 : type->nr_queues(s->vf_pairs);
}
