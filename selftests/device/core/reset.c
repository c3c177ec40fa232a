// SPDX-License-Identifier: GPL-2.0-or-later
/* A function begins anew. */
#include <string.h>

#include "fn.h"
#include "reset.h"
#include "switch.h"
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
	memset(f->flow, 0, sizeof(f->flow));
	f->count.resets++;
	memcpy(f->mac, f->permanent_mac, sizeof(f->mac));
	for (q = 0; q < NIC_MAX_QUEUES; q++)
		nic_vq_reset(&f->vq[q]);
	nic_switch_forget(nic, fn);
	if (fn == NIC_PF)
		admin_reset(nic);
}

static void permanent_mac(const struct nic *nic, unsigned int fn, uint8_t mac[6])
{
	unsigned int low;

	memcpy(mac, nic->set.mac, 6);
	low = (unsigned int)(mac[4] << 8 | mac[5]) + fn;
	mac[4] = (uint8_t)(low >> 8);
	mac[5] = (uint8_t)low;
}

static uint16_t queue_size(const struct nic *nic, unsigned int fn, unsigned int q)
{
	if (q < 2u * nic->fn[fn].max_pairs + 1)
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

	memset(&f->count, 0, sizeof(f->count));
	f->exists = true;
	f->link = true;
	f->msix = false;
	f->nr_vectors = NIC_MIN_VECTORS;
	f->flr_until = 0;
	permanent_mac(nic, fn, f->permanent_mac);
	f->max_pairs = fn == NIC_PF ? nic->set.pf_pairs : nic->set.vf_pairs;
	for (q = 0; q < NIC_MAX_QUEUES; q++)
		nic_vq_init(&f->vq[q], queue_size(nic, fn, q));
	nic_fn_device_reset(nic, fn);
	f->count.resets = 0;
}

void nic_surprise_reset(struct nic *nic, unsigned int fn)
{
	if (nic_fn_get(nic, fn))
		nic_fn_device_reset(nic, fn);
}
