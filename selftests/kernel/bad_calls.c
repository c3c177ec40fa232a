// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * System calls that are wrong in themselves: bad pointers, arguments and ids, on the VF's
 * file and on /dev/vvb. Each has its errno: bad_calls VF
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define NOWHERE ((void *)8)
#define NO_SUCH_VF 0xffffffffffull

static struct vf vf;
static struct daemon d;

/* What an ioctl gives: 0 or more, or a negative errno. */
static int call(int fd, unsigned long request, void *arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

/* The head is there, and promises more than follows. */
static void set_irqs(void)
{
	struct vfio_irq_set set = {
		.argsz = sizeof(set) + sizeof(int32_t),
		.flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD,
		.index = VFIO_PCI_MSIX_IRQ_INDEX,
		.count = 1,
	};
	const int prot = PROT_READ | PROT_WRITE;
	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	uint8_t *page = mmap(NULL, 8192, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED || munmap(page + 4096, 4096))
		check_die("mmap: %s", strerror(errno));
	page += 4096 - sizeof(set);
	memcpy(page, &set, sizeof(set));
	check_eq(call(vf.device, VFIO_DEVICE_SET_IRQS, NOWHERE), -EFAULT, "SET_IRQS: bad pointer");
	check_eq(call(vf.device, VFIO_DEVICE_SET_IRQS, page), -EFAULT, "SET_IRQS: half of it");
	set.count = ~0u;
	memcpy(page, &set, sizeof(set));
	check_eq(call(vf.device, VFIO_DEVICE_SET_IRQS, page), -EINVAL,
		 "SET_IRQS: 2^32 - 1 eventfds");
	munmap(page - 4096 + sizeof(set), 4096);
}

static void region_info(void)
{
	struct vfio_region_info info = { .argsz = sizeof(info) - 1 };

	check_eq(call(vf.device, VFIO_DEVICE_GET_REGION_INFO, NOWHERE), -EFAULT,
		 "GET_REGION_INFO: bad pointer");
	check_eq(call(vf.device, VFIO_DEVICE_GET_REGION_INFO, &info), -EINVAL,
		 "GET_REGION_INFO: too short");
	info.argsz = sizeof(info);
	info.index = 1000;
	check_eq(call(vf.device, VFIO_DEVICE_GET_REGION_INFO, &info), -EINVAL,
		 "GET_REGION_INFO: no such region");
	set_irqs();
	check_eq(call(vf.device, _IO(VFIO_TYPE, VFIO_BASE + 99), NOWHERE), -ENOTTY, "no such call");
}

static void kick_by_eventfd(void)
{
	const uint64_t top_bit = 1ull << 63; /* an oops of Linux 6.12's vfio-pci */
	const uint64_t bar2 = (uint64_t)VFIO_PCI_BAR2_REGION_INDEX << 40;
	const uint32_t width = VFIO_DEVICE_IOEVENTFD_16;

	check_eq(call(vf.device, VFIO_DEVICE_IOEVENTFD, NOWHERE), -EFAULT,
		 "IOEVENTFD: bad pointer");
	check_eq(legacy_kick_by(&vf, 0, -1), -ENODEV, "IOEVENTFD: none to end");
	check_eq(legacy_kick_by(&vf, 0, -2), -EINVAL, "IOEVENTFD: fd -2");
	check_eq(legacy_kick_by(&vf, 0, 1000), -EBADF, "IOEVENTFD: not open");
	check_eq(legacy_kick_by(&vf, 0x10000, 1000), -EINVAL, "IOEVENTFD: no two bytes");
	check_eq(vf_ioeventfd(&vf, top_bit, width, 0, 1000), -EINVAL,
		 "IOEVENTFD: an offset with the top bit set");
	check_eq(vf_ioeventfd(&vf, bar2, width, 0, 1000), -EINVAL, "IOEVENTFD: BAR2");
}

/* As many eventfds as a VF may have, and one more; closing the VF ends them. */
static void too_many_eventfds(void)
{
	int fd = eventfd(0, EFD_CLOEXEC), err = 0;
	uint64_t nr;

	for (nr = 0; !err && nr <= 4096; nr++)
		err = legacy_kick_by(&vf, nr, fd);
	check_eq(err, -ENOSPC, "IOEVENTFD: the %lluth", (unsigned long long)nr);
	close(fd);
}

/* It would reset the PF as well: refused, and nothing has happened. */
static void hot_reset(void)
{
	struct {
		struct vfio_pci_hot_reset head;
		int32_t group;
	} arg = { .head = { .argsz = sizeof(arg), .count = 1 }, .group = vf.group };
	int err = call(vf.device, VFIO_DEVICE_PCI_HOT_RESET, &arg);

	check(err == -EINVAL || err == -ENODEV, "PCI_HOT_RESET of a VF: %s", strerror(-err));
	check(legacy_get32(&vf, LEGACY_DEVICE_FEATURES) != ~0u, "and I/O decoding is on");
	check_eq(call(vf.device, VFIO_DEVICE_PCI_HOT_RESET, NOWHERE), -EFAULT,
		 "PCI_HOT_RESET: bad pointer");
}

static void config_space(void)
{
	void *map;

	check_eq(vf_config_read(&vf, 0, NOWHERE, 4), -EFAULT, "config read to a bad pointer");
	check_eq(vf_config_read(&vf, PCI_COMMAND, NOWHERE, 1), -EFAULT, "and of the command");
	check_eq(vf_config_write(&vf, PCI_COMMAND, NOWHERE, 2), -EFAULT,
		 "config write from a bad pointer");
	check(vf_config_write(&vf, 4095, &vf, 2) < 0, "config write across the end");
	map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, vf.device, (off_t)vf.bar0);
	check(map == MAP_FAILED, "BAR0 is not mapped");
}

