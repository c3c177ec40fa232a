// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A call whose argument is not there: parked VF, whose notifies are commands
 *
 * userfaultfd keeps the kernel waiting for a page of the caller for as long as the caller likes.
 * Meanwhile nothing else of the VF may wait: no access, no eventfd's kick, which is the
 * kernel's own worker, no end of an eventfd, which waits for that worker and can't be killed.
 */
#include <pthread.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "check_vf.h"
#include "legacy.h"
#include "missing.h"
#include "punt.h"
#include "stats.h"

#define SOON_MS check_ms(1500)
#define NET_QUEUE 1

static struct vf vf;
static unsigned int devctl;
static int kick;

/* ---- calls, each in a thread of its own ---- */

struct call {
	const char *what;
	long (*run)(void *at);
	void *at;
	long want;
	long got;
	pthread_t thread;
	int late;
};

static void *call_thread(void *arg)
{
	struct call *call = arg;

	call->got = call->run(call->at);
	return NULL;
}

static void call_begin(struct call *call)
{
	pthread_create(&call->thread, NULL, call_thread, call);
}

static int call_ended(struct call *call, long ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000 + 1;
	return !pthread_timedjoin_np(call->thread, NULL, &until);
}

static long error(long ret)
{
	return ret < 0 ? -errno : ret;
}

static long set_irqs(void *at)
{
	return error(ioctl(vf.device, VFIO_DEVICE_SET_IRQS, at));
}

static long write_command(void *at)
{
	return vf_config_write(&vf, PCI_COMMAND, at, 2);
}

static long write_devctl(void *at)
{
	return vf_config_write(&vf, devctl, at, 4);
}

static long read_config(void *at)
{
	return vf_config_read(&vf, PCI_COMMAND, at, 64);
}

static long write_bar0(void *at)
{
	return legacy_write(&vf, LEGACY_QUEUE_SELECT, at, 2);
}

static long kick_bar0(void *at)
{
	return legacy_write(&vf, LEGACY_QUEUE_NOTIFY, at, 2);
}

static long get_features(void *at)
{
	(void)at;
	return legacy_get32(&vf, LEGACY_DEVICE_FEATURES) != ~0u;
}

static long get_vendor(void *at)
{
	(void)at;
	return vf_config_get(&vf, PCI_VENDOR_ID, 2);
}

/* The kernel's worker sends the command. */
static long kick_by_eventfd(void *at)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_NOTIFY_FALLBACK);
	const uint64_t one = 1;
	unsigned int tries = 100;

	(void)at;
	if (write(kick, &one, sizeof(one)) != sizeof(one))
		return -errno;
	while (tries-- && stats_event(vf.bdf, VVB_EV_NOTIFY_FALLBACK) == before)
		usleep((useconds_t)SOON_MS * 10);
	return (long)(stats_event(vf.bdf, VVB_EV_NOTIFY_FALLBACK) - before);
}

static long end_eventfd(void *at)
{
	(void)at;
	return legacy_kick_by(&vf, NET_QUEUE, -1);
}

/* ---- one parked call, and all others ---- */

static void others(const char *while_what)
{
	struct call calls[] = {
		{ .what = "a control access", .run = get_features, .want = 1 },
		{ .what = "configuration space", .run = get_vendor, .want = 0x1af4 },
		{ .what = "an eventfd's kick", .run = kick_by_eventfd, .want = 1 },
		{ .what = "the end of the eventfd", .run = end_eventfd, .want = 0 },
	};
	static struct call stuck[32];
	static unsigned int nr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		struct call *call = &stuck[nr++ % ARRAY_SIZE(stuck)];

		*call = calls[i];
		call_begin(call);
		if (check(call_ended(call, SOON_MS), "%s: %s ends", while_what, call->what))
			check_eq(call->got, call->want, "%s: %s", while_what, call->what);
	}
}

/* The argument is missing from byte @there on. */
static void parked(const char *what, long (*run)(void *at), const void *arg, size_t len,
		   size_t there, long want)
{
	static struct missing m;
	struct call call = { .what = what, .run = run };
	int err = missing_begin(&m, MISSING_SECOND, arg, len, there);

	if (err)
		check_die("userfaultfd: %s", strerror(-err));
	check_eq(legacy_kick_by(&vf, NET_QUEUE, kick), 0, "%s: an eventfd that kicks", what);
	call.at = m.at;
	call_begin(&call);
	check(missing_reached(&m, (int)check_ms(5000)), "%s: waits for its page", what);
	others(what);
	check_eq(missing_end(&m), 0, "%s: the page is there", what);
	check(call_ended(&call, SOON_MS), "%s: ends when it is there", what);
	check_eq(call.got, want, "%s: result", what);
	usleep((useconds_t)check_ms(300000)); /* what was late ends, too */
	legacy_kick_by(&vf, NET_QUEUE, -1);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	missing_free(&m);
}

struct irqs {
	struct vfio_irq_set set;
	int32_t fds[2];
};

static void interrupts(void)
{
	struct irqs on = {
		.set = {
			.argsz = sizeof(on),
			.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
			.index = VFIO_PCI_MSIX_IRQ_INDEX,
			.count = 2,
		},
		.fds = { eventfd(0, EFD_CLOEXEC), eventfd(0, EFD_CLOEXEC) },
	};

	check_eq(legacy_get8(&vf, LEGACY_CONFIG), 0x52, "MSI-X off: the MAC address is at 20");
	parked("SET_IRQS, its head", set_irqs, &on, sizeof(on), 0, 0);
	check_eq(legacy_get8(&vf, LEGACY_CONFIG_MSIX), 0x52, "MSI-X on: it is at 24");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	check_eq(legacy_get8(&vf, LEGACY_CONFIG), 0x52, "it is at 20 again");
	parked("SET_IRQS, its eventfds", set_irqs, &on, sizeof(on), sizeof(on.set), 0);
	check_eq(legacy_get8(&vf, LEGACY_CONFIG_MSIX), 0x52, "MSI-X on: it is at 24");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	close(on.fds[0]);
	close(on.fds[1]);
}

static void config_space(void)
{
	uint16_t command = PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	uint32_t flr = (vf_config_get(&vf, devctl, 2) & 0xffff) | PCI_EXP_DEVCTL_BCR_FLR;
	static const uint8_t nothing[64];

	parked("config write", write_command, &command, 2, 0, 2);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 2) & 7, 7, "it is done");
	parked("config write in two pages", write_command, &command, 2, 1, 2);
	parked("config read", read_config, nothing, 64, 0, 64);
	parked("config read in two pages", read_config, nothing, 64, 3, 64);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	parked("FLR", write_devctl, &flr, 4, 0, 4);
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "it is done");
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	parked("FLR, what is behind it", write_devctl, &flr, 4, 2, 4);
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "it is done");
}

static void accesses(void)
{
	const uint16_t queue = NET_QUEUE;

	parked("control access", write_bar0, &queue, 2, 0, 2);
	parked("kick", kick_bar0, &queue, 2, 0, 2);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: parked VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	devctl = vf_express(&vf);
	if (!devctl)
		check_die("no PCI Express capability");
	devctl += PCI_EXP_DEVCTL;
	kick = eventfd(0, EFD_CLOEXEC);
	interrupts();
	config_space();
	accesses();
	vf_close(&vf);
	return check_result();
}
