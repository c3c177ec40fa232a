// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "aside.h"
#include "heir.h"
#include "knob.h"
#include "layout.h"
#include "paths.h"
#include "pins.h"

/* ---- maps ---- */

static int map_pin(const char *policy, const char *map, char path[VVB_PIN_LEN * 2])
{
	char dir[VVB_PIN_LEN];
	int err = vvb_pins_maps(policy, dir);

	return err ? err : vvb_path(path, VVB_PIN_LEN * 2, "%s/%s", dir, map);
}

/* The map that is pinned under that name. Return: file descriptor, -ENOENT, -errno. */
static int old_map(const struct vvb_heir *h, const char *map)
{
	char path[VVB_PIN_LEN * 2];
	int err = map_pin(h->o.name, map, path), fd;

	if (err)
		return err;
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

/* Go on with the old map if it holds the same. */
static int keep_map(struct vvb_heir *h, struct bpf_map *map)
{
	int fd = old_map(h, bpf_map__name(map)), err = 0;

	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	if (vvb_layout_same(map, bpf_object__btf(h->o.object), fd))
		err = bpf_map__reuse_fd(map, fd);
	close(fd);
	return err;
}

static int keep_maps(struct vvb_heir *h)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, h->o.object)
		if (!err && vvb_object_pinned(&h->o, map))
			err = keep_map(h, map);
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
static int carry_from(struct vvb_heir *h, int from, const struct vvb_knob *was, struct bpf_map *map,
		      const struct vvb_knob *knob)
{
	size_t size;
	const struct vvb_knob *all = bpf_map__initial_value(h->o.knobs, &size);
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
static int out_of_reach(struct vvb_heir *h, const struct vvb_knob *knob)
{
	vvb_object_say(
		"the map '%s' with the knob '%s' of '%s' is not pinned any more: unload it, then load\n",
		knob->map, knob->name, h->o.name);
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
static int carry_undeclared(struct vvb_heir *h, struct bpf_map *map, const struct vvb_knob *knob)
{
	int from = old_map(h, knob->map), err = 0;

	if (from < 0)
		return from == -ENOENT ? 0 : from;
	if (is_kept(map, from)) {
		err = carry_from(h, from, knob, map, knob);
	} else if (holds_values(from)) {
		vvb_object_say(
			"the pin 'knobs' of '%s' is gone, and nobody can tell what was set in '%s': unload it, then load\n",
			h->o.name, knob->map);
		err = -ENOENT;
	}
	close(from);
	return err;
}

static int carry_knob(struct vvb_heir *h, const struct vvb_knob *knob)
{
	struct bpf_map *map = bpf_object__find_map_by_name(h->o.object, knob->map);
	struct vvb_knob *was = vvb_knob_find(h->old, h->old_nr, knob->name);
	int from, err;

	if (map && !h->old_nr)
		return carry_undeclared(h, map, knob);
	if (!was || !map)
		return 0;
	from = old_map(h, was->map);
	if (from == -ENOENT)
		return h->lives ? out_of_reach(h, was) : 0;
	if (from < 0)
		return from;
	err = carry_from(h, from, was, map, knob);
	close(from);
	return err;
}

static int carry_knobs(struct vvb_heir *h)
{
	size_t size;
	const struct vvb_knob *knobs;
	int err = 0;

	if (!h->o.knobs)
		return 0;
	knobs = bpf_map__initial_value(h->o.knobs, &size);
	for (size_t i = 0; !err && i < size / sizeof(*knobs); i++)
		err = carry_knob(h, &knobs[i]);
	return err;
}

static int read_knobs(struct vvb_heir *h)
{
	int nr = vvb_knobs(h->o.name, &h->old);

	h->old_nr = nr < 0 ? 0 : nr;
	if (nr >= 0 || nr == -ENOENT)
		return 0;
	vvb_object_say("what is pinned as the knobs of '%s' are none: %s\n", h->o.name,
		       strerror(-nr));
	return nr;
}

/* What another process was at when it was killed. */
static int end_other(struct vvb_heir *h)
{
	int err = vvb_aside_end(h->o.name);

	if (err)
		vvb_object_say("a load or update of '%s' was cut short, and can't be ended: %s\n",
			       h->o.name, strerror(-err));
	return err;
}

/* Under a name that the driver will refuse nothing is pinned. */
int vvb_heir_load(struct vvb_heir *h)
{
	bool named = vvb_pins_name_ok(h->o.name);
	int err = named ? end_other(h) : 0;

	if (!err && named)
		err = read_knobs(h);
	if (!err && named)
		err = keep_maps(h);
	if (!err && bpf_object__load(h->o.object))
		err = -errno;
	return err || !named ? err : carry_knobs(h);
}

/* ---- pins ---- */

static int pin_maps(struct vvb_heir *h)
{
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, h->o.object)
		if (!err && vvb_object_pinned(&h->o, map))
			err = vvb_aside_map(h->o.name, bpf_map__fd(map), bpf_map__name(map));
	return err;
}

int vvb_heir_pin(struct vvb_heir *h)
{
	int err = vvb_pins_create(h->o.name);

	if (!err)
		err = pin_maps(h);
	if (!err && h->o.knobs)
		err = vvb_aside_knobs(h->o.name, bpf_map__fd(h->o.knobs));
	if (err)
		return err;
	return vvb_aside_hook(h->o.name,
			      h->o.policy ? bpf_map__fd(h->o.policy) : bpf_program__fd(h->o.guard));
}

int vvb_heir_end(struct vvb_heir *h)
{
	int err = vvb_aside_end(h->o.name);

	vvb_pins_tidy(h->o.name);
	free(h->old);
	return err;
}
