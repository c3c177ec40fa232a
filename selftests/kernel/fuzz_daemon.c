// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Two daemons on one host, one of them hostile: fuzz_daemon SEED SECONDS VF OTHER
 *
 * VF is the hostile one's, OTHER that of a vvbd of another user. Guests on both access registers
 * all the time. The hostile one may harm its own guest, within the deadline of each access, and
 * nothing else. It is killed now and then, in whatever it does. The policy of both must punt.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "attack.h"
#include "check_vf.h"
#include "legacy.h"
#include "manager.h"
#include "punt.h"
#include "stats.h"

#define HOSTILE 777
#define HONEST 778
#define DEADLINE_MS 100
#define SLACK_MS 1500
#define LIFE_MS 2000
#define LEAK_KB 8192

/* @strict: it must see what it wrote, and the device's features */
struct guest {
	struct vf vf;
	pthread_t thread;
	uint32_t features;
	int strict;
	unsigned long accesses;
	unsigned long wrong;
	long longest_ms;
};

static struct guest victim, neighbour = { .strict = 1 };
static atomic_bool over;

/* ---- guests ---- */

static void timed(struct guest *g, long start)
{
	long ms = punt_now_ms() - start;

	g->accesses++;
	if (ms > g->longest_ms)
		g->longest_ms = ms;
}

static void *guest_run(void *arg)
{
	struct guest *g = arg;
	uint16_t select = 0;
	uint32_t value;
	long start;

	while (!over) {
		start = punt_now_ms();
		value = legacy_get32(&g->vf, LEGACY_DEVICE_FEATURES);
		timed(g, start);
		g->wrong += value != g->features;
		start = punt_now_ms();
		legacy_put16(&g->vf, LEGACY_QUEUE_SELECT, ++select & 0xff);
		timed(g, start);
		start = punt_now_ms();
		value = legacy_get16(&g->vf, LEGACY_QUEUE_SELECT);
		timed(g, start);
		g->wrong += value != (select & 0xff);
		usleep(1000);
	}
	return NULL;
}

static void guest_open(struct guest *g, const char *bdf, unsigned int uid)
{
	char text[16];

	check_vf_open(&g->vf, bdf);
	vf_command(&g->vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	g->features = legacy_get32(&g->vf, LEGACY_DEVICE_FEATURES);
	snprintf(text, sizeof(text), "%u", uid);
	if (vf_attr_set(bdf, "daemon_uid", text))
		check_die("daemon_uid of %s", bdf);
	snprintf(text, sizeof(text), "%d", g->strict ? 20000 : DEADLINE_MS);
	if (vf_attr_set(bdf, "punt_timeout_ms", text))
		check_die("punt_timeout_ms of %s", bdf);
}

/* ---- the hostile daemon, again and again ---- */

static pid_t hostile(const struct attack *a, volatile struct attack_report *report)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (setgid(HOSTILE) || setuid(HOSTILE))
		_exit(1);
	attack(a, report);
}

static uint64_t member_of(const char *bdf)
{
	char text[32];

	if (vf_attr_get(bdf, "member_id", text, sizeof(text)))
		check_die("member_id of %s", bdf);
	return strtoull(text, NULL, 0);
}

static unsigned int unkilled;

static void attack_for(long seconds, unsigned int seed, volatile struct attack_report *report)
{
	struct attack a = {
		.seed = seed,
		.vf = stats_vf_id(victim.vf.bdf),
		.member = member_of(victim.vf.bdf),
		.other = stats_vf_id(neighbour.vf.bdf),
	};
	long until = punt_now_ms() + seconds * 1000;
	int status;
	pid_t pid;

	while (punt_now_ms() < until) {
		pid = hostile(&a, report);
		usleep(1000 * (useconds_t)(LIFE_MS / 4 + rand_r(&seed) % (LIFE_MS / 2)));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		unkilled += !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL;
		a.seed += 100;
	}
}

/* ---- the host's memory ---- */

static long slab_kb(void)
{
	char line[128];
	long kb = 0;
	FILE *info;

	sleep(1); /* what waits for a grace period */
	info = fopen("/proc/meminfo", "r");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "SUnreclaim: %ld", &kb) == 1)
			break;
	if (info)
		fclose(info);
	return kb;
}

