// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Many VFs of one PF at once, all that VVB_VFS names: crowd {calm|flood}
 *
 * A process per VF brings a legacy driver up and down, all starting together. With "flood"
 * the first VF does not, but reads a register in several threads for as long as that lasts.
 * Prints who was served how well. For exact figures the clock must be virtual.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "check.h"
#include "legacy.h"
#include "net.h"
#include "stats.h"

#define VFS_MAX 64
#define ROUNDS 2
#define FLOODERS 4

/* One process, in memory that all share. */
struct member {
	pid_t pid;
	unsigned long long commands;
	double ms; /* since the start of all */
	int err;
};

struct crowd {
	struct timespec start;
	atomic_uint done; /* members that are */
	atomic_bool over;
	struct member member[VFS_MAX];
};

static struct crowd *crowd;
static struct vf vf;
static int ready[2], go[2];

static double since_start(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - crowd->start.tv_sec) * 1e3 +
	       (double)(now.tv_nsec - crowd->start.tv_nsec) / 1e6;
}

/* Commands that the driver sent for the VF. */
static unsigned long long commands(const char *bdf)
{
	unsigned long long sum = 0;
	struct vvb_stats stats;
	unsigned int i;

	if (stats_read(bdf, &stats))
		return 0;
	for (i = 0; i < ARRAY_SIZE(stats.commands); i++)
		sum += stats.commands[i];
	return sum;
}

static void *read_on(void *arg)
{
	(void)arg;
	while (!crowd->over)
		legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	return NULL;
}

/* Counts until the first of the others is done: from then on there are fewer to share with. */
static void flood(struct member *m)
{
	unsigned long long before = commands(vf.bdf);
	pthread_t threads[FLOODERS];
	unsigned int i;

	for (i = 0; i < FLOODERS; i++)
		pthread_create(&threads[i], NULL, read_on, NULL);
	while (!crowd->done && !crowd->over)
		usleep(1000);
	m->ms = since_start();
	m->commands = commands(vf.bdf) - before;
	for (i = 0; i < FLOODERS; i++)
		pthread_join(threads[i], NULL);
}

static int bring_up_and_down(void)
{
	const struct net_options options = { .features = NET_F_MAC };
	const char *why;
	struct net net;
	int err = net_up(&net, &vf, &options, &why);

	net_down(&net);
	return err;
}

static void initialise(struct member *m)
{
	unsigned long long before = commands(vf.bdf);
	unsigned int i;

	for (i = 0; i < ROUNDS && !m->err; i++)
		m->err = bring_up_and_down();
	m->ms = since_start();
	m->commands = commands(vf.bdf) - before;
	crowd->done++;
}

/* Does not return. */
static void be_member(struct member *m, const char *bdf, int floods)
{
	char byte = 0;

	m->err = vf_open(&vf, bdf);
	if (!m->err)
		vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	if (!m->err)
		m->err = bring_up_and_down(); /* its memory is there from then on */
	close(go[1]);
	if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 0)
		m->err = -EPIPE; /* the parent lets go by closing its end */
	if (!m->err)
		floods ? flood(m) : initialise(m);
	_exit(0);
}

static void start(char bdfs[][16], unsigned int nr, int floods)
{
	unsigned int i;
	char byte;

	if (pipe(ready) || pipe(go))
		check_die("pipe: %s", strerror(errno));
	for (i = 0; i < nr; i++) {
		crowd->member[i].pid = fork();
		if (crowd->member[i].pid < 0)
			check_die("fork: %s", strerror(errno));
		if (!crowd->member[i].pid)
			be_member(&crowd->member[i], bdfs[i], floods && !i);
	}
	close(ready[1]); /* no child left: the read ends */
	for (i = 0; i < nr; i++)
		if (read(ready[0], &byte, 1) != 1)
			check_die("a process ended early");
	clock_gettime(CLOCK_MONOTONIC, &crowd->start);
	close(go[1]);
}

static void wait_for(unsigned int from, unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		waitpid(crowd->member[i].pid, NULL, 0);
}

static void report(unsigned int from, unsigned int to)
{
	double fastest = 1e300, slowest = 0, sum = 0, least = 1e300, most = 0;
	unsigned int i, failed = 0;

	for (i = from; i < to; i++) {
		const struct member *m = &crowd->member[i];
		double rate = (double)m->commands / m->ms;

		failed += m->err != 0;
		fastest = m->ms < fastest ? m->ms : fastest;
		slowest = m->ms > slowest ? m->ms : slowest;
		least = rate < least ? rate : least;
		most = rate > most ? rate : most;
		sum += (double)m->commands;
	}
	check_eq(failed, 0, "%u VFs: failed to initialise", to - from);
	check_note("%.0f commands; fastest VF %.1f ms, slowest %.1f ms", sum, fastest, slowest);
	check_note("commands per VF and ms: %.3f to %.3f, all VFs %.2f", least, most,
		   sum / slowest);
	check(slowest < 1.5 * fastest, "slowest to fastest VF: %.2f", slowest / fastest);
}

/* Its share while it floods, against that of the others: 1 is fair. */
static void report_flood(unsigned int nr)
{
	const struct member *m = &crowd->member[0];
	double theirs = 0, own = (double)m->commands / m->ms;
	unsigned int i;

	for (i = 1; i < nr; i++)
		theirs += (double)crowd->member[i].commands / crowd->member[i].ms / (nr - 1);
	check_note("the flooding VF: %llu commands in the first %.1f ms", m->commands, m->ms);
	check(own < 2 * theirs, "its commands per ms to those of another VF: %.2f", own / theirs);
}

int main(int argc, char **argv)
{
	unsigned int floods = argc > 1 && !strcmp(argv[1], "flood"), nr;
	const int prot = PROT_READ | PROT_WRITE;
	char bdfs[VFS_MAX][16];

	nr = vf_names(bdfs, VFS_MAX);
	if (argc < 2 || nr < 2)
		check_die("usage: crowd {calm|flood}, with two VFs or more in VVB_VFS");
	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	crowd = mmap(NULL, sizeof(*crowd), prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crowd == MAP_FAILED)
		check_die("mmap: %s", strerror(errno));
	start(bdfs, nr, (int)floods);
	wait_for(floods, nr);
	crowd->over = 1;
	wait_for(0, floods);
	report(floods, nr);
	if (floods)
		report_flood(nr);
	return check_result();
}
