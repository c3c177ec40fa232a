// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What vvb_knob_set() refuses, and that it changes nothing then: knob_range POLICY KNOB VF
 *
 * vvbctl looks at the range itself, so that nothing but a program gets here. The knob's map is
 * compared whole, before and after.
 */
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "check.h"
#include "libvvb/vvb.h"

#define VALUE_LEN 256
#define ENTRIES 64

/* What is in a per-VF map. */
struct content {
	int nr;
	__u64 key[ENTRIES];
	__u8 value[ENTRIES][VALUE_LEN];
};

static const char *policy, *name;
static struct vvb_knob *knob;
static __u64 vf;

static int open_map(void)
{
	char pin[VVB_PIN_LEN];
	int fd;

	snprintf(pin, sizeof(pin), "/sys/fs/bpf/vvb/%s/maps/%s", policy, knob->map);
	fd = bpf_obj_get(pin);
	if (fd < 0)
		check_die("%s: %s", pin, strerror(errno));
	return fd;
}

static void read_content(struct content *c)
{
	int fd = open_map();
	__u64 *last = NULL;

	memset(c, 0, sizeof(*c));
	while (c->nr < ENTRIES && !bpf_map_get_next_key(fd, last, &c->key[c->nr])) {
		last = &c->key[c->nr];
		if (bpf_map_lookup_elem(fd, last, c->value[c->nr]))
			check_die("lookup: %s", strerror(errno));
		c->nr++;
	}
	close(fd);
}

static void refused(__u64 value, int nr_before)
{
	static struct content before, after;

	read_content(&before);
	check_eq(before.nr, nr_before, "entries in the map");
	check_eq(vvb_knob_set(policy, name, vf, value), -ERANGE, "%s %llu", name,
		 (unsigned long long)value);
	read_content(&after);
	check(!memcmp(&before, &after, sizeof(before)), "nothing changed");
}

static void taken(__u64 value)
{
	__u64 got = ~value;

	check_eq(vvb_knob_set(policy, name, vf, value), 0, "%s %llu", name,
		 (unsigned long long)value);
	vvb_knob_get(policy, knob, vf, &got);
	check_eq((long long)got, (long long)value, "is what it has");
}

static void out_of_range(int nr_entries)
{
	refused(knob->min - 1, nr_entries);
	refused(knob->max + 1, nr_entries);
	refused(1ull << 32 | knob->min, nr_entries); /* legal, if cut to the knob's size */
	refused(~0ull, nr_entries);
}

int main(int argc, char **argv)
{
	struct vvb_knob *knobs;
	int nr;

	if (argc != 4 || vvb_bdf_parse(argv[3], &vf))
		check_die("usage: knob_range POLICY KNOB VF");
	policy = argv[1];
	name = argv[2];
	nr = vvb_knobs(policy, &knobs);
	knob = vvb_knob_find(knobs, nr, name);
	if (!knob || knob->min < 1 || knob->max >= 1ull << 32)
		check_die("%s has no knob '%s' with a minimum", policy, name);
	out_of_range(0); /* the VF has no entry yet */
	taken(knob->min);
	out_of_range(1);
	taken(knob->max);
	out_of_range(1);
	check_eq(vvb_knob_set(policy, "nonsense", vf, knob->min), -ENOENT, "no such knob");
	check_eq(vvb_knob_set("nonsense", name, vf, knob->min), -ENOENT, "no such policy");
	check_eq(vvb_knob_set("../x", name, vf, knob->min), -EINVAL, "no name of a policy");
	free(knobs);
	return check_result();
}
