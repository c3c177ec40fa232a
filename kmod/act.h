/* SPDX-License-Identifier: GPL-2.0-only */
/* What each access needs before it is decided, in line, and how it ends. */
#ifndef VVB_ACT_H
#define VVB_ACT_H

#include "vvb.h"

int vvb_act(struct vvb_vf *vf, struct vvb_access *acc);
int vvb_conclude(struct vvb_vf *vf, struct vvb_frame *frame, int err);
int vvb_finish(struct vvb_vf *vf, struct vvb_frame *frame);

static inline void vvb_access_init(struct vvb_vf *vf, struct vvb_access *acc,
				   const struct vvb_field_access *fa, bool write, bool msix)
{
	/* one by one: of an initialiser the compiler makes a string instruction, which is dear */
	acc->vf = vf->id;
	acc->seq = 0;
	acc->epoch = READ_ONCE(vf->epoch);
	acc->field = fa->field;
	acc->area = fa->area;
	acc->offset = fa->offset;
	acc->width = fa->width;
	acc->write = write;
	acc->msix = msix;
	acc->verdict = VVB_DEFAULT;
	acc->handler = 0;
	acc->error = 0;
	acc->delay_us = 0;
	acc->value = 0;
	acc->scratch = 0;
}

/* What BAR0 does while I/O decoding is off: nothing. */
static inline int vvb_io_check(struct vvb_vf *vf)
{
	if (likely(READ_ONCE(vf->io_enabled)))
		return 0;
	vvb_stats_event(vf, VVB_EV_IO_DISABLED);
	return -EIO;
}

#endif /* VVB_ACT_H */
