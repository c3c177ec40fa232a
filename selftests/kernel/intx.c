// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Traffic of a driver that knows no MSI-X: intx PF VF [one|policy]
 *
 * Its frames, without a command; its ISR byte, polled or not; its change to MSI-X and back over
 * queues at work, and resets. With one vector there is no telling of the configuration, and too few
 * for the driver's own; with a policy commands are not counted, nor is the device's configuration
 * looked at.
 */
#include <linux/pci_regs.h>
#include <time.h>

#include "check_vf.h"
#include "intx.h"
#include "knob.h"
#include "net.h"
#include "peer.h"
#include "punt.h"
#include "stats.h"

#define WAIT_MS 5000
#define QUIET_MS 200
#define FRAMES 200
#define CONFIG_LEN 24

static struct vf vf;
static struct net net;
static struct peer peer;
static int event;

static const struct net_options with_intx = { .features = NET_F_MAC | NET_F_STATUS };

static uint64_t commands(void)
{
	struct vvb_stats stats;
	uint64_t sum = 0;
	unsigned int i;

	if (stats_read(vf.bdf, &stats))
		check_die("no counters");
	for (i = 0; i < ARRAY_SIZE(stats.commands); i++)
		sum += stats.commands[i];
	return sum;
}

/* MSI-X Enable, as config space has it. */
static int msix_enabled(void)
{
	unsigned int at = vf_config_get(&vf, PCI_CAPABILITY_LIST, 1), left = 48;

	for (; at && left; left--, at = vf_config_get(&vf, at + 1, 1))
		if (vf_config_get(&vf, at, 1) == PCI_CAP_ID_MSIX)
			return !!(vf_config_get(&vf, at + PCI_MSIX_FLAGS, 2) &
				  PCI_MSIX_FLAGS_ENABLE);
	return -1;
}

static uint64_t reads_of_isr(void)
{
	struct vvb_stats stats;

	if (stats_read(vf.bdf, &stats))
		check_die("no counters");
	return stats.field[VVB_FIELD_ISR_STATUS].reads;
}

static int policy;

static void no_commands(uint64_t before, const char *what)
{
	if (!policy)
		check_eq((long long)(commands() - before), 0, "%s", what);
}

/* How the driver says the user is told. */
static void told_by(const char *wanted, const char *when)
{
	char got[32] = "";

	vf_attr_get(vf.bdf, "interrupt", got, sizeof(got));
	check(!strcmp(got, wanted), "%s: interrupt is %s (wanted %s)", when, got, wanted);
}

/* From the PF, to all, and of a kind that nobody looks for. */
static int a_frame(void)
{
	uint8_t out[60];

	frame_build(out, sizeof(out), frame_broadcast, peer.mac, 0);
	out[12] = 0x12;
	return peer_send(&peer, out, sizeof(out));
}

static void up(const char *name)
{
	struct net_options options = with_intx;
	const char *why;
	int err;

	options.intx = event;
	err = net_up(&net, &vf, &options, &why);
	if (err)
		check_die("%s: %s: %s", name, why, strerror(-err));
	/* what the link, and the host, have to say first */
	while (intx_signals(event, QUIET_MS)) {
		legacy_get8(&vf, LEGACY_ISR_STATUS);
		intx_unmask(&vf);
	}
}

static int send_frame(unsigned int i)
{
	uint8_t out[NET_FRAME_MAX], in[2 * NET_FRAME_MAX];
	uint32_t len = 60 + i * 7 % 1400;
	int err;

	frame_build(out, len, peer.mac, net.mac, (uint8_t)i);
	err = net_send(&net, out, len, WAIT_MS);
	if (err)
		return err;
	err = peer_receive(&peer, in, sizeof(in), WAIT_MS);
	return err < 0 ? err : frame_same(in, err, out, len) ? 0 : -EBADMSG;
}

static int receive_frame(unsigned int i)
{
	uint8_t out[NET_FRAME_MAX], in[2 * NET_FRAME_MAX];
	uint32_t len = 60 + i * 7 % 1400;
	int err;

	frame_build(out, len, net.mac, peer.mac, (uint8_t)i);
	err = peer_send(&peer, out, len);
	while (!err) {
		err = net_receive(&net, in, sizeof(in), WAIT_MS);
		if (err < 0)
			return err;
		if (in[12] == PEER_ETHERTYPE >> 8 && in[13] == (PEER_ETHERTYPE & 0xff))
			return frame_same(in, err, out, len) ? 0 : -EBADMSG;
		err = 0;
	}
	return err;
}

