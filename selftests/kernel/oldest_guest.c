// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A driver that does all that the oldest drivers of a hypervisor's transitional device do:
 * oldest_guest PF VF BYTES
 *
 * It never touches PCI_COMMAND and knows no interrupt. It accesses registers by four bytes or by one,
 * whatever their width, as the offset alone says which is meant; and it kicks before it has said
 * which features it wants, and before DRIVER_OK. Then it moves BYTES each way.
 */
#include <time.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "peer.h"
#include "vring.h"

#define HEADER_LEN 10u
#define FRAME_LEN 1514u
#define BUFFERS 16u
#define WAIT_MS 5000

enum {
	RX,
	TX
};

static struct vf vf;
static struct peer peer;
static struct vring ring[2];
static uint8_t *buffer[BUFFERS];
static uint8_t *header, *frame;
static int owner[1024];
static uint8_t mac[6];

static void outl(unsigned int at, uint32_t value)
{
	int err = legacy_put32(&vf, at, value);

	if (err)
		check_die("a write of 4 bytes at %u: %s", at, strerror(-err));
}

static void outb(unsigned int at, uint8_t value)
{
	int err = legacy_put8(&vf, at, value);

	if (err)
		check_die("a write of 1 byte at %u: %s", at, strerror(-err));
}

static uint32_t inl(unsigned int at)
{
	uint32_t value = 0;
	ssize_t n = legacy_read(&vf, at, &value, sizeof(value));

	if (n != sizeof(value))
		check_die("a read of 4 bytes at %u: %s", at, n < 0 ? strerror((int)-n) : "short");
	return value;
}

