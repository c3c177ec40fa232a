// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames out of the switch into receive queues. */
#include "bytes.h"
#include "chain.h"
#include "flow.h"
#include "fn.h"
#include "ring.h"
#include "rx.h"
#include "vq.h"

#define HDR_LEN_MAX 12u
#define HDR_NUM_BUFFERS 10u
#define MERGE_MAX 64u /* buffers for one frame */

/* The header has num_buffers with the modern interface, or mergeable buffers. */
size_t nic_rx_header_len(const struct nic_fn *f)
{
	return f->driver_features & (NIC_F_VERSION_1 | NIC_F_MRG_RXBUF) ? 12 : 10;
}

/* Is there a driver that could take a frame? */
bool nic_rx_ready(const struct nic *nic, unsigned int fn)
{
	const struct nic_fn *f = &nic->fn[fn];

	return nic_vq_live(f, NIC_Q_RX) && (f->status & NIC_S_DRIVER_OK);
}

/* One frame on its way into the buffers of a receive queue. */
struct rx {
	const uint8_t *frame;
	size_t len;
	size_t done; /* bytes of the frame that have found a place */
	size_t hlen;
	unsigned int q;
	unsigned int taken; /* chains off the queue, not yet published */
	uint32_t gen;
	uint64_t num_buffers[2]; /* where its two bytes lie */
};

/* A buffer that can't be written breaks the queue. */
static int rx_bad(struct nic *nic, unsigned int fn, const struct rx *rx)
{
	if (rx->gen == nic->fn[fn].vq[rx->q].gen)
		nic_vq_break(nic, fn, rx->q);
	return -1;
}

/* Header into the first buffer; where num_buffers lies is kept for the end. */
static int rx_header(struct nic *nic, unsigned int fn, struct rx *rx)
{
	const struct nic_chain *chain = &nic->rx_chain;
	uint8_t hdr[HDR_LEN_MAX] = { 0 };

	if (chain->in_len < rx->hlen)
		return -1;
	if (rx->hlen > HDR_NUM_BUFFERS) {
		nic_chain_in_addr(chain, HDR_NUM_BUFFERS, &rx->num_buffers[0]);
		nic_chain_in_addr(chain, HDR_NUM_BUFFERS + 1, &rx->num_buffers[1]);
	}
	if (nic_chain_write(nic, fn, chain, 0, hdr, rx->hlen))
		return rx_bad(nic, fn, rx);
	return 0;
}

static int rx_num_buffers(struct nic *nic, unsigned int fn, const struct rx *rx)
{
	uint8_t raw[2];
	unsigned int i;

	if (rx->hlen <= HDR_NUM_BUFFERS)
		return 0;
	nic_put_le(raw, rx->taken, sizeof(raw));
	for (i = 0; i < sizeof(raw); i++)
		if (nic->ops.dma_write(nic->opaque, fn, rx->num_buffers[i], raw + i, 1))
			return rx_bad(nic, fn, rx);
	return 0;
}

/* Fills the buffer just taken. 0, or -1 when it is of no use. */
static int rx_fill(struct nic *nic, unsigned int fn, struct rx *rx)
{
	const struct nic_chain *chain = &nic->rx_chain;
	size_t at = rx->taken == 1 ? rx->hlen : 0;
	size_t n;

	if (rx->taken == 1 && rx_header(nic, fn, rx))
		return -1;
	n = rx->len - rx->done;
	if (chain->in_len - at < n)
		n = (size_t)(chain->in_len - at);
	if (nic_chain_write(nic, fn, chain, at, rx->frame + rx->done, n))
		return rx_bad(nic, fn, rx);
	rx->done += n;
	return nic_vq_used(nic, fn, rx->q, chain->gen, rx->taken - 1, chain->head,
			   (uint32_t)(at + n));
}

/* Takes buffers until the frame has found its place: one, or several mergeable ones. */
static bool rx_place(struct nic *nic, unsigned int fn, struct rx *rx)
{
	unsigned int max = nic_fn_has(&nic->fn[fn], NIC_F_MRG_RXBUF) ? MERGE_MAX : 1;

	while (rx->done < rx->len) {
		if (rx->taken == max || nic_vq_pop(nic, fn, rx->q, &nic->rx_chain) <= 0)
			return false;
		if (rx->taken++ && nic->rx_chain.gen != rx->gen)
			return false;
		rx->gen = nic->rx_chain.gen;
		if (rx_fill(nic, fn, rx))
			return false;
	}
	return !rx_num_buffers(nic, fn, rx);
}

/**
 * nic_rx() - a frame for a function
 *
 * All or nothing: a frame that finds no place is dropped, its buffers stay available.
 *
 * Return: the function took it.
 */
bool nic_rx(struct nic *nic, unsigned int fn, const uint8_t *frame, size_t len)
{
	struct nic_fn *f = &nic->fn[fn];
	struct rx rx = { .frame = frame, .len = len, .hlen = nic_rx_header_len(f) };
	struct nic_vq *vq;

	rx.q = nic_flow_queue(f, frame, len);
	vq = &f->vq[rx.q];
	rx.gen = vq->gen;

	if (!f->link || !nic_rx_ready(nic, fn) || !rx_place(nic, fn, &rx)) {
		f->count.rx_dropped++;
		if (rx.gen == vq->gen)
			nic_vq_unpop(vq, rx.taken);
		return false;
	}
	f->count.rx_frames++;
	f->count.rx_bytes += len;
	nic_vq_publish(nic, fn, rx.q, rx.gen, rx.taken);
	return true;
}
