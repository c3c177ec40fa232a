// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * One operation after the other, each with its first allocation failing, then with its
 * second, until it makes no more: it fails with an errno, or does without, and works in the
 * end. Which allocations may fail is set up in /sys/kernel/debug/failslab: no_memory VF
 *
 * They fail for the thread that calls and for the kernel's workers, as a command may run on
 * one of those. A policy that punts, "split", is loaded.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define MANY 300
#define REFILL_US 260000 /* a VF may have four failing commands a second */
#define THREADS 64
#define PUNT_MS "20000"
#define WAIT_MS 10000

static const char *bdf;
static struct vf vf;
static struct daemon d;
static int event;

/* ---- who has no memory ---- */

/* Threads whose Nth allocation fails: fail-nth in /proc; the first is this one. */
static int threads[THREADS];
static unsigned int nr_threads;

static void put_nth(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	/* a worker may have ended */
	if (pwrite(fd, text, (size_t)len, 0) != len && errno != ESRCH)
		check_die("fail-nth: %s", strerror(errno));
}

/* Has one failed? */
static bool has_failed(int fd)
{
	char text[16] = "";

	return pread(fd, text, sizeof(text) - 1, 0) > 0 && !strtoul(text, NULL, 10);
}

static void add_thread(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 && errno != ENOENT && errno != ESRCH)
		check_die("%s: %s", path, strerror(errno));
	if (fd < 0)
		return;
	if (nr_threads == THREADS)
		check_die("more than %u workers", THREADS);
	threads[nr_threads++] = fd;
}

/* Is this process one of those on which commands run: "kworker/1:2H", which come first? */
static bool is_worker(const char *pid)
{
	char path[300], name[32] = "", priority = 0;
	ssize_t n;
	int fd;

	if (!isdigit(*pid))
		return false;
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, name, sizeof(name) - 1);
	close(fd);
	return n > 0 && sscanf(name, "kworker/%*u:%*u%c", &priority) == 1 && priority == 'H';
}

static void find_threads(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[300];

	if (!proc)
		check_die("/proc: %s", strerror(errno));
	add_thread("/proc/thread-self/fail-nth");
	while ((entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/fail-nth", entry->d_name);
		if (is_worker(entry->d_name))
			add_thread(path);
	}
	closedir(proc);
}

/* The Nth allocation of each thread from now on fails. */
static void arm(unsigned int n)
{
	unsigned int i;

	find_threads();
	for (i = 0; i < nr_threads; i++)
		put_nth(threads[i], n);
}

/* In how many did it? */
static unsigned int disarm(void)
{
	unsigned int i, failed = 0;

	for (i = 0; i < nr_threads; i++) {
		failed += has_failed(threads[i]);
		put_nth(threads[i], 0);
		close(threads[i]);
	}
	nr_threads = 0;
	return failed;
}

/* ---- operations ---- */

/**
 * struct op - what is tried
 * @run:	with memory short: 0 or a negative errno
 * @result:	afterwards, where @run can't tell: the same
 * @undo:	makes it possible to try again, after it worked
 * @also:	an error that it may have beside ENOMEM
 */
struct op {
	const char *name;
	int (*run)(void);
	int (*result)(void);
	void (*undo)(void);
	int also;
};

static int open_vf(void)
{
	return vf_open(&vf, bdf);
}

static void close_vf(void)
{
	vf_close(&vf);
}

/* Absent hardware is what a guest sees then: no errno, but all-ones. */
static int read_register(void)
{
	uint32_t features;
	ssize_t n = legacy_read(&vf, LEGACY_DEVICE_FEATURES, &features, 4);

	if (n != 4)
		return n < 0 ? (int)n : -EPROTO;
	return features == ~0u ? -ENODATA : 0;
}

static int write_register(void)
{
	return legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
}

/* A write that can't be made is dropped. */
static int is_written(void)
{
	return legacy_get16(&vf, LEGACY_QUEUE_SELECT) == 1 ? 0 : -ENODATA;
}

static void unwrite_register(void)
{
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 0);
}

static int kick_queue(void)
{
	return legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0);
}

static int add_eventfd(void)
{
	return legacy_kick_by(&vf, 0, event);
}

static void remove_eventfd(void)
{
	legacy_kick_by(&vf, 0, -1);
}

static int signal_eventfd(void)
{
	return eventfd_write(event, 1) ? -errno : 0;
}

static int open_daemon(void)
{
	int err = daemon_open(&d);

	if (!err)
		err = daemon_claim(&d, bdf);
	if (err)
		daemon_close(&d);
	return err;
}

static void close_daemon(void)
{
	daemon_close(&d);
}

static int read_stats(void)
{
	struct vvb_stats stats;

	return stats_read(bdf, &stats);
}

static int select_policies(void)
{
	int err = vf_attr_set(bdf, "policy", "split");

	return err ?: vf_attr_set(bdf, "shadow", "split");
}

static int deselect_policies(void)
{
	int err = vf_attr_set(bdf, "shadow", "none");

	return err ?: vf_attr_set(bdf, "policy", "none");
}

static int eject_policy(void)
{
	return vf_attr_set(bdf, "eject", "memory is short");
}

/* ---- a daemon, and what it is asked ---- */

static atomic_bool over, by_value;

