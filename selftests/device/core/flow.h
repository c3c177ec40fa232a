/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which receive queue a frame goes to, where there are several. */
#ifndef NIC_FLOW_H
#define NIC_FLOW_H

#include "state.h"

void nic_flow_sent(struct nic_fn *f, unsigned int q, const uint8_t *frame, size_t len);
unsigned int nic_flow_queue(const struct nic_fn *f, const uint8_t *frame, size_t len);

#endif /* NIC_FLOW_H */
