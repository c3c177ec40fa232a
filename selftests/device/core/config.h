/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device configuration. */
#ifndef NIC_CONFIG_H
#define NIC_CONFIG_H

#include "state.h"

void nic_config_bytes(const struct nic *nic, unsigned int fn, uint8_t config[NIC_DEVICE_CFG_MAX]);
void nic_config_legacy_write(struct nic *nic, unsigned int fn, unsigned int offset,
			     const uint8_t *bytes, unsigned int len);
bool nic_config_one_field(const struct nic *nic, unsigned int offset, unsigned int len);

#endif /* NIC_CONFIG_H */
