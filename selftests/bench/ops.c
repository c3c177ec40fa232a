// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "net.h"
#include "ops.h"
#include "punt.h"

#define NOTIFY_BAR VFIO_PCI_BAR2_REGION_INDEX /* of the device model */
#define NOTIFY_OFFSET 0x3800
#define QUEUE 1

struct vf ops_vf;
static struct net net;
static uint64_t notify_region;
static int bare_event, kick_event, kicks;

/* ---- floors ---- */

static int bare_syscall(void)
{
	return syscall(SYS_getppid) < 0;
}

static int signal_event(int fd)
{
	static const uint64_t one = 1;

	return write(fd, &one, sizeof(one)) != sizeof(one);
}

static int bare_eventfd(void)
{
	return signal_event(bare_event);
}

/* What a VMM without a legacy BAR0 would do. */
static int bar_write(void)
{
	static const uint16_t queue = QUEUE;

	return pwrite(ops_vf.device, &queue, sizeof(queue), (off_t)notify_region + NOTIFY_OFFSET) !=
	       sizeof(queue);
}

/* ---- BAR0 ---- */

static int bar0_get(unsigned int pos, size_t len)
{
	uint32_t value;

	return pread(ops_vf.device, &value, len, (off_t)(ops_vf.bar0 + pos)) != (ssize_t)len;
}

static int bar0_put16(unsigned int pos, uint16_t value)
{
	return pwrite(ops_vf.device, &value, sizeof(value), (off_t)(ops_vf.bar0 + pos)) !=
	       sizeof(value);
}

static int notify_write(void)
{
	return bar0_put16(LEGACY_QUEUE_NOTIFY, QUEUE);
}

/* Other queues: one that a guest sets up, one that has no bit of its own anywhere. */
static int notify_queue_0(void)
{
	return bar0_put16(LEGACY_QUEUE_NOTIFY, 0);
}

static int notify_queue_300(void)
{
	return bar0_put16(LEGACY_QUEUE_NOTIFY, 300);
}

static int notify_ioeventfd(void)
{
	return signal_event(kick_event);
}

static int status_read(void)
{
	return bar0_get(LEGACY_DEVICE_STATUS, 1);
}

static int config_byte_read(void)
{
	return bar0_get(LEGACY_CONFIG, 1);
}

static int feature_read(void)
{
	return bar0_get(LEGACY_DEVICE_FEATURES, 4);
}

static int queue_size_read(void)
{
	return bar0_get(LEGACY_QUEUE_SIZE, 2);
}

static int queue_select_write(void)
{
	static uint16_t queue;

	queue ^= 1;
	return bar0_put16(LEGACY_QUEUE_SELECT, queue);
}

/* ---- the rest ---- */

static int pci_config_read(void)
{
	uint16_t id;

	return pread(ops_vf.device, &id, sizeof(id), (off_t)ops_vf.config + PCI_DEVICE_ID) !=
	       sizeof(id);
}

const struct row rows[] = {
	{ "syscall", 0, bare_syscall },
	{ "eventfd_write", 0, bare_eventfd },
	{ "bar_write", -1, bar_write },
	{ "notify_write", 1, notify_write },
	{ "notify_write@queue=0", 1, notify_queue_0 },
	{ "notify_write@queue=300", 1, notify_queue_300 },
	{ "notify_ioeventfd", 1, notify_ioeventfd },
	{ "status_read", 1, status_read },
	{ "config_byte_read", 1, config_byte_read },
	{ "feature_read", 1, feature_read },
	{ "queue_size_read", 1, queue_size_read },
	{ "queue_select_write", 1, queue_select_write },
	{ "pci_config_read", 0, pci_config_read },
};

const unsigned int nr_rows = ARRAY_SIZE(rows);

/* ---- set-up ---- */

/* Does this driver let an eventfd kick? */
static int kick_by_eventfd(void)
{
	return !legacy_kick_by(&ops_vf, QUEUE, kick_event);
}

/* A function that is its own owner has doorbells while its driver runs. */
static void run_driver(void)
{
	const struct net_options options = { .features = NET_F_MAC | NET_F_MRG_RXBUF };
	char owner[16] = "";
	const char *why;
	int err;

	vf_attr_get(ops_vf.bdf, "owner_active", owner, sizeof(owner));
	if (strcmp(owner, "self"))
		return;
	err = net_up(&net, &ops_vf, &options, &why);
	if (err)
		check_die("driver: %s: %s", why, strerror(-err));
}

void ops_open(const char *bdf)
{
	struct vfio_region_info info;

	check_vf_open(&ops_vf, bdf);
	vf_command(&ops_vf, PCI_COMMAND_MEMORY | (ops_vf.bar0_size ? PCI_COMMAND_IO : 0), 0);
	run_driver();
	if (!vf_region(&ops_vf, NOTIFY_BAR, &info))
		notify_region = info.offset;
	bare_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	kick_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	kicks = ops_vf.bar0_size && kick_by_eventfd();
}

int ops_possible(const struct row *row)
{
	if (row->once == notify_ioeventfd && !kicks)
		return 0;
	return !row->bar0 || (row->bar0 > 0) == !!ops_vf.bar0_size;
}

const struct row *ops_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < nr_rows; i++)
		if (!strcmp(rows[i].name, name) && ops_possible(&rows[i]))
			return &rows[i];
	check_die("no operation '%s' on this VF", name);
}