/* Answers what it is asked: by a value, or by a command that the vCPU then runs. */
static void *answer(void *unused)
{
	struct vvb_request request;
	struct vvb_reply reply;

	(void)unused;
	while (!over) {
		if (daemon_wait(&d, &request, 100))
			continue;
		reply = (struct vvb_reply) { .id = request.id, .action = VVB_REPLY_VALUE };
		if (!by_value) {
			reply.action = VVB_REPLY_COMMAND;
			daemon_command(&request, &reply.command);
		}
		daemon_reply(&d, &reply);
	}
	return NULL;
}

/* A vCPU asks, this thread is the daemon and runs a command of its own before it answers. */
static int run_own_command(void)
{
	struct vvb_own_command own = { .argsz = sizeof(own) };
	struct vvb_request request;
	struct vcpu vcpu;
	int err;

	vcpu_read(&vcpu, &vf, LEGACY_DEVICE_FEATURES, 4);
	err = daemon_wait(&d, &request, WAIT_MS);
	if (!err) {
		own.id = request.id;
		daemon_command(&request, &own.command);
		err = ioctl(d.session, VVB_IOC_COMMAND, &own) ? -errno : -(int)own.status;
		daemon_reply_value(&d, request.id, 0);
	}
	if (vcpu_join(&vcpu, check_ms(WAIT_MS)))
		check_die("a vCPU is stuck");
	return err;
}

/* ---- how they are tried ---- */

static int attempt(const struct op *op, unsigned int n, unsigned int *failed)
{
	int err;

	usleep(REFILL_US);
	arm(n);
	err = op->run();
	*failed = disarm();
	if (!err && op->result)
		err = op->result();
	if (!err && op->undo)
		op->undo();
	return err;
}

/* Fail all allocations of an operation, one by one. */
static void exhaust(const struct op *op)
{
	unsigned int n, failed, refused = 0, odd = 0;
	int err = 0;

	for (n = 1; n < MANY; n++) {
		err = attempt(op, n, &failed);
		/* on a worker that was not there when they were looked up? */
		if (!failed && !err)
			err = attempt(op, n, &failed);
		if (!failed)
			break;
		refused += err != 0;
		if (err && err != -ENOMEM && err != op->also) {
			odd++;
			check_note("%s: %s at allocation %u", op->name, strerror(-err), n);
		}
	}
	check(!err && n > 1 && n < MANY && refused && !odd,
	      "%s: %u allocations failed, refused %u times, %u times oddly, then: %s", op->name,
	      n - 1, refused, odd, strerror(-err));
}

/* What a guest's data path and an operator's way out must not need. */
static void needs_none(const char *name, int (*run)(void))
{
	struct op op = { .name = name, .run = run };
	unsigned int failed;
	int err = attempt(&op, 1, &failed);

	check(!err && !failed, "%s needs no memory: %s, %u failed", name, strerror(-err), failed);
}

static void alone(void)
{
	static const struct op ops[] = {
		{ .name = "read", .run = read_register, .also = -ENODATA },
		{ .name = "write",
		  .run = write_register,
		  .result = is_written,
		  .undo = unwrite_register,
		  .also = -ENODATA },
		{ .name = "ioeventfd", .run = add_eventfd, .undo = remove_eventfd },
		{ .name = "daemon", .run = open_daemon, .undo = close_daemon },
		{ .name = "statistics", .run = read_stats },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		exhaust(&ops[i]);
	needs_none("kick", kick_queue);
	check(!add_eventfd(), "an eventfd for kicks");
	needs_none("kick by eventfd", signal_eventfd);
	remove_eventfd();
	needs_none("selection of a policy, and of a shadow", select_policies);
	needs_none("end of both", deselect_policies);
}

static void with_daemon(void)
{
	static const struct op by_command = {
		.name = "punt answered by a command",
		.run = read_register,
		.also = -ENODATA,
	};
	/* that virtio_pci has no memory can't be told from what a device says */
	static const struct op own = {
		.name = "own command of the daemon",
		.run = run_own_command,
		.also = -EIO,
	};
	pthread_t thread;

	if (vf_attr_set(bdf, "policy", "split") || vf_attr_set(bdf, "punt_timeout_ms", PUNT_MS))
		check_die("no policy 'split'");
	if (open_daemon())
		check_die("no daemon");
	exhaust(&own);
	pthread_create(&thread, NULL, answer, NULL);
	exhaust(&by_command);
	by_value = true;
	needs_none("punt answered by a value", read_register);
	over = true;
	pthread_join(thread, NULL);
	close_daemon();
	needs_none("ejection", eject_policy);
	check(!vf_attr_set(bdf, "policy", "none"), "no policy");
}

int main(int argc, char **argv)
{
	/* the PCI core says EBUSY when it has no memory to reserve a BAR */
	static const struct op open_op = {
		.name = "open",
		.run = open_vf,
		.undo = close_vf,
		.also = -EBUSY,
	};

	if (argc < 2)
		check_die("usage: no_memory VF");
	bdf = argv[1];
	event = eventfd(0, EFD_CLOEXEC);
	if (event < 0)
		check_die("eventfd: %s", strerror(errno));
	exhaust(&open_op);
	if (open_vf())
		check_die("VF %s does not open", bdf);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	alone();
	with_daemon();
	close_vf();
	return check_result();
}
