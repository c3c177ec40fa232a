// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A daemon that is late, goes away or is not there: punt_death VF VF2
 * Both VFs' policies must punt control accesses.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define DEADLINE_MS check_ms(600)
#define EARLY_MS 100 /* on a busy machine the vCPU's own clock starts late */
#define SLACK_MS check_ms(500)
#define AT_ONCE_MS check_ms(300)

static struct vf vf, vf2;
static uint32_t features;

static void attr(const char *name, const char *value)
{
	int err = vf_attr_set(vf.bdf, name, value);

	if (!err)
		err = vf_attr_set(vf2.bdf, name, value);
	if (err)
		check_die("%s=%s: %s", name, value, strerror(-err));
}

static void check_state(const char *wanted)
{
	char state[16];

	vf_attr_get(vf.bdf, "daemon", state, sizeof(state));
	check(!strcmp(state, wanted), "daemon is \"%s\", wanted \"%s\"", state, wanted);
}

static void finish(struct vcpu *v, const char *what, uint64_t value, long from_ms, long to_ms)
{
	if (vcpu_join(v, DEADLINE_MS + 3000))
		check_die("%s: the access is still stuck", what);
	check(v->got == (ssize_t)v->len && v->value == value, "%s: access got %zd, %llx", what,
	      v->got, (unsigned long long)v->value);
	check(v->ms >= from_ms && v->ms <= to_ms, "%s: back after %ld ms (%ld..%ld)", what, v->ms,
	      from_ms, to_ms);
}

static void no_daemon(const char *loss, uint64_t value, long from_ms, long to_ms)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_NO_DAEMON);
	struct vcpu v;

	attr("on_daemon_loss", loss);
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	finish(&v, loss, value, from_ms, to_ms);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_NO_DAEMON) - before), 1,
		 "no daemon, on_daemon_loss=%s: counted", loss);
}

static void late(const char *loss, uint64_t value)
{
	__u64 late_before = stats_event(vf.bdf, VVB_EV_DAEMON_LATE);
	__u64 reply_before = stats_event(vf.bdf, VVB_EV_LATE_REPLY);
	struct vvb_request r;
	struct daemon d;
	struct vcpu v;

	attr("on_daemon_loss", loss);
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 2000), 0, "late daemon: has the request");
	finish(&v, "late daemon", value, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	check_state("late");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DAEMON_LATE) - late_before), 1,
		 "missed deadline counted");
	if (strcmp(loss, "wait")) {
		vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
		finish(&v, "next access while late", value, 0, AT_ONCE_MS);
	}
	check_eq(daemon_reply_value(&d, r.id, 1), -ENOENT, "late reply: ENOENT");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_LATE_REPLY) - reply_before), 1,
		 "late reply counted");
	check_state("live");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 2000), 0, "spoke again: gets requests again");
	daemon_reply_value(&d, r.id, 0x99);
	finish(&v, "spoke again", 0x99, 0, DEADLINE_MS);
	daemon_close(&d);
}

/* A process that takes requests of both VFs in hand, says so, and waits for its end. */
static pid_t doomed_daemon(int *told, int exits)
{
	struct vvb_request r;
	struct daemon d;
	int fds[2];
	pid_t pid;

	if (pipe(fds))
		check_die("pipe: %s", strerror(errno));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (daemon_open(&d) || daemon_claim(&d, vf.bdf) || daemon_claim(&d, vf2.bdf))
			_exit(1);
		if (write(fds[1], "c", 1) != 1 || daemon_wait(&d, &r, 5000) ||
		    daemon_wait(&d, &r, 5000) || write(fds[1], "r", 1) != 1)
			_exit(1);
		if (exits)
			_exit(0);
		for (;;)
			pause();
	}
	close(fds[1]);
	*told = fds[0];
	return pid;
}

static void expect(int fd, char what)
{
	char c = 0;

	if (read(fd, &c, 1) != 1 || c != what)
		check_die("the daemon did not come to '%c'", what);
}

static void killed(const char *loss, int exits, uint64_t value, long from_ms, long to_ms)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_DAEMON_LOST);
	const char *how = exits ? "exited" : "killed";
	struct vcpu v, v2;
	int told;
	pid_t pid;

	attr("on_daemon_loss", loss);
	pid = doomed_daemon(&told, exits);
	expect(told, 'c');
	check_state("live");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	vcpu_read(&v2, &vf2, LEGACY_DEVICE_FEATURES, 4);
	expect(told, 'r');
	if (!exits)
		kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(told);
	finish(&v, how, value, from_ms, to_ms);
	finish(&v2, how, value, from_ms, to_ms);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DAEMON_LOST) - before), 1,
		 "daemon %s with a request in hand, on_daemon_loss=%s: counted", how, loss);
}

