// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>

#include "vring.h"

#define DESC_NEXT 1
#define DESC_WRITE 2
#define DESC_INDIRECT 4

/* Ring words: flags, index, entries. */
#define AVAIL_IDX 1
#define AVAIL_RING 2
#define USED_IDX 1
#define USED_RING 2

int vring_init(struct vring *vr, struct vf *vf, uint16_t size)
{
	size_t front = size * sizeof(struct vring_desc) + sizeof(uint16_t) * (3u + size);
	size_t back = sizeof(uint16_t) * 3 + size * sizeof(struct vring_used_elem);
	uint8_t *base;
	uint16_t i;

	front = (front + VRING_PAGE - 1) & ~(size_t)(VRING_PAGE - 1);
	base = vf_dma_alloc(vf, front + back, VRING_PAGE);
	vr->indirect = vf_dma_alloc(vf, size * VRING_MAX_SG * sizeof(struct vring_desc), 16);
	if (!size || !base || !vr->indirect)
		return -ENOMEM;
	vr->vf = vf;
	vr->size = size;
	vr->pfn = (uint32_t)(vf_iova(vf, base) / VRING_PAGE);
	vr->desc = (struct vring_desc *)base;
	vr->avail = (uint16_t *)(base + size * sizeof(struct vring_desc));
	vr->used = (uint16_t *)(base + front);
	vr->available = 0;
	vr->seen = 0;
	vr->free = 0;
	vr->free_nr = size;
	for (i = 0; i < size; i++)
		vr->desc[i].next = (uint16_t)(i + 1);
	return 0;
}

static void fill(const struct vring *vr, struct vring_desc *desc, const struct vring_sg *sg)
{
	desc->addr = vf_iova(vr->vf, sg->p);
	desc->len = sg->len;
	desc->flags = sg->writable ? DESC_WRITE : 0;
}

static void add_indirect(struct vring *vr, uint16_t head, const struct vring_sg *sg,
			 unsigned int nr)
{
	struct vring_desc *table = vr->indirect + head * VRING_MAX_SG;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		fill(vr, &table[i], &sg[i]);
		table[i].next = (uint16_t)(i + 1);
		if (i + 1 < nr)
			table[i].flags |= DESC_NEXT;
	}
	vr->free = vr->desc[head].next;
	vr->free_nr--;
	vr->desc[head].addr = vf_iova(vr->vf, table);
	vr->desc[head].len = (uint32_t)(nr * sizeof(*table));
	vr->desc[head].flags = DESC_INDIRECT;
}

static void add_chain(struct vring *vr, const struct vring_sg *sg, unsigned int nr)
{
	uint16_t at = vr->free;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		at = vr->free;
		fill(vr, &vr->desc[at], &sg[i]);
		if (i + 1 < nr)
			vr->desc[at].flags |= DESC_NEXT;
		vr->free = vr->desc[at].next;
	}
	vr->free_nr = (uint16_t)(vr->free_nr - nr);
}

int vring_add(struct vring *vr, const struct vring_sg *sg, unsigned int nr, int indirect)
{
	uint16_t head = vr->free;

	if (!nr || nr > VRING_MAX_SG || vr->free_nr < (indirect ? 1 : nr))
		return -ENOSPC;
	if (indirect)
		add_indirect(vr, head, sg, nr);
	else
		add_chain(vr, sg, nr);
	vr->avail[AVAIL_RING + vr->available % vr->size] = head;
	vr->available++;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	vr->avail[AVAIL_IDX] = vr->available;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return head;
}

static void give_back(struct vring *vr, uint16_t head)
{
	uint16_t last = head;

	vr->free_nr++;
	while (vr->desc[last].flags & DESC_NEXT) {
		last = vr->desc[last].next;
		vr->free_nr++;
	}
	vr->desc[last].next = vr->free;
	vr->free = head;
}

int vring_take(struct vring *vr, uint32_t *len)
{
	volatile struct vring_used_elem *elem;
	uint32_t head;

	if (vr->used[USED_IDX] == vr->seen)
		return -EAGAIN;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	elem = (volatile struct vring_used_elem *)&vr->used[USED_RING];
	elem += vr->seen % vr->size;
	head = elem->id;
	*len = elem->len;
	vr->seen++;
	if (head >= vr->size)
		return -EIO;
	give_back(vr, (uint16_t)head);
	return (int)head;
}
