// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <stdlib.h>
#include <string.h>

#include "function.h"

#define DOORBELL_LEN 4u

static bool fails(struct function *f)
{
	return f->lies.fail_at && !--f->lies.fail_at;
}

static uint32_t truth(struct function *f, enum vvb_modern_area area, uint32_t offset, uint8_t width)
{
	struct nic *nic = f->w->nic;

	switch (area) {
	case VVB_MODERN_COMMON:
		return (uint32_t)nic_common_read(nic, FUNCTION_VF, offset, width);
	case VVB_MODERN_ISR:
		return nic_isr_read(nic, FUNCTION_VF);
	case VVB_MODERN_DEVICE:
		return (uint32_t)nic_device_cfg_read(nic, FUNCTION_VF, offset, width);
	default:
		return 0;
	}
}

static uint32_t told(struct function *f, uint32_t offset, uint32_t value)
{
	if (offset == VVB_MODERN_STATUS)
		value = (value & ~(uint32_t)f->lies.status_hidden) | f->lies.status_shown;
	if (offset == VVB_MODERN_CONFIG_GENERATION && f->lies.restless)
		value = f->generation++;
	if (f->lies.fixed && offset == f->lies.field)
		value = f->lies.value;
	return value;
}

static int function_read(void *on, enum vvb_modern_area area, uint32_t offset, uint8_t width,
			 uint32_t *value)
{
	struct function *f = on;

	if (fails(f))
		return -1;
	*value = truth(f, area, offset, width);
	if (area == VVB_MODERN_COMMON)
		*value = told(f, offset, *value);
	if (f->lies.all_ones)
		*value = (uint32_t)vvb_all_ones(width);
	return 0;
}

static int function_write(void *on, enum vvb_modern_area area, uint32_t offset, uint8_t width,
			  uint32_t value)
{
	struct function *f = on;
	struct nic *nic = f->w->nic;

	if (fails(f))
		return -1;
	if (area == VVB_MODERN_COMMON)
		nic_common_write(nic, FUNCTION_VF, offset, value, width);
	if (area == VVB_MODERN_NOTIFY)
		nic_notify(nic, FUNCTION_VF, offset / DOORBELL_LEN);
	if (area != VVB_MODERN_DEVICE)
		return 0;
	f->writes++;
	nic_device_cfg_write(nic, FUNCTION_VF, offset, value, width);
	return 0;
}

static int function_pause(void *on)
{
	struct function *f = on;

	world_sleep(f->w, 1000000);
	return 0;
}

static void place(struct vvb_modern_places *places, enum vvb_modern_area area, uint32_t len)
{
	places->area[area].bar = 2;
	places->area[area].offset = 0x1000u * area;
	places->area[area].len = len;
}

struct function *function_new(const struct nic_settings *set)
{
	static const struct vvb_modern_bus bus = {
		.read = function_read,
		.write = function_write,
		.pause = function_pause,
	};
	struct function *f = calloc(1, sizeof(*f));
	struct vvb_modern *m = &f->s.m;

	f->w = world_new(set, 1);
	m->nr_queues = (uint16_t)nic_nr_queues(&f->w->set, FUNCTION_VF);
	m->config_len = (uint8_t)f->w->set.config_len;
	m->layout = vvb_config_layout(VVB_DEVICE_NET);
	m->device_type = VVB_DEVICE_NET;
	m->places.multiplier = DOORBELL_LEN;
	place(&m->places, VVB_MODERN_COMMON, NIC_COMMON_CFG_LEN);
	place(&m->places, VVB_MODERN_NOTIFY, DOORBELL_LEN * m->nr_queues);
	place(&m->places, VVB_MODERN_ISR, NIC_ISR_LEN);
	place(&m->places, VVB_MODERN_DEVICE, m->config_len);
	f->s.behind = &bus;
	f->s.on = f;
	f->s.patience = 10;
	strict_init(&f->s);
	return f;
}

void function_free(struct function *f)
{
	function_right(f);
	world_free(f->w);
	free(f);
}

uint32_t function_get(struct function *f, enum vvb_field field)
{
	uint64_t value;

	cr_assert_eq(strict_get(&f->s, field, &value), 0);
	function_right(f);
	return (uint32_t)value;
}

void function_put(struct function *f, enum vvb_field field, uint32_t value)
{
	cr_assert_eq(strict_put(&f->s, field, value), 0);
	function_right(f);
}

bool function_event(struct function *f, enum vvb_modern_event event)
{
	bool happened = f->s.m.events & 1u << event;

	f->s.m.events &= ~(1u << event);
	return happened;
}

void function_start(struct function *f, uint32_t features)
{
	function_put(f, VVB_FIELD_DEVICE_STATUS, 0);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE);
	function_put(f, VVB_FIELD_DEVICE_STATUS, S_ACKNOWLEDGE | S_DRIVER);
	function_put(f, VVB_FIELD_DRIVER_FEATURES, features);
}

void function_ring(struct function *f, struct ring *r, unsigned int q)
{
	memset(r, 0, sizeof(*r));
	function_put(f, VVB_FIELD_QUEUE_SELECT, q);
	r->w = f->w;
	r->fn = FUNCTION_VF;
	r->q = q;
	r->size = (uint16_t)function_get(f, VVB_FIELD_QUEUE_SIZE);
	cr_assert_gt(r->size, 0);
	r->desc = world_alloc(f->w, 3 * 4096, 4096);
	r->avail = r->desc + 16u * r->size;
	r->used = (r->avail + 6 + 2u * r->size + 4095) & ~UINT64_C(4095);
	function_put(f, VVB_FIELD_QUEUE_ADDRESS, (uint32_t)(r->desc / 4096));
}
