// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * coalesce VF		kicks that the policy `coalesce` puts off for half a second: one per queue
 *			comes through, and none is lost
 * coalesce VF now	kicks that `coalesce-now` puts off for no time: none is lost
 */
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "net.h"
#include "punt.h"
#include "stats.h"

#define KICKS 100
#define FRAMES 5000
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

/* Of another width than the register they are kicks like any other. */
static void other_widths(void)
{
	__u64 sent = stats_event(vf.bdf, VVB_EV_COALESCED_SENT);
	__u64 coalesced = stats_event(vf.bdf, VVB_EV_COALESCED);

	check_eq(legacy_put32(&vf, LEGACY_QUEUE_NOTIFY, 0), 0, "a kick of four bytes");
	check_eq(legacy_put8(&vf, LEGACY_QUEUE_NOTIFY, 0), 0, "one of one byte");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED_SENT) - sent), 0,
		 "the kicks are put off");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED) - coalesced), 1,
		 "and become one");
	poll(NULL, 0, 3 * LATER_MS);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_COALESCED_SENT) - sent), 1,
		 "which is delivered later");
}

/* The policy wants half a second. */
static void bounded(void)
{
	__u64 sent = stats_event(vf.bdf, VVB_EV_COALESCED_SENT);
	long start, ms;

	check_eq(vf_attr_set(vf.bdf, "punt_timeout_ms", "50"), 0, "punt_timeout_ms 50");
	start = punt_now_ms();
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0);
	while (stats_event(vf.bdf, VVB_EV_COALESCED_SENT) == sent &&
	       punt_now_ms() - start < 2 * LATER_MS)
		poll(NULL, 0, 1);
	ms = punt_now_ms() - start;
	check(ms < check_ms(LATER_MS / 2) && ms < 2 * LATER_MS, "a kick is delivered after %ld ms",
	      ms);
	check_eq(vf_attr_set(vf.bdf, "punt_timeout_ms", "2000"), 0, "punt_timeout_ms 2000");
}

static void come_up(int msix)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = msix };
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

	come_up(0);
	for (i = 0; i < 3; i++) {
		start = punt_now_ms();
		check_eq(net_send(&net, frame, sizeof(frame), 10000), 0, "frame %u is taken", i);
		check_note("after %ld ms", punt_now_ms() - start);
	}
	net_down(&net);
}

/* How long the fastest of some reads takes, in ms; one may be slow by what else the host does. */
static long fastest_read(unsigned int times)
{
	long fastest = LONG_MAX, start, ms;

	while (times--) {
		start = punt_now_ms();
		check(legacy_get16(&vf, LEGACY_QUEUE_SIZE) != 0, "queue_size");
		ms = punt_now_ms() - start;
		fastest = ms < fastest ? ms : fastest;
	}
	return fastest;
}

static void reads_wait(void)
{
	__u64 delayed = stats_event(vf.bdf, VVB_EV_DELAYED);
	long ms = fastest_read(1);

	check(ms >= 95, "after %ld ms", ms);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DELAYED) - delayed), 1, "delay counted");
	check_eq(vf_attr_set(vf.bdf, "punt_timeout_ms", "20"), 0, "punt_timeout_ms 20");
	ms = fastest_read(8);
	check(ms < 95, "after %ld ms", ms);
	check_eq((long long)stats_event(vf.bdf, VVB_EV_DELAY_CUT), 8, "cut delays counted");
	check_eq(vf_attr_set(vf.bdf, "punt_timeout_ms", "2000"), 0, "punt_timeout_ms 2000");
}

/* ---- put off for no time ---- */

static atomic_uint frames_begun;
static atomic_bool over;

/*
 * Some kicks of the same queue beside each frame's own, at about its time; none while it is waited
 * for, which would make up for one that was lost.
 */
static void *kick_along(void *unused)
{
	unsigned int seen = 0, i;

	(void)unused;
	while (!over) {
		if (frames_begun == seen) {
			usleep(100);
			continue;
		}
		seen = frames_begun;
		for (i = 0; i < seen % 4; i++)
			legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, NET_TX);
	}
	return NULL;
}

static void none_lost(void)
{
	uint8_t frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	unsigned int lost = 0, i, nr = (unsigned int)(FRAMES / check_ms(1));
	pthread_t thread;

	come_up(1); /* an interrupt tells of a frame before its kick is over */
	pthread_create(&thread, NULL, kick_along, NULL);
	for (i = 0; i < nr && lost < 3; i++) {
		frames_begun++;
		/* one that is lost never comes: a busy machine gets its time */
		lost += !!net_send(&net, frame, sizeof(frame), (int)check_ms(5000));
	}
	over = 1;
	pthread_join(thread, NULL);
	check_eq(lost, 0, "of %u frames, those whose kick was lost", i);
	net_down(&net);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: coalesce VF [now]");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	vf_attr_set(vf.bdf, "punt_timeout_ms", "2000");
	if (argc > 2) {
		none_lost();
		vf_close(&vf);
		return check_result();
	}
	kicks_wait();
	other_widths();
	bounded();
	frames_go_out();
	reads_wait();
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0); /* closed with one that waits */
	vf_close(&vf);
	return check_result();
}
