// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The legacy register file of a VF (virtio 1.3, 4.1.4.10), without the device
 * configuration behind it. It is reached by administration commands only, where the
 * vectors are always at 20 and 22.
 */
#include "doorbell.h"
#include "fn.h"
#include "legacy.h"
#include "status.h"
#include "vq.h"

enum {
	L_DEVICE_FEATURES = 0,
	L_DRIVER_FEATURES = 4,
	L_QUEUE_ADDRESS = 8,
	L_QUEUE_SIZE = 12,
	L_QUEUE_SELECT = 14,
	L_QUEUE_NOTIFY = 16,
	L_DEVICE_STATUS = 18,
	L_ISR_STATUS = 19,
	L_CONFIG_VECTOR = 20,
	L_QUEUE_VECTOR = 22,
};

#define LEGACY_PAGE UINT64_C(4096)

/* Bytes of the field that begins at @offset, 0 when none does. */
static unsigned int legacy_width(unsigned int offset)
{
	switch (offset) {
	case L_DEVICE_FEATURES:
	case L_DRIVER_FEATURES:
	case L_QUEUE_ADDRESS:
		return 4;
	case L_QUEUE_SIZE:
	case L_QUEUE_SELECT:
	case L_QUEUE_NOTIFY:
	case L_CONFIG_VECTOR:
	case L_QUEUE_VECTOR:
		return 2;
	case L_DEVICE_STATUS:
	case L_ISR_STATUS:
		return 1;
	default:
		return 0;
	}
}

bool nic_legacy_one_field(unsigned int offset, unsigned int len)
{
	return len && legacy_width(offset) == len;
}

/* @offset is that of a field; reading ISR status clears it. */
uint32_t nic_legacy_read(struct nic *nic, unsigned int fn, unsigned int offset)
{
	struct nic_fn *f = &nic->fn[fn];
	const struct nic_vq *vq = nic_fn_selected(f);

	switch (offset) {
	case L_DEVICE_FEATURES:
		return (uint32_t)nic_fn_offered_legacy(nic);
	case L_DRIVER_FEATURES:
		return (uint32_t)f->driver_features;
	case L_QUEUE_ADDRESS:
		return vq ? vq->pfn : 0;
	case L_QUEUE_SIZE:
		return vq ? vq->size_max : 0;
	case L_QUEUE_SELECT:
		return f->queue_select;
	case L_DEVICE_STATUS:
		return f->status & ~NIC_S_NEEDS_RESET;
	case L_ISR_STATUS:
		return nic_isr_read(nic, fn);
	case L_CONFIG_VECTOR:
		return f->config_vector;
	case L_QUEUE_VECTOR:
		return vq ? vq->vector : NIC_NO_VECTOR;
	default: /* queue notify is write-only */
		return 0;
	}
}

/* One contiguous area; the used ring begins at the next page boundary. */
static void legacy_queue_address(struct nic_fn *f, uint32_t pfn)
{
	struct nic_vq *vq = nic_fn_selected(f);

	/* Linux lets go of its queues with 0 after the reset: that is no new driver */
	if (!vq || (pfn && !nic_fn_claim(f, NIC_IF_LEGACY)) || f->interface == NIC_IF_MODERN)
		return;
	nic_vq_reset_ring(vq);
	vq->pfn = pfn;
	vq->enabled = pfn != 0;
	vq->size = vq->size_max;
	vq->desc = pfn * LEGACY_PAGE;
	vq->avail = vq->desc + 16u * vq->size;
	vq->used = (vq->avail + 6 + 2u * vq->size + LEGACY_PAGE - 1) & ~(LEGACY_PAGE - 1);
}

/* A legacy driver has no FEATURES_OK to learn from: bits not offered are dropped. */
static void legacy_driver_features(struct nic *nic, struct nic_fn *f, uint32_t value)
{
	if (!nic_fn_claim(f, NIC_IF_LEGACY))
		return;
	f->driver_features = value & nic_fn_offered_legacy(nic);
	f->pairs = 1; /* with other features the queues are others */
}

static void legacy_status(struct nic *nic, unsigned int fn, uint8_t status)
{
	if (!status || nic_fn_claim(&nic->fn[fn], NIC_IF_LEGACY))
		nic_status_write(nic, fn, status);
}

/* @offset is that of a field; read-only ones are left alone. */
void nic_legacy_write(struct nic *nic, unsigned int fn, unsigned int offset, uint32_t value)
{
	struct nic_fn *f = &nic->fn[fn];
	struct nic_vq *vq = nic_fn_selected(f);

	switch (offset) {
	case L_DRIVER_FEATURES:
		legacy_driver_features(nic, f, value);
		break;
	case L_QUEUE_ADDRESS:
		legacy_queue_address(f, value);
		break;
	case L_QUEUE_SELECT:
		f->queue_select = (uint16_t)value;
		break;
	case L_QUEUE_NOTIFY:
		nic_doorbell_legacy(nic, fn, (uint16_t)value);
		break;
	case L_DEVICE_STATUS:
		legacy_status(nic, fn, (uint8_t)value);
		break;
	case L_CONFIG_VECTOR:
		f->config_vector = nic_fn_vector(f, (uint16_t)value);
		break;
	case L_QUEUE_VECTOR:
		if (vq)
			vq->vector = nic_fn_vector(f, (uint16_t)value);
		break;
	}
}
