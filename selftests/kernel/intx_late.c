// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * An interrupt that is on its way while the guest resets the device: intx_late PF VF
 *
 * The device sends it, then the reset is over, and then another processor takes it. Nobody would
 * lower that line: the driver is gone.
 */
#include <sched.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "intx.h"
#include "net.h"
#include "peer.h"

#define ROUNDS 200

static struct vf vf;
static struct net net;
static struct peer peer;
static int event;

static void affinity(unsigned int irq, unsigned int cpu)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/irq/%u/smp_affinity", irq);
	f = fopen(path, "w");
	if (!f)
		return;
	fprintf(f, "%x\n", 1u << cpu);
	fclose(f);
}

/* The VF's interrupts on the second processor, the PF's, with the answers to commands, on the first. */
static void spread_interrupts(void)
{
	FILE *f = fopen("/proc/interrupts", "r");
	unsigned int irq, ours = 0;
	char line[512];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%u:", &irq) != 1)
			continue;
		if (strstr(line, "vvb-"))
			affinity(irq, 1);
		else if (strstr(line, "virtio"))
			affinity(irq, 0);
		else
			continue;
		ours += !!strstr(line, "vvb-");
	}
	if (f)
		fclose(f);
	check_eq(ours, 2, "interrupts of the VF");
}

static void up(void)
{
	const struct net_options options = { .features = NET_F_MAC, .intx = event };
	const char *why;

	if (net_up(&net, &vf, &options, &why))
		check_die("%s", why);
}

/* Is the line up behind a reset that came right after a frame? */
static int one_round(void)
{
	uint8_t out[60];
	int line;

	up();
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	frame_build(out, sizeof(out), peer.mac, net.mac, 0);
	net_send(&net, out, sizeof(out), 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	usleep(20000);
	line = !!(vf_config_get(&vf, PCI_STATUS, 2) & PCI_STATUS_INTERRUPT);
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	net_down(&net);
	intx_unmask(&vf);
	intx_signals(event, 0);
	return line;
}

int main(int argc, char **argv)
{
	unsigned int i, lines = 0;
	cpu_set_t first;

	if (argc < 3)
		check_die("usage: intx_late PF VF");
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first))
		check_die("sched_setaffinity: %s", strerror(errno));
	if (peer_open(&peer, argv[1]))
		check_die("the PF's interface");
	event = intx_event();
	check_vf_open(&vf, argv[2]);
	check_eq(intx_on(&vf, event), 0, "INTx on");
	spread_interrupts();
	for (i = 0; i < ROUNDS; i++)
		lines += (unsigned int)one_round();
	check_eq(lines, 0, "times of %u the line is up behind a reset", i);
	vf_close(&vf);
	return check_result();
}
