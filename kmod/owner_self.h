/* SPDX-License-Identifier: GPL-2.0-only */
/* A function as its own owner, see owner_self.c. */
#ifndef VVB_OWNER_SELF_H
#define VVB_OWNER_SELF_H

#include <linux/io.h>

#include <vvb/modern.h>

struct vvb_call;
struct vvb_vf;

/**
 * struct vvb_self - a function that is open, and its own owner
 * @vf:		the function
 * @m:		its legacy registers; under vf->owner.turn
 * @base:	where its areas are mapped, NULL for one that it has not got
 * @epoch:	of which @m speaks
 * @call:	that is being carried out
 * @late:	why the device was waited for no longer
 * @queue:	of @m; what a kick needs is read without a lock
 */
struct vvb_self {
	struct vvb_vf *vf;
	struct vvb_modern m;
	void __iomem *base[VVB_MODERN_AREAS];
	u32 epoch;
	const struct vvb_call *call;
	int late;
	struct vvb_modern_queue queue[];
};

const char *vvb_owner_self_look(struct vvb_vf *vf);
int vvb_owner_self_open(struct vvb_vf *vf);
void vvb_owner_self_close(struct vvb_vf *vf);
void vvb_owner_self_size_told(struct vvb_vf *vf, u16 queue, u16 size);
int vvb_owner_self_ask(struct vvb_vf *vf, struct vvb_call *call);

/**
 * vvb_owner_self_ring - kick a device that is live
 * @self:	the function
 * @queue:	whatever the guest wrote; one that the device has not got is nobody's
 *
 * Beside a reset the queue may be gone, or not yet there again; its doorbell is one all the time.
 * Context: any; memory_lock is held for reading.
 */
static inline void vvb_owner_self_ring(const struct vvb_self *self, u16 queue)
{
	if (likely(queue < self->m.nr_queues && READ_ONCE(self->queue[queue].enabled)))
		writew(queue,
		       self->base[VVB_MODERN_NOTIFY] + READ_ONCE(self->queue[queue].doorbell));
}

/* Kick all queues, as some kick may have been lost: one too many does no harm. Context as above. */
static inline void vvb_owner_self_ring_all(const struct vvb_self *self)
{
	unsigned int i;

	for (i = 0; i < self->m.nr_queues; i++)
		vvb_owner_self_ring(self, i);
}

#endif /* VVB_OWNER_SELF_H */
