// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * legacy=only is a boundary: sealed VF NUMBER
 *
 * Plays a hostile guest with its VMM, which tries every way to the modern interface. The judge
 * is the device model, which counts each access to the BAR with the modern registers.
 */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"
#include "missing.h"
#include "net.h"

#define SPACE 4096u
#define WINDOW 5u /* VIRTIO_PCI_CAP_PCI_CFG */
#define REGISTERS_BAR 2u
#define DEVICE_STATUS 0x14u /* where it is in that BAR */
#define REGION(index) ((uint64_t)(index) << 40)

static struct vf vf;
static unsigned int number, window;
static uint64_t registers_address;

/*
 * What an earlier user with both interfaces may have left behind: a window that leads to the
 * device status. Set through sysfs, as a sealed VF must not have a way to do it.
 */
static void leave_window_open(void)
{
	static const uint8_t cap[12] = { REGISTERS_BAR, 0, 0, 0, DEVICE_STATUS, 0, 0, 0, 1 };
	uint8_t space[256];
	int fd = check_vf_file(&vf, "config", O_RDWR);
	unsigned int at;

	/* not past the capabilities' heads: reading the data of a window is an access */
	for (at = PCI_CAPABILITY_LIST; pread(fd, space, 1, at) == 1 && space[0]; at++) {
		at = space[0];
		if (pread(fd, space, 4, at) == 4 && space[0] == PCI_CAP_ID_VNDR &&
		    space[3] == WINDOW)
			window = at;
	}
	if (!window || pwrite(fd, cap, sizeof(cap), window + 4) != (ssize_t)sizeof(cap))
		check_die("PCI_CFG capability: %s", strerror(errno));
	close(fd);
}

static void find_registers(void)
{
	char line[128];
	unsigned int i;
	FILE *f = fdopen(check_vf_file(&vf, "resource", O_RDONLY), "r");

	for (i = 0; i <= REGISTERS_BAR && f && fgets(line, sizeof(line), f); i++)
		registers_address = strtoull(line, NULL, 16);
	if (!f || !registers_address)
		check_die("where is BAR%u?", REGISTERS_BAR);
	fclose(f);
}

/* ---- ways in: each returns how often it was let in, as far as it can tell ---- */

static unsigned int read_config_space(void)
{
	static const size_t widths[] = { 1, 2, 3, 4, 5, 6, 7, 8, 16, 20, 64, 256, SPACE };
	uint8_t got[SPACE], *cap;
	unsigned int i, pos, in = 0;

	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		for (pos = 0; pos + widths[i] <= SPACE; pos += widths[i] < 16 ? 1 : 16) {
			if (widths[i] < 16 && pos > 320)
				break;
			vf_config_read(&vf, pos, got, widths[i]);
		}
	}
	if (vf_config_read(&vf, 0, got, SPACE) != (ssize_t)SPACE)
		return 1;
	for (cap = got + got[PCI_CAPABILITY_LIST]; cap != got; cap = got + cap[1])
		in += cap[0] == PCI_CAP_ID_VNDR;
	for (i = 0; i < 20; i++)
		in += got[window + i] != 0;
	return in;
}

/* One use of the window, each of its fields written in pieces of @width bytes. */
static void use_window(unsigned int bar, uint32_t offset, uint32_t length, unsigned int width)
{
	uint8_t cap[20] = { [4] = (uint8_t)bar };
	unsigned int pos;

	memcpy(cap + 8, &offset, 4);
	memcpy(cap + 12, &length, 4);
	memset(cap + 16, 0x5a, 4);
	for (pos = 0; pos < sizeof(cap); pos += width)
		vf_config_write(&vf, window + pos, cap + pos,
				width < sizeof(cap) - pos ? width : sizeof(cap) - pos);
	for (pos = 0; pos < sizeof(cap); pos++)
		vf_config_read(&vf, window + pos, cap, width < 20 - pos ? width : 20 - pos);
}

