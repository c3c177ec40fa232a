// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Legacy drivers on two VFs, which exchange frames: two_guests VF VF2 [SECONDS]
 *
 * Nothing of it needs a network interface of the PF. With SECONDS both are brought up, used and taken
 * down again and again for that long; it is said how often, and that nothing failed.
 */
#include "check_vf.h"
#include "net.h"
#include "peer.h"
#include "punt.h"

#define WAIT_MS 5000
#define FRAMES 40

static struct vf vf, vf2;
static struct net net, net2;

static int up(struct net *n, struct vf *v, const char *name, const struct net_options *options)
{
	const char *why;
	int err = net_up(n, v, options, &why);

	if (err)
		check(0, "%s: not brought up: %s: %s", name, why, strerror(-err));
	return err;
}

/* Others send frames, too: the host's, and what came before. */
static int receive(struct net *to, const uint8_t *out, uint32_t len)
{
	uint8_t in[NET_FRAME_MAX];
	int n;

	do
		n = net_receive(to, in, sizeof(in), WAIT_MS);
	while (n > 0 && in[12] != PEER_ETHERTYPE >> 8);
	if (n < 0)
		return n;
	return frame_same(in, n, out, len) ? 0 : -EBADMSG;
}

static int exchange(void)
{
	uint8_t out[NET_FRAME_MAX];
	int err = 0;

	for (int i = 0; i < FRAMES && !err; i++) {
		struct net *from = i & 1 ? &net : &net2, *to = i & 1 ? &net2 : &net;
		uint32_t len = 60 + 35 * (uint32_t)i;

		frame_build(out, len, to->mac, from->mac, (uint8_t)i);
		err = net_send(from, out, len, WAIT_MS);
		if (!err)
			err = receive(to, out, len);
	}
	return err;
}

static int once(const struct net_options *options)
{
	int err = up(&net, &vf, "VF 1", options) ?: up(&net2, &vf2, "VF 2", options);

	if (err)
		return err;
	if (!memcmp(net.mac, net2.mac, sizeof(net.mac)))
		err = -EBADMSG;
	if (!err)
		err = exchange();
	net_down(&net);
	net_down(&net2);
	return err;
}

static void run(const char *name, const struct net_options *options)
{
	int err = once(options);

	check(!err, "%s: %d frames between two VFs (%s)", name, FRAMES, strerror(-err));
}

static void again_and_again(long ms)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	long until = punt_now_ms() + ms;
	unsigned int times = 0;
	int err = 0;

	while (!err && punt_now_ms() < until) {
		err = once(&options);
		times++;
	}
	check(!err, "%u times up and down (%s)", times, strerror(-err));
}

int main(int argc, char **argv)
{
	if (argc < 3)
		check_die("usage: two_guests VF VF2 [SECONDS]");
	check_vf_open(&vf, argv[1]);
	check_vf_open(&vf2, argv[2]);
	if (!vf.bar0_size || !vf2.bar0_size)
		check_die("there is no BAR0");
	if (argc > 3) {
		again_and_again(check_ms(1000 * strtol(argv[3], NULL, 0)));
	} else {
		run("MSI-X", &(struct net_options) { .features = NET_F_MAC, .msix = 1 });
		run("MRG_RXBUF", &(struct net_options) { .features = NET_F_MAC | NET_F_MRG_RXBUF,
							 .msix = 1,
							 .buffer_size = 256 });
		run("no interrupt, ISR polled", &(struct net_options) { .features = NET_F_MAC });
		check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
		run("after VFIO_DEVICE_RESET",
		    &(struct net_options) { .features = NET_F_MAC, .msix = 1 });
	}
	vf_close(&vf2);
	vf_close(&vf);
	return check_result();
}
