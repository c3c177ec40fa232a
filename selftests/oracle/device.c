// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The registers as honest hardware has them, and what changes them from the side. */
#include <string.h>

#include "oracle.h"

#define NO_VECTOR 0xffffu
#define MAC_LEN 6u
#define LINK_STATUS 6u /* of two bytes; bit 0: the link is up */

#define STATUS_DRIVER_OK 4u
#define STATUS_NEEDS_RESET 64u /* the device's to set, and not in a legacy interface */
#define ISR_CONFIG 2u

static struct oracle_queue *selected(struct oracle *o)
{
	return o->select < ORACLE_QUEUES ? &o->queue[o->select] : NULL;
}

static uint16_t vector(const struct oracle *o, uint32_t value)
{
	return (uint16_t)(value < o->set.vectors ? value : NO_VECTOR);
}

/* What a driver undoes by writing 0 to device status. The link is not its to change. */
static void device_reset(struct oracle *o)
{
	unsigned int q;

	o->status = 0;
	o->isr = 0;
	o->select = 0;
	o->features = 0;
	o->config_vector = NO_VECTOR;
	memcpy(o->config, o->set.config, MAC_LEN);
	for (q = 0; q < ORACLE_QUEUES; q++) {
		o->queue[q].address = 0;
		o->queue[q].vector = NO_VECTOR;
	}
}

void oracle_init(struct oracle *o, const struct oracle_settings *set)
{
	memset(o, 0, sizeof(*o));
	o->set = *set;
	o->io = true;
	o->link = true;
	memcpy(o->config, set->config, sizeof(o->config));
	device_reset(o);
}

static uint8_t isr_read(struct oracle *o)
{
	uint8_t isr = o->isr;

	o->isr = 0;
	return isr;
}

uint64_t oracle_register_read(struct oracle *o, char name)
{
	const struct oracle_queue *q = selected(o);

	switch (name) {
	case 'F':
		return o->set.features;
	case 'D':
		return o->features;
	case 'A':
		return q ? q->address : 0;
	case 'S':
		return q ? o->set.queue_size : 0;
	case 'Q':
		return o->select;
	case 'T':
		return o->status;
	case 'I':
		return isr_read(o);
	case 'c':
		return o->config_vector;
	case 'q':
		return q ? q->vector : NO_VECTOR;
	default: /* queue notify is for writing */
		return 0;
	}
}

static void status_write(struct oracle *o, uint8_t status)
{
	if (status)
		o->status = status & (uint8_t)~STATUS_NEEDS_RESET;
	else
		device_reset(o);
}

void oracle_register_write(struct oracle *o, char name, uint32_t value)
{
	struct oracle_queue *q = selected(o);

	switch (name) {
	case 'D':
		o->features = value & o->set.features;
		break;
	case 'A':
		if (q)
			q->address = value;
		break;
	case 'Q':
		o->select = (uint16_t)value;
		break;
	case 'T':
		status_write(o, (uint8_t)value);
		break;
	case 'c':
		o->config_vector = vector(o, value);
		break;
	case 'q':
		if (q)
			q->vector = vector(o, value);
		break;
	default: /* read-only */
		break;
	}
}

/* Only the MAC can be written, and that only by a driver without the command for it. */
void oracle_config_write(struct oracle *o, unsigned int at, const uint8_t *bytes, unsigned int len)
{
	if (at < MAC_LEN && !(o->features & ORACLE_CTRL_MAC_ADDR))
		memcpy(o->config + at, bytes, len);
}

void oracle_set_io(struct oracle *o, bool on)
{
	o->io = on;
}

void oracle_set_msix(struct oracle *o, bool on)
{
	o->msix = on;
}

/* A device that a driver runs says that its configuration has changed. */
void oracle_set_link(struct oracle *o, bool up)
{
	if (o->link == up)
		return;
	o->link = up;
	o->config[LINK_STATUS] = up;
	if (o->status & STATUS_DRIVER_OK)
		o->isr |= ISR_CONFIG;
}

void oracle_set_master(struct oracle *o, bool on)
{
	o->master = on;
}

/* What is in PCI_COMMAND stays, as the kernel saves and restores it, and so does MSI-X. */
void oracle_reset(struct oracle *o)
{
	device_reset(o);
}

void oracle_reopen(struct oracle *o)
{
	oracle_reset(o);
	o->io = true;
	o->master = false;
	o->msix = false;
}
