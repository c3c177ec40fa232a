// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Does a guard that denies everything let anything pass?
 *
 * guarded VF threads ACCESSES	the guard guard-deny is attached: threads of all scheduling
 *				classes make so many accesses, or more, on one CPU, where they
 *				preempt each other while the guard is being asked
 * guarded VF interrupts MEMBER GUARD.bpf.o
 *				it will be: an eventfd is both an interrupt's trigger and a kick;
 *				interrupts come while on their CPU the guard is being asked
 *
 * guard-deny takes its time over what is written, if that is SLOW or more.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "monitor.h"
#include "net.h"
#include "stats.h"

#define CPU 0
#define SLOW 256
#define FLIPS 100
#define FLIP_US 20000

static struct vf vf;
static struct monitor monitor;
static struct net net;
static atomic_bool over;
static atomic_ulong accesses, values;

/* The caller's thread: where it runs, and by which right. */
static void run_as(int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(CPU, &set);
	if (sched_setaffinity(0, sizeof(set), &set) || sched_setscheduler(0, policy, &param))
		check_die("scheduling: %s", strerror(errno));
}

/* ---- threads ---- */

/**
 * struct guest - a thread that makes accesses
 * @policy, @priority: for the scheduler
 * @rest_us:	pause between two turns, 0 for none
 * @spin_us:	time it spends in its own loop each turn
 * @slow:	one write in so many is one that the guard takes its time over, 0 for none
 */
struct guest {
	const char *name;
	int policy;
	int priority;
	useconds_t rest_us;
	unsigned int spin_us;
	unsigned int slow;
	unsigned long done;
	pthread_t thread;
};

static struct guest guests[] = {
	{ .name = "SCHED_IDLE", .policy = SCHED_IDLE, .slow = 4 },
	{ .name = "another SCHED_IDLE", .policy = SCHED_IDLE, .slow = 3 },
	{ .name = "SCHED_BATCH", .policy = SCHED_BATCH, .slow = 1000 },
	{ .name = "SCHED_OTHER", .policy = SCHED_OTHER, .slow = 500 },
	{ .name = "SCHED_OTHER, which spins",
	  .policy = SCHED_OTHER,
	  .rest_us = 2000,
	  .spin_us = 3000 },
	{ .name = "SCHED_RR", .policy = SCHED_RR, .priority = 1, .rest_us = 3000, .spin_us = 300 },
	{ .name = "SCHED_FIFO", .policy = SCHED_FIFO, .priority = 2, .rest_us = 1000 },
};

static void spin(unsigned int us)
{
	struct timespec ts;
	long long end = 0, now;

	do {
		clock_gettime(CLOCK_MONOTONIC, &ts);
		now = ts.tv_sec * 1000000ll + ts.tv_nsec / 1000;
		end = end ? end : now + us;
	} while (now < end);
}

/* A kick, a control write and a control read. */
static void turn(const struct guest *g, unsigned long n)
{
	uint16_t value = g->slow && n % g->slow == 0 ? SLOW : 0;

	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, value);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, value);
	if (legacy_get32(&vf, LEGACY_DEVICE_FEATURES) != ~0u)
		values++;
	accesses += 3;
}

static void *guest(void *arg)
{
	struct guest *g = arg;

	run_as(g->policy, g->priority);
	while (!over) {
		turn(g, g->done++);
		if (g->spin_us)
			spin(g->spin_us);
		if (g->rest_us)
			usleep(g->rest_us);
	}
	return NULL;
}

/* ---- what passed ---- */

static __u64 decided(const struct vvb_field_stats *f)
{
	unsigned int i;
	__u64 sum = 0;

	for (i = 0; i < VVB_VERDICT_NR; i++)
		sum += f->verdict[i];
	return sum;
}

static void none_passed(const struct vvb_stats *was, const struct vvb_stats *is)
{
	static const struct {
		enum vvb_field field;
		const char *name;
	} fields[] = {
		{ VVB_FIELD_QUEUE_NOTIFY, "kicks" },
		{ VVB_FIELD_QUEUE_SELECT, "control writes" },
		{ VVB_FIELD_DEVICE_FEATURES, "control reads" },
	};
	unsigned int i;
	__u64 all, denied;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		enum vvb_field f = fields[i].field;

		all = decided(&is->field[f]) - decided(&was->field[f]);
		denied = is->field[f].verdict[VVB_DENY] - was->field[f].verdict[VVB_DENY];
		check(all && denied == all, "%llu of %llu %s passed", all - denied, all,
		      fields[i].name);
	}
}

