// SPDX-License-Identifier: GPL-2.0-or-later
/* The control virtqueue (virtio 1.3, 5.1.6.5): receive mode, MAC, queue pairs. */
#include <string.h>

#include "bytes.h"
#include "chain.h"
#include "ctrl.h"
#include "doorbell.h"
#include "fn.h"
#include "ring.h"

#define CLASS_RX 0u
#define RX_PROMISC 0u
#define RX_ALLMULTI 1u
#define CLASS_MAC 1u
#define MAC_TABLE_SET 0u
#define MAC_ADDR_SET 1u
#define CLASS_MQ 4u
#define MQ_PAIRS_SET 0u

#define ACK_OK 0u
#define ACK_ERR 1u

#define CTRL_HDR_LEN 2u
#define MAC_LEN 6u
#define PAIRS_LEN 2u

/* The switch hands over all that might be meant for a port: nothing to switch on. */
static bool rx_mode(const struct nic_fn *f, const struct nic_chain *chain, uint8_t command)
{
	return nic_fn_has(f, NIC_F_CTRL_RX) && command <= RX_ALLMULTI &&
	       chain->out_len > CTRL_HDR_LEN;
}

/* Two tables, unicast and multicast: an le32 count and so many addresses each. */
static bool mac_table(struct nic *nic, unsigned int fn, const struct nic_chain *chain)
{
	uint64_t at = CTRL_HDR_LEN;
	uint8_t raw[4];
	unsigned int i;

	if (!nic_fn_has(&nic->fn[fn], NIC_F_CTRL_RX))
		return false;
	for (i = 0; i < 2; i++) {
		if (chain->out_len < at + sizeof(raw) ||
		    nic_chain_read(nic, fn, chain, at, raw, sizeof(raw)))
			return false;
		at += sizeof(raw) + nic_get_le(raw, sizeof(raw)) * MAC_LEN;
	}
	return chain->out_len >= at;
}

static bool mac_set(struct nic *nic, unsigned int fn, const struct nic_chain *chain)
{
	struct nic_fn *f = &nic->fn[fn];
	uint8_t mac[MAC_LEN];

	if (!nic_fn_has(f, NIC_F_CTRL_MAC_ADDR) || chain->out_len < CTRL_HDR_LEN + MAC_LEN ||
	    nic_chain_read(nic, fn, chain, CTRL_HDR_LEN, mac, sizeof(mac)))
		return false;
	memcpy(f->mac, mac, sizeof(mac));
	return true;
}

/* What the driver has put into queues that come into use counts as rung for. */
static bool pairs_set(struct nic *nic, unsigned int fn, const struct nic_chain *chain)
{
	struct nic_fn *f = &nic->fn[fn];
	uint8_t raw[PAIRS_LEN];
	uint16_t pairs;

	if (!nic_fn_has(f, NIC_F_MQ) || chain->out_len < CTRL_HDR_LEN + PAIRS_LEN ||
	    nic_chain_read(nic, fn, chain, CTRL_HDR_LEN, raw, sizeof(raw)))
		return false;
	pairs = (uint16_t)nic_get_le(raw, sizeof(raw));
	if (!pairs || pairs > f->max_pairs)
		return false;
	f->pairs = pairs;
	nic_doorbell_all(nic, fn);
	return true;
}

static bool ctrl_command(struct nic *nic, unsigned int fn, const struct nic_chain *chain)
{
	uint8_t hdr[CTRL_HDR_LEN];

	if (chain->out_len < sizeof(hdr) || nic_chain_read(nic, fn, chain, 0, hdr, sizeof(hdr)))
		return false;
	if (hdr[0] == CLASS_RX)
		return rx_mode(&nic->fn[fn], chain, hdr[1]);
	if (hdr[0] == CLASS_MAC && hdr[1] == MAC_TABLE_SET)
		return mac_table(nic, fn, chain);
	if (hdr[0] == CLASS_MAC && hdr[1] == MAC_ADDR_SET)
		return mac_set(nic, fn, chain);
	if (hdr[0] == CLASS_MQ && hdr[1] == MQ_PAIRS_SET)
		return pairs_set(nic, fn, chain);
	return false;
}

void nic_ctrl(struct nic *nic, unsigned int fn, unsigned int q, const struct nic_chain *chain)
{
	uint8_t ack = ctrl_command(nic, fn, chain) ? ACK_OK : ACK_ERR;

	if (nic_chain_write(nic, fn, chain, 0, &ack, sizeof(ack))) {
		if (chain->gen == nic->fn[fn].vq[q].gen)
			nic_vq_break(nic, fn, q);
		return;
	}
	nic_vq_push(nic, fn, q, chain, chain->in_len ? 1 : 0);
}