/* ---- */

static void honest(struct manager *m, const char *bdf)
{
	*m = (struct manager) { .argv = { "/usr/bin/vvbd", "--foreground", bdf },
				.log = "/tmp/honest.log",
				.uid = HONEST };
	if (manager_init(m) || manager_start(m, 20000))
		check_die("vvbd does not start: see %s", m->log);
}

/* Neither daemon gets the other's VF, living or dead; root may take it from the dead. */
static void takeover(struct manager *m)
{
	struct daemon d;

	manager_end(m, SIGKILL);
	if (seteuid(HOSTILE) || daemon_open(&d) || seteuid(0))
		check_die("daemon: %s", strerror(errno));
	check_eq(daemon_claim(&d, neighbour.vf.bdf), -EPERM,
		 "the dead one's VF is not another user's to take");
	daemon_close(&d);
	if (seteuid(HONEST) || daemon_open(&d) || seteuid(0))
		check_die("daemon: %s", strerror(errno));
	check_eq(daemon_claim(&d, neighbour.vf.bdf), 0, "but that of another daemon of its user");
	check_eq(manager_start(m, 20000), -ECHILD, "then no longer that of its own next one");
	daemon_close(&d);
	check_eq(manager_start(m, 20000), 0, "which has it again when that one is gone");
	manager_end(m, SIGTERM);
}

static void judge(volatile struct attack_report *report, const struct vvb_stats *before,
		  long kb_before)
{
	struct vvb_stats after;
	long kb = slab_kb() - kb_before;

	if (stats_read(neighbour.vf.bdf, &after))
		check_die("stats");
	check(report->calls > 1000, "%lu calls", report->calls);
	check(report->requests > 10, "%lu requests received", report->requests);
	check(report->commands > 0, "%lu commands of its own", report->commands);
	check(!report->wrong, "what came out of the kernel: %lu wrong %s", report->wrong,
	      (const char *)report->what);
	check_eq(unkilled, 0, "it ended by being killed alone");
	check(victim.longest_ms < DEADLINE_MS + SLACK_MS,
	      "its guest: %lu accesses, the longest took %ld ms", victim.accesses,
	      victim.longest_ms);
	check(victim.wrong > 0, "its guest: lied to %lu times", victim.wrong);
	check(neighbour.accesses > 100, "the other guest: %lu accesses, the longest took %ld ms",
	      neighbour.accesses, neighbour.longest_ms);
	check_eq((long long)neighbour.wrong, 0, "the other guest: none of them wrong");
	for (unsigned int e = 0; e < VVB_EV_NR; e++)
		if (after.event[e] != before->event[e])
			check(0, "the other VF: event %u", e);
	/* a kernel that searches for leaks does so in the end, and keeps freed memory for a while */
	check(kb < LEAK_KB || !access("/sys/kernel/debug/kmemleak", F_OK),
	      "unreclaimable slab: %+ld KiB", kb);
}

int main(int argc, char **argv)
{
	volatile struct attack_report *report;
	struct vvb_stats before;
	struct manager m;
	long kb;

	if (argc < 5)
		check_die("usage: fuzz_daemon SEED SECONDS VF OTHER");
	/* cppcheck-suppress invalidFunctionArg; anonymous memory wants -1 */
	report = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (report == MAP_FAILED || chmod("/dev/vvb", 0666))
		check_die("%s", strerror(errno));
	guest_open(&victim, argv[3], HOSTILE);
	guest_open(&neighbour, argv[4], HONEST);
	honest(&m, argv[4]);
	if (stats_read(argv[4], &before))
		check_die("stats");
	kb = slab_kb();
	pthread_create(&victim.thread, NULL, guest_run, &victim);
	pthread_create(&neighbour.thread, NULL, guest_run, &neighbour);
	attack_for(strtol(argv[2], NULL, 0), (unsigned int)strtoul(argv[1], NULL, 0), report);
	over = 1;
	pthread_join(victim.thread, NULL);
	pthread_join(neighbour.thread, NULL);
	judge(report, &before, kb);
	takeover(&m);
	vf_close(&victim.vf);
	vf_close(&neighbour.vf);
	return check_result();
}
