// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A policy is told that a VF has let go of it when no access is with it any more: grace VF
 *
 * Four threads read a register of the VF, of which the policy makes slow work, and COUNT times it
 * is selected, waited for to be at work, and given up.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include <linux/pci_regs.h>
#include <sys/mman.h>

#include "bpf/grace.h"
#include "check_vf.h"
#include "legacy.h"
#include "punt.h"

#define THREADS 4
#define COUNT 200
#define OBJECT "/lib/vvb/bpf/test/grace.bpf.o"

static struct vf vf;
static atomic_bool over;

static void *run(void *arg)
{
	unsigned long *accesses = arg;

	while (!over) {
		legacy_get8(&vf, LEGACY_DEVICE_STATUS);
		++*accesses;
	}
	return NULL;
}

/* Load and register it. Return: its counters, as it sees them itself. */
static const volatile struct grace *load(struct bpf_link **link)
{
	struct bpf_object *object = bpf_object__open_file(OBJECT, NULL);
	void *grace = MAP_FAILED;
	struct bpf_map *map;

	if (!object || bpf_object__load(object))
		check_die("%s: %s", OBJECT, strerror(errno));
	bpf_object__for_each_map(map, object)
		if (strstr(bpf_map__name(map), ".bss"))
			grace = mmap(NULL, sizeof(struct grace), PROT_READ, MAP_SHARED,
				     bpf_map__fd(map), 0);
	map = bpf_object__find_map_by_name(object, "grace_policy");
	*link = map ? bpf_map__attach_struct_ops(map) : NULL;
	if (grace == MAP_FAILED || !*link)
		check_die("%s: %s", OBJECT, strerror(errno));
	return grace;
}

static void attr(const char *name, const char *value)
{
	int err = vf_attr_set(vf.bdf, name, value);

	if (err)
		check_die("%s=%s: %s", name, value, strerror(-err));
}

/* Select it, and give it up while it is at work, at once: @policy is the attribute, open. */
static void turn(const volatile struct grace *grace, int policy)
{
	long deadline = punt_now_ms() + check_ms(10000);

	attr("policy", "grace");
	while (!grace->running) {
		if (punt_now_ms() > deadline)
			check_die("no access has come to the policy");
		usleep(50);
	}
	if (pwrite(policy, "none", 4, 0) != 4)
		check_die("policy=none: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	unsigned long accesses[THREADS] = { 0 };
	const volatile struct grace *grace;
	pthread_t threads[THREADS];
	struct bpf_link *link;
	char path[64];
	unsigned int i;
	int policy;

	if (argc != 2)
		check_die("usage: grace VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	grace = load(&link);
	attr("policy_budget_us", "0");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vvb/policy", vf.bdf);
	policy = open(path, O_WRONLY | O_CLOEXEC);
	if (policy < 0)
		check_die("%s: %s", path, strerror(errno));
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, &accesses[i]);
	for (i = 0; i < COUNT; i++)
		turn(grace, policy);
	over = 1;
	for (i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		check(accesses[i] > 0, "thread %u: %lu accesses", i, accesses[i]);
	}
	check_eq((long long)grace->left, COUNT, "times it was told");
	check_eq((long long)grace->wrong, 0, "accesses that were with it then");
	attr("policy_budget_us", "1000");
	bpf_link__destroy(link);
	vf_close(&vf);
	return check_result();
}
