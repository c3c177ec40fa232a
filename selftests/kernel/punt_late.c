// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Who is late, and who only has nothing to say: punt_late VF VF2
 * Both VFs' policies must punt control accesses.
 *
 * A daemon is late from a missed deadline on until it is heard of. It is not when it waits for
 * requests while it has one that it does not answer.
 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "check_punt.h"
#include "stats.h"

static void daemon_for_both(struct daemon *d)
{
	if (daemon_open(d) || daemon_claim(d, vf.bdf) || daemon_claim(d, vf2.bdf))
		check_die("daemon: %s", strerror(errno));
}

static void read_features(struct vcpu *v, const struct vf *of)
{
	vcpu_read(v, of, LEGACY_DEVICE_FEATURES, 4);
}

/* The daemon has the request @r; nobody answers it. */
static void miss(struct daemon *d, struct vvb_request *r)
{
	struct vcpu v;

	read_features(&v, &vf);
	check_eq(daemon_wait(d, r, 2000), 0, "has a request");
	finish(&v, "which it misses", features, DEADLINE_MS - 20, DEADLINE_MS + SLACK_MS);
}

/* The next request comes to the daemon, and its answer to the guest. */
static void check_served(const char *when, struct daemon *d)
{
	struct vvb_request r;
	struct vcpu v;

	read_features(&v, &vf);
	check_eq(daemon_wait(d, &r, 2000), 0, "%s: gets the next request", when);
	daemon_reply_value(d, r.id, 0x77);
	finish(&v, when, 0x77, 0, DEADLINE_MS);
}

/* A daemon that was away, and comes back to its loop around poll(). */
static void polls_again(void)
{
	struct pollfd p = { .events = POLLIN };
	struct vvb_request r;
	struct daemon d;
	struct vcpu v;

	daemon_for_both(&d);
	p.fd = d.session;
	miss(&d, &r);
	check_state("away", "late");
	read_features(&v, &vf);
	finish(&v, "while it is away", features, 0, AT_ONCE_MS);
	check_eq(poll(&p, 1, 0), 0, "polls, there is nothing");
	check_state("polled", "live");
	read_features(&v, &vf);
	check_eq(poll(&p, 1, 2000), 1, "polls, and is told of the next request");
	check_eq(daemon_wait(&d, &r, 0), 0, "takes it");
	daemon_reply_value(&d, r.id, 0x66);
	finish(&v, "polled again", 0x66, 0, DEADLINE_MS);
	daemon_close(&d);
}

/* A command of its own is a sign of life, too, whatever comes of it. */
static void commands_again(void)
{
	struct vvb_own_command own = { .argsz = sizeof(own) };
	struct vvb_request r;
	struct daemon d;

	daemon_for_both(&d);
	miss(&d, &r);
	check_state("away", "late");
	own.id = r.id;
	daemon_command(&r, &own.command);
	check(ioctl(d.session, VVB_IOC_COMMAND, &own) && errno == ENOENT,
	      "a command for what it has missed: ENOENT");
	check_state("sent a command", "live");
	daemon_close(&d);
}

/* One thread of a daemon: waits by poll(), or for a request, until it has @request. */
struct waiter {
	pthread_t thread;
	struct daemon *daemon;
	int polls;
	int got;
	long ms;
	struct vvb_request request;
};

static void *waiter_run(void *arg)
{
	struct waiter *w = arg;
	struct pollfd p = { .fd = w->daemon->session, .events = POLLIN };
	long start = punt_now_ms();

	if (w->polls)
		w->got = poll(&p, 1, 10000) == 1 ? 0 : -EAGAIN;
	else
		w->got = daemon_wait(w->daemon, &w->request, 10000);
	w->ms = punt_now_ms() - start;
	return NULL;
}

static void waiter_start(struct waiter *w, struct daemon *d, int polls)
{
	*w = (struct waiter) { .daemon = d, .polls = polls };
	pthread_create(&w->thread, NULL, waiter_run, w);
	usleep(50000); /* it waits now */
}

static void waiter_join(struct waiter *w, const char *what)
{
	pthread_join(w->thread, NULL);
	check_eq(w->got, 0, "%s", what);
}

