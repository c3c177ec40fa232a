// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "link.h"
#include "paths.h"
#include "pins.h"
#include "staging.h"

/* A map's name has no '-' in it. */
#define KNOBS "the-knobs"
#define HOOK "the-hook"
#define COPY "the-copy"

static int path_of(const char *name, const char *pin, char path[VVB_PIN_LEN * 2])
{
	char dir[VVB_PIN_LEN];
	int err = vvb_pins_staging(name, dir);

	return err ? err : vvb_path(path, VVB_PIN_LEN * 2, "%s/%s", dir, pin);
}

static bool waits(const char *name, const char *pin)
{
	char path[VVB_PIN_LEN * 2];

	return !path_of(name, pin, path) && !access(path, F_OK);
}

/* ---- on their way ---- */

static int stage(const char *name, int fd, const char *pin)
{
	char path[VVB_PIN_LEN * 2];
	int err = path_of(name, pin, path);

	return !err && bpf_obj_pin(fd, path) ? -errno : err;
}

int vvb_staging_map(const char *name, int fd, const char *map)
{
	return stage(name, fd, map);
}

int vvb_staging_knobs(const char *name, int fd)
{
	return stage(name, fd, KNOBS);
}

int vvb_staging_hook(const char *name, int fd)
{
	return stage(name, fd, HOOK);
}

/* ---- to their places ---- */

/* One more pin of it takes the place, at once: at any time something is there. */
static int place(const char *name, const char *pin, const char *to)
{
	char from[VVB_PIN_LEN * 2], copy[VVB_PIN_LEN * 2];
	int err = path_of(name, pin, from);

	if (!err)
		err = path_of(name, COPY, copy);
	if (err)
		return err;
	unlink(copy);
	return link(from, copy) || rename(copy, to) ? -errno : 0;
}

/* For each pin in the directory; one that is not there has none. */
static int each(const char *name, const char *dir,
		int (*call)(const char *name, const char *dir, const char *pin))
{
	struct dirent *entry;
	DIR *pins = opendir(dir);
	int err = 0;

	if (!pins)
		return errno == ENOENT ? 0 : -errno;
	while (!err && (entry = readdir(pins)))
		if (entry->d_name[0] != '.' && !strchr(entry->d_name, '-'))
			err = call(name, dir, entry->d_name);
	closedir(pins);
	return err;
}

static int remove_old(const char *name, const char *dir, const char *map)
{
	char path[VVB_PIN_LEN * 2];
	int err;

	if (waits(name, map))
		return 0;
	err = vvb_path(path, sizeof(path), "%s/%s", dir, map);
	return !err && unlink(path) ? -errno : err;
}

static int place_map(const char *name, const char *dir, const char *map)
{
	char maps[VVB_PIN_LEN], to[VVB_PIN_LEN * 2];
	int err = vvb_pins_maps(name, maps);

	(void)dir;
	if (!err)
		err = vvb_path(to, sizeof(to), "%s/%s", maps, map);
	return err ? err : place(name, map, to);
}

static int place_knobs(const char *name)
{
	char to[VVB_PIN_LEN];
	int err = vvb_pins_knobs(name, to);

	if (err)
		return err;
	if (waits(name, KNOBS))
		return place(name, KNOBS, to);
	return unlink(to) && errno != ENOENT ? -errno : 0;
}

int vvb_staging_commit(const char *name)
{
	char maps[VVB_PIN_LEN], staging[VVB_PIN_LEN];
	int err = vvb_pins_maps(name, maps);

	if (!err)
		err = vvb_pins_staging(name, staging);
	if (!err)
		err = each(name, maps, remove_old);
	if (!err)
		err = each(name, staging, place_map);
	return err ? err : place_knobs(name);
}

/* ---- which of both? ---- */

/* The id of a map or a program; what is told of either begins alike. */
static int id_of(const char *pin, __u32 *id)
{
	union {
		struct bpf_map_info map;
		struct bpf_prog_info program;
	} info = {};
	__u32 len = sizeof(info);
	int fd = bpf_obj_get(pin), err;

	if (fd < 0)
		return -errno;
	err = bpf_obj_get_info_by_fd(fd, &info, &len) ? -errno : 0;
	close(fd);
	*id = info.map.id;
	return err;
}

/* Has the pinned link in force what waits? Return: 1, 0, -errno. */
static int in_force(const char *name)
{
	char pin[VVB_PIN_LEN], hook[VVB_PIN_LEN * 2];
	struct bpf_link_info info;
	__u32 id = 0;
	int err;

	if (!waits(name, HOOK))
		return 0;
	err = path_of(name, HOOK, hook);
	if (!err)
		err = id_of(hook, &id);
	if (!err)
		err = vvb_pins_link(name, pin);
	if (!err)
		err = vvb_link_pinned(pin, &info);
	if (err)
		return err == -ENOENT ? 0 : err;
	return id == (vvb_link_policy(&info) ?: info.prog_id);
}

/* First what says that the rest is all there is. */
static int drop(const char *name)
{
	char path[VVB_PIN_LEN * 2];
	int err = path_of(name, HOOK, path);

	if (!err && unlink(path) && errno != ENOENT)
		err = -errno;
	if (!err)
		err = vvb_pins_staging(name, path);
	return err ? err : vvb_pins_empty(path);
}

int vvb_staging_end(const char *name)
{
	int ret;

	if (!vvb_pins_name_ok(name))
		return 0; /* the driver's to refuse: nothing is pinned */
	ret = in_force(name);
	if (ret > 0)
		ret = vvb_staging_commit(name);
	return ret < 0 ? ret : drop(name);
}

int vvb_staging_recover(const char *name)
{
	int lock, err;

	if (!vvb_pins_name_ok(name) || !waits(name, HOOK))
		return 0;
	lock = vvb_pins_lock(false);
	if (lock < 0)
		return lock;
	err = vvb_staging_end(name);
	close(lock);
	return err;
}
