/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Frames of all lengths over the wire between a VF's legacy driver and the PF, each compared. */
#ifndef WIRE_H
#define WIRE_H

#include "net.h"
#include "peer.h"

#define WIRE_LENGTHS 11u /* so many frames have each length once */

/* @frames from VF to PF, one after the other. 0 or -errno; -EBADMSG: another frame arrived. */
int wire_out(struct net *net, const struct peer *peer, unsigned int frames);

/* The same from PF to VF, half of them broadcasts. */
int wire_in(struct net *net, const struct peer *peer, unsigned int frames);

#endif /* WIRE_H */
