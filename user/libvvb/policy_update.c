// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Another program in the place of a loaded policy, between two accesses. Maps that hold the
 * same as before are kept, and with them state and knobs; where a map has another layout the
 * knobs' values are carried over by name. Until the link is switched nothing is changed.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "knob.h"
#include "layout.h"
#include "object.h"
#include "paths.h"
#include "pins.h"

/**
 * struct update - a policy and its successor
 * @o:		the successor
 * @link:	the pinned link
 * @old, @old_nr: knobs of the predecessor
 */
struct update {
	struct vvb_object o;
	int link;
	struct vvb_knob *old;
	int old_nr;
};

/* ---- maps ---- */

static int map_pin(const char *policy, const char *map, char path[VVB_PIN_LEN * 2])
{
	char dir[VVB_PIN_LEN];
	int err = vvb_pins_maps(policy, dir);

	return err ? err : vvb_path(path, VVB_PIN_LEN * 2, "%s/%s", dir, map);
}

/* The predecessor's map of that name. Return: file descriptor, -ENOENT, -errno. */
static int old_map(const struct update *u, const char *map)
{
	char path[VVB_PIN_LEN * 2];
	int err = map_pin(u->o.name, map, path), fd;

	if (err)
		return err;
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

/* Go on with the old map if it holds the same. */
static int keep_map(struct update *u, struct bpf_map *map)
{
	int fd = old_map(u, bpf_map__name(map)), err = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (vvb_layout_same(map, bpf_object__btf(u->o.object), fd))
		err = bpf_map__reuse_fd(map, fd);
	close(fd);
	return err;
}

static int keep_maps(struct update *u)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, u->o.object)
		if (!err && vvb_object_pinned(&u->o, map))
			err = keep_map(u, map);
	return err;
}

static bool is_kept(const struct bpf_map *map, int old)
{
	struct bpf_map_info a = {}, b = {};
	__u32 a_len = sizeof(a), b_len = sizeof(b);

	return !bpf_map_get_info_by_fd(bpf_map__fd(map), &a, &a_len) &&
	       !bpf_map_get_info_by_fd(old, &b, &b_len) && a.id == b.id;
}

/* ---- knobs ---- */

static int out_of_range(const struct vvb_knob *knob, __u64 vf, __u64 value)
{
	char bdf[VVB_BDF_LEN], text[3][VVB_KNOB_TEXT_LEN];

	vvb_bdf_format(vf, bdf);
	vvb_knob_format(knob, value, text[0]);
	vvb_knob_format(knob, knob->min, text[1]);
	vvb_knob_format(knob, knob->max, text[2]);
	vvb_object_say("%s has %s %s, the new policy takes %s to %s\n", bdf, knob->name, text[0],
		       text[1], text[2]);
	return -ERANGE;
}

/* One knob: its value for each VF, from the old map into the new, if that is another. */
static int carry_from(struct update *u, int from, const struct vvb_knob *was, struct bpf_map *map,
		      const struct vvb_knob *knob)
{
	size_t size;
	const struct vvb_knob *all = bpf_map__initial_value(u->o.knobs, &size);
	bool kept = is_kept(map, from);
	__u64 vf, *last = NULL, value;
	int err = 0;

	while (!err && !bpf_map_get_next_key(from, last, &vf)) {
		last = &vf;
		err = vvb_knob_read(from, was, vf, &value);
		if (!err && (value < knob->min || value > knob->max))
			err = out_of_range(knob, vf, value);
		if (!err && !kept)
			err = vvb_knob_write(bpf_map__fd(map), all, size / sizeof(*all), knob, vf,
					     value);
	}
	return err;
}

static int carry_knob(struct update *u, const struct vvb_knob *knob)
{
	struct bpf_map *map = bpf_object__find_map_by_name(u->o.object, knob->map);
	struct vvb_knob *was = vvb_knob_find(u->old, u->old_nr, knob->name);
	int from, err;

	if (!was || !map)
		return 0;
	from = old_map(u, was->map);
	if (from < 0)
		return from;
	err = carry_from(u, from, was, map, knob);
	close(from);
	return err;
}

static int carry_knobs(struct update *u)
{
	size_t size;
	const struct vvb_knob *knobs;
	int err = 0;

	if (!u->o.knobs)
		return 0;
	knobs = bpf_map__initial_value(u->o.knobs, &size);
	for (size_t i = 0; !err && i < size / sizeof(*knobs); i++)
		err = carry_knob(u, &knobs[i]);
	return err;
}

/* ---- pins: the new ones wait in a directory of their own ---- */

static int pin_aside(const struct bpf_map *map, const char *dir)
{
	char path[VVB_PIN_LEN * 2];
	int err = vvb_path(path, sizeof(path), "%s/%s", dir, bpf_map__name(map));

	if (!err && bpf_obj_pin(bpf_map__fd(map), path))
		err = -errno;
	return err;
}

