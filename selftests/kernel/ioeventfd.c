// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * VFIO_DEVICE_IOEVENTFD on queue_notify, an eventfd that kicks: ioeventfd VF
 */
#include <sys/eventfd.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "net.h"
#include "punt.h"

static struct vf vf;
static struct net net;

static int set(uint64_t pos, uint32_t flags, uint64_t data, int fd)
{
	return vf_ioeventfd(&vf, vf.bar0 + pos, flags, data, fd);
}

static int notify(uint64_t queue, int fd)
{
	return legacy_kick_by(&vf, queue, fd);
}

static void bad_input(int fd)
{
	static const uint32_t flags[] = { 0, 3, 5, 0xf, 0x10, 0x12, 0x80000002 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		check_eq(set(LEGACY_QUEUE_NOTIFY, flags[i], NET_TX, fd), -EINVAL,
			 "flags 0x%x, which are no width", (unsigned int)flags[i]);
	check_eq(set(LEGACY_QUEUE_SELECT, VFIO_DEVICE_IOEVENTFD_16, 0, fd), -EINVAL,
		 "queue_select");
	check_eq(set(LEGACY_QUEUE_NOTIFY + 1, VFIO_DEVICE_IOEVENTFD_8, 0, fd), -EINVAL,
		 "inside of queue_notify");
	check_eq(set(vf.bar0_size, VFIO_DEVICE_IOEVENTFD_16, 0, fd), -EINVAL, "past BAR0");
	check_eq(set(LEGACY_QUEUE_NOTIFY, VFIO_DEVICE_IOEVENTFD_8, 0x100, fd), -EINVAL,
		 "more than one byte");
	check_eq(notify(0x10000, fd), -EINVAL, "more than two bytes");
	check_eq(set(LEGACY_QUEUE_NOTIFY, VFIO_DEVICE_IOEVENTFD_32, 1ull << 32, fd), -EINVAL,
		 "more than four");
	check_eq(notify(NET_TX, -1), -ENODEV, "end of one that is not there");
	check_eq(notify(NET_TX, -2), -EINVAL, "fd -2");
	check_eq(notify(NET_TX, vf.container), -EINVAL, "not an eventfd");
	check_eq(notify(NET_TX, 1000), -EBADF, "not a file");
}

/* Nobody but the eventfd kicks, so a frame that the device takes is one it was told of. */
static void send_by(int fd, unsigned int frames, const char *by)
{
	uint8_t frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	unsigned int sent = 0, i;

	memcpy(frame + 6, net.mac, 6);
	net.tx_kick = fd;
	for (i = 0; i < frames; i++)
		sent += !net_send(&net, frame, sizeof(frame), 2000);
	check_eq(sent, frames, "%u frames kicked %s", frames, by);
}

/* A write of each width is an eventfd of its own, and each is a kick. */
static void each_width(int fd)
{
	static const struct {
		uint32_t width;
		uint64_t data;
		const char *by;
	} write[] = {
		{ VFIO_DEVICE_IOEVENTFD_8, NET_TX, "by a write of one byte" },
		{ VFIO_DEVICE_IOEVENTFD_16, NET_TX, "by one of two bytes" },
		{ VFIO_DEVICE_IOEVENTFD_32, NET_TX, "by one of four" },
		{ VFIO_DEVICE_IOEVENTFD_32, 0x70000 | NET_TX, "by one with more than an index" },
		{ VFIO_DEVICE_IOEVENTFD_64, NET_TX, "by one of eight" },
	};
	int other = eventfd(0, EFD_CLOEXEC);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(write); i++)
		check_eq(set(LEGACY_QUEUE_NOTIFY, write[i].width, write[i].data, other), 0,
			 "an eventfd for kicks %s", write[i].by);
	for (i = 0; i < ARRAY_SIZE(write); i++) {
		check_eq(set(LEGACY_QUEUE_NOTIFY, write[i].width, write[i].data, -1), 0,
			 "ended again");
		check_eq(set(LEGACY_QUEUE_NOTIFY, write[i].width, write[i].data, fd), 0,
			 "and another one set");
		send_by(fd, 10, write[i].by);
		check_eq(set(LEGACY_QUEUE_NOTIFY, write[i].width, write[i].data, -1), 0, "ended");
		check_eq(set(LEGACY_QUEUE_NOTIFY, write[i].width, write[i].data, -1), -ENODEV,
			 "which ends no other one");
	}
	close(other);
}

static void registered(const char *nr)
{
	char value[16] = "";

	vf_attr_get(vf.bdf, "ioeventfds", value, sizeof(value));
	check(!strcmp(value, nr), "%s are registered: %s", nr, value);
}

int main(int argc, char **argv)
{
	struct net_options options = { .msix = 1 };
	const char *why = "";
	int fd, err;

	if (argc < 2)
		check_die("usage: ioeventfd VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	fd = eventfd(0, EFD_CLOEXEC);
	bad_input(fd);
	err = net_up(&net, &vf, &options, &why);
	if (err)
		check_die("%s: %s", why, strerror(-err));
	each_width(fd);
	check_eq(notify(NET_TX, fd), 0, "eventfd on the transmit queue");
	check_eq(notify(NET_TX, fd), -EEXIST, "a second one on it");
	registered("1");
	send_by(fd, 100, "by eventfd");
	check_eq(notify(NET_TX, -1), 0, "ended");
	registered("0");
	check_eq(notify(NET_TX, fd), 0, "and set again");
	send_by(fd, 10, "by eventfd again");
	net_down(&net);
	vf_close(&vf);
	check(1, "closed with an eventfd set");
	close(fd);
	return check_result();
}
