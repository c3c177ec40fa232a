// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * late_answer VF SECONDS - whose answer does an access get, when answers come at the deadline?
 *
 * admin_timeout_ms is short, and workers are held up behind the answers. Registers that do not
 * change are read in turn, queue_select is written and read back. An access may fail: all-ones,
 * dropped, counted. One that does not has its own answer.
 *
 * A worker that is held holds its CPU, and it is that of the thread that waits for it: this thread
 * would not see its deadline go by. So it is moved away while it waits.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define SHOWN_MAX 8
#define FAIL_MIN 10 /* the test goes on until so many have failed, ... */
#define LONGEST 6 /* ... if it takes so many times what it was to take */
#define PAUSE_US 25000 /* until a worker that was held goes on */
#define MOVE_US 1000 /* sooner than the deadline */
#define WORKER_CPU 0
#define OTHER_CPU 1

static struct vf vf;
static unsigned long accesses, failed, wrong, lost;

static const struct {
	unsigned int pos;
	unsigned int len;
	const char *name;
} registers[] = {
	{ LEGACY_DEVICE_FEATURES, 4, "device_features" },
	{ LEGACY_QUEUE_SIZE, 2, "queue_size" },
	{ LEGACY_CONFIG, 4, "the MAC's first half" },
};

static uint32_t values[ARRAY_SIZE(registers)];

/* @thread: 0 is the one that calls */
static void move(pid_t thread, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(thread, sizeof(set), &set))
		check_die("sched_setaffinity: %s", strerror(errno));
}

static void *move_away(void *thread)
{
	move(0, OTHER_CPU);
	for (;;) {
		move(*(pid_t *)thread, OTHER_CPU);
		usleep(MOVE_US);
	}
	return NULL;
}

static uint32_t get(unsigned int i)
{
	uint32_t value = 0;

	if (legacy_read(&vf, registers[i].pos, &value, registers[i].len) !=
	    (ssize_t)registers[i].len)
		check_die("%s can't be read", registers[i].name);
	return value;
}

static void fails(void)
{
	failed++;
	usleep(PAUSE_US);
}

static void read_one(unsigned int i)
{
	uint32_t ones = registers[i].len == 2 ? 0xffff : ~0u, value;

	move(0, WORKER_CPU);
	value = get(i);
	accesses++;
	if (value == ones)
		fails();
	else if (value != values[i] && wrong++ < SHOWN_MAX)
		check_note("%s: 0x%x, is 0x%x", registers[i].name, value, values[i]);
}

/* Accesses that failed, as the driver counts them. */
static __u64 failures(void)
{
	struct vvb_stats stats;

	if (stats_read(vf.bdf, &stats))
		check_die("no statistics of %s", vf.bdf);
	return stats.event[VVB_EV_COMMAND_TIMEOUT] + stats.event[VVB_EV_STALLED] +
	       stats.event[VVB_EV_COMMAND_ERROR] + stats.event[VVB_EV_COMMAND_LIMIT];
}

static void select_one(uint16_t queue)
{
	__u64 before = failures();
	uint16_t is;

	move(0, WORKER_CPU);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, queue);
	is = legacy_get16(&vf, LEGACY_QUEUE_SELECT);
	accesses += 2;
	if (failures() != before)
		fails();
	else if (is != queue && lost++ < SHOWN_MAX)
		check_note("queue_select: %u, was set to %u", is, queue);
}

static bool over(time_t start, long seconds)
{
	time_t since = time(NULL) - start;

	return since >= seconds && (failed >= FAIL_MIN || since >= LONGEST * seconds);
}

int main(int argc, char **argv)
{
	long seconds = argc > 2 ? strtol(argv[2], NULL, 0) : 0;
	pid_t self = gettid();
	pthread_t thread;
	unsigned int i;
	time_t start;
	int err;

	if (seconds <= 0)
		check_die("usage: late_answer VF SECONDS");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	for (i = 0; i < ARRAY_SIZE(registers); i++)
		values[i] = get(i);
	check(values[0] != ~0u && values[1] != 0xffff && values[2] != ~0u, "the device answers");
	err = system("bpftool prog loadall /lib/vvb/bpf/test/hold-answers.bpf.o /sys/fs/bpf/hold "
		     "autoattach");
	check(!err, "workers are held up");
	err = vf_attr_set(vf.bdf, "admin_timeout_ms", "5");
	check_eq(err, 0, "admin_timeout_ms");
	check_eq(pthread_create(&thread, NULL, move_away, &self), 0,
		 "a thread that moves this one");
	for (start = time(NULL), i = 0; !over(start, seconds); i++) {
		read_one(i % ARRAY_SIZE(registers));
		if (i % 4 == 3)
			select_one(i / 4 % 2);
	}
	check_note("%lu accesses, %lu of them failed", accesses, failed);
	check(failed >= FAIL_MIN && accesses - failed > 50, "some failed, many did not");
	check_eq((long long)wrong, 0, "reads that had another access' answer");
	check_eq((long long)lost, 0, "writes of queue_select that were lost, or late");
	err = system("rm -r /sys/fs/bpf/hold");
	check(!err, "workers are free");
	vf_close(&vf);
	return check_result();
}
