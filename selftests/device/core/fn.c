// SPDX-License-Identifier: GPL-2.0-or-later
/* One function: what it offers, its device status, its interrupts, its reset. */
#include <string.h>

#include "nic_int.h"

#define NIC_F_NET                                                                                 \
	(NIC_F_MTU | NIC_F_MAC | NIC_F_MRG_RXBUF | NIC_F_STATUS | NIC_F_CTRL_VQ | NIC_F_CTRL_RX | \
	 NIC_F_CTRL_MAC_ADDR)
#define NIC_F_NEED_CTRL (NIC_F_CTRL_RX | NIC_F_CTRL_MAC_ADDR)

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
	uint64_t f = NIC_F_NET | NIC_F_VERSION_1 | NIC_F_ACCESS_PLATFORM;

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
	return NIC_F_NET | NIC_F_ANY_LAYOUT | offered_ring(nic, nic->set.vf_indirect);
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

static void permanent_mac(const struct nic *nic, unsigned int fn, uint8_t mac[6])
{
	unsigned int low;

	memcpy(mac, nic->set.mac, 6);
	low = (unsigned int)(mac[4] << 8 | mac[5]) + fn;
	mac[4] = (uint8_t)(low >> 8);
	mac[5] = (uint8_t)low;
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
	for (q = 0; q < NIC_NR_NET_QUEUES; q++)
		nic_vq_init(&f->vq[q], nic->set.queue_size);
	nic_vq_init(&f->vq[NIC_Q_ADMIN],
		    fn == NIC_PF && nic->set.admin_vq ? nic->set.admin_queue_size : 0);
	nic_fn_device_reset(nic, fn);
	f->count.resets = 0;
}

/* What a driver's write of 0 to device status does; also a part of every other reset. */
void nic_fn_device_reset(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = &nic->fn[fn];
	unsigned int q;

	f->interface = NIC_IF_NONE;
	f->status = 0;
	f->isr = 0;
	f->driver_features_high = false;
	f->config_vector = NIC_NO_VECTOR;
	f->queue_select = 0;
	f->device_feature_select = 0;
	f->driver_feature_select = 0;
	f->driver_features = 0;
	f->pending = 0;
	f->count.resets++;
	memcpy(f->mac, f->permanent_mac, sizeof(f->mac));
	for (q = 0; q < NIC_NR_QUEUES; q++)
		nic_vq_reset(&f->vq[q]);
	nic_switch_forget(nic, fn);
	if (fn == NIC_PF)
		nic_admin_reset(nic);
}

static bool features_acceptable(const struct nic *nic, unsigned int fn)
{
	const struct nic_fn *f = &nic->fn[fn];

	if (f->driver_features_high || (f->driver_features & ~nic_fn_offered(nic, fn)))
		return false;
	if (!nic_fn_has(f, NIC_F_VERSION_1))
		return false;
	return !(f->driver_features & NIC_F_NEED_CTRL) || nic_fn_has(f, NIC_F_CTRL_VQ);
}

/* A driver writes device status, through either interface. */
void nic_fn_write_status(struct nic *nic, unsigned int fn, uint8_t status)
{
	struct nic_fn *f = &nic->fn[fn];
	uint8_t old = f->status;

	if (!status) {
		nic_fn_device_reset(nic, fn);
		return;
	}
	status &= (uint8_t)~NIC_S_NEEDS_RESET;
	if (f->interface == NIC_IF_MODERN && (status & ~old & NIC_S_FEATURES_OK) &&
	    !features_acceptable(nic, fn))
		status &= (uint8_t)~NIC_S_FEATURES_OK;
	f->status = status | (old & NIC_S_NEEDS_RESET);
	if (status & ~old & NIC_S_DRIVER_OK)
		nic_kick_all(nic, fn);
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

/* NULL when queue_select names no queue. */
struct nic_vq *nic_fn_selected(struct nic_fn *f)
{
	if (f->queue_select >= NIC_NR_QUEUES || !f->vq[f->queue_select].size_max)
		return NULL;
	return &f->vq[f->queue_select];
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

void nic_set_link(struct nic *nic, unsigned int fn, bool up)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f || f->link == up)
		return;
	f->link = up;
	f->config_generation++;
	nic_fn_config_interrupt(nic, fn);
}

bool nic_link(const struct nic *nic, unsigned int fn)
{
	return fn < NIC_NR_FNS && nic->fn[fn].exists && nic->fn[fn].link;
}

void nic_surprise_reset(struct nic *nic, unsigned int fn)
{
	if (nic_fn_get(nic, fn))
		nic_fn_device_reset(nic, fn);
}
