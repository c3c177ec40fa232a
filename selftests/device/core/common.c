// SPDX-License-Identifier: GPL-2.0-or-later
/* The common configuration of the modern interface (virtio 1.3, 4.1.4.3). */
#include <string.h>

#include "bytes.h"
#include "fn.h"
#include "run.h"
#include "status.h"
#include "vq.h"

enum {
	C_DEVICE_FEATURE_SELECT = 0,
	C_DEVICE_FEATURE = 4,
	C_DRIVER_FEATURE_SELECT = 8,
	C_DRIVER_FEATURE = 12,
	C_CONFIG_MSIX_VECTOR = 16,
	C_NUM_QUEUES = 18,
	C_DEVICE_STATUS = 20,
	C_CONFIG_GENERATION = 21,
	C_QUEUE_SELECT = 22,
	C_QUEUE_SIZE = 24,
	C_QUEUE_MSIX_VECTOR = 26,
	C_QUEUE_ENABLE = 28,
	C_QUEUE_NOTIFY_OFF = 30,
	C_QUEUE_DESC = 32,
	C_QUEUE_DRIVER = 40,
	C_QUEUE_DEVICE = 48,
	C_QUEUE_NOTIFY_DATA = 56,
	C_QUEUE_RESET = 58,
	C_ADMIN_QUEUE_INDEX = 60,
	C_ADMIN_QUEUE_NUM = 62,
};

/* One 32-bit window of a 64-bit feature word; nothing beyond bit 63. */
static uint32_t feature_window(uint64_t features, uint32_t select)
{
	return select < 2 ? (uint32_t)(features >> 32 * select) : 0;
}

/* A register of a VF that lies: what it shows in place of @truth. */
static uint64_t shown(unsigned int fn, int32_t lie, uint64_t truth)
{
	return fn != NIC_PF && lie >= 0 ? (uint64_t)lie : truth;
}

static void queue_bytes(const struct nic *nic, unsigned int fn, uint8_t *c)
{
	const struct nic_fn *f = &nic->fn[fn];
	const struct nic_vq *vq = &f->vq[f->queue_select];

	nic_put_le(c + C_QUEUE_SIZE, shown(fn, nic->faults.queue_size_shown, vq->size), 2);
	nic_put_le(c + C_QUEUE_MSIX_VECTOR, vq->vector, 2);
	nic_put_le(c + C_QUEUE_ENABLE, vq->enabled, 2);
	nic_put_le(c + C_QUEUE_NOTIFY_OFF, shown(fn, nic->faults.notify_off_shown, f->queue_select),
		   2);
	nic_put_le(c + C_QUEUE_DESC, vq->desc, 8);
	nic_put_le(c + C_QUEUE_DRIVER, vq->avail, 8);
	nic_put_le(c + C_QUEUE_DEVICE, vq->used, 8);
	nic_put_le(c + C_QUEUE_NOTIFY_DATA, f->queue_select, 2);
}

/* What it says that it offers. */
static uint64_t shown_features(const struct nic *nic, unsigned int fn)
{
	if (fn != NIC_PF && nic->faults.features_all)
		return UINT64_MAX;
	return nic_fn_offered(nic, fn);
}

/* A driver has reset it, and it takes its time. */
static bool resetting(const struct nic *nic, const struct nic_fn *f)
{
	return f->reset_until && nic->ops.now_ns(nic->opaque) < f->reset_until;
}

