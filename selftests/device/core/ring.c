// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Split virtqueues (virtio 1.3, 2.7), modern and legacy alike: only where the three
 * parts lie differs. Everything read from a ring is the driver's, to be taken on faith
 * in nothing; any call into the embedder may come back with a reset of this very queue,
 * which its generation tells.
 */
#include "bytes.h"
#include "chain.h"
#include "fn.h"
#include "ring.h"

#define AVAIL_F_NO_INTERRUPT 1u
#define USED_ELEM_LEN 8u

/* May buffers be taken? A legacy driver may use its queues before DRIVER_OK. */
bool nic_vq_live(const struct nic_fn *f, unsigned int q)
{
	const struct nic_vq *vq = &f->vq[q];

	if (!f->exists || !vq->enabled || vq->broken)
		return false;
	return f->interface == NIC_IF_LEGACY || (f->status & NIC_S_DRIVER_OK);
}

void nic_vq_break(struct nic *nic, unsigned int fn, unsigned int q)
{
	struct nic_fn *f = &nic->fn[fn];

	f->vq[q].broken = true;
	f->count.ring_errors++;
	nic_needs_reset(nic, fn);
}

/* 16 bits of a ring; -1 and a broken queue when they can't be read. */
static int ring_get16(struct nic *nic, unsigned int fn, unsigned int q, uint64_t addr, uint16_t *v)
{
	uint32_t gen = nic->fn[fn].vq[q].gen;
	uint8_t raw[2];

	if (nic->ops.dma_read(nic->opaque, fn, addr, raw, sizeof(raw))) {
		if (gen == nic->fn[fn].vq[q].gen)
			nic_vq_break(nic, fn, q);
		return -1;
	}
	*v = (uint16_t)nic_get_le(raw, sizeof(raw));
	return gen == nic->fn[fn].vq[q].gen ? 0 : -1;
}

static int ring_put(struct nic *nic, unsigned int fn, unsigned int q, uint64_t addr, uint64_t v,
		    unsigned int width)
{
	uint32_t gen = nic->fn[fn].vq[q].gen;
	uint8_t raw[8];

	nic_put_le(raw, v, width);
	if (nic->ops.dma_write(nic->opaque, fn, addr, raw, width)) {
		if (gen == nic->fn[fn].vq[q].gen)
			nic_vq_break(nic, fn, q);
		return -1;
	}
	return gen == nic->fn[fn].vq[q].gen ? 0 : -1;
}

/* How many entries the driver has made available and we have not taken; -1 on error. */
static int ring_available(struct nic *nic, unsigned int fn, unsigned int q)
{
	struct nic_vq *vq = &nic->fn[fn].vq[q];
	uint16_t idx, n;

	if (ring_get16(nic, fn, q, vq->avail + 2, &idx))
		return -1;
	n = (uint16_t)(idx - vq->last_avail);
	if (n > vq->size) {
		nic_vq_break(nic, fn, q);
		return -1;
	}
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return n;
}

/* With EVENT_IDX an empty queue must say when it wants to hear of the next buffer. */
static int ring_empty(struct nic *nic, unsigned int fn, unsigned int q)
{
	struct nic_vq *vq = &nic->fn[fn].vq[q];

	if (!nic_fn_has(&nic->fn[fn], NIC_F_EVENT_IDX))
		return 0;
	if (ring_put(nic, fn, q, vq->used + 4 + USED_ELEM_LEN * vq->size, vq->last_avail, 2))
		return -1;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return ring_available(nic, fn, q);
}

/**
 * nic_vq_pop() - take the next chain off a queue
 * @chain:	filled in
 *
 * Return: 1 with a chain; 0 when there is none; -1 when the queue is broken now, or was
 * reset under our hands.
 */