static int pin_all_aside(struct update *u, const char *dir)
{
	struct bpf_map *map;
	int err = mkdir(dir, 0700) ? -errno : 0;

	bpf_object__for_each_map(map, u->o.object)
		if (!err && vvb_object_pinned(&u->o, map))
			err = pin_aside(map, dir);
	return err;
}

/* Maps that the new policy has no more. */
static void unpin_old(struct update *u)
{
	char dir[VVB_PIN_LEN], path[VVB_PIN_LEN * 2];
	struct dirent *entry;
	DIR *maps;

	if (vvb_pins_maps(u->o.name, dir))
		return;
	maps = opendir(dir);
	while (maps && (entry = readdir(maps)))
		if (entry->d_name[0] != '.' &&
		    !bpf_object__find_map_by_name(u->o.object, entry->d_name) &&
		    !vvb_path(path, sizeof(path), "%s/%s", dir, entry->d_name))
			unlink(path);
	if (maps)
		closedir(maps);
}

static int switch_pin(struct update *u, const struct bpf_map *map, const char *aside)
{
	char from[VVB_PIN_LEN * 2], to[VVB_PIN_LEN * 2];
	int err = vvb_path(from, sizeof(from), "%s/%s", aside, bpf_map__name(map));

	if (!err)
		err = map_pin(u->o.name, bpf_map__name(map), to);
	if (!err && rename(from, to))
		err = -errno;
	return err;
}

static int switch_knobs(struct update *u)
{
	char path[VVB_PIN_LEN];
	int err = vvb_pins_knobs(u->o.name, path);

	if (err)
		return err;
	if (unlink(path) && errno != ENOENT)
		return -errno;
	return u->o.knobs && bpf_obj_pin(bpf_map__fd(u->o.knobs), path) ? -errno : 0;
}

static int switch_pins(struct update *u, const char *aside)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, u->o.object)
		if (!err && vvb_object_pinned(&u->o, map))
			err = switch_pin(u, map, aside);
	unpin_old(u);
	return err ? err : switch_knobs(u);
}

/* ---- the link ---- */

/*
 * Fills the struct_ops map. libbpf does that when it attaches one, and has no other way; that
 * the driver then refuses the name, which is taken, is as it should be.
 */
static int fill(struct update *u)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(u->o.policy);

	if (!link)
		return errno == EEXIST ? 0 : -errno;
	bpf_link__destroy(link);
	vvb_object_say("no policy '%s' is registered\n", u->o.name);
	return -ENOENT;
}

static int switch_link(struct update *u)
{
	int err;

	if (!bpf_link_update(u->link, bpf_map__fd(u->o.policy), NULL))
		return 0;
	err = -errno;
	if (err == -EINVAL)
		vvb_object_say("the driver refused it: a successor has the same flags\n");
	return err;
}

/* ---- all of it ---- */

static int open_link(struct update *u)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(u->o.name, pin);

	if (u->o.guard) {
		vvb_object_say("a guard can't be replaced in place: unload it, load the new one\n");
		return -EOPNOTSUPP;
	}
	if (err)
		return err;
	u->link = bpf_obj_get(pin);
	if (u->link >= 0)
		return 0;
	err = -errno;
	vvb_object_say("no policy '%s' is pinned\n", u->o.name);
	return err;
}

static int read_knobs(struct update *u)
{
	u->old_nr = vvb_knobs(u->o.name, &u->old);
	return u->old_nr < 0 ? u->old_nr : 0;
}

static int prepare(struct update *u, const char *file, const char *name)
{
	int err = vvb_object_open(&u->o, file, name);

	if (!err)
		err = open_link(u);
	if (!err)
		err = read_knobs(u);
	if (!err)
		err = keep_maps(u);
	if (!err && bpf_object__load(u->o.object))
		err = -errno;
	if (!err)
		err = carry_knobs(u);
	return err ? err : fill(u);
}

static int replace(struct update *u)
{
	char aside[VVB_PIN_LEN];
	int err = vvb_pins_aside(u->o.name, aside);

	if (!err)
		err = pin_all_aside(u, aside);
	if (!err)
		err = switch_link(u);
	if (!err)
		err = switch_pins(u, aside);
	vvb_pins_empty(aside);
	return err;
}

static __u32 link_id(int fd)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);

	return bpf_link_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

int vvb_policy_update(const char *file, const char *name, struct vvb_policy *updated, char *log,
		      size_t log_size)
{
	struct update u = { .link = -1 };
	/* a knob that is set meanwhile would be lost */
	int lock = vvb_pins_lock(), err;

	vvb_object_log(log, log_size);
	/* nothing pinned: prepare() says what is amiss */
	err = lock < 0 && lock != -ENOENT ? lock : prepare(&u, file, name);
	if (!err)
		err = replace(&u);
	if (!err && updated)
		vvb_object_describe(&u.o, link_id(u.link), updated);
	if (u.link >= 0)
		close(u.link);
	free(u.old);
	vvb_object_close(&u.o);
	vvb_object_log_end();
	if (lock >= 0)
		close(lock);
	return err;
}
