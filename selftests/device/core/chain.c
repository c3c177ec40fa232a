// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptor chains: from a head to a list of segments, and bytes in and out of it. */
#include "bytes.h"
#include "chain.h"
#include "fn.h"

#define DESC_F_NEXT 1u
#define DESC_F_WRITE 2u
#define DESC_F_INDIRECT 4u
#define DESC_LEN 16u

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

/* A table of descriptors: the ring's own, or an indirect one. */
struct table {
	uint64_t addr;
	uint32_t nr;
};

static int desc_read(struct nic *nic, unsigned int fn, const struct table *table, uint16_t i,
		     struct desc *d)
{
	uint8_t raw[DESC_LEN];

	if (i >= table->nr ||
	    nic->ops.dma_read(nic->opaque, fn, table->addr + DESC_LEN * i, raw, sizeof(raw)))
		return -1;
	d->addr = nic_get_le(raw, 8);
	d->len = (uint32_t)nic_get_le(raw + 8, 4);
	d->flags = (uint16_t)nic_get_le(raw + 12, 2);
	d->next = (uint16_t)nic_get_le(raw + 14, 2);
	return 0;
}

/* Readable segments come first; empty ones are left out. */
static int chain_add(struct nic_chain *chain, const struct desc *d)
{
	unsigned int n = chain->nr_out + chain->nr_in;

	if (!(d->flags & DESC_F_WRITE) && chain->nr_in)
		return -1;
	if (!d->len)
		return 0;
	if (n == NIC_CHAIN_MAX)
		return -1;
	chain->seg[n].addr = d->addr;
	chain->seg[n].len = d->len;
	if (d->flags & DESC_F_WRITE) {
		chain->nr_in++;
		chain->in_len += d->len;
	} else {
		chain->nr_out++;
		chain->out_len += d->len;
	}
	return 0;
}

/* An indirect table stands at the end of a chain and holds no other one. */
static int indirect_open(const struct nic_fn *f, const struct desc *d, struct table *table,
			 bool *inside)
{
	if (*inside || !nic_fn_has(f, NIC_F_INDIRECT_DESC) || (d->flags & DESC_F_NEXT) || !d->len ||
	    d->len % DESC_LEN || d->len / DESC_LEN > NIC_CHAIN_MAX)
		return -1;
	table->addr = d->addr;
	table->nr = d->len / DESC_LEN;
	*inside = true;
	return 0;
}

/**
 * nic_chain_walk() - collect the segments of the chain at @chain->head
 *
 * A table of N descriptors is left after at most N steps: a loop ends there.
 *
 * Return: 0; -1 for a chain that no driver may build, or one that can't be read.
 */
int nic_chain_walk(struct nic *nic, unsigned int fn, unsigned int q, struct nic_chain *chain)
{
	const struct nic_vq *vq = &nic->fn[fn].vq[q];
	struct table table = { vq->desc, vq->size };
	uint16_t i = chain->head;
	bool inside = false;
	uint32_t steps = 0;
	struct desc d;

	chain->nr_out = 0;
	chain->nr_in = 0;
	chain->out_len = 0;
	chain->in_len = 0;
	for (;;) {
		if (steps++ >= table.nr || desc_read(nic, fn, &table, i, &d) ||
		    chain->gen != vq->gen)
			return -1;
		if (d.flags & DESC_F_INDIRECT) {
			if (indirect_open(&nic->fn[fn], &d, &table, &inside))
				return -1;
			i = 0;
			steps = 0;
			continue;
		}
		if (chain_add(chain, &d))
			return -1;
		if (!(d.flags & DESC_F_NEXT))
			return 0;
		i = d.next;
	}
}

/* Moves @len bytes at @offset between @buf and a row of segments; stops at its end. */
static int segs_copy(struct nic *nic, unsigned int fn, const struct nic_seg *seg, unsigned int nr,
		     uint64_t offset, uint8_t *buf, const uint8_t *from, size_t len)
{
	size_t n;
	int err;

	for (; nr && len; nr--, seg++) {
		if (offset >= seg->len) {
			offset -= seg->len;
			continue;
		}
		n = seg->len - offset < len ? seg->len - offset : len;
		err = buf ? nic->ops.dma_read(nic->opaque, fn, seg->addr + offset, buf, n) :
			    nic->ops.dma_write(nic->opaque, fn, seg->addr + offset, from, n);
		if (err)
			return -1;
		buf = buf ? buf + n : NULL;
		from = from ? from + n : NULL;
		len -= n;
		offset = 0;
	}
	return 0;
}

/* Reads from the device-readable part; the caller has compared with out_len. */
int nic_chain_read(struct nic *nic, unsigned int fn, const struct nic_chain *chain, uint64_t offset,
		   void *buf, size_t len)
{
	return segs_copy(nic, fn, chain->seg, chain->nr_out, offset, buf, NULL, len);
}

/* Writes to the device-writable part; what does not fit is discarded. */
int nic_chain_write(struct nic *nic, unsigned int fn, const struct nic_chain *chain,
		    uint64_t offset, const void *buf, size_t len)
{
	return segs_copy(nic, fn, chain->seg + chain->nr_out, chain->nr_in, offset, NULL, buf, len);
}

/* Where byte @offset of the device-writable part lies. */
bool nic_chain_in_addr(const struct nic_chain *chain, uint64_t offset, uint64_t *addr)
{
	const struct nic_seg *seg = chain->seg + chain->nr_out;
	unsigned int i;

	for (i = 0; i < chain->nr_in; i++) {
		if (offset < seg[i].len) {
			*addr = seg[i].addr + offset;
			return true;
		}
		offset -= seg[i].len;
	}
	return false;
}
