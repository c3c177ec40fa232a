// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a question to the daemon costs: punts VF DAEMON_PID ROW PREFIX [COUNT]
 *
 * ROW is an operation (see ops.c) of which the daemon of this process id is asked. Rows:
 *
 *	PREFIX_round_trip	the operation, system call included
 *	PREFIX_daemon		of these, what the daemon ran for: from the switch to it until
 *				the switch away from it
 *	PREFIX_{vcpu,daemon}_{syscalls,switches,allocations}
 *				in a second run, per operation
 */
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"
#include "events.h"
#include "ops.h"
#include "report.h"

#define WARM_UP 500

static const char *const who[EVENTS_THREADS] = { "vcpu", "daemon" };
static const char *const what[EVENTS] = { "syscalls", "switches", "allocations" };

static const struct row *op;
static const char *prefix;

static void once(void)
{
	if (op->once())
		check_die("%s: %s", op->name, strerror(errno));
}

static void warm_up(void)
{
	unsigned int i;

	for (i = 0; i < WARM_UP; i++)
		once();
}

static void row(const char *name, const char *unit, uint64_t *values, unsigned int count)
{
	char full[64];

	snprintf(full, sizeof(full), "%s_%s", prefix, name);
	report(full, unit, values, count);
}

static void measure(pid_t daemon, uint64_t *took, uint64_t *busy, unsigned int count)
{
	uint64_t start, before;
	clockid_t clock;
	unsigned int i;

	if (clock_getcpuclockid(daemon, &clock))
		check_die("no such process: %d", daemon);
	warm_up();
	for (i = 0; i < count; i++) {
		before = clock_ns(clock);
		start = clock_stamp();
		once();
		took[i] = clock_stamp() - start;
		busy[i] = clock_ns(clock) - before;
	}
	row("round_trip", INSN, took, count);
	row("daemon", INSN, busy, count);
}

/* ---- counts ---- */

/* Context switches of a thread so far, as the scheduler has them. */
static uint64_t switches(pid_t pid)
{
	unsigned long sum = 0, n;
	char path[32], line[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	if (!file)
		check_die("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "voluntary_ctxt_switches: %lu", &n) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lu", &n) == 1)
			sum += n;
	fclose(file);
	return sum;
}

static void count_once(const volatile struct events *events, uint64_t *values, unsigned int i,
		       unsigned int count)
{
	uint64_t before[EVENTS_THREADS][EVENTS];
	unsigned int t, e;

	memcpy(before, (const void *)events->count, sizeof(before));
	once();
	for (t = 0; t < EVENTS_THREADS; t++)
		for (e = 0; e < EVENTS; e++)
			values[(t * EVENTS + e) * count + i] = events->count[t][e] - before[t][e];
}

static void count_all(pid_t daemon, uint64_t *values, unsigned int count)
{
	const int threads[EVENTS_THREADS] = { getpid(), daemon };
	const volatile struct events *events = events_start(threads);
	uint64_t told, seen;
	unsigned int t, e, i;
	char name[32];

	warm_up();
	told = switches(daemon);
	seen = events->count[1][EVENT_SWITCH];
	for (i = 0; i < count; i++)
		count_once(events, values, i, count);
	seen = events->count[1][EVENT_SWITCH] - seen;
	told = switches(daemon) - told;
	if (seen != told)
		check_die("%llu switches of the daemon seen, the scheduler has %llu",
			  (unsigned long long)seen, (unsigned long long)told);
	for (t = 0; t < EVENTS_THREADS; t++)
		for (e = 0; e < EVENTS; e++) {
			snprintf(name, sizeof(name), "%s_%s", who[t], what[e]);
			row(name, COUNT, values + (t * EVENTS + e) * count, count);
		}
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 5 ? (unsigned int)strtoul(argv[5], NULL, 0) : 10000;
	uint64_t *values = calloc(count, EVENTS_THREADS * EVENTS * sizeof(*values));
	pid_t daemon = argc > 2 ? (pid_t)strtol(argv[2], NULL, 0) : 0;

	if (argc < 5 || !count || !values)
		check_die("usage: punts VF DAEMON_PID ROW PREFIX [COUNT]");
	ops_open(argv[1]);
	op = ops_find(argv[3]);
	prefix = argv[4];
	clock_steady();
	measure(daemon, values, values + count, count);
	count_all(daemon, values, count);
	free(values);
	vf_close(&ops_vf);
	return 0;
}
