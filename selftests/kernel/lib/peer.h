/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The other end of the wire: the PF's network interface, through a raw packet socket,
 * and the frames that go back and forth.
 */
#ifndef PEER_H
#define PEER_H

#include <stdint.h>

#define PEER_ETHERTYPE 0x88b5 /* IEEE: local experimental */

struct peer {
	int fd;
	int ifindex;
	uint8_t mac[6];
};

/* Open the network interface of the PCI device @bdf and bring it up. 0 or -errno. */
int peer_open(struct peer *peer, const char *bdf);
void peer_close(struct peer *peer);
int peer_send(const struct peer *peer, const void *frame, uint32_t len);
int peer_receive(const struct peer *peer, void *frame, uint32_t size, int timeout_ms);

/* A frame of @len bytes whose payload follows from @seed. */
void frame_build(uint8_t *frame, uint32_t len, const uint8_t *to, const uint8_t *from,
		 uint8_t seed);
/* Is it that frame? Short frames may have been padded to the Ethernet minimum. */
int frame_same(const uint8_t *got, int got_len, const uint8_t *want, uint32_t want_len);

extern const uint8_t frame_broadcast[6];

#endif /* PEER_H */
