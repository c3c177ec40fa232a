// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters and state, to be looked at. */
#include <string.h>

#include "ring.h"

void nic_get_counters(struct nic *nic, struct nic_counters *c)
{
	*c = nic->count;
	c->waiting = nic_vq_waiting(nic, NIC_PF, nic_admin_queue(nic)) + nic->admin.busy;
}

void nic_get_fn_counters(const struct nic *nic, unsigned int fn, struct nic_fn_counters *c)
{
	memset(c, 0, sizeof(*c));
	if (fn < NIC_NR_FNS && nic->fn[fn].exists)
		*c = nic->fn[fn].count;
}

void nic_get_fn_state(const struct nic *nic, unsigned int fn, struct nic_fn_state *s)
{
	const struct nic_fn *f;
	unsigned int q;

	memset(s, 0, sizeof(*s));
	if (fn >= NIC_NR_FNS || !nic->fn[fn].exists)
		return;
	f = &nic->fn[fn];
	s->exists = true;
	s->interface = f->interface;
	s->status = f->status;
	s->features = f->driver_features;
	s->pairs = f->pairs;
	s->writeback = f->writeback;
	memcpy(s->mac, f->mac, sizeof(s->mac));
	for (q = 0; q < NIC_MAX_QUEUES; q++) {
		s->enabled |= (uint32_t)f->vq[q].enabled << q;
		s->broken |= (uint32_t)f->vq[q].broken << q;
	}
}
