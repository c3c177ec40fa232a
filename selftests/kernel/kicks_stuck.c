// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Kicks of two VFs that wait for a daemon which never answers: kicks_stuck VF VF VF [TIMEOUT_MS]
 *
 * Each of the two has 256 eventfds that kick, all signalled; their policy is punt-kicks. The third
 * VF, whose policy is coalesce-now, does not notice. And all are closed at once, whatever
 * punt_timeout_ms is.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define KICKS 256
#define SOON_MS 1500

static struct vf vfs[3];
static struct daemon daemon_mute;

/* The eventfds stay open as long as the program runs. */
static void kick_all(const struct vf *vf)
{
	unsigned int i;
	int fd, err = 0;

	for (i = 0; i < KICKS && !err; i++) {
		fd = eventfd(1, EFD_CLOEXEC);
		err = fd < 0 ? -errno : legacy_kick_by(vf, i, fd);
	}
	check_eq(err, 0, "%s: %u eventfds that are signalled already", vf->bdf, KICKS);
}

static void prepare(struct vf *vf, const char *bdf, const char *timeout_ms)
{
	int err = vf_open(vf, bdf);

	if (!err)
		err = vf_attr_set(bdf, "punt_timeout_ms", timeout_ms);
	if (!err)
		err = vf_attr_set(bdf, "on_daemon_loss", "wait");
	if (!err)
		err = daemon_claim(&daemon_mute, bdf);
	if (err)
		check_die("VF %s: %s", bdf, strerror(-err));
	vf_command(vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
}

static int reaches(const char *bdf, enum vvb_event event, __u64 wanted)
{
	long end = punt_now_ms() + check_ms(SOON_MS);

	while (stats_event(bdf, event) < wanted) {
		if (punt_now_ms() > end)
			return 0;
		poll(NULL, 0, 10);
	}
	return 1;
}

/* An eventfd that is waited for on a worker, and a kick that is put off. */
static void others_go_on(const struct vf *vf)
{
	__u64 sent = stats_event(vf->bdf, VVB_EV_COALESCED_SENT);

	legacy_put16(vf, LEGACY_QUEUE_NOTIFY, 0);
	check(reaches(vf->bdf, VVB_EV_COALESCED_SENT, sent + 1),
	      "%s: a kick that was put off is delivered", vf->bdf);
}

/* The work is waiting for the daemon with one of them. It is not in the way of the others' end. */
static void ends_singly(const struct vf *vf)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	long start = punt_now_ms();

	check_eq(legacy_kick_by(vf, 0, -1), 0, "%s: the first eventfd ended", vf->bdf);
	check_eq(legacy_kick_by(vf, 0, fd), 0, "%s: and another one set", vf->bdf);
	check(punt_now_ms() - start < check_ms(SOON_MS), "%s: that took %ld ms", vf->bdf,
	      punt_now_ms() - start);
}

static void *close_vf(void *vf)
{
	vf_close(vf);
	return NULL;
}

/* What hangs in here is killed by nothing, and holds the program up when it ends, too. */
static void closes_soon(struct vf *vf)
{
	struct timespec end;
	pthread_t thread;
	long start = punt_now_ms();
	int err;

	pthread_create(&thread, NULL, close_vf, vf);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += check_ms(SOON_MS) / 1000 + 1;
	err = pthread_timedjoin_np(thread, NULL, &end);
	check(!err, "%s: closed after %ld ms", vf->bdf, punt_now_ms() - start);
	if (err)
		_exit(check_result());
}

static void opens_again(const char *bdf)
{
	uint32_t features;
	struct vf vf;

	check_eq(vf_open(&vf, bdf), 0, "%s: opened again", bdf);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features && features != ~0u, "%s: device_features 0x%x", bdf, features);
	vf_close(&vf);
}

int main(int argc, char **argv)
{
	struct rlimit files = { 2 * KICKS + 100, 2 * KICKS + 100 };
	const char *timeout_ms = argc > 4 ? argv[4] : "60000";
	unsigned int i;

	if (argc < 4)
		check_die("usage: kicks_stuck VF VF VF [TIMEOUT_MS]");
	if (setrlimit(RLIMIT_NOFILE, &files) || daemon_open(&daemon_mute))
		check_die("files, or /dev/vvb: %s", strerror(errno));
	for (i = 0; i < ARRAY_SIZE(vfs); i++)
		prepare(&vfs[i], argv[1 + i], timeout_ms);
	kick_all(&vfs[0]);
	kick_all(&vfs[1]);
	poll(NULL, 0, 500);
	others_go_on(&vfs[2]);
	ends_singly(&vfs[0]);
	for (i = 0; i < ARRAY_SIZE(vfs); i++)
		closes_soon(&vfs[i]);
	opens_again(argv[1]);
	daemon_close(&daemon_mute);
	return check_result();
}
