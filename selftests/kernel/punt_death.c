// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A daemon that is late, goes away or is not there: punt_death VF VF2
 * Both VFs' policies must punt control accesses.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "check_punt.h"
#include "stats.h"

#define EARLY_MS 100 /* on a busy machine the vCPU's own clock starts late */

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
	check_state("deadline missed", "late");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DAEMON_LATE) - late_before), 1,
		 "missed deadline counted");
	if (strcmp(loss, "wait")) {
		vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
		finish(&v, "next access while late", value, 0, AT_ONCE_MS);
	}
	check_eq(daemon_reply_value(&d, r.id, 1), -ENOENT, "late reply: ENOENT");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_LATE_REPLY) - reply_before), 1,
		 "late reply counted");
	check_state("spoke", "live");
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
	check_state("both requests in hand", "live");
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
	check_state("session closed", "lost");
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
	check_state("deadline missed", "late");
	close(d.session);
	check_state("late, session closed", "lost");
	check_eq(daemon_session(&d), 0, "a new session");
	check_state("a new session", "live");
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
	check_state("without a session", "lost");
	check_eq(daemon_session(&d), 0, "a session after the deadline");
	check_state("a session again", "live");
	daemon_close(&d);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		check_die("usage: punt_death VF VF2");
	check_punt_open(argv[1], argv[2]);
	check_state("before any", "none");
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
	check_punt_close();
	return check_result();
}