/* A channel that outlives its session: the next session of it gets what was waiting. */
static void restarted(void)
{
	struct vvb_request r, again;
	struct daemon d;
	struct vcpu v;

	attr("on_daemon_loss", "wait");
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 2000), 0, "daemon has the request");
	close(d.session);
	check_state("lost");
	check_eq(daemon_session(&d), 0, "a new session on the old channel");
	check_eq(daemon_reply_value(&d, r.id, 0x4141), -ENOENT,
		 "the old session's answer, come too late: ENOENT");
	check_eq(daemon_wait(&d, &again, 2000), 0, "it gets the request that was waiting");
	check(!memcmp(&again, &r, sizeof(r)), "as it was, id %llu and deadline too",
	      (unsigned long long)r.id);
	check_eq(daemon_reply_value(&d, r.id, 0x4242), 0, "and answers it");
	finish(&v, "restarted", 0x4242, 0, DEADLINE_MS);
	daemon_close(&d);
}

/* What makes a daemon of a VF disappear while a request is pending. */
static void session_closed(struct daemon *d)
{
	close(d->session);
	d->session = -1;
}

static void disclaimed(struct daemon *d)
{
	check_eq(daemon_disclaim(d, vf.bdf), 0, "disclaimed");
}

/* A request that no session has taken yet ends for want of a daemon; none is lost with it. */
static void ended_unseen(const char *how, void (*end)(struct daemon *d))
{
	__u64 nobody = stats_event(vf.bdf, VVB_EV_NO_DAEMON);
	__u64 lost = stats_event(vf.bdf, VVB_EV_DAEMON_LOST);
	struct daemon d;
	struct vcpu v;

	attr("on_daemon_loss", "fail");
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	usleep(50000); /* it is queued now */
	end(&d);
	finish(&v, how, 0xffffffff, 0, DEADLINE_MS - 50);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_NO_DAEMON) - nobody), 1,
		 "%s with a request queued: no daemon, counted", how);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DAEMON_LOST) - lost), 0,
		 "%s with a request queued: none lost", how);
	daemon_close(&d);
}

/* The next session of a channel has missed nothing: what its predecessor had is not its own. */
static void late_before(void)
{
	struct vvb_request r;
	struct daemon d;
	struct vcpu v;

	attr("on_daemon_loss", "kernel");
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 2000), 0, "has a request, which it misses");
	finish(&v, "missed", features, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	check_state("late");
	close(d.session);
	check_state("lost");
	check_eq(daemon_session(&d), 0, "a new session");
	check_state("live");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	usleep(50000); /* it is queued now, if it was not settled at once */
	check_eq(daemon_wait(&d, &r, 0), 0, "gets the next request");
	daemon_reply_value(&d, r.id, 0x88);
	finish(&v, "a new session", 0x88, 0, DEADLINE_MS);
	daemon_close(&d);
}

/* Who was not there when a deadline passed is not late when it comes. */
static void missed_by_nobody(void)
{
	struct daemon d;
	struct vcpu v;

	attr("on_daemon_loss", "wait");
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	close(d.session);
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	finish(&v, "no session", 0xffffffff, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	check_state("lost");
	check_eq(daemon_session(&d), 0, "a session after the deadline");
	check_state("live");
	daemon_close(&d);
}

int main(int argc, char **argv)
{
	char timeout[16];
	int err;

	if (argc < 3)
		check_die("usage: punt_death VF VF2");
	err = vf_open(&vf, argv[1]);
	if (!err)
		err = vf_open(&vf2, argv[2]);
	if (err)
		check_die("VFs: %s", strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	vf_command(&vf2, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	snprintf(timeout, sizeof(timeout), "%ld", DEADLINE_MS);
	attr("punt_timeout_ms", timeout);
	attr("on_daemon_loss", "kernel");
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	check(features != ~0u && features, "device_features %08x without a daemon", features);
	check_state("none");
	no_daemon("kernel", features, 0, AT_ONCE_MS);
	no_daemon("fail", 0xffffffff, 0, AT_ONCE_MS);
	no_daemon("wait", 0xffffffff, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	late("kernel", features);
	late("fail", 0xffffffff);
	killed("kernel", 0, features, 0, DEADLINE_MS - 50);
	killed("kernel", 1, features, 0, DEADLINE_MS - 50);
	killed("fail", 0, 0xffffffff, 0, DEADLINE_MS - 50);
	killed("wait", 0, 0xffffffff, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	restarted();
	ended_unseen("session closed", session_closed);
	ended_unseen("VF disclaimed", disclaimed);
	late_before();
	missed_by_nobody();
	vf_close(&vf);
	vf_close(&vf2);
	return check_result();
}
