// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What INTx costs: intx_cost VF latency|poll [SECONDS]
 *
 *	latency	from before a kick until the eventfd of the interrupt that it brings about has been
 *		read, by MSI-X and by INTx, and with the ISR byte read and INTx unmasked besides; in
 *		ticks, which are instructions where exact time is on. Medians
 *	poll	a driver without interrupts polls the ISR byte once a millisecond, for 60 seconds if
 *		nothing else is said: administration commands of that
 */
#include <time.h>
#include <linux/pci_regs.h>
#include <x86intrin.h>

#include "check_vf.h"
#include "intx.h"
#include "net.h"
#include "stats.h"

#define TIMES 501

static struct vf vf;
static struct net net;
static int event;

static void up(int msix)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = msix };
	const char *why;
	int err = net_up(&net, &vf, &options, &why);

	if (err)
		check_die("%s: %s", why, strerror(-err));
}

static int ascending(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* One frame out: a frame of nothing but a header, as the ring is not what this is about. */
static int kick(void)
{
	struct vring_sg sg = { net.tx_header, net.header_len + 60, 0 };

	return vring_add(&net.ring[NET_TX], &sg, 1, 0);
}

/* Ticks from the kick on; @whole: and the interrupt is over. */
static uint64_t latency(int fd, int intx, int whole)
{
	static uint64_t ticks[TIMES];
	uint32_t written;
	uint64_t start;
	int i, lost = 0;

	for (i = 0; i < TIMES; i++) {
		if (kick() < 0)
			check_die("the ring is full");
		start = __rdtsc();
		legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, NET_TX);
		lost += !intx_signals(fd, (int)check_ms(1000));
		if (whole && intx) {
			legacy_get8(&vf, LEGACY_ISR_STATUS);
			intx_unmask(&vf);
		}
		ticks[i] = __rdtsc() - start;
		if (!whole && intx) {
			legacy_get8(&vf, LEGACY_ISR_STATUS);
			intx_unmask(&vf);
		}
		vring_take(&net.ring[NET_TX], &written);
	}
	check_eq(lost, 0, "interrupts that did not come");
	qsort(ticks, TIMES, sizeof(*ticks), ascending);
	return ticks[TIMES / 2];
}

static void latencies(void)
{
	uint64_t msix, intx, whole;

	up(1);
	msix = latency(net.event[1 + NET_TX], 0, 0);
	net_down(&net);
	check_eq(intx_on(&vf, event), 0, "INTx on");
	up(0);
	intx_signals(event, 100);
	legacy_get8(&vf, LEGACY_ISR_STATUS);
	intx_unmask(&vf);
	intx = latency(event, 1, 0);
	whole = latency(event, 1, 1);
	check_note("MSI-X %llu, INTx %llu, with the ISR read and unmasked %llu",
		   (unsigned long long)msix, (unsigned long long)intx, (unsigned long long)whole);
	check(intx < msix + msix / 2, "INTx tells nearly as soon as MSI-X");
}

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

static void poll_isr(int seconds)
{
	int on = intx_on(&vf, event) == 0;
	time_t until = time(NULL) + seconds;
	unsigned long polls = 0;
	uint64_t before;

	up(0);
	before = commands();
	for (; time(NULL) < until; polls++) {
		legacy_get8(&vf, LEGACY_ISR_STATUS);
		usleep(1000);
	}
	check_note("%d s, %lu polls %s INTx: %llu commands", seconds, polls,
		   on ? "with" : "without", (unsigned long long)(commands() - before));
	check_eq((long long)(commands() - before), on ? 0 : (long long)polls, "commands");
}

int main(int argc, char **argv)
{
	if (argc < 3)
		check_die("usage: intx_cost VF latency|poll [SECONDS]");
	event = intx_event();
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	if (!strcmp(argv[2], "latency"))
		latencies();
	else
		poll_isr(argc > 3 ? atoi(argv[3]) : 60);
	vf_close(&vf);
	return check_result();
}
