// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Processes load and unload one guard at once: load_races FILE NAME ROUNDS
 *
 * A round in which all load it: one may succeed, and its guard is in force. Then a round in which
 * half of them unload it: each unload that succeeds has ended one load that did. Statuses are
 * compared with what is pinned, and what is pinned with the links that the kernel has.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "check.h"
#include "libvvb/vvb.h"

#define WORKERS 6

/* What parent and workers share. */
struct round {
	pthread_barrier_t barrier;
	int unload; /* every second worker unloads */
	int over;
	int err[WORKERS];
	__u32 link[WORKERS];
	long long ns[WORKERS];
};

static struct round *round_;
static const char *file, *name;

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int unloads(int worker)
{
	return round_->unload && worker % 2;
}

static void take_part(int worker)
{
	struct vvb_policy loaded = {};
	long long start = now_ns();

	round_->err[worker] = unloads(worker) ? vvb_policy_unload(name, NULL, 0) :
						vvb_policy_load(file, name, &loaded, NULL, 0);
	round_->link[worker] = loaded.link;
	round_->ns[worker] = now_ns() - start;
}

static void work(int worker)
{
	for (;;) {
		pthread_barrier_wait(&round_->barrier);
		if (round_->over)
			_exit(0);
		take_part(worker);
		pthread_barrier_wait(&round_->barrier);
	}
}

static void start(void)
{
	pthread_barrierattr_t shared;

	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	round_ = mmap(NULL, sizeof(*round_), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (round_ == MAP_FAILED)
		check_die("mmap: %s", strerror(errno));
	pthread_barrierattr_init(&shared);
	pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&round_->barrier, &shared, WORKERS + 1);
	for (int i = 0; i < WORKERS; i++) {
		pid_t pid = fork();

		if (pid < 0)
			check_die("fork: %s", strerror(errno));
		if (!pid)
			work(i);
	}
}

static void go(int unload)
{
	round_->unload = unload;
	pthread_barrier_wait(&round_->barrier);
	pthread_barrier_wait(&round_->barrier);
}

/* The id of the link that is pinned under the name, 0 for none. */
static __u32 pinned(void)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);
	char pin[VVB_PIN_LEN];
	int fd;

	snprintf(pin, sizeof(pin), "/sys/fs/bpf/vvb/%s/link", name);
	fd = bpf_obj_get(pin);
	if (fd < 0)
		return 0;
	bpf_link_get_info_by_fd(fd, &info, &len);
	close(fd);
	return info.id;
}

/* After the round: how many loads less unloads succeeded, and the link of the last that loaded. */
static int balance(__u32 *link)
{
	int sum = 0;

	for (int i = 0; i < WORKERS; i++) {
		if (round_->err[i])
			continue;
		sum += unloads(i) ? -1 : 1;
		*link = unloads(i) ? *link : round_->link[i];
	}
	return sum;
}

static long long longest(void)
{
	long long ns = 0;

	for (int i = 0; i < WORKERS; i++)
		ns = round_->ns[i] > ns ? round_->ns[i] : ns;
	return ns;
}

int main(int argc, char **argv)
{
	int lifted = 0, wrong = 0, rounds = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;
	long long most = 0;
	__u32 link = 0;

	if (rounds < 1)
		check_die("usage: load_races FILE NAME ROUNDS");
	file = argv[1];
	name = argv[2];
	start();
	for (int i = 0; i < rounds; i++) {
		go(0);
		lifted += balance(&link) != 1 || !pinned() || pinned() != link;
		most = longest() > most ? longest() : most;
		go(1);
		wrong += 1 + balance(&link) != !!pinned();
		vvb_policy_unload(name, NULL, 0);
	}
	round_->over = 1;
	pthread_barrier_wait(&round_->barrier);
	while (wait(NULL) > 0)
		;
	check_eq(lifted, 0, "%d rounds of %d loads at once: one succeeds, and stays", rounds,
		 WORKERS);
	check_eq(wrong, 0, "each unload ends one load");
	check(most < check_ms(30000) * 1000000, "each ends: at most %lld ms", most / 1000000);
	return check_result();
}
