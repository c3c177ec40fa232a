// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * One operation after the other, each with its first allocation failing, then with its
 * second, until it makes no more: it fails with an errno, or does without, and works in the
 * end. Which allocations may fail is set up in /sys/kernel/debug/failslab: no_memory VF
 */
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define MANY 300
#define REFILL_US 260000 /* a VF may have four failing commands a second */

static const char *bdf;
static struct vf vf;
static struct daemon d;
static int fail_nth, event;

/* The Nth allocation of this thread from now on fails. */
static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(fail_nth, text, (size_t)len, 0) != len)
		check_die("fail-nth: %s", strerror(errno));
}

/* Did it come to that? */
static bool disarm(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 1)
		check_die("fail-nth: %s", strerror(errno));
	arm(0);
	return !strtoul(text, NULL, 10);
}

/**
 * exhaust - fail all allocations of an operation, one by one
 * @op:		what is tried: 0, or a negative errno
 * @undo:	makes it possible to try again
 */
static void exhaust(const char *name, int (*op)(void), void (*undo)(void))
{
	unsigned int n, refused = 0, odd = 0;
	bool failed;
	int err;

	for (n = 1; n < MANY; n++) {
		usleep(REFILL_US);
		arm(n);
		err = op();
		failed = disarm();
		if (!err)
			undo();
		if (!failed)
			break;
		refused += err != 0;
		if (err && err != -ENOMEM) {
			odd++;
			check_note("%s: %s at allocation %u", name, strerror(-err), n);
		}
	}
	check(!err && n < MANY, "%s: %u allocations failed, refused %u times, %u not by ENOMEM",
	      name, n - 1, refused, odd);
}

/* ---- operations ---- */

static int open_vf(void)
{
	return vf_open(&vf, bdf);
}

static void close_vf(void)
{
	vf_close(&vf);
}

/* Absent hardware is what a guest sees then: no errno, but all-ones. */
static int read_register(void)
{
	uint32_t features;
	ssize_t n = legacy_read(&vf, LEGACY_DEVICE_FEATURES, &features, 4);

	if (n != 4)
		return n < 0 ? (int)n : -EIO;
	return features == ~0u ? -ENOMEM : 0;
}

static int write_register(void)
{
	return legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
}

static int kick_by_eventfd(int fd)
{
	struct vfio_device_ioeventfd kick = {
		.argsz = sizeof(kick),
		.flags = VFIO_DEVICE_IOEVENTFD_16,
		.offset = vf.bar0 + LEGACY_QUEUE_NOTIFY,
		.fd = fd,
	};

	return ioctl(vf.device, VFIO_DEVICE_IOEVENTFD, &kick) ? -errno : 0;
}

static int add_eventfd(void)
{
	return kick_by_eventfd(event);
}

static void remove_eventfd(void)
{
	kick_by_eventfd(-1);
}

static int open_daemon(void)
{
	int err = daemon_open(&d);

	if (!err)
		err = daemon_claim(&d, bdf);
	if (err)
		daemon_close(&d);
	return err;
}

static void close_daemon(void)
{
	daemon_close(&d);
}

static int read_stats(void)
{
	struct vvb_stats stats;

	return stats_read(bdf, &stats);
}

static void nothing(void)
{
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: no_memory VF");
	bdf = argv[1];
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	event = eventfd(0, EFD_CLOEXEC);
	if (fail_nth < 0 || event < 0)
		check_die("fail-nth, eventfd: %s", strerror(errno));
	exhaust("open", open_vf, close_vf);
	if (open_vf())
		check_die("VF %s does not open", bdf);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	exhaust("read", read_register, nothing);
	exhaust("write", write_register, nothing);
	exhaust("ioeventfd", add_eventfd, remove_eventfd);
	exhaust("daemon", open_daemon, close_daemon);
	exhaust("statistics", read_stats, nothing);
	close_vf();
	return check_result();
}
