// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Many threads at one line: intx_races PF VF [SECONDS]
 *
 * One sets INTx and MSI-X up and takes them down, with an argument that changes under the kernel's
 * eyes; one masks, unmasks, reads the ISR and switches Interrupt Disable; one resets; frames come in
 * all the while. It ends with everything on. The kernel must not mind, and the line must work after.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <linux/pci_regs.h>
#include <sys/ioctl.h>

#include "check_vf.h"
#include "intx.h"
#include "net.h"
#include "peer.h"

#define EVENTS 3

static struct vf vf;
static struct net net;
static struct peer peer;
static int event[EVENTS];
static atomic_bool over;
static atomic_ulong calls, good;

static struct {
	struct vfio_irq_set set;
	int fd[4];
} shared = { .set = { .argsz = sizeof(shared) } };

static void up(void)
{
	const struct net_options options = { .features = NET_F_MAC };
	const char *why;

	net_up(&net, &vf, &options, &why);
}

/* The header is read twice at least. */
static void *flip(void *arg)
{
	static const uint32_t index[] = { VFIO_PCI_INTX_IRQ_INDEX, VFIO_PCI_MSIX_IRQ_INDEX,
					  VFIO_PCI_ERR_IRQ_INDEX, VFIO_PCI_REQ_IRQ_INDEX };
	unsigned int n = 0;

	while (!over)
		*(volatile uint32_t *)&shared.set.index = index[n++ % ARRAY_SIZE(index)];
	return arg;
}

static void *set_irqs(void *arg)
{
	unsigned int n;

	for (n = 0; !over; n++) {
		shared.set.count = n & 3 ? 1 : 0;
		shared.set.flags = VFIO_IRQ_SET_ACTION_TRIGGER |
				   (n & 3 ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
		shared.fd[0] = event[n % EVENTS];
		calls++;
		good += !ioctl(vf.device, VFIO_DEVICE_SET_IRQS, &shared);
		if (n % 7 == 0)
			intx_unmask_by(&vf, event[(n + 1) % EVENTS]);
		if (n % 11 == 0)
			intx_unmask_by(&vf, -1);
		if (n % 5 == 0)
			intx_on(&vf, event[n % EVENTS]);
	}
	return arg;
}

static void *use_line(void *arg)
{
	unsigned int n;

	for (n = 0; !over; n++) {
		legacy_get8(&vf, LEGACY_ISR_STATUS);
		intx_unmask(&vf);
		intx_signal(event[n % EVENTS]);
		intx_mask(&vf);
		vf_command(&vf, PCI_COMMAND_INTX_DISABLE, 0);
		vf_command(&vf, 0, PCI_COMMAND_INTX_DISABLE);
	}
	return arg;
}

static void *send_frames(void *arg)
{
	uint8_t out[100];

	frame_build(out, sizeof(out), frame_broadcast, peer.mac, 1);
	while (!over) {
		peer_send(&peer, out, sizeof(out));
		usleep(200);
	}
	return arg;
}

static void *reset(void *arg)
{
	while (!over) {
		vf_reset(&vf);
		net_down(&net);
		up();
		usleep(20000);
	}
	return arg;
}

/*
 * All is quiet once the device is reset. What comes in behind that may be frames of before, of which
 * thousands can wait; as these fill the ring, whatever raises the line first is taken.
 */
static int comes_in(void)
{
	uint8_t out[100];
	unsigned int i;

	net_down(&net);
	for (i = 0; i < EVENTS; i++)
		intx_signals(event[i], 0);
	intx_unmask(&vf);
	up();
	frame_build(out, sizeof(out), frame_broadcast, peer.mac, 1);
	peer_send(&peer, out, sizeof(out));
	return intx_signals(event[0], (int)check_ms(200)) &&
	       legacy_get8(&vf, LEGACY_ISR_STATUS) & LEGACY_ISR_QUEUE;
}

/* Nothing is left of it all that would be in the way. Somebody else may be resetting the VF still. */
static void works(void)
{
	unsigned int tries = 1;

	intx_unmask_by(&vf, -1);
	intx_off(&vf);
	vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0);
	vf_command(&vf, 0, PCI_COMMAND_INTX_DISABLE);
	check_eq(intx_on(&vf, event[0]), 0, "INTx on");
	while (!comes_in() && tries < 50)
		tries++;
	check(tries < 50, "an interrupt of a queue, at the %u. try", tries);
}

/* Somebody may be resetting it. */
static void open_vf(const char *bdf)
{
	unsigned int tries = 100;

	while (vf_open(&vf, bdf) == -EAGAIN && --tries)
		usleep(20000);
	if (vf.device < 0)
		check_die("VF %s does not open", bdf);
}

int main(int argc, char **argv)
{
	static void *(*const threads[])(void *) = { flip, set_irqs, use_line, send_frames, reset };
	pthread_t thread[ARRAY_SIZE(threads)];
	unsigned int i;

	if (argc < 3)
		check_die("usage: intx_races PF VF [SECONDS]");
	if (peer_open(&peer, argv[1]))
		check_die("the PF's interface");
	for (i = 0; i < EVENTS; i++)
		event[i] = intx_event();
	open_vf(argv[2]);
	net.vf = &vf;
	for (i = 0; i < EVENTS; i++)
		net.event[i] = -1;
	up();
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_create(&thread[i], NULL, threads[i], NULL);
	sleep(argc > 3 ? (unsigned int)atoi(argv[3]) : 15);
	over = 1;
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(thread[i], NULL);
	check(good > 0, "%lu calls, %lu good", calls, good);
	works();
	intx_unmask_by(&vf, event[1]);
	vf_close(&vf);
	intx_signal(event[1]);
	open_vf(argv[2]);
	check_eq(intx_mask(&vf), -EINVAL, "opened again, there is no trigger");
	vf_close(&vf);
	return check_result();
}
