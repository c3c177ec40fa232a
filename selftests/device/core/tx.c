// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames from a transmit queue into the switch. */
#include "chain.h"
#include "flow.h"
#include "ring.h"
#include "rx.h"
#include "switch.h"
#include "tx.h"

#define HDR_LEN_MAX 12u
#define HDR_GSO_TYPE 1u
#define ETH_HDR_LEN 14u

/* Frame length of a chain; 0 for one that can't be a frame. No offload is on offer. */
static size_t tx_frame(struct nic *nic, unsigned int fn, unsigned int q,
		       const struct nic_chain *chain)
{
	size_t hlen = nic_rx_header_len(&nic->fn[fn]);
	uint8_t hdr[HDR_LEN_MAX];
	size_t len;

	if (chain->out_len < hlen + ETH_HDR_LEN || chain->out_len - hlen > NIC_FRAME_MAX)
		return 0;
	len = (size_t)(chain->out_len - hlen);
	if (nic_chain_read(nic, fn, chain, 0, hdr, hlen) ||
	    nic_chain_read(nic, fn, chain, hlen, nic->frame, len)) {
		if (chain->gen == nic->fn[fn].vq[q].gen)
			nic_vq_break(nic, fn, q);
		return 0;
	}
	return hdr[0] || hdr[HDR_GSO_TYPE] ? 0 : len;
}

/* Sends the frame in a chain of the transmit queue and gives the chain back. */
void nic_tx(struct nic *nic, unsigned int fn, unsigned int q, const struct nic_chain *chain)
{
	struct nic_fn *f = &nic->fn[fn];
	size_t len = tx_frame(nic, fn, q, chain);

	if (len && f->link) {
		f->count.tx_frames++;
		f->count.tx_bytes += len;
		nic_flow_sent(f, q, nic->frame, len);
		nic_switch_frame(nic, fn, nic->frame, len);
	} else {
		f->count.tx_dropped++;
	}
	nic_vq_push(nic, fn, q, chain, 0);
}
