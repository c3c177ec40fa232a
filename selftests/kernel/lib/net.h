/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A legacy virtio-net driver (virtio 1.3, 5.1, legacy interface): two queues, a header of
 * 10 bytes, or 12 with VIRTIO_NET_F_MRG_RXBUF, interrupts by MSI-X, by INTx, or not at all.
 */
#ifndef NET_H
#define NET_H

#include "legacy.h"
#include "vring.h"

#define NET_F_MTU (1u << 3)
#define NET_F_MAC (1u << 5)
#define NET_F_MRG_RXBUF (1u << 15)
#define NET_F_STATUS (1u << 16)
#define NET_F_INDIRECT_DESC (1u << 28)

enum net_queue {
	NET_RX,
	NET_TX,
	NET_QUEUES
};

#define NET_FRAME_MAX 1514u
#define NET_BUFFERS 32u

/**
 * struct net_options - how to bring the device up
 * @features:	wanted, as far as they are offered
 * @msix:	interrupts by MSI-X: config on vector 0, queues on 1 and 2; else the ISR
 *		byte is polled
 * @old:	as drivers that were written for hypervisors do it: what the command register says is
 *		left to others, but for Memory Space; registers are accessed four bytes wide, kicks
 *		one byte
 * @intx:	without @msix: it is read when INTx says so, an eventfd that the caller has set
 * @buffer_size: of a receive buffer, header included; 0: room for any frame
 * @no_memory:	Memory Space stays off, as a driver leaves it that knows of an I/O BAR only
 */
struct net_options {
	uint32_t features;
	int msix;
	int old;
	int intx;
	uint32_t buffer_size;
	int no_memory;
};

/**
 * struct net - a virtio-net device under way
 * @offered, @features: what the device offers, what was agreed on
 * @header_len:	of struct virtio_net_hdr
 * @event:	eventfds by vector, with MSI-X
 * @intx:	the eventfd of INTx; 0: none
 * @tx_kick:	an eventfd that kicks the transmit queue; 0: by a write to queue_notify
 * @interrupts:	taken so far, by queue (with MSI-X off: by ISR, all under NET_RX)
 */
struct net {
	struct vf *vf;
	uint32_t offered;
	uint32_t features;
	uint32_t header_len;
	int msix;
	int old;
	int intx;
	uint8_t mac[6];
	struct vring ring[NET_QUEUES];
	int event[1 + NET_QUEUES];
	int tx_kick;
	unsigned int interrupts[NET_QUEUES];
	uint32_t buffer_size;
	uint8_t *buffer[NET_BUFFERS];
	int owner[1024];
	uint8_t *tx_header;
	uint8_t *tx_frame;
};

/* Reset to DRIVER_OK. 0, or a negative errno with @why saying at which step. */
int net_up(struct net *net, struct vf *vf, const struct net_options *options, const char **why);

/* Device reset, interrupts off, DMA memory given back. */
void net_down(struct net *net);

/* The eventfds again on their vectors, or off; vectors in the device stay as they are. */
int net_irqs(struct net *net, int on);

/* One frame out; waits until the device has taken it. 0, -ETIMEDOUT, ... */
int net_send(struct net *net, const void *frame, uint32_t len, int timeout_ms);

/* One frame in. Its length, or a negative errno. */
int net_receive(struct net *net, void *frame, uint32_t size, int timeout_ms);

/* Wait for an interrupt of a queue, and count it. 0 or -ETIMEDOUT. */
int net_interrupt(struct net *net, enum net_queue queue, int timeout_ms);

#endif /* NET_H */