static unsigned int pci_cfg_window(void)
{
	static const unsigned int widths[] = { 1, 2, 4, 8, 20 };
	uint8_t around[64] = { 0 };
	unsigned int i, bar;

	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		for (bar = 0; bar < 6; bar++) {
			use_window(bar, 0, 4, widths[i]);
			use_window(bar, DEVICE_STATUS, 1, widths[i]);
		}
	}
	/* across its beginning and its end, and all around */
	for (i = 1; i < 8; i++) {
		vf_config_write(&vf, window + 4 - i, around, 8);
		vf_config_write(&vf, window + 20 - i, around, 8);
		vf_config_read(&vf, window + 20 - i, around, 8);
	}
	vf_config_read(&vf, window - 8, around, 40);
	return 0;
}

/* All of config space but command, status and power state; FLR may come of it. */
static unsigned int write_config_space(void)
{
	static const uint32_t patterns[] = { 0xffffffff, 0x02020202, 0 };
	unsigned int i, pos;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		for (pos = 8; pos < SPACE; pos += pos < 512 ? 1 : 61)
			if (vf_config_get(&vf, pos & ~3u, 1) != PCI_CAP_ID_PM &&
			    vf_config_get(&vf, (pos & ~3u) - 4, 1) != PCI_CAP_ID_PM)
				vf_config_put(&vf, pos, 1 + (pos & 3), patterns[i]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	return 0;
}

/* Move the BAR that is open onto the one that is not. */
static unsigned int bar_registers(void)
{
	unsigned int bar, in = 0;
	uint32_t low = (uint32_t)registers_address;

	for (bar = 1; bar < 6; bar++) {
		vf_config_put(&vf, PCI_BASE_ADDRESS_0 + 4 * bar, 4,
			      bar & 1 ? (uint32_t)(registers_address >> 32) : low);
		if (bar < 4)
			in += vf_config_get(&vf, PCI_BASE_ADDRESS_0 + 4 * bar, 4) != 0;
	}
	return in;
}

static unsigned int region_accesses(void)
{
	static const uint64_t offsets[] = { 0,	    2,	    DEVICE_STATUS, 0xffe,  0x1000,
					    0x2000, 0x3000, 0x3800,	   0x3ffe, 0x4000 };
	static const size_t widths[] = { 1, 2, 4, 8, 4096 };
	static uint8_t b[4096];
	unsigned int index, i, k, in = 0;

	for (index = 1; index < 20; index++) {
		struct vfio_region_info info;
		int msix = index == 4, config = index == VFIO_PCI_CONFIG_REGION_INDEX;

		if (!vf_region(&vf, index, &info) && !msix && !config)
			in += info.size || info.flags;
		for (i = 0; i < ARRAY_SIZE(offsets) && !msix && !config; i++) {
			for (k = 0; k < ARRAY_SIZE(widths); k++) {
				off_t at = (off_t)(REGION(index) + offsets[i]);

				in += pread(vf.device, b, widths[k], at) > 0;
				in += pwrite(vf.device, b, widths[k], at) > 0;
				/* and from the end of the region before */
				in += pread(vf.device, b, widths[k], (off_t)REGION(index) - 1) > 0;
			}
		}
	}
	/* past the end of the BAR that is open */
	in += pread(vf.device, b, 8, (off_t)(REGION(4) + 0x1000)) > 0;
	in += pread(vf.device, b, 4096, (off_t)(REGION(4) + 0xff8)) > 8;
	return in;
}

static unsigned int maps(void)
{
	static const uint64_t lengths[] = { 0x1000, 0x2000, 0x4000, 0x40000000 };
	unsigned int index, i, in = 0;
	uint64_t back;

	for (index = 0; index < 20; index++) {
		for (i = 0; i < ARRAY_SIZE(lengths); i++) {
			for (back = 0; back <= 0x1000; back += 0x1000) {
				void *p = mmap(NULL, lengths[i], PROT_READ | PROT_WRITE, MAP_SHARED,
					       vf.device, (off_t)(REGION(index) - back));

				if (p == MAP_FAILED)
					continue;
				munmap(p, lengths[i]);
				in += index != 4 || back || lengths[i] != 0x1000;
			}
		}
	}
	return in;
}

static int ioeventfd(uint64_t at, uint32_t width, int fd)
{
	const uint64_t one = 1;
	int err = vf_ioeventfd(&vf, at, width, 0, fd);

	if (!err && write(fd, &one, sizeof(one)) != sizeof(one))
		check_die("eventfd: %s", strerror(errno));
	return !err;
}

static unsigned int ioeventfds(void)
{
	static const uint64_t offsets[] = { 0, DEVICE_STATUS, 0x3000, 0x3800, 0xc00 };
	unsigned int index, i, width, in = 0;
	int fd = eventfd(0, EFD_CLOEXEC);

	for (index = 1; index < 20; index++)
		for (i = 0; i < ARRAY_SIZE(offsets); i++)
			for (width = 1; width <= 8; width *= 2)
				in += ioeventfd(REGION(index) + offsets[i], width, fd);
	close(fd);
	return in;
}

/* The kernel waits in the middle of the argument, of which it has read the offset. */
static void *change_argument(void *opaque)
{
	struct missing *m = opaque;
	struct vfio_device_ioeventfd *arg = (void *)m->at;

	if (!missing_reached(m, (int)check_ms(5000)))
		check_die("nobody reads the argument");
	arg->offset = REGION(REGISTERS_BAR) + DEVICE_STATUS;
	missing_end(m);
	return NULL;
}

/* An offset that is allowed when it is checked, and another one when it is used. */
static unsigned int changing_ioeventfd(void)
{
	static struct missing m;
	const uint64_t one = 1;
	struct vfio_device_ioeventfd arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DEVICE_IOEVENTFD_8,
		.offset = REGION(4) + 0xc00, /* behind the MSI-X table */
		.fd = eventfd(0, EFD_CLOEXEC),
	};
	int err = missing_begin(&m, MISSING_SECOND, &arg, sizeof(arg), 16);
	pthread_t thread;

	if (err)
		check_die("userfaultfd: %s", strerror(-err));
	pthread_create(&thread, NULL, change_argument, &m);
	err = ioctl(vf.device, VFIO_DEVICE_IOEVENTFD, m.at);
	if (!err && write(arg.fd, &one, sizeof(one)) != sizeof(one))
		check_die("eventfd: %s", strerror(errno));
	pthread_join(thread, NULL);
	close(arg.fd);
	missing_free(&m);
	return !err;
}

