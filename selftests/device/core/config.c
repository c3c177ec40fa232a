// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device configuration: what the type has, and behind it, where it is to be longer, bytes that
 * tell their offset.
 */
#include <string.h>

#include "bytes.h"
#include "config.h"
#include "fn.h"

/* Is [offset, offset + len) a part of exactly one field? Behind the last one, is it one byte? */
bool nic_config_one_field(const struct nic *nic, unsigned int offset, unsigned int len)
{
	const uint8_t *start = nic->type->config_start;

	if (!len || offset >= nic->set.config_len)
		return false;
	if (offset >= nic->type->config_len)
		return len == 1;
	while (start[1] <= offset)
		start++;
	return len <= start[1] - offset;
}

void nic_config_bytes(const struct nic *nic, unsigned int fn, uint8_t config[NIC_DEVICE_CFG_MAX])
{
	unsigned int i;

	memset(config, 0, NIC_DEVICE_CFG_MAX);
	nic->type->config(nic, fn, config);
	for (i = nic->type->config_len; i < nic->set.config_len; i++)
		config[i] = (uint8_t)(255 - i);
}

/* A part of one field; what the driver may not write stays as it is. */
void nic_config_legacy_write(struct nic *nic, unsigned int fn, unsigned int offset,
			     const uint8_t *bytes, unsigned int len)
{
	nic->type->config_write(&nic->fn[fn], NIC_IF_LEGACY, offset, bytes, len);
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
	uint8_t bytes[8];

	if (!f)
		return;
	if (nic_width_ok(width) && nic_config_one_field(nic, offset, width)) {
		nic_put_le(bytes, value, width);
		if (nic->type->config_write(f, NIC_IF_MODERN, offset, bytes, width))
			return;
	}
	f->count.bad_accesses++;
}
