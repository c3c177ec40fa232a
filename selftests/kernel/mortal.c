// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vvbd is killed, stopped, restarted and upgraded under load:
 * mortal SEED TIMES LOSS DEADLINE_MS VF...
 *
 * A guest on each VF accesses registers without a pause and knows what each must give. What
 * becomes of an access while vvbd is away is up to on_daemon_loss, LOSS. The driver's counters
 * must agree with what the guests have seen. The policy of the VFs must punt.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check_vf.h"
#include "legacy.h"
#include "manager.h"
#include "punt.h"
#include "stats.h"

#define VFS 16
#define PENDING 32
#define START_MS 20000
#define AT_ONCE_MS 400
#define LOG "/tmp/mortal.log"

/**
 * struct guest - one VF's
 * @possible, @nr_possible: what queue_select may hold: written since it was last read
 * @accesses, @failed: done; of them, reads that gave all-ones, and writes
 *		known to have been dropped
 * @wrong:	reads that gave what no guest may see
 * @slow:	accesses that took about a deadline
 * @longest_ms:	of all
 * @at_once_ms:	the longest of the reads that failed with no vvbd standing still meanwhile
 */
struct guest {
	pthread_t thread;
	struct vf vf;
	unsigned int seed;
	uint32_t features;
	uint16_t possible[PENDING];
	unsigned int nr_possible;
	atomic_ulong accesses;
	unsigned long failed;
	unsigned long wrong;
	unsigned long slow;
	long longest_ms;
	long at_once_ms;
};

static struct guest guests[VFS];
static unsigned int nr_guests;
static long deadline_ms, stop_ms;
static bool failures_allowed;
static atomic_bool over;
static atomic_uint stills; /* odd while vvbd stands still */
static unsigned int seed;

static unsigned int dice(unsigned int *from, unsigned int sides)
{
	return (unsigned int)rand_r(from) % sides;
}

/* ---- a guest ---- */

static long timed(struct guest *g, long start)
{
	long ms = punt_now_ms() - start;

	g->accesses++;
	g->slow += ms >= deadline_ms - 20;
	if (ms > g->longest_ms)
		g->longest_ms = ms;
	return ms;
}

static void failed(struct guest *g, long ms, unsigned int stills_before)
{
	g->failed++;
	if (stills == stills_before && !(stills & 1) && ms > g->at_once_ms)
		g->at_once_ms = ms;
}

static void read_constant(struct guest *g)
{
	unsigned int before = stills;
	long start = punt_now_ms(), ms;
	uint32_t value = legacy_get32(&g->vf, LEGACY_DEVICE_FEATURES);

	ms = timed(g, start);
	if (value == ~0u && failures_allowed)
		failed(g, ms, before);
	else
		g->wrong += value != g->features;
}

static void write_select(struct guest *g)
{
	uint16_t value = (uint16_t)dice(&g->seed, 0xffff);
	long start = punt_now_ms();

	legacy_put16(&g->vf, LEGACY_QUEUE_SELECT, value);
	timed(g, start);
	g->possible[g->nr_possible++] = value;
}

static bool is_possible(const struct guest *g, uint16_t value)
{
	for (unsigned int i = 0; i < g->nr_possible; i++)
		if (g->possible[i] == value)
			return true;
	return false;
}

/* Where no access may fail only the last value written is right. */
static void read_select(struct guest *g)
{
	unsigned int before = stills;
	long start = punt_now_ms(), ms;
	uint16_t value = legacy_get16(&g->vf, LEGACY_QUEUE_SELECT);

	ms = timed(g, start);
	if (value == 0xffff && failures_allowed) {
		failed(g, ms, before);
		return;
	}
	if (failures_allowed)
		g->wrong += !is_possible(g, value);
	else
		g->wrong += value != g->possible[g->nr_possible - 1];
	g->possible[0] = value;
	g->nr_possible = 1;
}

static void *guest_run(void *arg)
{
	struct guest *g = arg;

	while (!over) {
		unsigned int what = dice(&g->seed, 3);

		if (!what)
			read_constant(g);
		else if (what == 1 && g->nr_possible < PENDING)
			write_select(g);
		else
			read_select(g);
		usleep(1000 + dice(&g->seed, 4000));
	}
	return NULL;
}