static void common_bytes(const struct nic *nic, unsigned int fn, uint8_t *c)
{
	const struct nic_fn *f = &nic->fn[fn];

	memset(c, 0, NIC_COMMON_CFG_LEN);
	nic_put_le(c + C_DEVICE_FEATURE_SELECT, f->device_feature_select, 4);
	nic_put_le(c + C_DEVICE_FEATURE,
		   feature_window(shown_features(nic, fn), f->device_feature_select), 4);
	nic_put_le(c + C_DRIVER_FEATURE_SELECT, f->driver_feature_select, 4);
	nic_put_le(c + C_DRIVER_FEATURE,
		   feature_window(f->driver_features, f->driver_feature_select), 4);
	nic_put_le(c + C_CONFIG_MSIX_VECTOR, f->config_vector, 2);
	nic_put_le(c + C_NUM_QUEUES, nic_fn_nr_queues(f), 2);
	c[C_DEVICE_STATUS] = resetting(nic, f) ? f->reset_status : f->status;
	c[C_CONFIG_GENERATION] = f->config_generation;
	nic_put_le(c + C_QUEUE_SELECT, f->queue_select, 2);
	nic_put_le(c + C_QUEUE_MSIX_VECTOR, NIC_NO_VECTOR, 2);
	if (nic_fn_role(f, f->queue_select) != NIC_ROLE_NONE)
		queue_bytes(nic, fn, c);
	if (fn == NIC_PF && nic->set.admin_vq) {
		nic_put_le(c + C_ADMIN_QUEUE_INDEX, nic_admin_queue(nic), 2);
		nic_put_le(c + C_ADMIN_QUEUE_NUM, 1, 2);
	}
}

uint64_t nic_common_read(struct nic *nic, unsigned int fn, unsigned int offset, unsigned int width)
{
	uint8_t c[NIC_COMMON_CFG_LEN];

	if (!nic_fn_get(nic, fn) || !nic_width_ok(width) || offset >= sizeof(c) ||
	    width > sizeof(c) - offset)
		return nic_all_ones(width);
	if (nic->faults.config_restless && fn != NIC_PF && offset <= C_CONFIG_GENERATION &&
	    offset + width > C_CONFIG_GENERATION)
		nic->fn[fn].config_generation++;
	common_bytes(nic, fn, c);
	return nic_get_le(c + offset, width);
}

/* Bytes of the writable field that begins at @offset, 0 when none does. */
static unsigned int common_width(unsigned int offset)
{
	switch (offset) {
	case C_DEVICE_STATUS:
		return 1;
	case C_CONFIG_MSIX_VECTOR:
	case C_QUEUE_SELECT:
	case C_QUEUE_SIZE:
	case C_QUEUE_MSIX_VECTOR:
	case C_QUEUE_ENABLE:
	case C_QUEUE_RESET:
		return 2;
	case C_DEVICE_FEATURE_SELECT:
	case C_DRIVER_FEATURE_SELECT:
	case C_DRIVER_FEATURE:
	case C_QUEUE_DESC:
	case C_QUEUE_DESC + 4:
	case C_QUEUE_DRIVER:
	case C_QUEUE_DRIVER + 4:
	case C_QUEUE_DEVICE:
	case C_QUEUE_DEVICE + 4:
		return 4;
	default:
		return 0;
	}
}

/* Features are the driver's to choose until it has set FEATURES_OK. */
static void driver_feature(struct nic_fn *f, uint32_t value)
{
	unsigned int shift = 32 * f->driver_feature_select;

	if (!nic_fn_claim(f, NIC_IF_MODERN) || (f->status & NIC_S_FEATURES_OK))
		return;
	if (f->driver_feature_select >= 2) {
		f->driver_features_high |= value != 0;
		return;
	}
	f->driver_features &= ~((uint64_t)UINT32_MAX << shift);
	f->driver_features |= (uint64_t)value << shift;
}

/* What it has been doing since @status ends only later, if it is to be slow. */
static void reset_begins(struct nic *nic, unsigned int fn, uint8_t status)
{
	struct nic_fn *f = &nic->fn[fn];
	uint64_t now = nic->ops.now_ns(nic->opaque), slow = nic->faults.reset_slow_ns;

	if (fn == NIC_PF || !slow || !status)
		return;
	f->reset_until = slow < UINT64_MAX - now ? now + slow : UINT64_MAX;
	f->reset_status = status;
}

