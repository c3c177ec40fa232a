// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A learning switch. Ports: every function, and the uplink. Where a frame goes: to the
 * function that has its destination for a MAC, else to the port behind which it was
 * seen as a source, else everywhere; never back to where it came from.
 */
#include <string.h>

#include "rx.h"
#include "switch.h"

#define MAC_LEN 6u
#define NO_PORT 0xffu

static bool multicast(const uint8_t *mac)
{
	return mac[0] & 1;
}

static struct nic_mac_entry *lookup(struct nic_switch *sw, const uint8_t *mac)
{
	unsigned int i;

	for (i = 0; i < NIC_MAC_TABLE; i++)
		if (sw->entry[i].valid && !memcmp(sw->entry[i].mac, mac, MAC_LEN))
			return &sw->entry[i];
	return NULL;
}

/* A full table loses its entries in turn. */
static struct nic_mac_entry *place(struct nic_switch *sw)
{
	unsigned int i;

	for (i = 0; i < NIC_MAC_TABLE; i++)
		if (!sw->entry[i].valid)
			return &sw->entry[i];
	sw->next = (sw->next + 1) % NIC_MAC_TABLE;
	return &sw->entry[sw->next];
}

static void learn(struct nic_switch *sw, const uint8_t *mac, unsigned int port)
{
	struct nic_mac_entry *e;

	if (multicast(mac))
		return;
	e = lookup(sw, mac);
	if (!e) {
		e = place(sw);
		memcpy(e->mac, mac, MAC_LEN);
		e->valid = true;
	}
	e->port = (uint8_t)port;
}

/* What was learned of a port no longer holds. */
void nic_switch_forget(struct nic *nic, unsigned int port)
{
	struct nic_switch *sw = &nic->sw;
	unsigned int i;

	for (i = 0; i < NIC_MAC_TABLE; i++)
		if (sw->entry[i].port == port)
			sw->entry[i].valid = false;
}

static unsigned int destination(struct nic *nic, const uint8_t *mac)
{
	struct nic_mac_entry *e;
	unsigned int fn;

	if (multicast(mac))
		return NO_PORT;
	for (fn = 0; fn <= nic->num_vfs; fn++)
		if (nic_rx_ready(nic, fn) && !memcmp(nic->fn[fn].mac, mac, MAC_LEN))
			return fn;
	e = lookup(&nic->sw, mac);
	return e ? e->port : NO_PORT;
}

static bool send_to(struct nic *nic, unsigned int port, const uint8_t *frame, size_t len)
{
	if (port != NIC_UPLINK)
		return nic_rx(nic, port, frame, len);
	if (!nic->ops.uplink_send)
		return false;
	nic->count.uplink_tx++;
	nic->ops.uplink_send(nic->opaque, frame, len);
	return true;
}

static bool flood(struct nic *nic, unsigned int from, const uint8_t *frame, size_t len)
{
	bool taken = false;
	unsigned int fn;

	for (fn = 0; fn <= nic->num_vfs; fn++)
		if (fn != from && nic_rx_ready(nic, fn))
			taken |= nic_rx(nic, fn, frame, len);
	if (from != NIC_UPLINK)
		taken |= send_to(nic, NIC_UPLINK, frame, len);
	return taken;
}

/**
 * nic_switch_frame() - a frame comes in at a port
 *
 * Return: somebody took it.
 */
bool nic_switch_frame(struct nic *nic, unsigned int port, const uint8_t *frame, size_t len)
{
	unsigned int to;

	learn(&nic->sw, frame + MAC_LEN, port);
	to = destination(nic, frame);
	if (to == NO_PORT)
		return flood(nic, port, frame, len);
	return to != port && send_to(nic, to, frame, len);
}
