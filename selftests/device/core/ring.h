/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a virtqueue: chains come off it, and go back used. */
#ifndef NIC_RING_H
#define NIC_RING_H

#include "state.h"

bool nic_vq_live(const struct nic_fn *f, unsigned int q);
int nic_vq_pop(struct nic *nic, unsigned int fn, unsigned int q, struct nic_chain *chain);
int nic_vq_used(struct nic *nic, unsigned int fn, unsigned int q, uint32_t gen, unsigned int ahead,
		uint16_t head, uint32_t len);
void nic_vq_publish(struct nic *nic, unsigned int fn, unsigned int q, uint32_t gen, unsigned int n);
void nic_vq_push(struct nic *nic, unsigned int fn, unsigned int q, const struct nic_chain *chain,
		 uint32_t len);
void nic_vq_break(struct nic *nic, unsigned int fn, unsigned int q);
void nic_vq_stamp(struct nic *nic, unsigned int fn, unsigned int q, uint64_t ns);
unsigned int nic_vq_waiting(struct nic *nic, unsigned int fn, unsigned int q);

#endif /* NIC_RING_H */
