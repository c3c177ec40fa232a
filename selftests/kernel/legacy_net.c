// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A legacy driver brings a VF up and exchanges frames with the PF, and with a second VF
 * that is driven alike: legacy_net PF VF [VF2]
 */
#include "check_vf.h"
#include "stats.h"
#include "wire.h"

#define WAIT_MS 5000

static struct vf vf;
static struct net net;
static struct peer peer;

static int up(struct net *n, struct vf *v, const struct net_options *options, const char *name)
{
	const char *why;
	int err = net_up(n, v, options, &why);

	return check(!err, "%s: brought up (%s: %s), offered %08x", name, why, strerror(-err),
		     n->offered);
}

/* Frames of all lengths, both ways, more of them than a ring has entries. */
static void exchange(const char *name, unsigned int rounds)
{
	unsigned int frames = rounds * WIRE_LENGTHS;
	int err = wire_out(&net, &peer, frames);

	check(!err, "%s: %u frames from VF to PF (%s)", name, frames, strerror(-err));
	err = wire_in(&net, &peer, frames);
	check(!err, "%s: %u frames from PF to VF (%s)", name, frames, strerror(-err));
}

/* A frame may be seen before its interrupt is; but that must come. */
static void check_interrupts(const char *name)
{
	if (!net.interrupts[NET_RX])
		net_interrupt(&net, NET_RX, WAIT_MS);
	check(net.interrupts[NET_RX], "%s: %u interrupts for %s", name, net.interrupts[NET_RX],
	      net.msix ? "received frames" : "frames, by ISR");
	if (net.msix)
		check(net.interrupts[NET_TX], "%s: %u interrupts for sent frames", name,
		      net.interrupts[NET_TX]);
}

static void run(const char *name, const struct net_options *options, unsigned int rounds)
{
	if (up(&net, &vf, options, name)) {
		exchange(name, rounds);
		check_interrupts(name);
	}
	net_down(&net);
}

static void with_msix(void)
{
	run("MSI-X, 10-byte header", &(struct net_options) { .features = NET_F_MAC, .msix = 1 },
	    30);
	check_eq(net.header_len, 10, "header without MRG_RXBUF");
}

static void with_mrg_rxbuf(void)
{
	const struct net_options options = {
		.features = NET_F_MAC | NET_F_MRG_RXBUF,
		.msix = 1,
		.buffer_size = 256,
	};

	run("MRG_RXBUF, buffers of 256 bytes", &options, 30);
	check_eq(net.header_len, 12, "header with MRG_RXBUF");
}

static void without_interrupts(void)
{
	run("no interrupt, ISR polled", &(struct net_options) { .features = NET_F_MAC }, 4);
	run("no interrupt, MRG_RXBUF",
	    &(struct net_options) { .features = NET_F_MAC | NET_F_MRG_RXBUF }, 2);
}

/* EDK II's driver polls, too. A VF's BARs are there all the same, for doorbells and vectors. */
static void without_memory_space(void)
{
	run("I/O Space and Bus Master only",
	    &(struct net_options) { .features = NET_F_MAC, .no_memory = 1 }, 2);
	run("I/O Space, Bus Master and MSI-X only",
	    &(struct net_options) { .features = NET_F_MAC, .msix = 1, .no_memory = 1 }, 4);
}

static void with_indirect(void)
{
	const struct net_options options = {
		.features = NET_F_MAC | NET_F_INDIRECT_DESC,
		.msix = 1,
	};

	if (!up(&net, &vf, &options, "indirect"))
		return;
	if (net.features & NET_F_INDIRECT_DESC)
		exchange("indirect", 30);
	else
		check_note("INDIRECT_DESC is not offered");
	net_down(&net);
}

