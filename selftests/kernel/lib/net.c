// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <linux/pci_regs.h>

#include "intx.h"
#include "net.h"

#define HEADER_LEN 10
#define HEADER_LEN_MRG 12

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

/* A register of up to two bytes. */
static int put(const struct net *net, unsigned int pos, uint16_t value)
{
	if (net->old)
		return legacy_put32(net->vf, pos, value);
	if (pos == LEGACY_DEVICE_STATUS)
		return legacy_put8(net->vf, pos, (uint8_t)value);
	return legacy_put16(net->vf, pos, value);
}

static uint16_t get(const struct net *net, unsigned int pos)
{
	if (net->old)
		return (uint16_t)legacy_get32(net->vf, pos);
	return pos == LEGACY_DEVICE_STATUS ? legacy_get8(net->vf, pos) : legacy_get16(net->vf, pos);
}

int net_irqs(struct net *net, int on)
{
	return vf_irqs(net->vf, VFIO_PCI_MSIX_IRQ_INDEX, net->event, on ? 1 + NET_QUEUES : 0);
}

static int open_events(struct net *net)
{
	unsigned int i;

	for (i = 0; i < 1 + NET_QUEUES; i++) {
		net->event[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (net->event[i] < 0)
			return -errno;
	}
	return net_irqs(net, 1);
}

static int set_vector(struct net *net, unsigned int pos, uint16_t vector)
{
	int err = put(net, pos, vector);

	if (err)
		return err;
	return get(net, pos) == vector ? 0 : -EBUSY;
}

static int setup_queue(struct net *net, enum net_queue queue)
{
	struct vf *vf = net->vf;
	struct vring *vr = &net->ring[queue];
	uint16_t size;
	int err;

	err = put(net, LEGACY_QUEUE_SELECT, (uint16_t)queue);
	if (err)
		return err;
	size = get(net, LEGACY_QUEUE_SIZE);
	if (!size || size > sizeof(net->owner) / sizeof(net->owner[0]))
		return -ENODEV;
	if (legacy_get32(vf, LEGACY_QUEUE_ADDRESS))
		return -EBUSY;
	err = vring_init(vr, vf, size);
	if (!err && net->msix)
		err = set_vector(net, LEGACY_QUEUE_VECTOR, (uint16_t)(1 + queue));
	if (!err)
		err = legacy_put32(vf, LEGACY_QUEUE_ADDRESS, vr->pfn);
	if (err)
		return err;
	return legacy_get32(vf, LEGACY_QUEUE_ADDRESS) == vr->pfn ? 0 : -EIO;
}

/* By the eventfd that stands for it, where one was given. */
static int kick(struct net *net, enum net_queue queue)
{
	uint64_t one = 1;

	if (queue == NET_TX && net->tx_kick)
		return write(net->tx_kick, &one, sizeof(one)) == sizeof(one) ? 0 : -errno;
	if (net->old)
		return legacy_put8(net->vf, LEGACY_QUEUE_NOTIFY, (uint8_t)queue);
	return legacy_put16(net->vf, LEGACY_QUEUE_NOTIFY, (uint16_t)queue);
}

/* With MRG_RXBUF one buffer for header and data, else the header in one of its own. */
static int post_buffer(struct net *net, unsigned int i)
{
	uint8_t *p = net->buffer[i];
	struct vring_sg sg[2] = {
		{ p, net->header_len, 1 },
		{ p + net->header_len, net->buffer_size - net->header_len, 1 },
	};
	unsigned int nr = 2;
	int head;

	if (net->features & NET_F_MRG_RXBUF) {
		sg[0].len = net->buffer_size;
		nr = 1;
	}
	head = vring_add(&net->ring[NET_RX], sg, nr, !!(net->features & NET_F_INDIRECT_DESC));
	if (head < 0)
		return head;
	net->owner[head] = (int)i;
	return 0;
}

static int post_all(struct net *net)
{
	unsigned int i;
	int err = 0;

	net->tx_header = vf_dma_alloc(net->vf, HEADER_LEN_MRG, 16);
	net->tx_frame = vf_dma_alloc(net->vf, NET_FRAME_MAX, 16);
	if (!net->tx_header || !net->tx_frame)
		return -ENOMEM;
	for (i = 0; i < NET_BUFFERS && !err; i++) {
		net->buffer[i] = vf_dma_alloc(net->vf, net->buffer_size, 16);
		err = net->buffer[i] ? post_buffer(net, i) : -ENOMEM;
	}
	return err;
}

static int reset_device(struct net *net)
{
	int err = put(net, LEGACY_DEVICE_STATUS, 0);

	if (err)
		return err;
	return get(net, LEGACY_DEVICE_STATUS) ? -EIO : 0;
}

static int negotiate(struct net *net, uint32_t wanted)
{
	struct vf *vf = net->vf;
	int err = put(net, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);

	if (!err)
		err = put(net, LEGACY_DEVICE_STATUS,
			  LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER);
	if (err)
		return err;
	net->offered = legacy_get32(vf, LEGACY_DEVICE_FEATURES);
	net->features = net->offered & wanted;
	net->header_len = net->features & NET_F_MRG_RXBUF ? HEADER_LEN_MRG : HEADER_LEN;
	return legacy_put32(vf, LEGACY_DRIVER_FEATURES, net->features);
}

/* Byte by byte, as Linux does. */
static void read_mac(struct net *net)
{
	unsigned int base = net->msix ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG;
	unsigned int i;

	for (i = 0; i < sizeof(net->mac); i++)
		net->mac[i] = legacy_get8(net->vf, base + i);
}

static int set_vectors_and_queues(struct net *net, const char **why)
{
	unsigned int i;
	int err = 0;

	*why = "MSI-X";
	if (net->msix)
		err = open_events(net);
	if (err)
		return err;
	*why = "config vector";
	if (net->msix)
		err = set_vector(net, LEGACY_CONFIG_VECTOR, 0);
	*why = "queues";
	for (i = 0; i < NET_QUEUES && !err; i++)
		err = setup_queue(net, i);
	return err;
}

static int start(struct net *net, const char **why)
{
	int err;

	*why = "receive buffers";
	err = post_all(net);
	if (err)
		return err;
	*why = "DRIVER_OK";
	err = put(net, LEGACY_DEVICE_STATUS,
		  LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER | LEGACY_STATUS_DRIVER_OK);
	if (!err && get(net, LEGACY_DEVICE_STATUS) != 7)
		err = -EIO;
	return err ? err : kick(net, NET_RX);
}

static int set_command(struct vf *vf, const struct net_options *options)
{
	uint16_t memory = options->no_memory ? 0 : PCI_COMMAND_MEMORY;
	uint16_t rest = options->old ? 0 : PCI_COMMAND_IO | PCI_COMMAND_MASTER;

	return vf_command(vf, rest | memory, PCI_COMMAND_MEMORY & ~memory);
}

int net_up(struct net *net, struct vf *vf, const struct net_options *options, const char **why)
{
	int err;

	memset(net, 0, sizeof(*net));
	memset(net->event, -1, sizeof(net->event));
	net->vf = vf;
	net->msix = options->msix;
	net->old = options->old;
	net->intx = options->intx;
	*why = "PCI command";
	err = set_command(vf, options);
	if (err)
		return err;
	*why = "device reset";
	err = reset_device(net);
	if (err)
		return err;
	*why = "features";
	err = negotiate(net, options->features);
	if (err)
		return err;
	net->buffer_size =
		options->buffer_size ? options->buffer_size : net->header_len + NET_FRAME_MAX;
	err = set_vectors_and_queues(net, why);
	if (err)
		return err;
	read_mac(net);
	return start(net, why);
}

void net_down(struct net *net)
{
	unsigned int i;

	legacy_put8(net->vf, LEGACY_DEVICE_STATUS, 0);
	if (net->msix)
		net_irqs(net, 0);
	for (i = 0; i < 1 + NET_QUEUES; i++)
		if (net->event[i] >= 0)
			close(net->event[i]);
	vf_dma_free_all(net->vf);
}

static int wait_event(struct net *net, enum net_queue queue, int timeout_ms)
{
	struct pollfd pfd = { .fd = net->event[1 + queue], .events = POLLIN };
	uint64_t count;

	if (poll(&pfd, 1, timeout_ms < 0 ? 0 : timeout_ms) != 1 ||
	    read(pfd.fd, &count, sizeof(count)) != sizeof(count))
		return -ETIMEDOUT;
	net->interrupts[queue] += (unsigned int)count;
	return 0;
}

static int poll_isr(struct net *net, int timeout_ms)
{
	int64_t end = now_ms() + timeout_ms;

	do {
		if (legacy_get8(net->vf, LEGACY_ISR_STATUS) & LEGACY_ISR_QUEUE) {
			net->interrupts[NET_RX]++;
			return 0;
		}
		usleep(500);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

/* As an interrupt handler does: what is not for a queue is somebody else's, and waited on. */
static int wait_intx(struct net *net, int timeout_ms)
{
	int64_t end = now_ms() + timeout_ms;
	uint8_t isr;

	do {
		if (!intx_signals(net->intx, (int)(end - now_ms())))
			return -ETIMEDOUT;
		isr = legacy_get8(net->vf, LEGACY_ISR_STATUS);
		intx_unmask(net->vf);
	} while (!(isr & LEGACY_ISR_QUEUE));
	net->interrupts[NET_RX]++;
	return 0;
}

int net_interrupt(struct net *net, enum net_queue queue, int timeout_ms)
{
	if (net->intx)
		return wait_intx(net, timeout_ms);
	return net->msix ? wait_event(net, queue, timeout_ms) : poll_isr(net, timeout_ms);
}

/* Its interrupt must come, even if the chain is there to be seen before. */
static int take_sent(struct net *net, int timeout_ms)
{
	int64_t end = now_ms() + timeout_ms;
	uint32_t written;
	int head, err;

	do {
		err = net_interrupt(net, NET_TX, (int)(end - now_ms()));
		if (err)
			return err;
		head = vring_take(&net->ring[NET_TX], &written);
	} while (head == -EAGAIN);
	return head < 0 ? head : 0;
}

/* One interrupt may stand for several chains, so look first, and count it then. */
static int take_received(struct net *net, uint32_t *len, int timeout_ms)
{
	int64_t end = now_ms() + timeout_ms;
	int head, err;

	for (;;) {
		head = vring_take(&net->ring[NET_RX], len);
		if (head != -EAGAIN) {
			net_interrupt(net, NET_RX, 0);
			return head;
		}
		err = net_interrupt(net, NET_RX, (int)(end - now_ms()));
		if (err)
			return err;
	}
}

int net_send(struct net *net, const void *frame, uint32_t len, int timeout_ms)
{
	struct vring_sg sg[2] = {
		{ net->tx_header, net->header_len, 0 },
		{ net->tx_frame, len, 0 },
	};
	int head;

	if (len > NET_FRAME_MAX)
		return -EMSGSIZE;
	memset(net->tx_header, 0, net->header_len);
	memcpy(net->tx_frame, frame, len);
	head = vring_add(&net->ring[NET_TX], sg, 2, !!(net->features & NET_F_INDIRECT_DESC));
	if (head < 0)
		return head;
	head = kick(net, NET_TX);
	return head ? head : take_sent(net, timeout_ms);
}

/* One buffer's share of a frame: what follows @skip bytes of the @len written to it. */
static int copy_out(struct net *net, int head, uint32_t len, uint32_t skip, uint8_t *to,
		    uint32_t room)
{
	int owner = net->owner[head];

	if (len < skip || len > net->buffer_size || len - skip > room)
		return -EBADMSG;
	memcpy(to, net->buffer[owner] + skip, len - skip);
	return (int)(len - skip);
}

static unsigned int buffers_of_frame(const struct net *net, int head)
{
	const uint8_t *header = net->buffer[net->owner[head]];

	if (!(net->features & NET_F_MRG_RXBUF))
		return 1;
	return header[10] | (unsigned int)header[11] << 8;
}

int net_receive(struct net *net, void *frame, uint32_t size, int timeout_ms)
{
	uint32_t len, skip = net->header_len;
	unsigned int left = 1;
	int first = 1, total = 0, head, n;

	while (left--) {
		head = take_received(net, &len, first ? timeout_ms : 0);
		if (head < 0)
			return head;
		if (first)
			left = buffers_of_frame(net, head) - 1;
		n = copy_out(net, head, len, skip, (uint8_t *)frame + total,
			     size - (uint32_t)total);
		if (n < 0)
			return n;
		total += n;
		n = post_buffer(net, (unsigned int)net->owner[head]);
		if (n)
			return n;
		first = 0;
		skip = 0;
	}
	n = kick(net, NET_RX);
	return n ? n : total;
}