static void exchange(const char *name, unsigned int frames)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < frames && !err; i++)
		err = send_frame(i);
	check(!err, "%s: %u frames from VF to PF (%s)", name, i, strerror(-err));
	for (i = 0; i < frames && !err; i++)
		err = receive_frame(i);
	check(!err, "%s: %u frames from PF to VF (%s)", name, i, strerror(-err));
}

/* Each frame that goes out is waited for by its interrupt: there must be one for each. */
static void traffic(void)
{
	uint64_t before, interrupts;

	check_eq(intx_on(&vf, event), 0, "INTx on");
	told_by("intx", "INTx on");
	check_eq(msix_enabled(), 0, "MSI-X Enable");
	up("up");
	before = commands();
	interrupts = stats_event(vf.bdf, VVB_EV_INTX);
	exchange("INTx", FRAMES);
	no_commands(before, "commands of that");
	interrupts = stats_event(vf.bdf, VVB_EV_INTX) - interrupts;
	check(interrupts >= FRAMES, "%llu times told", (unsigned long long)interrupts);
	check_eq((long long)stats_event(vf.bdf, VVB_EV_INTX_REFUSED), 0, "no vector refused");
}

/*
 * The device configuration is where a driver without MSI-X looks for it, though the device has it on. A VF
 * that is its own owner keeps its MAC address: in modern virtio that is not written (5.1.4.2).
 */
static void configuration(void)
{
	char owner[16];
	uint8_t mac[6], flip;
	unsigned int i;

	check_eq(vf_attr_get(vf.bdf, "owner_active", owner, sizeof(owner)), 0, "owner: %s", owner);
	flip = strcmp(owner, "self") ? 4 : 0;

	check_eq(legacy_read(&vf, LEGACY_CONFIG, mac, sizeof(mac)), 6, "MAC address at 20");
	check(mac[0] != 0xff && !memcmp(mac, net.mac, 6), "in one read as in six");
	check_eq(legacy_get16(&vf, LEGACY_CONFIG + 6), 1, "link status at 26");
	for (i = 0; i < 2; i++)
		legacy_put8(&vf, LEGACY_CONFIG + i, (uint8_t)(net.mac[i] ^ 4));
	check_eq(legacy_get8(&vf, LEGACY_CONFIG), net.mac[0] ^ flip, "and written at 20");
	for (i = 0; i < 2; i++)
		legacy_put8(&vf, LEGACY_CONFIG + i, net.mac[i]);
}

static void isr(void)
{
	uint64_t before;
	unsigned int i;

	knob_set("link-down", "1");
	check_eq((long long)intx_signals(event, WAIT_MS), 1, "the link goes down");
	check(legacy_get8(&vf, LEGACY_ISR_STATUS) & LEGACY_ISR_CONFIG, "ISR: configuration");
	knob_set("link-up", "1");
	check_eq((long long)intx_signals(event, QUIET_MS), 0, "masked");
	check(legacy_get8(&vf, LEGACY_ISR_STATUS) & LEGACY_ISR_CONFIG, "ISR, polled");
	intx_unmask(&vf);
	before = commands();
	i = (unsigned int)reads_of_isr();
	for (; reads_of_isr() - i < 1000;)
		legacy_get8(&vf, LEGACY_ISR_STATUS);
	no_commands(before, "commands of 1000 reads of the ISR");
}

/* One that polls, with the line masked all the while. */
static void poller(void)
{
	uint64_t before;

	intx_mask(&vf);
	net.intx = 0;
	before = commands();
	exchange("polled", 20);
	no_commands(before, "commands of that");
	net.intx = event;
	/* before it is unmasked: a frame of the host's may come right behind that */
	intx_signals(event, 0);
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	intx_unmask(&vf);
}

/* ---- the user's own MSI-X, and back ---- */

static int fds[3];

static uint16_t vector_of(uint16_t queue)
{
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, queue);
	return legacy_get16(&vf, LEGACY_QUEUE_VECTOR);
}

/* The driver had no MSI-X so far: the device must know of no vector. */
static void to_msix(void)
{
	uint8_t mac[6];

	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
	check_eq(intx_off(&vf), 0, "INTx off");
	told_by("none", "INTx off");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue_select is what it was");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 3), 0, "MSI-X");
	told_by("msix", "MSI-X");
	check_eq(msix_enabled(), 1, "MSI-X Enable");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 1, "queue_select is what it was");
	check_eq(legacy_get16(&vf, LEGACY_CONFIG_VECTOR), LEGACY_NO_VECTOR, "config_vector");
	check_eq(vector_of(0), LEGACY_NO_VECTOR, "vector of queue 0");
	check_eq(vector_of(1), LEGACY_NO_VECTOR, "vector of queue 1");
	check_eq(legacy_read(&vf, LEGACY_CONFIG_MSIX, mac, 6), 6, "MAC address at 24");
	check(!memcmp(mac, net.mac, 6), "which is the same");
}

