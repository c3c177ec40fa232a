/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames from a transmit queue into the switch. */
#ifndef NIC_TX_H
#define NIC_TX_H

#include "state.h"

void nic_tx(struct nic *nic, unsigned int fn, unsigned int q, const struct nic_chain *chain);

#endif /* NIC_TX_H */