/* A page that can be read, but not written. */
static struct vvb_vf_arg *read_only(__u64 id)
{
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	struct vvb_vf_arg *page = mmap(NULL, 65536, prot, flags, -1, 0);

	if (page == MAP_FAILED)
		check_die("mmap: %s", strerror(errno));
	*page = (struct vvb_vf_arg) { .argsz = 65536, .vf = id };
	mprotect(page, 65536, PROT_READ);
	return page;
}

static void channel(void)
{
	struct vvb_vf_arg no_vf = { .argsz = sizeof(no_vf), .vf = NO_SUCH_VF };
	struct vvb_vf_arg *page = read_only(stats_vf_id(vf.bdf));

	check_eq(call(d.channel, VVB_IOC_STATS, &no_vf), -ENODEV, "STATS: no such VF");
	check_eq(call(d.channel, VVB_IOC_STATS, page), -EFAULT, "STATS: nowhere to write to");
	check_eq(call(d.channel, VVB_IOC_SHADOW, page), -EFAULT, "SHADOW: nowhere to write to");
	check_eq(call(d.channel, VVB_IOC_EJECTION, page), -EFAULT, "EJECTION: nowhere to write to");
	check_eq(call(d.channel, VVB_IOC_STATS_RESET, &no_vf), -ENODEV, "STATS_RESET: no such VF");
	check_eq(call(d.channel, VVB_IOC_STATS_RESET, NOWHERE), -EFAULT,
		 "STATS_RESET: bad pointer");
	check_eq(call(d.channel, VVB_IOC_STATS_RESET, page), 0, "STATS_RESET");
	check_eq((long long)stats_event(vf.bdf, VVB_EV_DENIED), 0, "and they are");
	check_eq(call(d.session, VVB_IOC_CLAIM, &no_vf), -ENODEV, "CLAIM: no such VF");
	check_eq(call(d.session, VVB_IOC_DISCLAIM, NOWHERE), -EFAULT, "DISCLAIM: bad pointer");
	munmap(page, 65536);
}

static void nothing(int signal)
{
	(void)signal;
}

static void exchange(void)
{
	struct sigaction act = { .sa_handler = nothing };
	struct vvb_exchange x = { .argsz = sizeof(x), .pad = 1 };

	check_eq(call(d.session, VVB_IOC_EXCHANGE, &x), -EINVAL, "EXCHANGE: padding set");
	x = (struct vvb_exchange) { .argsz = sizeof(x), .timeout_ms = -2 };
	check_eq(call(d.session, VVB_IOC_EXCHANGE, &x), -EINVAL, "EXCHANGE: timeout of -2 ms");
	x = (struct vvb_exchange) { .argsz = sizeof(x),
				    .reply = { .id = 1, .action = VVB_REPLY_DIRECT } };
	check_eq(call(d.session, VVB_IOC_EXCHANGE, &x), -ENOENT, "EXCHANGE: reply to nothing");
	sigaction(SIGALRM, &act, NULL);
	alarm(1);
	x = (struct vvb_exchange) { .argsz = sizeof(x), .timeout_ms = -1 };
	check_eq(call(d.session, VVB_IOC_EXCHANGE, &x), -EINTR, "EXCHANGE: a signal");
}

/* The channel of a user who is not root resets no counters. */
static void stranger(void)
{
	struct vvb_vf_arg arg = { .argsz = sizeof(arg), .vf = stats_vf_id(vf.bdf) };
	int fd;

	if (chmod("/dev/vvb", 0666) || seteuid(1000))
		check_die("seteuid: %s", strerror(errno));
	fd = open("/dev/vvb", O_RDWR | O_CLOEXEC);
	if (seteuid(0) || chmod("/dev/vvb", 0600))
		check_die("seteuid: %s", strerror(errno));
	check_eq(call(fd, VVB_IOC_STATS_RESET, &arg), -EPERM, "STATS_RESET by a stranger");
	close(fd);
}

static void attributes(void)
{
	static const char *const bad[][2] = {
		{ "policy", "a-name-that-is-much-too-long" },
		{ "legacy", "sometimes" },
		{ "daemon_uid", "4294967295" },
		{ "daemon_uid", "nobody" },
		{ "on_daemon_loss", "cry" },
		{ "punt_timeout_ms", "soon" },
		{ "admin_timeout_ms", "-1" },
	};
	char value[64];

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		check(vf_attr_set(vf.bdf, bad[i][0], bad[i][1]) < 0, "%s=%s", bad[i][0], bad[i][1]);
	check(!vf_attr_get(vf.bdf, "interface", value, sizeof(value)), "interface: %s", value);
	check_eq(vf_attr_set(vf.bdf, "legacy", "off"), -EBUSY, "legacy=off while open");
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 2)
		check_die("usage: bad_calls VF");
	err = vf_open(&vf, argv[1]);
	if (!err)
		err = daemon_open(&d);
	if (err)
		check_die("VF %s, /dev/vvb: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	region_info();
	kick_by_eventfd();
	too_many_eventfds();
	hot_reset();
	config_space();
	channel();
	exchange();
	stranger();
	attributes();
	daemon_close(&d);
	vf_close(&vf);
	return check_result();
}
