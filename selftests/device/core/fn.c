// SPDX-License-Identifier: GPL-2.0-or-later
/* One function: what it offers, who drives it, its interrupts. */
#include "fn.h"

/* NULL when there is no such function at the moment. */
struct nic_fn *nic_fn_get(struct nic *nic, unsigned int fn)
{
	return fn < NIC_NR_FNS && nic->fn[fn].exists ? &nic->fn[fn] : NULL;
}

static uint64_t offered_ring(const struct nic *nic, bool indirect)
{
	return (indirect ? NIC_F_INDIRECT_DESC : 0) | (nic->set.event_idx ? NIC_F_EVENT_IDX : 0);
}

uint64_t nic_fn_offered(const struct nic *nic, unsigned int fn)
{
	uint64_t f = nic->type->offered(nic->fn[fn].max_pairs) | NIC_F_VERSION_1;

	if (fn == NIC_PF || nic->set.offer_access_platform)
		f |= NIC_F_ACCESS_PLATFORM;
	if (!nic->set.requires_version_1)
		f |= NIC_F_ANY_LAYOUT;
	if (nic->set.ring_reset)
		f |= NIC_F_RING_RESET;
	if (fn != NIC_PF)
		return f | offered_ring(nic, nic->set.vf_indirect);
	if (nic->set.max_vfs)
		f |= NIC_F_SR_IOV;
	if (nic->set.admin_vq)
		f |= NIC_F_ADMIN_VQ;
	return f | offered_ring(nic, nic->set.pf_indirect);
}

/* What a VF offers to a legacy driver: bits 0..31 only. */
uint64_t nic_fn_offered_legacy(const struct nic *nic)
{
	return nic->type->offered(nic->set.vf_pairs) | NIC_F_ANY_LAYOUT |
	       offered_ring(nic, nic->set.vf_indirect);
}

bool nic_fn_has(const struct nic_fn *f, uint64_t features)
{
	return (f->driver_features & features) == features;
}

/*
 * Both interfaces lead to the same function. The one that a driver uses first keeps it
 * until the reset; what comes in through the other one is ignored.
 */
bool nic_fn_claim(struct nic_fn *f, enum nic_interface interface)
{
	if (f->interface == NIC_IF_NONE)
		f->interface = interface;
	if (f->interface == interface)
		return true;
	f->count.bad_accesses++;
	return false;
}

/* A vector as a register takes it: one that is not in the table reads back as none. */
uint16_t nic_fn_vector(const struct nic_fn *f, uint16_t vector)
{
	return vector < f->nr_vectors ? vector : NIC_NO_VECTOR;
}

static void message(struct nic *nic, unsigned int fn, uint16_t vector)
{
	struct nic_fn *f = &nic->fn[fn];

	if (vector >= f->nr_vectors)
		return;
	f->count.interrupts++;
	nic->ops.msix_notify(nic->opaque, fn, vector);
}

/* virtio 1.3, 4.1.4.5.1: the queue bit only without MSI-X, the config bit always. */
void nic_fn_queue_interrupt(struct nic *nic, unsigned int fn, uint16_t vector)
{
	struct nic_fn *f = &nic->fn[fn];

	if (f->msix)
		message(nic, fn, vector);
	else
		f->isr |= NIC_ISR_QUEUE;
}

void nic_fn_config_interrupt(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = &nic->fn[fn];

	if (!(f->status & NIC_S_DRIVER_OK))
		return;
	f->isr |= NIC_ISR_CONFIG;
	if (f->msix)
		message(nic, fn, f->config_vector);
}

void nic_needs_reset(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f || f->interface != NIC_IF_MODERN || (f->status & NIC_S_NEEDS_RESET))
		return;
	f->status |= NIC_S_NEEDS_RESET;
	nic_fn_config_interrupt(nic, fn);
}

/* But for the administration queue, which comes behind them. */
unsigned int nic_fn_nr_queues(const struct nic_fn *f)
{
	return f->type->nr_queues(f->max_pairs);
}

enum nic_role nic_fn_role(const struct nic_fn *f, unsigned int q)
{
	if (q >= NIC_MAX_QUEUES || !f->vq[q].size_max)
		return NIC_ROLE_NONE;
	return q < nic_fn_nr_queues(f) ? f->type->role(f, q) : NIC_ROLE_ADMIN;
}

/* NULL when there is no such queue. */
struct nic_vq *nic_fn_queue(struct nic_fn *f, unsigned int q)
{
	return nic_fn_role(f, q) == NIC_ROLE_NONE ? NULL : &f->vq[q];
}

struct nic_vq *nic_fn_selected(struct nic_fn *f)
{
	return nic_fn_queue(f, f->queue_select);
}

unsigned int nic_admin_queue(const struct nic *nic)
{
	return nic->type->nr_queues(nic->set.pf_pairs);
}

uint8_t nic_isr_read(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = nic_fn_get(nic, fn);
	uint8_t isr;

	if (!f)
		return 0xff;
	isr = f->isr;
	f->isr = 0;
	return isr;
}

void nic_bar_access(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (f)
		f->count.bar_accesses++;
}
