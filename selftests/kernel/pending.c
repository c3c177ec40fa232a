// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A policy is ejected and, before a worker has come to take it off, replaced, unloaded,
 * unselected, or the VF leaves its driver: pending VF
 *
 * In each case the ejection holds, is told once, and the policy is told that it is let go of. On
 * one CPU, of which this process lets go only where it waits, the worker always comes second.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "check.h"
#include "punt.h"
#include "stats.h"

#define OBJECT "/lib/vvb/bpf/test/turns.bpf.o"
#define DRIVER "/sys/bus/pci/drivers/virtio_vfio_bpf/"
#define ROUNDS 5

/* The policy turns, of which there are two versions with one memory. */
struct version {
	struct bpf_object *object;
	struct bpf_map *ops;
	int turns;
};

/* As turns.bpf.c has it. */
struct turns {
	__u64 attached;
	__u64 detached;
	__u64 wrong;
};

static const char *bdf;
static struct version versions[2];
static struct bpf_link *link_of;
static struct daemon d;

static void version_load(struct version *v, int turns)
{
	struct bpf_map *map;
	int err;

	v->object = bpf_object__open_file(OBJECT, NULL);
	map = v->object ? bpf_object__find_map_by_name(v->object, "turns") : NULL;
	v->ops = v->object ? bpf_object__find_map_by_name(v->object, "turns_policy") : NULL;
	if (!map || !v->ops)
		check_die("%s: %s", OBJECT, strerror(errno));
	err = turns < 0 ? 0 : bpf_map__reuse_fd(map, turns);
	if (!err)
		err = bpf_object__load(v->object);
	if (err)
		check_die("%s: load: %s", OBJECT, strerror(-err));
	v->turns = bpf_map__fd(map);
}

/* Register the first version; the second is ready to take its place. */
static void policy_attach(void)
{
	int err;

	link_of = bpf_map__attach_struct_ops(versions[0].ops);
	if (!link_of)
		check_die("attach: %s", strerror(errno));
	err = bpf_link__update_map(link_of, versions[1].ops);
	if (!err)
		err = bpf_link__update_map(link_of, versions[0].ops);
	if (err)
		check_die("link update: %s", strerror(-err));
}

static void put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		check_die("%s: %s", path, strerror(errno));
	close(fd);
}

static void attr(const char *name, const char *value)
{
	int err = vf_attr_set(bdf, name, value);

	if (err)
		check_die("%s=%s: %s", name, value, strerror(-err));
}

static struct turns turns(void)
{
	__u64 key = stats_vf_id(bdf);
	struct turns t = { 0 };

	bpf_map_lookup_elem(versions[0].turns, &key, &t);
	return t;
}

/* What happens to the policy, or the VF, right after the ejection. */
static void update(void)
{
	int err = bpf_link__update_map(link_of, versions[1].ops);

	if (err)
		check_die("update: %s", strerror(-err));
}

static void unload(void)
{
	bpf_link__destroy(link_of);
	link_of = NULL;
}

static void select_none(void)
{
	attr("policy", "none");
}

static void unbind(void)
{
	put(DRIVER "unbind", bdf);
}

static void eject_then(void (*happens)(void))
{
	attr("policy", "turns");
	attr("eject", "because");
	happens();
	usleep(100000); /* for the worker */
}

static void check_told(const char *what, const char *state)
{
	char is[32];
	struct vvb_request r;

	vf_attr_get(bdf, "policy_state", is, sizeof(is));
	check(!strcmp(is, state), "%s: policy_state \"%s\", wanted \"%s\"", what, is, state);
	check(!daemon_wait(&d, &r, 0) && r.kind == VVB_REQUEST_EJECTED,
	      "%s: the daemon has heard of it", what);
	check_eq(daemon_wait(&d, &r, 0), -EAGAIN, "%s: once", what);
}

static void check_turns(const char *what)
{
	struct turns t = turns();

	check(t.attached == t.detached, "%s: attached %llu, detached %llu times", what,
	      (unsigned long long)t.attached, (unsigned long long)t.detached);
	check_eq((long long)t.wrong, 0, "%s: out of turn", what);
}

static void check_report(const char *what)
{
	struct vvb_ejection e = { .argsz = sizeof(e), .vf = stats_vf_id(bdf) };

	if (ioctl(d.channel, VVB_IOC_EJECTION, &e))
		check_die("VVB_IOC_EJECTION: %s", strerror(errno));
	check_eq(e.kind, VVB_EJECTED_BY_OPERATOR, "%s: the report", what);
}

static void round_of_all(void)
{
	policy_attach();
	eject_then(update);
	check_told("updated", "ejected");
	check_turns("updated");
	check_report("updated");
	eject_then(unload);
	check_told("unloaded", "ejected");
	check_turns("unloaded");
	check_report("unloaded");
	policy_attach();
	eject_then(select_none);
	check_told("none selected", "none");
	check_turns("none selected");
	unload();
}

/* Last, as the new VF knows neither its policy nor its daemon. */
static void round_of_unbinding(void)
{
	policy_attach();
	eject_then(unbind);
	check_turns("unbound");
	put(DRIVER "bind", bdf);
	unload();
}

int main(int argc, char **argv)
{
	const struct sched_param first = { .sched_priority = 1 };
	unsigned int i;
	int err;

	if (argc != 2)
		check_die("usage: pending VF");
	bdf = argv[1];
	if (sysconf(_SC_NPROCESSORS_ONLN) != 1 || sched_setscheduler(0, SCHED_FIFO, &first))
		check_die("one CPU is needed, and its scheduler: %s", strerror(errno));
	version_load(&versions[0], -1);
	version_load(&versions[1], versions[0].turns);
	err = daemon_open(&d);
	if (!err)
		err = daemon_claim(&d, bdf);
	if (err)
		check_die("VF %s: %s", bdf, strerror(-err));
	for (i = 0; i < ROUNDS; i++)
		round_of_all();
	round_of_unbinding();
	daemon_close(&d);
	return check_result();
}
