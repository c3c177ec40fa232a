/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Kicks without an exit: for each queue an eventfd that KVM signals when the guest writes the queue's index
 * to queue_notify, and that has VFIO write the register. This is what a VMM has to do.
 */
#ifndef DOORBELLS_H
#define DOORBELLS_H

#include "machine.h"
#include "vfio.h"

#define DOORBELLS_MAX 32 /* as KVM compares values one by one */

/**
 * struct doorbells - of one VF
 * @fd:		by number; @queue is what it stands for
 * @nr:		of them
 * @refused:	the negative errno of the first that was refused: no more are asked for
 */
struct doorbells {
	struct machine *machine;
	const struct vf *vf;
	uint16_t port;
	int fd[DOORBELLS_MAX];
	uint16_t queue[DOORBELLS_MAX];
	unsigned int nr;
	int refused;
};

/* @port: where the guest has queue_notify */
void doorbells_init(struct doorbells *d, struct machine *machine, const struct vf *vf,
		    uint16_t port);

/**
 * doorbells_kicked - a queue was kicked by an exit: the next kick of it need not be one
 * @queue:	its index
 *
 * What is refused, by KVM or by the driver, leaves kicks as they were.
 */
void doorbells_kicked(struct doorbells *d, uint16_t queue);

/* All of them go: at a reset of the device, when its BAR moves, and before it is closed. */
void doorbells_end(struct doorbells *d);

#endif /* DOORBELLS_H */
