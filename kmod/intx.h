/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * INTx of a VF, which has none: the line, its mask, and the ISR byte behind it. See intx.c; what
 * raises the line is in vectors.c.
 */
#ifndef VVB_INTX_H
#define VVB_INTX_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct eventfd_ctx;
struct virqfd;
struct vvb_admin_op;
struct vvb_vf;

/**
 * struct vvb_intx - of a VF
 * @lock:	a leaf, irqs off; all below but @unmask is under it
 * @on:		the user has set INTx up; changes under vf->lock, too
 * @kept:	the ISR byte is @isr; else it is the device's, and @isr what was left when that changed.
 *		Changes under vf->lock, too
 * @disabled:	Interrupt Disable, as it was when we last looked
 * @masked:	the user is not told, by its own will or as it has been told already
 * @armed:	the device has been told of vectors, and was not reset since: else a message of it is late
 * @isr:	VIRTIO_PCI_ISR_*; the line is up while it is not zero
 * @trigger:	how the user is told; NULL: not at all. It is signalled in an RCU read section
 * @unmask:	an eventfd that unmasks; VFIO's, under vf->lock
 */
struct vvb_intx {
	spinlock_t lock;
	bool on;
	bool kept;
	bool disabled;
	bool masked;
	bool armed;
	u8 isr;
	struct eventfd_ctx *trigger;
	struct virqfd *unmask;
};

/* Interrupt Status. Any context; takes no lock. */
#define vvb_intx_pending(vf) (READ_ONCE((vf)->intx.on) && READ_ONCE((vf)->intx.isr))

int vvb_intx_on(struct vvb_vf *vf, int fd);
int vvb_intx_off(struct vvb_vf *vf);
int vvb_intx_by_hand(struct vvb_vf *vf);
int vvb_intx_mask(struct vvb_vf *vf);
int vvb_intx_unmask(struct vvb_vf *vf);
int vvb_intx_unmask_by(struct vvb_vf *vf, int fd);
void vvb_intx_command(struct vvb_vf *vf);
void vvb_intx_raise(struct vvb_vf *vf, u8 isr);
void vvb_intx_message(struct vvb_vf *vf, u8 isr);
void vvb_intx_arm(struct vvb_vf *vf);
void vvb_intx_reset(struct vvb_vf *vf);
void vvb_intx_keep(struct vvb_vf *vf, bool kept);
u8 vvb_intx_clear(struct vvb_vf *vf);
bool vvb_intx_read(struct vvb_vf *vf, u64 *value);
void vvb_intx_close(struct vvb_vf *vf);

#endif /* VVB_INTX_H */