/*
 * How late a thread wakes up that waits for nothing but time: what a busy machine adds to an
 * access, which wakes several threads one after the other.
 */
static long overslept_ms;

#define PACE_MS 5
#define WAKE_UPS 6

static void *pace_run(void *arg)
{
	long start, late;

	(void)arg;
	while (!over) {
		start = punt_now_ms();
		usleep(PACE_MS * 1000);
		late = punt_now_ms() - start - PACE_MS;
		if (late > overslept_ms)
			overslept_ms = late;
	}
	return NULL;
}

static long slack_ms(void)
{
	return AT_ONCE_MS + WAKE_UPS * overslept_ms;
}

static void guest_open(struct guest *g, const char *bdf)
{
	check_vf_open(&g->vf, bdf);
	if (vf_attr_set(bdf, "on_daemon_loss", "kernel"))
		check_die("%s: on_daemon_loss", bdf);
	vf_command(&g->vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	g->features = legacy_get32(&g->vf, LEGACY_DEVICE_FEATURES);
	g->nr_possible = 1; /* zero */
	g->seed = (unsigned int)rand_r(&seed);
	if (g->features == ~0u || !g->features)
		check_die("VF %s: features %08x", bdf, g->features);
}

static void attr(const char *name, const char *value)
{
	for (unsigned int i = 0; i < nr_guests; i++)
		if (vf_attr_set(guests[i].vf.bdf, name, value))
			check_die("%s: %s=%s", guests[i].vf.bdf, name, value);
}

/* ---- what is done to vvbd ---- */

enum fate {
	KILLED,
	STOPPED,
	UPGRADED,
	KILLED_STOPPED,
	KILLED_FORGOTTEN,
	FATES
};

static const char *const fate_names[FATES] = {
	"killed",
	"stopped and continued",
	"ended and replaced by another",
	"stopped, then killed",
	"killed, and its channel closed",
};

static const char *const binaries[] = { "/usr/bin/vvbd", "/tmp/vvbd-next" };
static unsigned long nr_visits, came_to[FATES], unclean;
static long slowest_start_ms;

/* Between 0 and the longest stop, which outlasts the deadline where accesses may be late. */
static void stand_still(struct manager *m)
{
	stills++;
	kill(m->pid, SIGSTOP);
	usleep(1000 * (useconds_t)dice(&seed, (unsigned int)stop_ms));
}

static void start(struct manager *m)
{
	long before = punt_now_ms(), ms;
	int err = manager_start(m, START_MS);

	if (err)
		check_die("vvbd does not start: %s; see its log:\n%s", strerror(-err), LOG);
	ms = punt_now_ms() - before;
	if (ms > slowest_start_ms)
		slowest_start_ms = ms;
}

static void upgrade(struct manager *m)
{
	int status = manager_end(m, SIGTERM);

	unclean += !WIFEXITED(status) || WEXITSTATUS(status);
	m->argv[0] = binaries[m->argv[0] == binaries[0]];
}

static void visit(struct manager *m, enum fate fate)
{
	came_to[fate]++;
	if (fate == STOPPED || fate == KILLED_STOPPED)
		stand_still(m);
	if (fate == STOPPED)
		kill(m->pid, SIGCONT);
	else if (fate == UPGRADED)
		upgrade(m);
	else
		manager_end(m, SIGKILL);
	stills += stills & 1;
	if (fate == STOPPED)
		return;
	if (fate == KILLED_FORGOTTEN)
		manager_forget(m);
	start(m);
}

/* Of ten: four kills, three stops, an upgrade and one each of the rest. */
static enum fate any_fate(void)
{
	static const enum fate urn[] = { KILLED,	 KILLED,	  KILLED,  KILLED,
					 STOPPED,	 STOPPED,	  STOPPED, UPGRADED,
					 KILLED_STOPPED, KILLED_FORGOTTEN };

	return urn[dice(&seed, ARRAY_SIZE(urn))];
}

/* ---- what vvbd's log says ---- */

/* How many ids were given out. Those of one load of the module are consecutive. */
static unsigned long long ids_used(void)
{
	unsigned long long id, first = ~0ull, last = 0;
	FILE *log = fopen(LOG, "r");
	char line[512], *at;

	while (log && fgets(line, sizeof(line), log)) {
		at = strstr(line, "request ");
		if (!at || sscanf(at, "request %llu:", &id) != 1)
			continue;
		first = id < first ? id : first;
		last = id > last ? id : last;
	}
	if (log)
		fclose(log);
	return last ? last - first + 1 : 0;
}

/* ---- the driver's counters ---- */

struct sums {
	unsigned long long by_daemon, by_kernel, errors, accesses;
	unsigned long long event[VVB_EV_NR];
};

static void sum_up(struct sums *sums, int sign)
{
	struct vvb_stats stats;

	for (unsigned int i = 0; i < nr_guests; i++) {
		if (stats_read(guests[i].vf.bdf, &stats))
			check_die("stats of %s", guests[i].vf.bdf);
		for (unsigned int f = 0; f < VVB_FIELD_NR; f++) {
			sums->by_daemon += sign * stats.field[f].handler[VVB_HANDLER_DAEMON];
			sums->by_kernel += sign * stats.field[f].handler[VVB_HANDLER_KERNEL];
			sums->errors += sign * stats.field[f].errors;
			sums->accesses += sign * (stats.field[f].reads + stats.field[f].writes);
		}
		for (unsigned int e = 0; e < VVB_EV_NR; e++)
			sums->event[e] += sign * stats.event[e];
	}
}

/* ---- judgement ---- */

static struct guest all; /* sums and maxima over the guests */

static void gather(void)
{
	for (unsigned int i = 0; i < nr_guests; i++) {
		struct guest *g = &guests[i];

		check(g->accesses > 10, "%s: %lu accesses", g->vf.bdf, (unsigned long)g->accesses);
		all.accesses += g->accesses;
		all.failed += g->failed;
		all.wrong += g->wrong;
		all.slow += g->slow;
		if (g->longest_ms > all.longest_ms)
			all.longest_ms = g->longest_ms;
		if (g->at_once_ms > all.at_once_ms)
			all.at_once_ms = g->at_once_ms;
	}
}

static void judge_all(const struct sums *s)
{
	check_eq((long long)s->accesses, (long long)all.accesses, "the driver counted them all");
	check_eq((long long)all.wrong, 0, "no read gave a wrong value");
	check_eq((long long)unclean, 0, "SIGTERM: each ended with status 0");
	check(s->by_daemon > nr_visits, "%llu answered by vvbd", s->by_daemon);
	check(s->event[VVB_EV_DAEMON_LOST] > 0, "%llu were in a dying vvbd's hands",
	      s->event[VVB_EV_DAEMON_LOST]);
	check_eq((long long)s->event[VVB_EV_BAD_REPLY], 0, "no bad reply");
	check_eq((long long)s->event[VVB_EV_COMMAND_ERROR], 0, "no command refused");
}

static void judge_kernel(const struct sums *s)
{
	check_eq((long long)s->errors, 0, "kernel: no access failed");
	check(s->by_kernel > 0, "kernel: %llu done by the kernel itself", s->by_kernel);
	check(s->event[VVB_EV_NO_DAEMON] > 0, "kernel: %llu found no vvbd",
	      s->event[VVB_EV_NO_DAEMON]);
	check(s->event[VVB_EV_DAEMON_LATE] > 0, "kernel: %llu waited too long for it",
	      s->event[VVB_EV_DAEMON_LATE]);
}

static void judge_wait(const struct sums *s)
{
	check_eq((long long)s->errors, 0, "wait: no access failed");
	check_eq((long long)s->by_kernel, 0, "wait: none was done by the kernel itself");
	check_eq((long long)(s->event[VVB_EV_DAEMON_LATE] + s->event[VVB_EV_NO_DAEMON]), 0,
		 "wait: none was given up");
	check_eq((long long)s->by_daemon, (long long)all.accesses, "wait: each answered by vvbd");
	check_eq((long long)ids_used(), (long long)all.accesses,
		 "wait: as many ids as accesses: what was handed out again kept its own");
}

static void judge_fail(const struct sums *s)
{
	check(s->errors >= all.failed, "fail: %llu failed, %lu of them reads", s->errors,
	      all.failed);
	check(all.failed > 0, "fail: some did");
	check_eq((long long)s->by_kernel, 0, "fail: none was done by the kernel itself");
	check_eq((long long)(s->event[VVB_EV_DAEMON_LATE] + s->event[VVB_EV_NO_DAEMON] +
			     s->event[VVB_EV_DAEMON_LOST]),
		 (long long)s->errors, "fail: each is accounted for");
	check(all.slow >= s->event[VVB_EV_DAEMON_LATE], "fail: %llu of them waited a deadline",
	      s->event[VVB_EV_DAEMON_LATE]);
	check(all.at_once_ms < slack_ms(), "fail: with vvbd dead, at once: %ld ms", all.at_once_ms);
}

static void set_up(struct manager *m, char **argv)
{
	unsigned int nr = 3;

	m->argv[0] = binaries[0];
	m->argv[1] = "--foreground";
	m->argv[2] = "--log-level=debug";
	for (unsigned int i = 0; i < nr_guests; i++)
		m->argv[nr++] = argv[i];
	m->log = LOG;
	unlink(LOG);
	if (manager_init(m))
		check_die("manager: %s", strerror(errno));
	for (unsigned int i = 0; i < nr_guests; i++)
		guest_open(&guests[i], argv[i]);
}

static void run(struct manager *m)
{
	pthread_t pace;

	pthread_create(&pace, NULL, pace_run, NULL);
	for (unsigned int i = 0; i < nr_guests; i++)
		pthread_create(&guests[i].thread, NULL, guest_run, &guests[i]);
	for (unsigned long i = 0; i < nr_visits; i++) {
		usleep(1000 * (useconds_t)dice(&seed, 60));
		visit(m, any_fate());
	}
	over = 1;
	pthread_join(pace, NULL);
	for (unsigned int i = 0; i < nr_guests; i++)
		pthread_join(guests[i].thread, NULL);
}

int main(int argc, char **argv)
{
	struct sums sums = { 0 };
	struct manager manager = { 0 };
	const char *loss;

	if (argc < 6 || argc - 5 > VFS)
		check_die("usage: mortal SEED TIMES LOSS DEADLINE_MS VF...");
	seed = (unsigned int)strtoul(argv[1], NULL, 0);
	nr_visits = strtoul(argv[2], NULL, 0);
	loss = argv[3];
	deadline_ms = strtol(argv[4], NULL, 0);
	failures_allowed = !strcmp(loss, "fail");
	stop_ms = strcmp(loss, "wait") ? deadline_ms * 5 / 4 : 200;
	nr_guests = (unsigned int)argc - 5;
	set_up(&manager, argv + 5);
	attr("on_daemon_loss", loss);
	attr("punt_timeout_ms", argv[4]);
	start(&manager);
	sum_up(&sums, -1);
	run(&manager);
	sum_up(&sums, 1);
	manager_end(&manager, SIGTERM);
	for (unsigned int i = 0; i < FATES; i++)
		check(came_to[i] > 0, "vvbd was %s %lu times", fate_names[i], came_to[i]);
	check_note("the slowest start took %ld ms", slowest_start_ms);
	gather();
	check_note("a sleep took up to %ld ms too long", overslept_ms);
	check(all.longest_ms < deadline_ms + slack_ms(), "%lu accesses, the longest took %ld ms",
	      (unsigned long)all.accesses, all.longest_ms);
	judge_all(&sums);
	if (!strcmp(loss, "kernel"))
		judge_kernel(&sums);
	else if (failures_allowed)
		judge_fail(&sums);
	else
		judge_wait(&sums);
	for (unsigned int i = 0; i < nr_guests; i++)
		vf_close(&guests[i].vf);
	return check_result();
}