int nic_vq_pop(struct nic *nic, unsigned int fn, unsigned int q, struct nic_chain *chain)
{
	struct nic_vq *vq = &nic->fn[fn].vq[q];
	uint64_t entry;
	int n;

	if (!nic_vq_live(&nic->fn[fn], q))
		return -1;
	n = ring_available(nic, fn, q);
	if (!n)
		n = ring_empty(nic, fn, q);
	if (n <= 0)
		return n;
	entry = vq->avail + 4 + 2u * (vq->last_avail % vq->size);
	if (ring_get16(nic, fn, q, entry, &chain->head))
		return -1;
	chain->gen = vq->gen;
	if (nic_chain_walk(nic, fn, q, chain)) {
		if (chain->gen == vq->gen)
			nic_vq_break(nic, fn, q);
		return -1;
	}
	vq->last_avail++;
	return 1;
}

/* Writes a used entry, @ahead of the published ones. */
int nic_vq_used(struct nic *nic, unsigned int fn, unsigned int q, uint32_t gen, unsigned int ahead,
		uint16_t head, uint32_t len)
{
	struct nic_vq *vq = &nic->fn[fn].vq[q];
	unsigned int at;

	if (gen != vq->gen || vq->broken)
		return -1;
	at = (uint16_t)(vq->used_idx + ahead) % vq->size;
	return ring_put(nic, fn, q, vq->used + 4 + USED_ELEM_LEN * at, (uint64_t)len << 32 | head,
			USED_ELEM_LEN);
}

/* Does the driver want to hear of used entries (old, new]? */
static bool interrupt_wanted(struct nic *nic, unsigned int fn, unsigned int q, uint16_t old,
			     uint16_t new)
{
	struct nic_vq *vq = &nic->fn[fn].vq[q];
	uint16_t v;

	if (!nic_fn_has(&nic->fn[fn], NIC_F_EVENT_IDX))
		return !ring_get16(nic, fn, q, vq->avail, &v) && !(v & AVAIL_F_NO_INTERRUPT);
	if (ring_get16(nic, fn, q, vq->avail + 4 + 2u * vq->size, &v))
		return false;
	return (uint16_t)(new - v - 1) < (uint16_t)(new - old);
}

/* Makes @n used entries visible, and interrupts unless the driver prefers not. */
void nic_vq_publish(struct nic *nic, unsigned int fn, unsigned int q, uint32_t gen, unsigned int n)
{
	struct nic_vq *vq = &nic->fn[fn].vq[q];
	uint16_t old = vq->used_idx;
	uint16_t new = (uint16_t)(old + n);

	if (gen != vq->gen || vq->broken)
		return;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vq->used_idx = new;
	if (ring_put(nic, fn, q, vq->used + 2, new, 2))
		return;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (interrupt_wanted(nic, fn, q, old, new))
		nic_fn_queue_interrupt(nic, fn, vq->vector);
}

/* Gives one chain back to the driver, @len bytes of it written. */
void nic_vq_push(struct nic *nic, unsigned int fn, unsigned int q, const struct nic_chain *chain,
		 uint32_t len)
{
	if (!nic_vq_used(nic, fn, q, chain->gen, 0, chain->head, len))
		nic_vq_publish(nic, fn, q, chain->gen, 1);
}

/* The time @ns, where no driver of a split ring has anything: see struct nic_faults. */
void nic_vq_stamp(struct nic *nic, unsigned int fn, unsigned int q, uint64_t ns)
{
	struct nic_vq *vq = &nic->fn[fn].vq[q];

	ring_put(nic, fn, q, vq->used + 4 + USED_ELEM_LEN * vq->size + 4, ns, 8);
}

/* How many chains wait in a queue; for a person to see, breaks nothing. */
unsigned int nic_vq_waiting(struct nic *nic, unsigned int fn, unsigned int q)
{
	const struct nic_vq *vq = &nic->fn[fn].vq[q];
	uint8_t raw[2];
	uint16_t n;

	if (!nic_vq_live(&nic->fn[fn], q) ||
	    nic->ops.dma_read(nic->opaque, fn, vq->avail + 2, raw, sizeof(raw)))
		return 0;
	n = (uint16_t)(nic_get_le(raw, sizeof(raw)) - vq->last_avail);
	return n > vq->size ? 0 : n;
}