/* One request is not answered, in whichever way the daemon waits for others. */
static void one_is_not_answered(const char *how, int polls)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_DAEMON_LATE);
	struct vvb_request r;
	struct waiter w;
	struct daemon d;
	struct vcpu v, v2;

	daemon_for_both(&d);
	read_features(&v, &vf);
	check_eq(daemon_wait(&d, &r, 2000), 0, "%s: has a request", how);
	waiter_start(&w, &d, polls);
	finish(&v, "and does not answer", features, DEADLINE_MS - 20, DEADLINE_MS + SLACK_MS);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DAEMON_LATE) - before), 1,
		 "%s: the missed deadline is counted", how);
	usleep(20000); /* who polls is heard of a moment later */
	check_state(how, "live");
	read_features(&v2, &vf2);
	waiter_join(&w, "the other VF's request comes to who waits");
	if (polls)
		check_eq(daemon_wait(&d, &w.request, 0), 0, "who takes it");
	check_eq((long long)w.request.vf, (long long)stats_vf_id(vf2.bdf), "as it is");
	check_eq(daemon_reply_value(&d, w.request.id, 0x55), 0, "and answers it");
	finish(&v2, how, 0x55, 0, DEADLINE_MS);
	check_served(how, &d);
	daemon_close(&d);
}

/* A request that had no daemon comes to a session that waits already, with the VF. */
static void claimed(const char *how, int polls)
{
	struct daemon d;
	struct waiter w;
	struct vcpu v;

	attr("on_daemon_loss", "wait");
	if (daemon_open(&d))
		check_die("daemon: %s", strerror(errno));
	waiter_start(&w, &d, polls);
	read_features(&v, &vf);
	usleep(50000); /* it is pending now */
	check_eq(daemon_claim(&d, vf.bdf), 0, "%s: claims the VF of a request", how);
	waiter_join(&w, "which comes to who waits");
	check(w.ms < DEADLINE_MS, "%s: after %ld ms", how, w.ms);
	if (polls)
		check_eq(daemon_wait(&d, &w.request, 0), 0, "who takes it");
	check_eq(daemon_reply_value(&d, w.request.id, 0x44), 0, "and answers it");
	finish(&v, how, 0x44, 0, DEADLINE_MS);
	daemon_close(&d);
	attr("on_daemon_loss", "kernel");
}

/* A process of its own that answers all it is asked, with 0x33, and can be stopped. */
static pid_t stoppable(void)
{
	struct vvb_request r;
	struct daemon d;
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		_exit(1);
	for (;;)
		if (!daemon_wait(&d, &r, -1))
			daemon_reply_value(&d, r.id, 0x33);
}

static int state_is(const char *wanted)
{
	char state[16];

	vf_attr_get(vf.bdf, "daemon", state, sizeof(state));
	return !strcmp(state, wanted);
}

static void until_state(const char *wanted)
{
	long deadline = punt_now_ms() + check_ms(5000);

	while (!state_is(wanted) && punt_now_ms() < deadline)
		usleep(10000);
	check_state("in the end", wanted);
}

/* Stopped while it waits for a request: that is no waiting. */
static void stopped(void)
{
	pid_t pid = stoppable();
	struct vcpu v;

	until_state("live");
	read_features(&v, &vf);
	finish(&v, "goes on", 0x33, 0, DEADLINE_MS);
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	read_features(&v, &vf);
	finish(&v, "stopped", features, DEADLINE_MS - 20, DEADLINE_MS + SLACK_MS);
	check_state("stopped", "late");
	read_features(&v, &vf);
	finish(&v, "still stopped", features, 0, AT_ONCE_MS);
	kill(pid, SIGCONT);
	until_state("live");
	read_features(&v, &vf);
	finish(&v, "goes on again", 0x33, 0, DEADLINE_MS);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		check_die("usage: punt_late VF VF2");
	check_punt_open(argv[1], argv[2]);
	polls_again();
	commands_again();
	one_is_not_answered("waits for a request", 0);
	one_is_not_answered("polls", 1);
	claimed("waits for a request", 0);
	claimed("polls", 1);
	stopped();
	check_punt_close();
	return check_result();
}
