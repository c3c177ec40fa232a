/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What a stock Linux guest does to its legacy virtio-net device, access by access, as the
 * tracepoint vvb_access showed it.
 */
#ifndef LINUX_GUEST_H
#define LINUX_GUEST_H

#include "vfio.h"

#define LINUX_GUEST_VECTORS 3 /* that it uses */

/**
 * struct linux_guest - a VMM's end of one
 * @vectors:	how many of its vectors are backed by an interrupt
 * @events:	where they arrive
 */
struct linux_guest {
	struct vf vf;
	unsigned int vectors;
	int events[LINUX_GUEST_VECTORS];
};

/* All of them end the program when an access fails. */
void linux_guest_open(struct linux_guest *guest, const char *bdf, unsigned int vectors);

/* From the first reset until the link is up. */
void linux_guest_probe(struct linux_guest *guest);

/* The driver is taken off the device. */
void linux_guest_leave(struct linux_guest *guest);

#endif /* LINUX_GUEST_H */
