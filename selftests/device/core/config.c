// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device configuration: struct virtio_net_config, up to supported_hash_types, and behind
 * it, where it is to be longer, bytes that tell their offset.
 */
#include <string.h>

#include "bytes.h"
#include "config.h"
#include "fn.h"

#define CFG_MAC 0u
#define CFG_STATUS 6u
#define CFG_MAX_PAIRS 8u
#define CFG_MTU 10u
#define CFG_SPEED 12u
#define CFG_DUPLEX 16u

#define LINK_UP 1u
#define SPEED_MBPS 10000u
#define DUPLEX_FULL 1u

/* Where its fields begin; the last entry is the end. */
static const uint8_t config_start[] = { 0, 6, 8, 10, 12, 16, 17, 18, 20, NIC_DEVICE_CFG_LEN };

/* Is [offset, offset + len) a part of exactly one field? Behind the last one, is it one byte? */
bool nic_config_one_field(const struct nic *nic, unsigned int offset, unsigned int len)
{
	unsigned int i = 0;

	if (!len || offset >= nic->set.config_len)
		return false;
	if (offset >= NIC_DEVICE_CFG_LEN)
		return len == 1;
	while (config_start[i + 1] <= offset)
		i++;
	return len <= config_start[i + 1] - offset;
}

void nic_config_bytes(const struct nic *nic, unsigned int fn, uint8_t config[NIC_DEVICE_CFG_MAX])
{
	const struct nic_fn *f = &nic->fn[fn];
	unsigned int i;

	memset(config, 0, NIC_DEVICE_CFG_MAX);
	memcpy(config + CFG_MAC, f->mac, sizeof(f->mac));
	nic_put_le(config + CFG_STATUS, f->link ? LINK_UP : 0, 2);
	nic_put_le(config + CFG_MAX_PAIRS, f->max_pairs, 2);
	nic_put_le(config + CFG_MTU, nic->set.mtu, 2);
	nic_put_le(config + CFG_SPEED, SPEED_MBPS, 4);
	config[CFG_DUPLEX] = DUPLEX_FULL;
	for (i = NIC_DEVICE_CFG_LEN; i < nic->set.config_len; i++)
		config[i] = (uint8_t)(255 - i);
}

/*
 * A legacy driver may set its MAC here, byte by byte, unless it has accepted the control
 * command for it. Every other field is read-only.
 */
void nic_config_legacy_write(struct nic *nic, unsigned int fn, unsigned int offset,
			     const uint8_t *bytes, unsigned int len)
{
	struct nic_fn *f = &nic->fn[fn];

	if (offset + len > CFG_MAC + sizeof(f->mac) || nic_fn_has(f, NIC_F_CTRL_MAC_ADDR) ||
	    nic_fn_has(f, NIC_F_VERSION_1))
		return;
	memcpy(f->mac + offset, bytes, len);
}

uint64_t nic_device_cfg_read(struct nic *nic, unsigned int fn, unsigned int offset,
			     unsigned int width)
{
	uint8_t config[NIC_DEVICE_CFG_MAX];
	unsigned int end = nic->set.config_len;

	if (!nic_fn_get(nic, fn) || !nic_width_ok(width) || offset >= end || width > end - offset)
		return nic_all_ones(width);
	nic_config_bytes(nic, fn, config);
	return nic_get_le(config + offset, width);
}

void nic_device_cfg_write(struct nic *nic, unsigned int fn, unsigned int offset, uint64_t value,
			  unsigned int width)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	(void)offset;
	(void)value;
	(void)width;
	if (f)
		f->count.bad_accesses++;
}