#define FEATURE_DMA_BUF 11 /* VFIO_DEVICE_FEATURE_DMA_BUF, of Linux 6.19 */

/* BARs as memory that can be given to others, which newer kernels make of them. */
static unsigned int dma_bufs(void)
{
	struct {
		uint32_t argsz, flags, region, open_flags, more_flags, nr_ranges;
		uint64_t offset, len;
	} arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DEVICE_FEATURE_GET | FEATURE_DMA_BUF,
		.open_flags = O_RDWR | O_CLOEXEC,
		.nr_ranges = 1,
		.len = 4096,
	};
	unsigned int in = 0;

	for (arg.region = 0; arg.region < VFIO_PCI_ROM_REGION_INDEX; arg.region++)
		in += ioctl(vf.device, VFIO_DEVICE_FEATURE, &arg) >= 0 || errno != ENOTTY;
	return in;
}

static unsigned int other_calls(void)
{
	static uint8_t arg[4096];
	struct vfio_device_info *info = (void *)arg;
	struct vfio_pci_hot_reset_info *hot = (void *)arg;
	struct vfio_pci_hot_reset *reset = (void *)arg;
	struct vfio_device_feature *feature = (void *)arg;
	unsigned int i, in = 0;

	info->argsz = sizeof(arg);
	in += ioctl(vf.device, VFIO_DEVICE_GET_INFO, info) != 0;
	memset(arg, 0, sizeof(arg));
	hot->argsz = sizeof(arg);
	ioctl(vf.device, VFIO_DEVICE_GET_PCI_HOT_RESET_INFO, hot);
	memset(arg, 0, sizeof(arg));
	reset->argsz = sizeof(arg);
	reset->count = 1;
	reset->group_fds[0] = vf.group;
	in += !ioctl(vf.device, VFIO_DEVICE_PCI_HOT_RESET, reset);
	for (i = 0; i < 64; i++) {
		memset(arg, 0, sizeof(arg));
		feature->argsz = sizeof(arg);
		feature->flags = VFIO_DEVICE_FEATURE_GET | i;
		ioctl(vf.device, VFIO_DEVICE_FEATURE, feature);
	}
	return in + dma_bufs();
}

