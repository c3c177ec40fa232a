// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <glob.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/if_packet.h>

#include "peer.h"

const uint8_t frame_broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static int find_interface(const char *bdf, char *name)
{
	char pattern[128];
	glob_t found;
	int err = -ENODEV;

	snprintf(pattern, sizeof(pattern), "/sys/bus/pci/devices/%s/virtio*/net/*", bdf);
	if (glob(pattern, 0, NULL, &found))
		return -ENODEV;
	if (found.gl_pathc) {
		snprintf(name, IFNAMSIZ, "%s", strrchr(found.gl_pathv[0], '/') + 1);
		err = 0;
	}
	globfree(&found);
	return err;
}

static int bring_up(struct peer *peer, const char *name)
{
	struct ifreq req = { 0 };

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	if (ioctl(peer->fd, SIOCGIFFLAGS, &req))
		return -errno;
	req.ifr_flags |= IFF_UP;
	if (ioctl(peer->fd, SIOCSIFFLAGS, &req) || ioctl(peer->fd, SIOCGIFHWADDR, &req))
		return -errno;
	memcpy(peer->mac, req.ifr_hwaddr.sa_data, sizeof(peer->mac));
	if (ioctl(peer->fd, SIOCGIFINDEX, &req))
		return -errno;
	peer->ifindex = req.ifr_ifindex;
	return 0;
}

int peer_open(struct peer *peer, const char *bdf)
{
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(PEER_ETHERTYPE),
	};
	char name[IFNAMSIZ];
	int err = find_interface(bdf, name);

	if (err)
		return err;
	peer->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(PEER_ETHERTYPE));
	if (peer->fd < 0)
		return -errno;
	err = bring_up(peer, name);
	where.sll_ifindex = peer->ifindex;
	if (!err && bind(peer->fd, (struct sockaddr *)&where, sizeof(where)))
		err = -errno;
	if (err)
		peer_close(peer);
	return err;
}

void peer_close(struct peer *peer)
{
	close(peer->fd);
	peer->fd = -1;
}

int peer_send(const struct peer *peer, const void *frame, uint32_t len)
{
	return send(peer->fd, frame, len, 0) == (ssize_t)len ? 0 : -errno;
}

int peer_receive(const struct peer *peer, void *frame, uint32_t size, int timeout_ms)
{
	struct pollfd pfd = { .fd = peer->fd, .events = POLLIN };
	struct sockaddr_ll from;
	socklen_t from_len;
	ssize_t n;

	do { /* the socket also sees what we send */
		if (poll(&pfd, 1, timeout_ms) != 1)
			return -ETIMEDOUT;
		from_len = sizeof(from);
		n = recvfrom(peer->fd, frame, size, 0, (struct sockaddr *)&from, &from_len);
		if (n < 0)
			return -errno;
	} while (from.sll_pkttype == PACKET_OUTGOING);
	return (int)n;
}

void frame_build(uint8_t *frame, uint32_t len, const uint8_t *to, const uint8_t *from, uint8_t seed)
{
	uint32_t i;

	memcpy(frame, to, 6);
	memcpy(frame + 6, from, 6);
	frame[12] = PEER_ETHERTYPE >> 8;
	frame[13] = PEER_ETHERTYPE & 0xff;
	for (i = 14; i < len; i++)
		frame[i] = (uint8_t)(seed + i * 7 + (i >> 8));
}

int frame_same(const uint8_t *got, int got_len, const uint8_t *want, uint32_t want_len)
{
	if (got_len < (int)want_len || (got_len > (int)want_len && got_len > 60))
		return 0;
	return !memcmp(got, want, want_len);
}