static void threads(unsigned long nr)
{
	struct vvb_stats was, is;
	unsigned int i;

	stats_read(vf.bdf, &was);
	for (i = 0; i < ARRAY_SIZE(guests); i++)
		pthread_create(&guests[i].thread, NULL, guest, &guests[i]);
	while (accesses < nr)
		usleep(100000);
	over = 1;
	for (i = 0; i < ARRAY_SIZE(guests); i++) {
		pthread_join(guests[i].thread, NULL);
		check(guests[i].done != 0, "%s: %lu turns", guests[i].name, guests[i].done);
	}
	stats_read(vf.bdf, &is);
	none_passed(&was, &is);
	check_eq((long long)values, 0, "values read");
}

/* ---- interrupts ---- */

static void interrupt_on_cpu(void)
{
	char line[512], name[48], path[64];
	FILE *f = fopen("/proc/interrupts", "r");
	int irq = -1;

	snprintf(name, sizeof(name), "vfio-msix[0](%s)", vf.bdf);
	while (f && irq < 0 && fgets(line, sizeof(line), f))
		if (strstr(line, name))
			irq = atoi(line);
	if (f)
		fclose(f);
	snprintf(path, sizeof(path), "/proc/irq/%d/smp_affinity", irq);
	f = fopen(path, "w");
	if (!f || fprintf(f, "%x", 1u << CPU) < 0 || fclose(f))
		check_die("%s: %s", path, strerror(errno));
}

static void *kick(void *unused)
{
	(void)unused;
	run_as(SCHED_OTHER, 0);
	while (!over)
		legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, SLOW);
	return NULL;
}

/* Interrupts for changes of the configuration; how many kicks got which verdict. */
static void flips(const char *member, __u64 *stored, __u64 *denied)
{
	struct vvb_field_stats *a, *b;
	struct vvb_stats was, is;
	unsigned int i;
	int err = 0;

	stats_read(vf.bdf, &was);
	for (i = 0; i < FLIPS && !err; i++) {
		err = monitor_set(&monitor, i & 1 ? "link-up" : "link-down", member);
		usleep(FLIP_US);
	}
	usleep(10 * FLIP_US);
	check_eq(err, 0, "%d changes of the configuration", FLIPS);
	stats_read(vf.bdf, &is);
	a = &was.field[VVB_FIELD_QUEUE_NOTIFY];
	b = &is.field[VVB_FIELD_QUEUE_NOTIFY];
	*stored = b->verdict[VVB_NOTIFY] - a->verdict[VVB_NOTIFY];
	*denied = b->verdict[VVB_DENY] - a->verdict[VVB_DENY];
}

static void prepare_interrupts(void)
{
	struct net_options options = { .msix = 1, .features = NET_F_STATUS };
	const char *why = "";
	int err;

	err = monitor_open(&monitor);
	if (err)
		check_die("the monitor: %s", strerror(-err));
	err = net_up(&net, &vf, &options, &why);
	if (err)
		check_die("%s: %s", why, strerror(-err));
	check(!legacy_kick_by(&vf, NET_TX, net.event[0]), "the eventfd of the config vector kicks");
	interrupt_on_cpu();
}

static void interrupts(const char *member, const char *guard)
{
	__u64 stored, denied;
	pthread_t thread;
	char command[256];

	prepare_interrupts();
	flips(member, &stored, &denied);
	check(stored && stored <= FLIPS && !denied, "%llu kicks by interrupts, no guard", stored);
	snprintf(command, sizeof(command), "bpftool prog load %s /sys/fs/bpf/vvb_guard autoattach",
		 guard);
	if (system(command))
		check_die("%s", command);
	pthread_create(&thread, NULL, kick, NULL);
	flips(member, &stored, &denied);
	over = 1;
	pthread_join(thread, NULL);
	check(denied > FLIPS / 2, "%llu kicks denied", denied);
	check_eq((long long)stored, 0, "kicks by interrupts passed a guard that denies them");
}

int main(int argc, char **argv)
{
	int by_threads = argc == 4 && !strcmp(argv[2], "threads");

	if (!by_threads && !(argc == 5 && !strcmp(argv[2], "interrupts")))
		check_die("usage: guarded VF threads ACCESSES | interrupts MEMBER GUARD");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	if (by_threads)
		threads(strtoul(argv[3], NULL, 0));
	else
		interrupts(argv[3], argv[4]);
	vf_close(&vf);
	return check_result();
}
