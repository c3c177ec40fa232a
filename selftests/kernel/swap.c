// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Policies change under load: swap COUNT VF VF
 *
 * Four threads read a register of two VFs as fast as they can, while policies take each
 * other's place COUNT times, by link update and by selecting another in turn. Each answer must
 * be that of one of the policies, whole; the longest gap between two accesses of a thread is
 * told, with and without swaps.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"

#define THREADS 4
#define QUIET_S 3
#define OBJECTS 3
#define DIR "/lib/vvb/bpf/test/swap-"

/* One thread that accesses, and what it saw; a bit of @seen for each policy. */
struct load {
	pthread_t thread;
	const struct vf *vf;
	unsigned long accesses;
	unsigned long failed;
	unsigned long wrong;
	uint16_t strangest;
	unsigned int seen;
	atomic_ulong gap_us;
};

/* One policy: its object, and the map that is registered by a link. */
struct policy {
	struct bpf_object *object;
	struct bpf_map *ops;
};

static struct vf vfs[2];
static struct load loads[THREADS];
static struct policy policies[OBJECTS]; /* two under one name, one under another */
static atomic_bool over;

static unsigned long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long)t.tv_sec * 1000000 + (unsigned long)t.tv_nsec / 1000;
}

/* 0x100, 0x200, 0x300 when the policy went between access() and done(); else one more. */
static int is_answer(uint16_t value)
{
	return value >= 0x100 && value <= 0x301 && (value & 0xff) <= 1;
}

static void *run(void *arg)
{
	struct load *load = arg;
	unsigned long last = now_us(), now;
	uint16_t value;

	while (!over) {
		if (legacy_read(load->vf, LEGACY_QUEUE_SIZE, &value, 2) != 2) {
			load->failed++;
		} else if (!is_answer(value)) {
			load->wrong++;
			load->strangest = value;
		} else {
			load->seen |= 1u << (value >> 8);
		}
		load->accesses++;
		now = now_us();
		if (now - last > load->gap_us)
			load->gap_us = now - last;
		last = now;
	}
	return NULL;
}

/* The longest gap since the last call. */
static unsigned long longest_gap(void)
{
	unsigned long longest = 0, gap;
	unsigned int i;

	for (i = 0; i < THREADS; i++) {
		gap = atomic_exchange(&loads[i].gap_us, 0);
		if (gap > longest)
			longest = gap;
	}
	return longest;
}

static void policy_load(struct policy *policy, char letter)
{
	char path[64];
	int err;

	snprintf(path, sizeof(path), DIR "%c.bpf.o", letter);
	policy->object = bpf_object__open_file(path, NULL);
	policy->ops = policy->object ? bpf_object__find_map_by_name(policy->object, "swap") : NULL;
	if (!policy->ops)
		check_die("%s: %s", path, strerror(errno));
	err = bpf_object__load(policy->object);
	if (err)
		check_die("%s: load: %s", path, strerror(-err));
}

static struct bpf_link *policy_attach(struct policy *policy)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(policy->ops);

	if (!link)
		check_die("attach: %s", strerror(errno));
	return link;
}

/* Make a policy ready to take another's place: what libbpf does on attach, without the link. */
static void policy_ready(struct bpf_link *link, struct policy *policy, struct policy *back)
{
	int err = bpf_link__update_map(link, policy->ops);

	if (!err)
		err = bpf_link__update_map(link, back->ops);
	if (err)
		check_die("link update: %s", strerror(-err));
}

static void select_all(const char *name)
{
	unsigned int i;
	int err;

	for (i = 0; i < 2; i++) {
		err = vf_attr_set(vfs[i].bdf, "policy", name);
		if (err)
			check_die("select %s: %s", name, strerror(-err));
	}
}

static void swap(struct bpf_link *link, unsigned int count)
{
	static const char *const names[] = { "swap-other", "swap" };
	unsigned int i;
	int err;

	for (i = 0; i < count; i++) {
		if (i % 2) {
			err = vf_attr_set(vfs[i / 2 % 2].bdf, "policy", names[i / 4 % 2]);
			if (err)
				check_die("swap %u, select: %s", i, strerror(-err));
			continue;
		}
		err = bpf_link__update_map(link, policies[i / 2 % 2].ops);
		if (err)
			check_die("swap %u, update: %s", i, strerror(-err));
	}
}

/* Accesses that one policy decided and another was shown. */
static unsigned long foreign(void)
{
	struct bpf_map *map;
	unsigned long sum = 0;
	unsigned int i;
	uint64_t *data;
	uint32_t key = 0;
	uint64_t value[16];

	for (i = 0; i < OBJECTS; i++) {
		bpf_object__for_each_map(map, policies[i].object) {
			data = value;
			if (!strstr(bpf_map__name(map), ".bss") ||
			    bpf_map__value_size(map) > sizeof(value))
				continue;
			if (bpf_map_lookup_elem(bpf_map__fd(map), &key, data))
				check_die(".bss: %s", strerror(errno));
			sum += data[0];
		}
	}
	return sum;
}

static void judge(unsigned int count, unsigned long ms)
{
	unsigned long accesses = 0, failed = 0, wrong = 0;
	unsigned int seen = 0, i;
	uint16_t strangest = 0;

	for (i = 0; i < THREADS; i++) {
		accesses += loads[i].accesses;
		failed += loads[i].failed;
		wrong += loads[i].wrong;
		seen |= loads[i].seen;
		if (loads[i].wrong)
			strangest = loads[i].strangest;
		check(loads[i].accesses > 100, "thread %u: %lu accesses", i, loads[i].accesses);
	}
	check_note("%u swaps in %lu ms beside %lu accesses", count, ms, accesses);
	check_eq(seen, 1 << 1 | 1 << 2 | 1 << 3, "each policy has answered");
	check_eq((long long)failed, 0, "accesses that failed");
	check_eq((long long)wrong, 0, "answers of no policy (such as 0x%x)", strangest);
	check_eq((long long)foreign(), 0, "accesses shown to a policy that had not decided them");
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 0) : 0, i;
	struct bpf_link *link, *other;
	unsigned long start;
	int err;

	if (argc != 4 || !count)
		check_die("usage: swap COUNT VF VF");
	for (i = 0; i < OBJECTS; i++)
		policy_load(&policies[i], (char)('a' + i));
	link = policy_attach(&policies[0]);
	other = policy_attach(&policies[2]);
	policy_ready(link, &policies[1], &policies[0]);
	for (i = 0; i < 2; i++) {
		err = vf_open(&vfs[i], argv[2 + i]);
		if (err)
			check_die("VF %s: %s", argv[2 + i], strerror(-err));
		vf_command(&vfs[i], PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	}
	select_all("swap");
	for (i = 0; i < THREADS; i++) {
		loads[i].vf = &vfs[i % 2];
		pthread_create(&loads[i].thread, NULL, run, &loads[i]);
	}
	sleep(QUIET_S);
	check_note("longest gap without swaps: %lu us", longest_gap());
	start = now_us();
	swap(link, count);
	start = now_us() - start;
	check_note("longest gap with swaps: %lu us", longest_gap());
	over = 1;
	for (i = 0; i < THREADS; i++)
		pthread_join(loads[i].thread, NULL);
	judge(count, start / 1000);
	for (i = 0; i < 2; i++)
		vf_close(&vfs[i]);
	bpf_link__destroy(link);
	bpf_link__destroy(other);
	return check_result();
}
