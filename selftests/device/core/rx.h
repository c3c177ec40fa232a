/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames out of the switch into a receive queue. */
#ifndef NIC_RX_H
#define NIC_RX_H

#include "state.h"

size_t nic_rx_header_len(const struct nic_fn *f);
bool nic_rx(struct nic *nic, unsigned int fn, const uint8_t *frame, size_t len);
bool nic_rx_ready(const struct nic *nic, unsigned int fn);

#endif /* NIC_RX_H */
