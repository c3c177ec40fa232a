// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Who may be a VF's daemon: punt_claims VF
 * The VF's policy must punt control accesses.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check_vf.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define STRANGER 1234

static struct vf vf;

static void not_claimed(uint32_t features)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_NO_DAEMON);
	struct vvb_request r;
	struct daemon d;

	if (daemon_open(&d))
		check_die("daemon: %s", strerror(errno));
	check_eq(legacy_get32(&vf, LEGACY_DEVICE_FEATURES), features,
		 "a daemon that claimed nothing: the kernel does it");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_NO_DAEMON) - before), 1, "counted");
	check_eq(daemon_wait(&d, &r, 0), -EAGAIN, "and it gets no request");
	check_eq(daemon_wait(&d, &r, 50), -EAGAIN, "waited 50 ms: EAGAIN");
	check_eq(daemon_claim(&d, "ffff:ff:1f.7"), -ENODEV, "claim of a VF that is not there");
	check(daemon_disclaim(&d, vf.bdf) < 0, "disclaim of what is not claimed: refused");
	daemon_close(&d);
}

static void two_daemons(void)
{
	struct daemon one, two;

	if (daemon_open(&one) || daemon_open(&two))
		check_die("daemons: %s", strerror(errno));
	check_eq(ioctl(one.channel, VVB_IOC_SESSION) < 0 ? -errno : 0, -EBUSY,
		 "a second session on one channel");
	check_eq(daemon_claim(&one, vf.bdf), 0, "claim");
	check_eq(daemon_claim(&two, vf.bdf), -EBUSY, "claim by another daemon");
	check_eq(daemon_disclaim(&one, vf.bdf), 0, "disclaim");
	check_eq(daemon_claim(&two, vf.bdf), 0, "claim by the other one, now free");
	daemon_close(&two);
	check_eq(daemon_claim(&one, vf.bdf), 0, "claim after the owner's channel is closed");
	check(fcntl(one.session, F_GETFD) & FD_CLOEXEC, "a session is CLOEXEC");
	daemon_close(&one);
}

/* A child opens /dev/vvb as @uid and claims. Return: what the claim gave it. */
static int claim_as(uid_t uid)
{
	struct daemon d;
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (setgid(uid) || setuid(uid) || daemon_open(&d))
			_exit(255);
		_exit(-daemon_claim(&d, vf.bdf));
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -255;
}

/* The opener counts: a stranger's fd does not get better in root's hands. */
static int claim_with_strangers_fd(void)
{
	struct daemon d = { -1, -1 };
	int err;

	if (seteuid(STRANGER))
		check_die("seteuid: %s", strerror(errno));
	d.channel = open("/dev/vvb", O_RDWR | O_CLOEXEC);
	if (seteuid(0))
		check_die("seteuid: %s", strerror(errno));
	err = daemon_session(&d);
	if (!err)
		err = daemon_claim(&d, vf.bdf);
	daemon_close(&d);
	return err;
}

static void users(void)
{
	char uid[16];

	if (chmod("/dev/vvb", 0666))
		check_die("chmod: %s", strerror(errno));
	check_eq(claim_as(STRANGER), -EPERM, "claim by a user that root did not name");
	check_eq(claim_with_strangers_fd(), -EPERM, "claim by root on that user's channel");
	snprintf(uid, sizeof(uid), "%d", STRANGER);
	check_eq(vf_attr_set(vf.bdf, "daemon_uid", uid), 0, "daemon_uid=%s", uid);
	check_eq(claim_as(STRANGER), 0, "claim by the user that root named");
	check_eq(claim_as(STRANGER + 1), -EPERM, "claim by yet another user");
	check_eq(vf_attr_set(vf.bdf, "daemon_uid", "0"), 0, "daemon_uid=0");
	if (chmod("/dev/vvb", 0600))
		check_die("chmod: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	uint32_t features;

	if (argc < 2)
		check_die("usage: punt_claims VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features != ~0u && features, "device_features %08x without a daemon", features);
	not_claimed(features);
	two_daemons();
	users();
	vf_close(&vf);
	return check_result();
}
