/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The legacy register file of a VF. */
#ifndef NIC_LEGACY_H
#define NIC_LEGACY_H

#include "state.h"

bool nic_legacy_one_field(unsigned int offset, unsigned int len);
uint32_t nic_legacy_read(struct nic *nic, unsigned int fn, unsigned int offset);
void nic_legacy_write(struct nic *nic, unsigned int fn, unsigned int offset, uint32_t value);

#endif /* NIC_LEGACY_H */
