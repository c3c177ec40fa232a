// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Many guests boot at once: storm [SUFFIX], with their VFs in VVB_VFS
 *
 * A process per VF probes as Linux does, all starting together. Rows, N being the number of VFs
 * and SUFFIX behind each name:
 *
 *	stormN_vf	each VF's time until its link is up
 *	stormN_last	that of the last
 *	stormN_fairness	that of the last by that of the first
 *	stormN_cpu	what all of them, and the kernel for them, were busy for
 *
 * One interrupt vector each: one vCPU has not enough for three of 64 VFs.
 */
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "check.h"
#include "clock.h"
#include "linux_guest.h"
#include "report.h"

#define VFS_MAX 64
#define VECTORS 1
#define PATIENCE_MS 60000

/* In memory that all processes share. */
struct storm {
	uint64_t start;
	uint64_t took[VFS_MAX];
	uint64_t busy[VFS_MAX];
};

static struct storm *storm;
static int ready[2], go[2], leave[2];
static const char *suffix = "";

static void say_ready(void)
{
	if (write(ready[1], "", 1) != 1)
		check_die("pipe: %s", strerror(errno));
}

/* Until the parent closes its end. */
static void wait_for(int fd)
{
	char byte;

	if (read(fd, &byte, 1))
		check_die("no start");
}

/* Does not return. Closing the VF is much work, for which nobody shall wait. */
static void be_guest(unsigned int i, const char *bdf)
{
	static struct linux_guest guest;
	uint64_t before;

	close(go[1]);
	close(leave[1]);
	linux_guest_open(&guest, bdf, VECTORS);
	clock_steady();
	before = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	say_ready();
	wait_for(go[0]);
	linux_guest_probe(&guest);
	storm->took[i] = clock_ns(CLOCK_MONOTONIC) - storm->start;
	storm->busy[i] = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - before;
	say_ready();
	wait_for(leave[0]);
	_exit(0);
}

/* All children have said so; one that died does not. */
static void wait_ready(unsigned int nr)
{
	struct pollfd poll_ready = { .fd = ready[0], .events = POLLIN };
	unsigned int i;
	char byte;

	for (i = 0; i < nr; i++)
		if (poll(&poll_ready, 1, PATIENCE_MS) != 1 || read(ready[0], &byte, 1) != 1)
			check_die("a guest failed");
}

static void run(char bdfs[][16], unsigned int nr)
{
	unsigned int i;

	if (pipe(ready) || pipe(go) || pipe(leave))
		check_die("pipe: %s", strerror(errno));
	for (i = 0; i < nr; i++)
		if (!fork())
			be_guest(i, bdfs[i]);
	close(ready[1]);
	wait_ready(nr);
	storm->start = clock_ns(CLOCK_MONOTONIC);
	close(go[1]);
	wait_ready(nr);
	close(leave[1]);
	while (wait(NULL) > 0)
		;
}

static void row(const char *name, unsigned int nr, const char *unit, uint64_t *values,
		unsigned int count)
{
	char full[64];

	snprintf(full, sizeof(full), "storm%u_%s%s", nr, name, suffix);
	report(full, unit, values, count);
}

/* The times are sorted by their row. */
static void tell(unsigned int nr)
{
	uint64_t sum = 0;
	double fairness;
	unsigned int i;

	for (i = 0; i < nr; i++)
		sum += storm->busy[i];
	row("vf", nr, VIRT_NS, storm->took, nr);
	row("last", nr, VIRT_NS, &storm->took[nr - 1], 1);
	row("cpu", nr, INSN, &sum, 1);
	fairness = (double)storm->took[nr - 1] / (double)storm->took[0];
	printf("ROW storm%u_fairness%s ratio 1 %.3f %.3f %.3f %.3f\n", nr, suffix, fairness,
	       fairness, fairness, fairness);
}

int main(int argc, char **argv)
{
	const int prot = PROT_READ | PROT_WRITE;
	char bdfs[VFS_MAX][16];
	unsigned int nr = vf_names(bdfs, VFS_MAX);

	if (argc > 1)
		suffix = argv[1];
	if (nr < 2)
		check_die("two VFs or more are wanted in VVB_VFS");
	storm = mmap(NULL, sizeof(*storm), prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (storm == MAP_FAILED)
		check_die("mmap: %s", strerror(errno));
	clock_steady();
	run(bdfs, nr);
	tell(nr);
	return 0;
}
