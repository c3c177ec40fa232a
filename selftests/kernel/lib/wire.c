// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include "wire.h"

#define WAIT_MS 5000

static const uint32_t lengths[WIRE_LENGTHS] = {
	14, 42, 60, 61, 243, 244, 245, 511, 1000, 1513, 1514,
};

static int one_out(struct net *net, const struct peer *peer, uint32_t len, uint8_t seed)
{
	uint8_t out[NET_FRAME_MAX], in[2 * NET_FRAME_MAX];
	int err;

	frame_build(out, len, peer->mac, net->mac, seed);
	err = net_send(net, out, len, WAIT_MS);
	if (err)
		return err;
	err = peer_receive(peer, in, sizeof(in), WAIT_MS);
	if (err < 0)
		return err;
	return frame_same(in, err, out, len) ? 0 : -EBADMSG;
}

static int one_in(struct net *net, const struct peer *peer, uint32_t len, uint8_t seed)
{
	uint8_t out[NET_FRAME_MAX], in[2 * NET_FRAME_MAX];
	int err;

	frame_build(out, len, seed & 1 ? frame_broadcast : net->mac, peer->mac, seed);
	err = peer_send(peer, out, len);
	if (err)
		return err;
	do { /* the host's own broadcasts may come first: ARP, IPv6 */
		err = net_receive(net, in, sizeof(in), WAIT_MS);
		if (err < 0)
			return err;
	} while (in[12] != PEER_ETHERTYPE >> 8 || in[13] != (PEER_ETHERTYPE & 0xff));
	return frame_same(in, err, out, len) ? 0 : -EBADMSG;
}

int wire_out(struct net *net, const struct peer *peer, unsigned int frames)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < frames && !err; i++)
		err = one_out(net, peer, lengths[i % WIRE_LENGTHS], (uint8_t)i);
	return err;
}

int wire_in(struct net *net, const struct peer *peer, unsigned int frames)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < frames && !err; i++)
		err = one_in(net, peer, lengths[i % WIRE_LENGTHS], (uint8_t)i);
	return err;
}