static uint32_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint32_t)(ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

/* The queue is there, and the one that was selected: a select of four bytes is no kick of queue 0. */
static void setup_queue(unsigned int queue)
{
	uint32_t size;

	outl(LEGACY_QUEUE_SELECT, queue);
	check_eq(inl(LEGACY_QUEUE_SELECT) & 0xffff, queue, "queue %u: selected by outl", queue);
	size = inl(LEGACY_QUEUE_SIZE);
	if (!size || size > ARRAY_SIZE(owner))
		check_die("queue %u: size read by inl: %u", queue, size);
	if (vring_init(&ring[queue], &vf, (uint16_t)size))
		check_die("queue %u: memory", queue);
	outl(LEGACY_QUEUE_ADDRESS, ring[queue].pfn);
	check_eq(inl(LEGACY_QUEUE_ADDRESS), ring[queue].pfn, "queue %u: address", queue);
}

static void post(unsigned int i)
{
	const struct vring_sg sg[2] = {
		{ buffer[i], HEADER_LEN, 1 },
		{ buffer[i] + HEADER_LEN, FRAME_LEN, 1 },
	};
	int head = vring_add(&ring[RX], sg, 2, 0);

	if (head < 0)
		check_die("a receive buffer: %s", strerror(-head));
	owner[head] = (int)i;
}

static void post_all(void)
{
	unsigned int i;

	header = vf_dma_alloc(&vf, HEADER_LEN, 16);
	frame = vf_dma_alloc(&vf, FRAME_LEN, 16);
	for (i = 0; i < BUFFERS; i++) {
		buffer[i] = vf_dma_alloc(&vf, HEADER_LEN + FRAME_LEN, 16);
		if (!header || !frame || !buffer[i])
			check_die("no memory for buffers");
		post(i);
	}
}

/* A read of four bytes at device_status is not one of the ISR, which it would clear. */
static void acknowledge(void)
{
	outl(LEGACY_DEVICE_STATUS, 0);
	check_eq(inl(LEGACY_DEVICE_STATUS), 0, "reset by outl; device_status read by inl");
	outl(LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	outl(LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER);
	check_eq(inl(LEGACY_DEVICE_STATUS), 3, "device_status written by outl");
	check(vf_config_get(&vf, PCI_COMMAND, 2) & PCI_COMMAND_MASTER,
	      "Bus Master is on with ACKNOWLEDGE and DRIVER");
}

static void bring_up(void)
{
	unsigned int i;

	check(vf_config_get(&vf, PCI_COMMAND, 2) & PCI_COMMAND_IO, "I/O decoding is on at open");
	acknowledge();
	setup_queue(RX);
	setup_queue(TX);
	post_all();
	outl(LEGACY_QUEUE_NOTIFY, RX);
	check_eq(inl(LEGACY_DEVICE_STATUS), 3, "a kick by outl before the features resets nothing");
	check_eq(inl(LEGACY_QUEUE_ADDRESS), ring[TX].pfn, "nor does it select a queue");
	outl(LEGACY_DRIVER_FEATURES, inl(LEGACY_DEVICE_FEATURES) & (1u << 5));
	outb(LEGACY_QUEUE_NOTIFY, RX);
	for (i = 0; i < sizeof(mac); i++)
		mac[i] = legacy_get8(&vf, LEGACY_CONFIG + i);
	outl(LEGACY_DEVICE_STATUS, 7);
	check_eq(inl(LEGACY_DEVICE_STATUS), 7, "DRIVER_OK");
	outb(LEGACY_QUEUE_NOTIFY, RX);
}

/* Whether a chain came back, by the ring; the ISR is read as a handler would. */
static int take(unsigned int queue, uint32_t *len)
{
	uint32_t end = now_ms() + WAIT_MS;
	int head;

	do {
		head = vring_take(&ring[queue], len);
		if (head != -EAGAIN) {
			legacy_get8(&vf, LEGACY_ISR_STATUS);
			return head;
		}
		usleep(200);
	} while ((int32_t)(end - now_ms()) > 0);
	return -ETIMEDOUT;
}

static int send_one(uint8_t seed)
{
	const struct vring_sg sg[2] = { { header, HEADER_LEN, 0 }, { frame, FRAME_LEN, 0 } };
	uint8_t got[2 * FRAME_LEN];
	uint32_t len;
	int n;

	frame_build(frame, FRAME_LEN, peer.mac, mac, seed);
	n = vring_add(&ring[TX], sg, 2, 0);
	if (n < 0)
		return n;
	if (seed & 1)
		outl(LEGACY_QUEUE_NOTIFY, TX);
	else
		outb(LEGACY_QUEUE_NOTIFY, TX);
	n = take(TX, &len);
	if (n < 0)
		return n;
	n = peer_receive(&peer, got, sizeof(got), WAIT_MS);
	if (n < 0)
		return n;
	return frame_same(got, n, frame, FRAME_LEN) ? 0 : -EBADMSG;
}

static int receive_one(uint8_t seed)
{
	uint8_t out[FRAME_LEN], got[FRAME_LEN];
	uint32_t len;
	int n;

	frame_build(out, FRAME_LEN, mac, peer.mac, seed);
	n = peer_send(&peer, out, FRAME_LEN);
	if (n)
		return n;
	do { /* the host's own broadcasts may come first: ARP, IPv6 */
		n = take(RX, &len);
		if (n < 0)
			return n;
		if (len < HEADER_LEN + 14 || len > HEADER_LEN + FRAME_LEN)
			return -EBADMSG;
		memcpy(got, buffer[owner[n]] + HEADER_LEN, len - HEADER_LEN);
		post((unsigned int)owner[n]);
		outb(LEGACY_QUEUE_NOTIFY, RX);
	} while (got[12] != PEER_ETHERTYPE >> 8 || got[13] != (PEER_ETHERTYPE & 0xff));
	return frame_same(got, (int)(len - HEADER_LEN), out, FRAME_LEN) ? 0 : -EBADMSG;
}

static void move(const char *what, int (*one)(uint8_t), unsigned int frames)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < frames && !err; i++)
		err = one((uint8_t)i);
	check(!err, "%s: frame %u of %u (%s)", what, i, frames, err ? strerror(-err) : "the same");
}

int main(int argc, char **argv)
{
	unsigned int frames;
	int err;

	if (argc != 4)
		check_die("usage: oldest_guest PF VF BYTES");
	frames = (unsigned int)strtoul(argv[3], NULL, 10) / (FRAME_LEN - 14) + 1;
	err = peer_open(&peer, argv[1]);
	if (err)
		check_die("network interface of PF %s: %s", argv[1], strerror(-err));
	check_vf_open(&vf, argv[2]);
	bring_up();
	move("from guest", send_one, frames);
	move("to guest", receive_one, frames);
	outl(LEGACY_DEVICE_STATUS, 0);
	check_eq(inl(LEGACY_DEVICE_STATUS), 0, "reset at the end");
	vf_close(&vf);
	return check_result();
}
