// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Kicks that the policy `coalesce` puts off for half a second: one per queue comes through,
 * and none is lost: coalesce VF
 */
#include <poll.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "net.h"
#include "punt.h"
#include "stats.h"

#define KICKS 100
#define LATER_MS 500
#define FAR_QUEUE 300 /* beyond those that can wait */

static struct vf vf;
static struct net net;

static void kicks_wait(void)
{
	__u64 coalesced = stats_event(vf.bdf, VVB_EV_COALESCED);
	__u64 sent = stats_event(vf.bdf, VVB_EV_COALESCED_SENT);
	long start = punt_now_ms();
	unsigned int i;

	for (i = 0; i < KICKS; i++)
		legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, i % 2);
	check(punt_now_ms() - start < LATER_MS, "%u kicks of two queues took %ld ms", KICKS,
	      punt_now_ms() - start);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED) - coalesced), KICKS - 2,
		 "joined one that waits");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED_SENT) - sent), 0,
		 "delivered at once");
	poll(NULL, 0, 3 * LATER_MS);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED_SENT) - sent), 2,
		 "delivered later");
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, FAR_QUEUE);
	poll(NULL, 0, 3 * LATER_MS);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED_SENT) - sent), 2,
		 "a queue that can't wait is kicked at once");
}

/* queue_select and queue_notify in one write: the kick is one like any other. */
static void kick_in_a_wider_write(void)
{
	__u64 sent = stats_event(vf.bdf, VVB_EV_COALESCED_SENT);
	__u64 coalesced = stats_event(vf.bdf, VVB_EV_COALESCED);
	const uint16_t both[] = { 1, 0 };

	check_eq(legacy_write(&vf, LEGACY_QUEUE_SELECT, both, sizeof(both)), sizeof(both),
		 "queue_select and queue_notify written at once");
	check_eq(legacy_get16(&vf, LEGACY_QUEUE_SELECT), both[0], "queue_select is");
	legacy_write(&vf, LEGACY_QUEUE_SELECT, both, sizeof(both));
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED_SENT) - sent), 0,
		 "the kicks are put off");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED) - coalesced), 1,
		 "and become one");
	poll(NULL, 0, 3 * LATER_MS);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED_SENT) - sent), 1,
		 "which is delivered later");
}

static void come_up(void)
{
	const struct net_options options = { .features = NET_F_MAC };
	const char *why = "";
	int err = net_up(&net, &vf, &options, &why);

	if (err)
		check_die("%s: %s", why, strerror(-err));
}

static void frames_go_out(void)
{
	uint8_t frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	unsigned int i;
	long start;

	come_up();
	for (i = 0; i < 3; i++) {
		start = punt_now_ms();
		check_eq(net_send(&net, frame, sizeof(frame), 10000), 0, "frame %u is taken", i);
		check_note("after %ld ms", punt_now_ms() - start);
	}
	net_down(&net);
}

static void reads_wait(void)
{
	__u64 delayed = stats_event(vf.bdf, VVB_EV_DELAYED);
	long start = punt_now_ms();

	check(legacy_get16(&vf, LEGACY_QUEUE_SIZE) != 0, "queue_size");
	check(punt_now_ms() - start >= 95, "after %ld ms", punt_now_ms() - start);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DELAYED) - delayed), 1, "delay counted");
	check_eq(vf_attr_set(vf.bdf, "punt_timeout_ms", "20"), 0, "punt_timeout_ms 20");
	start = punt_now_ms();
	check(legacy_get16(&vf, LEGACY_QUEUE_SIZE) != 0, "queue_size");
	check(punt_now_ms() - start < 95, "after %ld ms", punt_now_ms() - start);
	check_eq((long long)stats_event(vf.bdf, VVB_EV_DELAY_CUT), 1, "cut delay counted");
	check_eq(vf_attr_set(vf.bdf, "punt_timeout_ms", "2000"), 0, "punt_timeout_ms 2000");
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 2)
		check_die("usage: coalesce VF");
	err = vf_open(&vf, argv[1]);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	vf_attr_set(vf.bdf, "punt_timeout_ms", "2000");
	kicks_wait();
	kick_in_a_wider_write();
	frames_go_out();
	reads_wait();
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0); /* closed with one that waits */
	vf_close(&vf);
	return check_result();
}
