/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The switch between the functions and the uplink. */
#ifndef NIC_SWITCH_H
#define NIC_SWITCH_H

#include "state.h"

bool nic_switch_frame(struct nic *nic, unsigned int port, const uint8_t *frame, size_t len);
void nic_switch_forget(struct nic *nic, unsigned int port);

#endif /* NIC_SWITCH_H */