/* Opened anew, so that nobody has set what such a driver does not set. */
static void as_old_drivers_do(void)
{
	char bdf[sizeof(vf.bdf)];

	memcpy(bdf, vf.bdf, sizeof(bdf));
	if (!driver_is_ours(bdf))
		return; /* the kernel's own driver has none of it */
	vf_close(&vf);
	check_vf_open(&vf, bdf);
	run("an old driver", &(struct net_options) { .features = NET_F_MAC, .old = 1 }, 2);
	run("an old driver with MSI-X",
	    &(struct net_options) { .features = NET_F_MAC, .old = 1, .msix = 1 }, 2);
}

/* VMMs switch MSI-X off and on at any time; the vectors in the device must stay. */
static void msix_off_and_on(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };

	if (!up(&net, &vf, &options, "MSI-X toggled"))
		return;
	check(!net_irqs(&net, 0) && !net_irqs(&net, 1), "MSI-X switched off and on");
	exchange("after MSI-X off and on", 2);
	check_interrupts("after MSI-X off and on");
	net_down(&net);
}

static void again(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };

	if (!up(&net, &vf, &options, "first life"))
		return;
	exchange("first life", 1);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, NET_RX);
	check_eq(legacy_get32(&vf, LEGACY_QUEUE_ADDRESS), 0, "queue address after reset");
	net_down(&net);
	run("second life", &options, 2);
}

static void after_vfio_reset(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };

	if (!up(&net, &vf, &options, "before VFIO_DEVICE_RESET"))
		return;
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	net_down(&net);
	run("after VFIO_DEVICE_RESET", &options, 2);
}

/* Closed without a word to the device: the next opener finds it reset. */
static void after_reopen(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	char bdf[sizeof(vf.bdf)];

	memcpy(bdf, vf.bdf, sizeof(bdf));
	if (!up(&net, &vf, &options, "before close"))
		return;
	vf_close(&vf);
	if (!check_eq(vf_open(&vf, bdf), 0, "opened again"))
		exit(1);
	check(!vf_command(&vf, 1, 0), "I/O space enabled");
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "device status after reopen");
	run("after reopen", &options, 2);
}

static void two_vfs(const char *bdf)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	uint8_t out[NET_FRAME_MAX], in[NET_FRAME_MAX];
	struct vf vf2;
	struct net net2;
	int i, err = 0, n = 0;

	if (!check_eq(vf_open(&vf2, bdf), 0, "second VF opened"))
		return;
	if (!up(&net, &vf, &options, "VF 1") || !up(&net2, &vf2, &options, "VF 2"))
		return;
	check(memcmp(net.mac, net2.mac, 6), "their MAC addresses differ");
	for (i = 0; i < 40 && !err; i++) {
		struct net *from = i & 1 ? &net : &net2, *to = i & 1 ? &net2 : &net;
		uint32_t len = 60 + 37 * (uint32_t)i;

		frame_build(out, len, to->mac, from->mac, (uint8_t)i);
		err = net_send(from, out, len, WAIT_MS);
		do {
			if (!err)
				n = net_receive(to, in, sizeof(in), WAIT_MS);
		} while (!err && n > 0 && in[12] != PEER_ETHERTYPE >> 8);
		if (!err && !frame_same(in, n, out, len))
			err = n < 0 ? n : -EBADMSG;
	}
	check(!err, "%d frames between two VFs (%s)", i, strerror(-err));
	net_down(&net);
	net_down(&net2);
	vf_close(&vf2);
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 3)
		check_die("usage: legacy_net PF VF [VF2]");
	err = peer_open(&peer, argv[1]);
	if (err)
		check_die("network interface of PF %s: %s", argv[1], strerror(-err));
	check_vf_open(&vf, argv[2]);
	if (!vf.bar0_size)
		check_die("VF %s shows no BAR0", argv[2]);
	with_msix();
	with_mrg_rxbuf();
	without_interrupts();
	without_memory_space();
	with_indirect();
	as_old_drivers_do();
	msix_off_and_on();
	again();
	after_vfio_reset();
	after_reopen();
	if (argc > 3)
		two_vfs(argv[3]);
	vf_close(&vf);
	return check_result();
}
