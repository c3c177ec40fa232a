// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a function that is no VF has, and a VF has not: its own bit for memory decoding, and an interrupt
 * line. plain_function PEER FUNCTION
 */
#include <pthread.h>
#include <stdatomic.h>

#include "check_vf.h"
#include "intx.h"
#include "net.h"
#include "peer.h"
#include "punt.h"

#define WAIT_MS 5000
#define QUIET_MS 200
#define FRAMES 20000u

static struct vf vf;
static struct net net;
static struct peer peer;

/* What the device has, whatever its user is shown. */
static unsigned int device_command(void)
{
	int fd = check_vf_file(&vf, "config", O_RDONLY);
	uint16_t command = 0;

	if (pread(fd, &command, sizeof(command), PCI_COMMAND) != sizeof(command))
		check_die("config: %s", strerror(errno));
	close(fd);
	return command;
}

/* The user is shown what it wrote, in each width; the registers are there all the time. */
static void memory(uint16_t wanted, const char *name)
{
	uint32_t features;

	vf_command(&vf, PCI_COMMAND_IO | wanted, wanted ^ PCI_COMMAND_MEMORY);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 1) & PCI_COMMAND_MEMORY, wanted, "%s: PCI_COMMAND",
		 name);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 4) & PCI_COMMAND_MEMORY, wanted,
		 "%s: with PCI_STATUS", name);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 1) & PCI_COMMAND_IO, PCI_COMMAND_IO,
		 "%s: I/O is on", name);
	check(device_command() & PCI_COMMAND_MEMORY, "%s: the device decodes", name);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features && features != 0xffffffff, "%s: device_features 0x%x", name, features);
}

static int a_frame(void)
{
	uint8_t out[60];

	frame_build(out, sizeof(out), frame_broadcast, peer.mac, 0);
	out[12] = 0x12; /* a kind that nobody looks for */
	return peer_send(&peer, out, sizeof(out));
}

/* What the link, and the host, have to say beside it. */
static void quiet(int event)
{
	while (intx_signals(event, QUIET_MS)) {
		legacy_get8(&vf, LEGACY_ISR_STATUS);
		intx_unmask(&vf);
	}
}

/* A frame, the interrupt for it, and the ISR byte that ends it. */
static void told(int event, const char *name)
{
	quiet(event);
	check_eq(a_frame(), 0, "%s: a frame", name);
	check_eq((long long)intx_signals(event, WAIT_MS), 1, "%s: the user is told once", name);
	check(legacy_get8(&vf, LEGACY_ISR_STATUS) & LEGACY_ISR_QUEUE, "%s: ISR", name);
	check_eq(intx_unmask(&vf), 0, "%s: unmasked", name);
}

static void own_line(void)
{
	struct net_options options = { .features = NET_F_MAC, .intx = intx_event() };
	char interrupt[16] = "";
	const char *why;
	int err;

	check_eq(vf_config_get(&vf, PCI_INTERRUPT_PIN, 1), 1, "interrupt pin");
	check_eq(vf_irq_count(&vf, VFIO_PCI_INTX_IRQ_INDEX), 1, "INTx");
	check_eq(intx_on(&vf, options.intx), 0, "INTx on");
	err = net_up(&net, &vf, &options, &why);
	if (!check(!err, "brought up (%s: %s)", why, strerror(-err)))
		return;
	vf_attr_get(vf.bdf, "interrupt", interrupt, sizeof(interrupt));
	check(!strcmp(interrupt, "intx"), "interrupt is %s", interrupt);
	told(options.intx, "memory on");
	vf_command(&vf, PCI_COMMAND_IO, PCI_COMMAND_MEMORY);
	told(options.intx, "memory off");
	net_down(&net);
	check_eq(intx_off(&vf), 0, "INTx off");
}

/* A VMM unmasks the line, with its big lock held, while another vCPU's access waits for a daemon. */
static void unmasked_meanwhile(void)
{
	struct vvb_request request;
	struct daemon d;
	struct vcpu vcpu;
	int event = intx_event();
	long start;

	check_eq(intx_on(&vf, event), 0, "INTx on");
	check_eq(vf_attr_set(vf.bdf, "policy", "split"), 0, "a policy that punts");
	check_eq(vf_attr_set(vf.bdf, "punt_timeout_ms", "20000"), 0, "time enough");
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	vcpu_read(&vcpu, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &request, WAIT_MS), 0, "an access waits");
	start = punt_now_ms();
	check_eq(intx_mask(&vf), 0, "masked");
	check_eq(intx_unmask(&vf), 0, "unmasked");
	check(punt_now_ms() - start < WAIT_MS, "meanwhile");
	check_eq(daemon_reply_value(&d, request.id, 0x77), 0,
		 "the access is still there to be answered");
	check_eq(vcpu_join(&vcpu, WAIT_MS), 0, "and ends");
	daemon_close(&d);
	check_eq(vf_attr_set(vf.bdf, "policy", "none"), 0, "no policy");
	check_eq(intx_off(&vf), 0, "INTx off");
	close(event);
}

/* What is saved before a reset, and restored after it, has memory decoding on. */
static void reset_by_root(void)
{
	int fd = check_vf_file(&vf, "reset", O_WRONLY);
	uint32_t features;

	vf_command(&vf, PCI_COMMAND_IO, PCI_COMMAND_MEMORY);
	check_eq(write(fd, "1", 1), 1, "reset by root");
	close(fd);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features && features != 0xffffffff, "behind it: device_features 0x%x", features);
}

static atomic_int sent;

static void *toggle(void *unused)
{
	(void)unused;
	while (!sent) {
		vf_command(&vf, 0, PCI_COMMAND_MEMORY);
		vf_command(&vf, PCI_COMMAND_MEMORY, 0);
	}
	return NULL;
}

/* Kicks meet a device that decodes no memory, for as long as it takes to turn that on again. */
static void kicks_meanwhile(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	uint8_t out[60];
	const char *why;
	pthread_t thread;
	unsigned int i;
	int err;

	err = net_up(&net, &vf, &options, &why);
	if (!check(!err, "brought up (%s: %s)", why, strerror(-err)))
		return;
	frame_build(out, sizeof(out), frame_broadcast, net.mac, 0);
	pthread_create(&thread, NULL, toggle, NULL);
	for (i = 0; i < FRAMES && !err; i++)
		err = net_send(&net, out, sizeof(out), WAIT_MS);
	sent = 1;
	pthread_join(thread, NULL);
	check(!err, "memory decoding on and off under %u frames (%s)", i, strerror(-err));
	net_down(&net);
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 3)
		check_die("usage: plain_function PEER FUNCTION");
	err = peer_open(&peer, argv[1]);
	if (err)
		check_die("peer %s: %s", argv[1], strerror(-err));
	check_vf_open(&vf, argv[2]);
	memory(PCI_COMMAND_MEMORY, "on");
	memory(0, "off");
	memory(PCI_COMMAND_MEMORY, "on again");
	reset_by_root();
	own_line();
	unmasked_meanwhile();
	kicks_meanwhile();
	vf_close(&vf);
	return check_result();
}
