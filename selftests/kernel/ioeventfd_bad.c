// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a VMM may do to eventfds that kick, and should not: ioeventfd_bad VF. Whatever it was, frames that
 * such an eventfd kicks arrive afterwards.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "check_vf.h"
#include "net.h"

#define MOST 256 /* eventfds that a VF may have */
#define RESETS 1000
#define KILLS 20
#define FULL 0xfffffffffffffffeull

static struct vf vf;
static struct net net;
static int good; /* an eventfd that is as it should be */
static atomic_int over;

static int new_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		check_die("eventfd: %s", strerror(errno));
	return fd;
}

static void signal_event(int fd, uint64_t value)
{
	if (write(fd, &value, sizeof(value)) != sizeof(value) && errno != EAGAIN)
		check_die("write of an eventfd: %s", strerror(errno));
}

static int set(uint32_t width, uint64_t data, int fd)
{
	return vf_ioeventfd(&vf, vf.bar0 + LEGACY_QUEUE_NOTIFY, width, data, fd);
}

static void up(void)
{
	static const struct net_options options = { .msix = 1 };
	const char *why = "";
	int err = net_up(&net, &vf, &options, &why);

	if (err)
		check_die("%s: %s", why, strerror(-err));
}

/* Frames that nothing else kicks. */
static void frames_by(int fd, const char *when)
{
	uint8_t frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	unsigned int sent = 0;

	memcpy(frame + 6, net.mac, 6);
	net.tx_kick = fd;
	for (unsigned int i = 0; i < 10; i++)
		sent += !net_send(&net, frame, sizeof(frame), 2000);
	net.tx_kick = 0;
	check_eq(sent, 10, "%s: frames", when);
}

static void frames_after(const char *when)
{
	check_eq(legacy_kick_by(&vf, NET_TX, good), 0, "%s: an eventfd", when);
	frames_by(good, when);
	check_eq(legacy_kick_by(&vf, NET_TX, -1), 0, "%s: ended", when);
}

/* ---- one at a time ---- */

/* Whatever it counts is one kick, when it is set. Who writes to it can't signal it until somebody has read it. */
static void full(void)
{
	int fd = new_event();
	uint64_t value;

	signal_event(fd, FULL);
	check_eq(legacy_kick_by(&vf, NET_TX, fd), 0, "one that is full");
	signal_event(fd, 1);
	check_eq(read(fd, &value, sizeof(value)), sizeof(value), "it still is");
	frames_by(fd, "full");
	check_eq(legacy_kick_by(&vf, NET_TX, -1), 0, "ended");
	close(fd);
}

/* Nobody can signal it any more: VFIO lets it go by itself. */
static void closed(void)
{
	int fd = new_event();

	check_eq(legacy_kick_by(&vf, NET_TX, fd), 0, "one that is closed");
	close(fd);
	check_eq(legacy_kick_by(&vf, NET_TX, good), -EEXIST, "it has its place");
	check_eq(legacy_kick_by(&vf, NET_TX, -1), 0, "until it is ended");
	frames_after("closed");
}

static void shared(void)
{
	int fd = new_event();

	check_eq(legacy_kick_by(&vf, NET_RX, fd), 0, "one for two queues: the first");
	check_eq(legacy_kick_by(&vf, NET_TX, fd), 0, "and the second");
	frames_by(fd, "shared");
	check_eq(legacy_kick_by(&vf, NET_RX, -1), 0, "ended");
	frames_by(fd, "shared no more");
	check_eq(legacy_kick_by(&vf, NET_TX, -1), 0, "ended");
	close(fd);
}

/* In each width; the device takes no notice. */
static void no_such_queue(void)
{
	static const struct {
		uint32_t width;
		uint64_t data;
	} kicks[] = {
		{ VFIO_DEVICE_IOEVENTFD_8, 200 },	   { VFIO_DEVICE_IOEVENTFD_16, 200 },
		{ VFIO_DEVICE_IOEVENTFD_16, 65535 },	   { VFIO_DEVICE_IOEVENTFD_32, 65535 },
		{ VFIO_DEVICE_IOEVENTFD_32, 0xffff0007u }, { VFIO_DEVICE_IOEVENTFD_64, ~0ull },
	};
	int fd[ARRAY_SIZE(kicks)];

	for (unsigned int i = 0; i < ARRAY_SIZE(kicks); i++) {
		fd[i] = new_event();
		check_eq(set(kicks[i].width, kicks[i].data, fd[i]), 0,
			 "no such queue: 0x%llx, width 0x%x", (unsigned long long)kicks[i].data,
			 kicks[i].width);
		for (int j = 0; j < 100; j++)
			signal_event(fd[i], 1);
	}
	frames_after("no such queue");
	for (unsigned int i = 0; i < ARRAY_SIZE(kicks); i++) {
		check_eq(set(kicks[i].width, kicks[i].data, -1), 0, "ended");
		close(fd[i]);
	}
}

/* More than there is room for: those before stay. */
static void too_many(void)
{
	int fd = new_event(), err = 0;
	unsigned int nr = 0, ended = 0;

	check_eq(legacy_kick_by(&vf, NET_TX, good), 0, "the first of too many");
	while (!err && nr < 2 * MOST)
		err = legacy_kick_by(&vf, 100 + nr++, fd);
	check_eq(err, -ENOSPC, "too many");
	check_eq(nr, MOST, "which there are");
	frames_by(good, "too many");
	for (unsigned int i = 0; i < nr - 1; i++)
		ended += !legacy_kick_by(&vf, 100 + i, -1);
	check_eq(ended, MOST - 1, "all but one ended");
	check_eq(legacy_kick_by(&vf, NET_TX, -1), 0, "and that one");
	close(fd);
}

/* ---- at once ---- */

static void *signals(void *arg)
{
	const int *fd = arg;

	while (!over)
		signal_event(*fd, 1);
	return NULL;
}

static void resets(void)
{
	unsigned int done = 0;
	pthread_t thread;

	check_eq(legacy_kick_by(&vf, NET_TX, good), 0, "one that is signalled all the time");
	pthread_create(&thread, NULL, signals, &good);
	for (unsigned int i = 0; i < RESETS; i++)
		done += !vf_reset(&vf);
	over = 1;
	pthread_join(thread, NULL);
	over = 0;
	check_eq(done, RESETS, "resets");
	check_eq(legacy_kick_by(&vf, NET_TX, -1), 0, "ended");
}

/* A VMM that is killed while it kicks, by eventfds and by itself. */
static void __attribute__((noreturn)) doomed(const char *bdf)
{
	int fd = new_event();
	pthread_t thread;

	if (vf_open(&vf, bdf))
		_exit(1);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	if (legacy_kick_by(&vf, NET_TX, fd) || legacy_kick_by(&vf, NET_RX, fd))
		_exit(1);
	pthread_create(&thread, NULL, signals, &fd);
	for (;;)
		legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, NET_TX);
}

static void kills(const char *bdf)
{
	unsigned int killed = 0;
	int status;

	for (unsigned int i = 0; i < KILLS; i++) {
		pid_t pid = fork();

		if (!pid)
			doomed(bdf);
		usleep(100000 + 10000 * i);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		killed += WIFSIGNALED(status);
	}
	check_eq(killed, KILLS, "killed while they kick");
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: ioeventfd_bad VF");
	kills(argv[1]);
	good = new_event();
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	up();
	full();
	closed();
	shared();
	no_such_queue();
	too_many();
	net_down(&net);
	resets();
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	up();
	frames_after("after all of it");
	net_down(&net);
	vf_close(&vf);
	close(good);
	return check_result();
}
