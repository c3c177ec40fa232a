// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a VF takes of the kernel's memory: memory DRIVER POLICY VF...
 *
 * Each VF in turn is unbound, then bound to DRIVER, opened and, unless POLICY is "none", given
 * that policy. Rows, in bytes of slab and of per-CPU memory on one CPU, each with all before it:
 *
 *	memory_bound_*	as probe() leaves it
 *	memory_open_*	with what the VMM's descriptors and its DMA mapping take
 *	memory_policy_*
 *	memory_left_*	when all that was undone
 *
 * What is allocated once, such as names in sysfs, was there before: each VF goes through all of
 * it twice. Frees may be late, so each figure is taken after a while.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check_vf.h"
#include "held.h"
#include "punt.h"
#include "report.h"

#define VFS_MAX 64
#define LATE_S 15 /* RCU callbacks may be lazy for 10 */

enum stage {
	BOUND,
	OPEN,
	POLICY,
	LEFT,
	STAGES
};

static const char *const stages[STAGES] = { "bound", "open", "policy", "left" };
static const char *const kinds[HELD_KINDS] = { "slab", "percpu" };

static const volatile struct held *held;
static const char *driver, *policy;
static uint64_t bytes[STAGES][HELD_KINDS][VFS_MAX];

static void put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		check_die("%s: %s", path, strerror(errno));
	close(fd);
}

static void bind_to(const char *bdf, const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/drivers/%s/%s", driver, file);
	put(path, bdf);
}

static void take(enum stage stage, unsigned int nr, const long long *before)
{
	long long now;
	unsigned int k;

	sleep(LATE_S);
	for (k = 0; k < HELD_KINDS; k++) {
		now = held->bytes[k] - before[k];
		bytes[stage][k][nr] = now > 0 ? (uint64_t)now : 0;
	}
}

static void go_through(const char *bdf, unsigned int nr)
{
	long long before[HELD_KINDS];
	struct vf vf;
	int err;

	sleep(LATE_S);
	memcpy(before, (const void *)held->bytes, sizeof(before));
	bind_to(bdf, "bind");
	take(BOUND, nr, before);
	check_vf_open(&vf, bdf);
	take(OPEN, nr, before);
	if (strcmp(policy, "none")) {
		err = vf_attr_set(bdf, "policy", policy);
		if (err)
			check_die("select %s: %s", policy, strerror(-err));
	}
	take(POLICY, nr, before);
	vf_close(&vf);
	bind_to(bdf, "unbind");
	take(LEFT, nr, before);
}

static void tell(unsigned int nr)
{
	unsigned int stage, k;
	char name[64];

	for (stage = 0; stage < STAGES; stage++) {
		if (stage == POLICY && !strcmp(policy, "none"))
			continue;
		for (k = 0; k < HELD_KINDS; k++) {
			snprintf(name, sizeof(name), "memory_%s_%s", stages[stage], kinds[k]);
			report(name, BYTES, bytes[stage][k], nr);
		}
	}
}

int main(int argc, char **argv)
{
	unsigned int i, nr = argc > 3 ? (unsigned int)argc - 3 : 0;

	if (!nr || nr > VFS_MAX)
		check_die("usage: memory DRIVER POLICY VF..., up to %d", VFS_MAX);
	driver = argv[1];
	policy = argv[2];
	held = held_start();
	for (i = 0; i < nr; i++) {
		bind_to(argv[3 + i], "unbind");
		go_through(argv[3 + i], i);
		go_through(argv[3 + i], i);
		bind_to(argv[3 + i], "bind");
	}
	if (held->lost || !bytes[BOUND][HELD_SLAB][0])
		check_die("%u allocations were not followed", held->lost);
	tell(nr);
	return 0;
}
