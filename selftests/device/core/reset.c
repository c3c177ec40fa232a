// SPDX-License-Identifier: GPL-2.0-or-later
/* A function begins anew. */
#include "fn.h"
#include "reset.h"
#include "vq.h"

#define INITIAL_OPCODES 3u /* LIST_QUERY and LIST_USE */

static void admin_reset(struct nic *nic)
{
	if (nic->admin.busy)
		nic->count.lost++;
	nic->admin.busy = false;
	nic->admin.used_opcodes[0] = INITIAL_OPCODES;
	nic->admin.used_opcodes[1] = INITIAL_OPCODES;
}

/* What a driver's write of 0 to device status does; also a part of every other reset. */
void nic_fn_device_reset(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = &nic->fn[fn];
	unsigned int q;

	f->interface = NIC_IF_NONE;
	f->reset_until = 0;
	f->status = 0;
	f->isr = 0;
	f->driver_features_high = false;
	f->config_vector = NIC_NO_VECTOR;
	f->queue_select = 0;
	f->device_feature_select = 0;
	f->driver_feature_select = 0;
	f->driver_features = 0;
	f->pending = 0;
	f->pairs = 1;
	f->count.resets++;
	for (q = 0; q < NIC_MAX_QUEUES; q++)
		nic_vq_reset(&f->vq[q]);
	nic->type->reset(nic, fn);
	if (fn == NIC_PF)
		admin_reset(nic);
}

static uint16_t queue_size(const struct nic *nic, unsigned int fn, unsigned int q)
{
	if (q < nic_fn_nr_queues(&nic->fn[fn]))
		return nic->set.queue_size;
	if (fn == NIC_PF && q == nic_admin_queue(nic) && nic->set.admin_vq)
		return nic->set.admin_queue_size;
	return 0;
}

/* Brings a function into being. The rings' generations go on counting. */
void nic_fn_init(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = &nic->fn[fn];
	unsigned int q;

	f->count = (struct nic_fn_counters) { 0 };
	f->type = nic->type;
	f->exists = true;
	f->msix = false;
	f->nr_vectors = NIC_MIN_VECTORS;
	f->flr_until = 0;
	f->max_pairs = fn == NIC_PF ? nic->set.pf_pairs : nic->set.vf_pairs;
	for (q = 0; q < NIC_MAX_QUEUES; q++)
		nic_vq_init(&f->vq[q], queue_size(nic, fn, q));
	if (nic->type->init)
		nic->type->init(nic, fn);
	nic_fn_device_reset(nic, fn);
	f->count.resets = 0;
}

void nic_surprise_reset(struct nic *nic, unsigned int fn)
{
	if (nic_fn_get(nic, fn))
		nic_fn_device_reset(nic, fn);
}
