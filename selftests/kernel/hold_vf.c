// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * hold_vf VF [LINGER_MS] - a VMM that keeps a VF open and its guest reading registers
 *
 * When the host asks for the device back (VFIO's request interrupt), it goes on for
 * LINGER_MS, closes and ends. It says what happens, a line each:
 *
 *	open				the VF is open, accesses are under way
 *	asked				the request came
 *	reads N ones M slowest MS	what the accesses since then gave
 *	closed
 *
 * For shell tests. Killed, it closes as any process does.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"

#define PAUSE_US 2000

static struct vf vf;
static atomic_bool over;
static atomic_uint reads, ones;
static atomic_long slowest;

static void *guest(void *arg)
{
	long start, ms;

	(void)arg;
	while (!over) {
		start = punt_now_ms();
		ones += legacy_get32(&vf, LEGACY_DEVICE_FEATURES) == ~0u;
		ms = punt_now_ms() - start;
		if (ms > slowest)
			slowest = ms;
		reads++;
		usleep(PAUSE_US);
	}
	return NULL;
}

static void say(const char *what)
{
	puts(what);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	long linger = argc > 2 ? strtol(argv[2], NULL, 0) : 0;
	struct pollfd asked = { .events = POLLIN };
	pthread_t thread;
	int err;

	if (argc < 2)
		check_die("usage: hold_vf VF [LINGER_MS]");
	asked.fd = eventfd(0, EFD_CLOEXEC);
	err = vf_open(&vf, argv[1]);
	if (!err)
		err = vf_irqs(&vf, VFIO_PCI_REQ_IRQ_INDEX, &asked.fd, 1);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	pthread_create(&thread, NULL, guest, NULL);
	say("open");
	poll(&asked, 1, -1);
	say("asked");
	usleep(10 * PAUSE_US); /* what was under way has ended */
	reads = 0;
	ones = 0;
	slowest = 0;
	usleep((useconds_t)linger * 1000);
	over = 1;
	pthread_join(thread, NULL);
	printf("reads %u ones %u slowest %ld\n", reads, ones, slowest);
	vf_close(&vf);
	say("closed");
	return 0;
}
