// SPDX-License-Identifier: GPL-2.0-or-later
#include "vq.h"

void nic_vq_init(struct nic_vq *vq, uint16_t size_max)
{
	vq->size_max = size_max;
	nic_vq_reset(vq);
}

/* The ring goes, the vector stays. */
void nic_vq_reset_ring(struct nic_vq *vq)
{
	vq->gen++;
	vq->desc = 0;
	vq->avail = 0;
	vq->used = 0;
	vq->pfn = 0;
	vq->size = vq->size_max;
	vq->last_avail = 0;
	vq->used_idx = 0;
	vq->enabled = false;
	vq->broken = false;
}

void nic_vq_reset(struct nic_vq *vq)
{
	nic_vq_reset_ring(vq);
	vq->vector = NIC_NO_VECTOR;
}

/* Puts the last @n chains back; their used entries have not been published. */
void nic_vq_unpop(struct nic_vq *vq, unsigned int n)
{
	vq->last_avail = (uint16_t)(vq->last_avail - n);
}
