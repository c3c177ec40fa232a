// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Automatic receive steering, as virtio has it for multiqueue: the frames of a flow come in at the pair
 * that last sent a frame of it. A flow is what has the same addresses and ports, whichever of
 * them is the source, and the same place in a small table.
 */
#include "flow.h"

#define ETH_ADDRESSES 12u /* both of them */
#define ETH_HDR_LEN 14u
#define IPV4_ADDRESSES 12u /* offset in its header */
#define IPV4_PROTOCOL 9u
#define IPV6_ADDRESSES 8u
#define IPV6_PROTOCOL 6u
#define IPV6_HDR_LEN 40u
#define PORTS_LEN 4u
#define TCP 6u
#define UDP 17u

/* The sum is the same whichever way a frame goes. */
static unsigned int sum(const uint8_t *bytes, size_t len)
{
	unsigned int i, n = 0;

	for (i = 0; i < len; i++)
		n += bytes[i];
	return n;
}

/**
 * struct packet - what of a frame tells its flow
 * @addresses:	of both ends, @addresses_len bytes
 * @ports:	of both ends; NULL for none
 */
struct packet {
	const uint8_t *addresses;
	size_t addresses_len;
	const uint8_t *ports;
};

static const uint8_t *ports_at(const uint8_t *frame, size_t len, size_t at, uint8_t protocol)
{
	if ((protocol != TCP && protocol != UDP) || len < at + PORTS_LEN)
		return NULL;
	return frame + at;
}

static struct packet packet_of(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + ETH_HDR_LEN;
	struct packet p = { frame, ETH_ADDRESSES, NULL };

	if (len >= ETH_HDR_LEN + 20 && frame[12] == 0x08 && frame[13] == 0x00) {
		p.addresses = ip + IPV4_ADDRESSES;
		p.addresses_len = 8;
		p.ports = ports_at(frame, len, ETH_HDR_LEN + 4u * (ip[0] & 15), ip[IPV4_PROTOCOL]);
	} else if (len >= ETH_HDR_LEN + IPV6_HDR_LEN && frame[12] == 0x86 && frame[13] == 0xdd) {
		p.addresses = ip + IPV6_ADDRESSES;
		p.addresses_len = 32;
		p.ports = ports_at(frame, len, ETH_HDR_LEN + IPV6_HDR_LEN, ip[IPV6_PROTOCOL]);
	}
	return p;
}

static unsigned int flow_of(const uint8_t *frame, size_t len)
{
	struct packet p = packet_of(frame, len);

	return (sum(p.addresses, p.addresses_len) + (p.ports ? sum(p.ports, PORTS_LEN) : 0)) %
	       NIC_FLOWS;
}

/* A frame of the switch has a whole Ethernet header. */
void nic_flow_sent(struct nic_fn *f, unsigned int q, const uint8_t *frame, size_t len)
{
	if (f->pairs > 1)
		f->flow[flow_of(frame, len)] = (uint8_t)(q / 2 + 1);
}

/* A flow of which nothing was sent goes to any of the pairs in use, and always to the same. */
unsigned int nic_flow_queue(const struct nic_fn *f, const uint8_t *frame, size_t len)
{
	unsigned int flow, pair;

	if (f->pairs < 2)
		return NIC_Q_RX;
	flow = flow_of(frame, len);
	pair = f->flow[flow] ? f->flow[flow] - 1u : flow;
	return 2 * (pair % f->pairs);
}
