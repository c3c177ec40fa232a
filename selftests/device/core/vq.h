/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One virtqueue by itself: where it is, not what is in it. */
#ifndef NIC_VQ_H
#define NIC_VQ_H

#include "state.h"

void nic_vq_init(struct nic_vq *vq, uint16_t size_max);
void nic_vq_reset(struct nic_vq *vq);
void nic_vq_reset_ring(struct nic_vq *vq);
void nic_vq_unpop(struct nic_vq *vq, unsigned int n);

#endif /* NIC_VQ_H */
