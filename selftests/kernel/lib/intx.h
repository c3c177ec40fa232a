/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* INTx of a function through VFIO: an eventfd that tells, and a mask that it leaves behind. */
#ifndef INTX_H
#define INTX_H

#include "vfio.h"

/* One VFIO_DEVICE_SET_IRQS for INTx each. 0 or a negative errno. */
int intx_set(const struct vf *vf, uint32_t flags, uint32_t count, int value);
int intx_on(const struct vf *vf, int fd);
int intx_off(const struct vf *vf);
int intx_mask(const struct vf *vf);
int intx_unmask(const struct vf *vf);

/* A signal of this eventfd unmasks; -1 ends that. */
int intx_unmask_by(const struct vf *vf, int fd);

/* A new eventfd, which does not block. */
int intx_event(void);

/* How often an eventfd has been signalled, waiting for the first until the time is up. */
uint64_t intx_signals(int fd, int timeout_ms);

/* Signal it. */
void intx_signal(int fd);

#endif /* INTX_H */
