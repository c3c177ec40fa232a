/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A split virtqueue in the legacy layout (virtio 1.3, 2.7.2): descriptors, available
 * ring and, on the next page, the used ring, all in one piece named by its page number.
 * Driver side only.
 */
#ifndef VRING_H
#define VRING_H

#include "vfio.h"

#define VRING_PAGE 4096u

struct vring_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct vring_used_elem {
	uint32_t id;
	uint32_t len;
};

/* One buffer of a request, in DMA memory. */
struct vring_sg {
	void *p;
	uint32_t len;
	int writable; /* by the device */
};

#define VRING_MAX_SG 4

/**
 * struct vring - a queue and what the driver remembers about it
 * @vf:		whose
 * @size:	descriptors
 * @pfn:	what goes into the queue address register
 * @free:	head of the chain of free descriptors
 * @free_nr:	how many they are
 * @available, @seen: running indices: offered to the device, taken back from it
 * @indirect:	one table of VRING_MAX_SG descriptors per ring descriptor
 */
struct vring {
	struct vf *vf;
	uint16_t size;
	uint32_t pfn;
	struct vring_desc *desc;
	volatile uint16_t *avail;
	volatile uint16_t *used;
	uint16_t free;
	uint16_t free_nr;
	uint16_t available;
	uint16_t seen;
	struct vring_desc *indirect;
};

int vring_init(struct vring *vr, struct vf *vf, uint16_t size);

/* Offer @nr buffers as one chain, or as one indirect table. Return: its head, -ENOSPC. */
int vring_add(struct vring *vr, const struct vring_sg *sg, unsigned int nr, int indirect);

/* Take one chain back. Return: its head, -EAGAIN; @len: bytes that the device wrote. */
int vring_take(struct vring *vr, uint32_t *len);

#endif /* VRING_H */