static void device_status(struct nic *nic, unsigned int fn, uint8_t value)
{
	uint8_t before = nic->fn[fn].status;

	if (value && !nic_fn_claim(&nic->fn[fn], NIC_IF_MODERN))
		return;
	if (nic_status_write(nic, fn, value))
		nic_run(nic);
	if (!value)
		reset_begins(nic, fn, before);
}

static void queue_address(struct nic_vq *vq, unsigned int offset, uint32_t value)
{
	uint64_t *half = offset < C_QUEUE_DRIVER ? &vq->desc :
			 offset < C_QUEUE_DEVICE ? &vq->avail :
						   &vq->used;

	if (offset & 4)
		*half = (uint64_t)value << 32 | (uint32_t)*half;
	else
		*half = (*half & ~(uint64_t)UINT32_MAX) | value;
}

static void queue_size(struct nic_fn *f, struct nic_vq *vq, uint16_t size)
{
	if (size && size <= vq->size_max && !(size & (size - 1)))
		vq->size = size;
	else
		f->count.bad_accesses++;
}

static void queue_reset(struct nic_fn *f, struct nic_vq *vq, uint16_t value)
{
	if (value == 1 && nic_fn_has(f, NIC_F_RING_RESET))
		nic_vq_reset(vq);
	else
		f->count.bad_accesses++;
}

/* Fields that only the reset may change once the queue is enabled. */
static void queue_setup(struct nic_fn *f, struct nic_vq *vq, unsigned int offset, uint32_t value)
{
	if (vq->enabled || !nic_fn_claim(f, NIC_IF_MODERN)) {
		f->count.bad_accesses++;
		return;
	}
	if (offset == C_QUEUE_SIZE)
		queue_size(f, vq, (uint16_t)value);
	else if (offset == C_QUEUE_ENABLE)
		vq->enabled = value == 1;
	else
		queue_address(vq, offset, value);
}

static void queue_write(struct nic_fn *f, unsigned int offset, uint32_t value)
{
	struct nic_vq *vq = nic_fn_selected(f);

	if (!vq)
		f->count.bad_accesses++;
	else if (offset == C_QUEUE_MSIX_VECTOR)
		vq->vector = nic_fn_vector(f, (uint16_t)value);
	else if (offset == C_QUEUE_RESET)
		queue_reset(f, vq, (uint16_t)value);
	else
		queue_setup(f, vq, offset, value);
}

static void common_write(struct nic *nic, unsigned int fn, unsigned int offset, uint32_t value)
{
	struct nic_fn *f = &nic->fn[fn];

	switch (offset) {
	case C_DEVICE_FEATURE_SELECT:
		f->device_feature_select = value;
		break;
	case C_DRIVER_FEATURE_SELECT:
		f->driver_feature_select = value;
		break;
	case C_DRIVER_FEATURE:
		driver_feature(f, value);
		break;
	case C_CONFIG_MSIX_VECTOR:
		f->config_vector = nic_fn_vector(f, (uint16_t)value);
		break;
	case C_DEVICE_STATUS:
		device_status(nic, fn, (uint8_t)value);
		break;
	case C_QUEUE_SELECT:
		f->queue_select = (uint16_t)value;
		break;
	default:
		queue_write(f, offset, value);
	}
}

void nic_common_write(struct nic *nic, unsigned int fn, unsigned int offset, uint64_t value,
		      unsigned int width)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f)
		return;
	if (resetting(nic, f)) {
		f->count.bad_accesses++;
		return;
	}
	if (width == 8 &&
	    (offset == C_QUEUE_DESC || offset == C_QUEUE_DRIVER || offset == C_QUEUE_DEVICE)) {
		common_write(nic, fn, offset, (uint32_t)value);
		common_write(nic, fn, offset + 4, (uint32_t)(value >> 32));
	} else if (width && common_width(offset) == width) {
		common_write(nic, fn, offset, (uint32_t)value);
	} else {
		f->count.bad_accesses++;
	}
}
