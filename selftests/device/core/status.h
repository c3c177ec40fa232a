/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device status register, through either interface. */
#ifndef NIC_STATUS_H
#define NIC_STATUS_H

#include "state.h"

bool nic_status_write(struct nic *nic, unsigned int fn, uint8_t status);

#endif /* NIC_STATUS_H */