/* Vectors of the driver's own; INTx borrows them. */
static void and_back(void)
{
	legacy_put16(&vf, LEGACY_CONFIG_VECTOR, 2);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 0);
	legacy_put16(&vf, LEGACY_QUEUE_VECTOR, 1);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 2);
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	/* a frame while nobody is told: that must not be the end of it */
	check_eq(a_frame(), 0, "a frame");
	usleep(100000);
	intx_signals(event, 0);
	check_eq(intx_on(&vf, event), 0, "INTx on");
	told_by("intx", "INTx on");
	check_eq((long long)intx_signals(event, WAIT_MS), 1, "have a look");
	check(legacy_get8(&vf, LEGACY_ISR_STATUS) & LEGACY_ISR_QUEUE, "the ISR says so");
	intx_unmask(&vf);
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), 2, "queue_select is what it was");
	exchange("INTx over queues at work", 50);
	check_eq(intx_off(&vf), 0, "INTx off");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, fds, 3), 0, "MSI-X");
	check_eq(legacy_get16(&vf, LEGACY_CONFIG_VECTOR), 2, "config_vector is the driver's");
	check_eq(vector_of(0), 1, "vector of queue 0 is the driver's");
	check_eq(vector_of(1), LEGACY_NO_VECTOR, "queue 1 had none");
	intx_signals(event, 0);
	intx_signals(fds[0], 0);
	intx_signals(fds[1], 0);
	check_eq(a_frame(), 0, "a frame");
	check_eq((long long)intx_signals(fds[1], WAIT_MS), 1, "comes by MSI-X, once");
	check_eq((long long)intx_signals(fds[0], QUIET_MS), 0, "and by no other vector");
	check_eq((long long)intx_signals(event, 0), 0, "nor by INTx");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	exchange("INTx once more", 20);
}

/* What is not about interrupts of the device does not disturb INTx. */
static void other_irqs(void)
{
	int request = intx_event();
	uint64_t before = commands();

	check_eq(vf_irqs(&vf, VFIO_PCI_REQ_IRQ_INDEX, &request, 1), 0, "an eventfd for requests");
	check(policy || commands() - before <= 1, "%llu commands of that",
	      (unsigned long long)(commands() - before));
	exchange("after that", 10);
	check_eq(vf_irqs(&vf, VFIO_PCI_REQ_IRQ_INDEX, NULL, 0), 0, "and none");
	exchange("after that", 10);
	close(request);
}

/* ---- resets ---- */

static void flr(void)
{
	unsigned int express = vf_express(&vf);
	uint32_t control = vf_config_get(&vf, express + PCI_EXP_DEVCTL, 2);

	check_eq(vf_config_put(&vf, express + PCI_EXP_DEVCTL, 2, control | PCI_EXP_DEVCTL_BCR_FLR),
		 0, "FLR");
}

static void after_reset(const char *name)
{
	told_by("intx", name);
	check_eq(vf_config_get(&vf, PCI_STATUS, 2) & PCI_STATUS_INTERRUPT, 0, "%s: line", name);
	net_down(&net);
	intx_unmask(&vf);
	up(name);
	exchange(name, 20);
}

static void resets(void)
{
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	after_reset("device reset");
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	after_reset("VFIO_DEVICE_RESET");
	flr();
	after_reset("FLR");
	/* as QEMU resets: nothing is decoded, and INTx comes on before anything is */
	check_eq(intx_off(&vf), 0, "INTx off");
	vf_command(&vf, 0, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	check_eq(intx_on(&vf, event), 0, "INTx on, memory decoding off");
	after_reset("INTx on while memory decoding is off");
}

/* Closed with everything on; what comes after that is nobody's. */
static void closed(const char *bdf)
{
	vf_close(&vf);
	a_frame();
	intx_signals(event, 0);
	check_eq((long long)intx_signals(event, QUIET_MS), 0, "nothing comes after close");
	check_vf_open(&vf, bdf);
	told_by("none", "opened again");
	check_eq(intx_on(&vf, event), 0, "INTx on");
	up("opened again");
	exchange("opened again", 20);
	vf_close(&vf);
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc < 3)
		check_die("usage: intx PF VF");
	if (peer_open(&peer, argv[1]))
		check_die("the PF's interface");
	event = intx_event();
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = intx_event();
	check_vf_open(&vf, argv[2]);
	policy = argc > 3 && !strcmp(argv[3], "policy");
	traffic();
	if (!policy)
		configuration();
	poller();
	other_irqs();
	if (argc == 3 || policy) {
		isr();
		to_msix();
		and_back();
		other_irqs();
	}
	resets();
	closed(argv[2]);
	return check_result();
}
