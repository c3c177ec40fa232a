// SPDX-License-Identifier: GPL-2.0-or-later
#include "doorbell.h"
#include "fn.h"

void nic_doorbell(struct nic *nic, unsigned int fn, unsigned int q)
{
	nic->fn[fn].pending |= 1u << q;
	nic->fn[fn].rung_ns[q] = nic->ops.now_ns(nic->opaque);
	nic->work = true;
}

void nic_doorbell_all(struct nic *nic, unsigned int fn)
{
	nic->fn[fn].pending = (1u << NIC_MAX_QUEUES) - 1;
	nic->work = true;
}

bool nic_doorbell_modern(struct nic *nic, unsigned int fn, unsigned int queue)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f)
		return false;
	if (!nic_fn_queue(f, queue)) {
		f->count.bad_accesses++;
		return false;
	}
	f->count.notifies++;
	nic_doorbell(nic, fn, queue);
	return true;
}

static bool by_value(struct nic *nic, unsigned int fn, uint16_t value)
{
	if (!nic_fn_queue(&nic->fn[fn], value)) {
		nic->fn[fn].count.bad_accesses++;
		return false;
	}
	nic_doorbell(nic, fn, value);
	return true;
}

bool nic_doorbell_legacy(struct nic *nic, unsigned int fn, uint16_t value)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f || fn == NIC_PF)
		return false;
	f->count.legacy_notifies++;
	return by_value(nic, fn, value);
}

bool nic_doorbell_owner(struct nic *nic, unsigned int vf, uint16_t value)
{
	struct nic_fn *f = nic_fn_get(nic, vf);

	if (!f || vf == NIC_PF)
		return false;
	f->count.owner_notifies++;
	return by_value(nic, vf, value);
}