/* A ring in the VF's own BAR: the device would write its used ring into its registers. */
static unsigned int ring_in_bar(void)
{
	unsigned int queue;

	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER);
	for (queue = 0; queue < NET_QUEUES; queue++) {
		legacy_put16(&vf, LEGACY_QUEUE_SELECT, (uint16_t)queue);
		legacy_put32(&vf, LEGACY_QUEUE_ADDRESS, (uint32_t)(registers_address >> 12));
	}
	legacy_put8(&vf, LEGACY_DEVICE_STATUS,
		    LEGACY_STATUS_ACKNOWLEDGE | LEGACY_STATUS_DRIVER | LEGACY_STATUS_DRIVER_OK);
	for (queue = 0; queue < NET_QUEUES; queue++)
		legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, (uint16_t)queue);
	legacy_get8(&vf, LEGACY_DEVICE_STATUS);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	return 0;
}

static const struct {
	const char *name;
	unsigned int (*try)(void);
} ways[] = {
	{ "config space read in every width", read_config_space },
	{ "PCI_CFG window", pci_cfg_window },
	{ "BAR registers", bar_registers },
	{ "regions, read and write", region_accesses },
	{ "mmap", maps },
	{ "ioeventfd", ioeventfds },
	{ "ioeventfd whose argument changes", changing_ioeventfd },
	{ "other ioctls", other_calls },
	{ "rings in the BAR", ring_in_bar },
	{ "config space written", write_config_space },
};

static void try_all(const char *when)
{
	long long before = knob_counter(number, "bar_accesses"), after;
	unsigned int i, in;

	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		in = ways[i].try();
		after = knob_counter(number, "bar_accesses");
		check(before >= 0 && after == before && !in,
		      "%s: %s: %lld accesses to the registers, let in %u times", when, ways[i].name,
		      after - before, in);
		before = after;
	}
}

static void with_driver(void)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	const char *why;
	struct net net;
	unsigned int i;
	int err = net_up(&net, &vf, &options, &why);

	check(!err, "a legacy driver comes up (%s: %s)", why, strerror(-err));
	for (i = 0; i < 8; i++) /* all that leave it alone */
		ways[i].try();
	check(knob_state(number, "interface=legacy"),
	      "the device is driven by its legacy interface");
	check_eq(knob_counter(number, "notifies"), 0, "kicks by modern doorbells");
	net_down(&net);
}

int main(int argc, char **argv)
{
	int event = eventfd(0, EFD_CLOEXEC);

	if (argc < 3)
		check_die("usage: sealed VF NUMBER");
	number = (unsigned int)strtoul(argv[2], NULL, 0);
	snprintf(vf.bdf, sizeof(vf.bdf), "%s", argv[1]);
	find_registers();
	leave_window_open();
	check_vf_open(&vf, argv[1]);
	try_all("opened");
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	try_all("reset");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, &event, 1), 0, "MSI-X on");
	try_all("MSI-X on");
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	with_driver();
	vf_close(&vf);
	leave_window_open();
	check_eq(vf_open(&vf, argv[1]), 0, "opened again");
	try_all("opened again");
	vf_close(&vf);
	return check_result();
}
