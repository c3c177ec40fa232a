// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "knob.h"
#include "map_layout.h"
#include "messages.h"
#include "paths.h"
#include "pins.h"
#include "staging.h"
#include "successor.h"

/* ---- maps ---- */

static int map_pin(const char *policy, const char *map, char path[VVB_PIN_LEN * 2])
{
	char dir[VVB_PIN_LEN];
	int err = vvb_pins_maps(policy, dir);

	return err ? err : vvb_path(path, VVB_PIN_LEN * 2, "%s/%s", dir, map);
}

/* The map that is pinned under that name. Return: file descriptor, -ENOENT, -errno. */
static int old_map(const struct vvb_successor *s, const char *map)
{
	char path[VVB_PIN_LEN * 2];
	int err = map_pin(s->o.name, map, path), fd;

	if (err)
		return err;
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

/* Go on with the old map if it holds the same. */
static int keep_map(struct vvb_successor *s, struct bpf_map *map)
{
	int fd = old_map(s, bpf_map__name(map)), err = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (vvb_map_layout_same(map, bpf_object__btf(s->o.object), fd))
		err = bpf_map__reuse_fd(map, fd);
	close(fd);
	return err;
}

static int keep_maps(struct vvb_successor *s)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, s->o.object)
		if (!err && vvb_bpf_object_pinned(&s->o, map))
			err = keep_map(s, map);
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
	vvb_message("%s has %s %s, the new policy takes %s to %s\n", bdf, knob->name, text[0],
		    text[1], text[2]);
	return -ERANGE;
}

/* One knob: its value for each VF, from the old map into the new, if that is another. */
static int carry_from(struct vvb_successor *s, int from, const struct vvb_knob *was,
		      struct bpf_map *map, const struct vvb_knob *knob)
{
	size_t size;
	const struct vvb_knob *all = bpf_map__initial_value(s->o.knobs, &size);
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

/* Its successor would begin with the default value, and nobody would be told. */
static int out_of_reach(struct vvb_successor *s, const struct vvb_knob *knob)
{
	vvb_message(
		"the map '%s' with the knob '%s' of '%s' is not pinned any more: unload it, then load\n",
		knob->map, knob->name, s->o.name);
	return -ENOENT;
}

/* May a knob have been set in it? */
static bool holds_values(int map)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);
	__u64 vf;

	if (bpf_map_get_info_by_fd(map, &info, &len))
		return true;
	return info.type == BPF_MAP_TYPE_HASH && info.key_size == sizeof(vf) &&
	       !bpf_map_get_next_key(map, NULL, &vf);
}

/*
 * Nothing is declared under its name: there never was a knob, or its pin is gone. A map of the same
 * layout goes on; what is in another can't be read.
 */
static int carry_undeclared(struct vvb_successor *s, struct bpf_map *map,
			    const struct vvb_knob *knob)
{
	int from = old_map(s, knob->map), err = 0;

	if (from < 0)
		return from == -ENOENT ? 0 : from;
	if (is_kept(map, from)) {
		err = carry_from(s, from, knob, map, knob);
	} else if (holds_values(from)) {
		vvb_message(
			"the pin 'knobs' of '%s' is gone, and nobody can tell what was set in '%s': unload it, then load\n",
			s->o.name, knob->map);
		err = -ENOENT;
	}
	close(from);
	return err;
}

static int carry_knob(struct vvb_successor *s, const struct vvb_knob *knob)
{
	struct bpf_map *map = bpf_object__find_map_by_name(s->o.object, knob->map);
	struct vvb_knob *was = vvb_knob_find(s->old, s->old_nr, knob->name);
	int from, err;

	if (map && !s->old_nr)
		return carry_undeclared(s, map, knob);
	if (!was || !map)
		return 0;
	from = old_map(s, was->map);
	if (from == -ENOENT)
		return s->lives ? out_of_reach(s, was) : 0;
	if (from < 0)
		return from;
	err = carry_from(s, from, was, map, knob);
	close(from);
	return err;
}

static int carry_knobs(struct vvb_successor *s)
{
	size_t size;
	const struct vvb_knob *knobs;
	int err = 0;

	if (!s->o.knobs)
		return 0;
	knobs = bpf_map__initial_value(s->o.knobs, &size);
	for (size_t i = 0; !err && i < size / sizeof(*knobs); i++)
		err = carry_knob(s, &knobs[i]);
	return err;
}

static int read_knobs(struct vvb_successor *s)
{
	int nr = vvb_knobs(s->o.name, &s->old);

	s->old_nr = nr < 0 ? 0 : nr;
	if (nr >= 0 || nr == -ENOENT)
		return 0;
	vvb_message("what is pinned as the knobs of '%s' are none: %s\n", s->o.name, strerror(-nr));
	return nr;
}

/* What another process was at when it was killed. */
static int end_other(struct vvb_successor *s)
{
	int err = vvb_staging_end(s->o.name);

	if (err)
		vvb_message("a load or update of '%s' was cut short, and can't be ended: %s\n",
			    s->o.name, strerror(-err));
	return err;
}

/* Under a name that the driver will refuse nothing is pinned. */
int vvb_successor_load(struct vvb_successor *s)
{
	bool named = vvb_pins_name_ok(s->o.name);
	int err = named ? end_other(s) : 0;

	if (!err && named)
		err = read_knobs(s);
	if (!err && named)
		err = keep_maps(s);
	if (!err && bpf_object__load(s->o.object))
		err = -errno;
	return err || !named ? err : carry_knobs(s);
}

/* ---- pins ---- */

static int pin_maps(struct vvb_successor *s)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, s->o.object)
		if (!err && vvb_bpf_object_pinned(&s->o, map))
			err = vvb_staging_map(s->o.name, bpf_map__fd(map), bpf_map__name(map));
	return err;
}

int vvb_successor_pin(struct vvb_successor *s)
{
	int err = vvb_pins_create(s->o.name);

	if (!err)
		err = pin_maps(s);
	if (!err && s->o.knobs)
		err = vvb_staging_knobs(s->o.name, bpf_map__fd(s->o.knobs));
	if (err)
		return err;
	return vvb_staging_hook(s->o.name, s->o.policy ? bpf_map__fd(s->o.policy) :
							 bpf_program__fd(s->o.guard));
}

int vvb_successor_end(struct vvb_successor *s)
{
	int err = vvb_staging_end(s->o.name);

	vvb_pins_tidy(s->o.name);
	free(s->old);
	return err;
}
