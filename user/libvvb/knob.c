// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Knobs of a loaded policy or guard. Their declarations are pinned beside its maps as
 * vvb/NAME/knobs; what they declare is checked here, as anybody may have pinned that.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "knob.h"
#include "paths.h"
#include "pins.h"
#include "staging.h"

/* ---- declarations ---- */

static bool is_text(const char *text, size_t size, bool may_be_empty)
{
	size_t len = strnlen(text, size);

	for (size_t i = 0; i < len; i++)
		if (!isprint((unsigned char)text[i]))
			return false;
	return len < size && (len || may_be_empty);
}

static bool is_size(__u32 size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static __u64 most_in(__u32 size)
{
	return size < 8 ? (1ull << 8 * size) - 1 : ~0ull;
}

const char *vvb_knob_fault(const struct vvb_knob *k)
{
	if (!is_text(k->name, sizeof(k->name), false))
		return "its name is no text, or too long";
	if (!is_text(k->map, sizeof(k->map), false) || strchr(k->map, '/'))
		return "its map has no name that a map can have";
	if (!is_text(k->unit, sizeof(k->unit), true) || !is_text(k->help, sizeof(k->help), true))
		return "its unit or help is no text, or too long";
	if (!is_size(k->size))
		return "it has not 1, 2, 4 or 8 bytes";
	if (k->type > VVB_KNOB_BITS)
		return "there is no such type";
	if (k->min > k->default_value || k->default_value > k->max)
		return "its default value is not between the least and the most";
	return k->max > most_in(k->size) ? "its most does not fit into its bytes" : NULL;
}

int vvb_knobs_check(const void *data, size_t size)
{
	const struct vvb_knob *knobs = data;
	int nr = size / sizeof(*knobs);

	if (!nr || size % sizeof(*knobs))
		return -EPROTO;
	for (int i = 0; i < nr; i++)
		if (vvb_knob_fault(&knobs[i]))
			return -EPROTO;
	return nr;
}

static int map_info(int fd, struct bpf_map_info *info)
{
	__u32 len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return bpf_map_get_info_by_fd(fd, info, &len) ? -errno : 0;
}

static int read_declarations(int fd, struct vvb_knob **knobs)
{
	struct bpf_map_info info;
	__u32 zero = 0;
	int err = map_info(fd, &info);

	if (err)
		return err;
	if (info.type != BPF_MAP_TYPE_ARRAY || info.max_entries != 1 || info.key_size != 4)
		return -EPROTO;
	*knobs = calloc(1, info.value_size + 7); /* the kernel copies in eights */
	if (!*knobs)
		return -ENOMEM;
	err = bpf_map_lookup_elem(fd, &zero, *knobs) ? -errno :
						       vvb_knobs_check(*knobs, info.value_size);
	if (err >= 0)
		return err;
	free(*knobs);
	*knobs = NULL;
	return err;
}

/* Nothing loaded is told from a policy that has nothing to tune. */
static int no_knobs(const char *policy)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(policy, pin);

	return err || access(pin, F_OK) ? -ENOENT : 0;
}

int vvb_knobs(const char *policy, struct vvb_knob **knobs)
{
	char pin[VVB_PIN_LEN];
	int fd, ret;

	*knobs = NULL;
	if (!vvb_pins_name_ok(policy))
		return -EINVAL;
	ret = vvb_staging_recover(policy);
	if (!ret)
		ret = vvb_pins_knobs(policy, pin);
	if (ret)
		return ret;
	fd = bpf_obj_get(pin);
	if (fd < 0)
		return errno == ENOENT ? no_knobs(policy) : -errno;
	ret = read_declarations(fd, knobs);
	close(fd);
	return ret;
}

/* ---- values ---- */

/* The number in @size bytes of the machine's order. */
static __u64 load_number(const __u8 *at, __u32 size)
{
	__u64 value = 0;

	for (__u32 i = 0; i < size; i++)
		value |= (__u64)at[i] << 8 * i;
	return value;
}

static void store(__u8 *at, __u32 size, __u64 value)
{
	for (__u32 i = 0; i < size; i++)
		at[i] = value >> 8 * i;
}

/* A value of the knob's map, all zero; to be given to free(). */
static int new_value(int map, const struct vvb_knob *knob, __u8 **value)
{
	struct bpf_map_info info;
	int err = map_info(map, &info);

	if (err)
		return err;
	if (info.type != BPF_MAP_TYPE_HASH || info.key_size != sizeof(__u64) ||
	    knob->offset > info.value_size || knob->size > info.value_size - knob->offset)
		return -EPROTO;
	*value = calloc(1, info.value_size + 7);
	if (!*value)
		return -ENOMEM;
	return info.value_size;
}

int vvb_knob_read(int map, const struct vvb_knob *knob, __u64 vf, __u64 *number)
{
	__u8 *value;
	int err = new_value(map, knob, &value);

	if (err < 0)
		return err;
	err = bpf_map_lookup_elem(map, &vf, value) ? -errno : 0;
	*number = err == -ENOENT ? knob->default_value :
				   load_number(value + knob->offset, knob->size);
	free(value);
	return err == -ENOENT ? 0 : err;
}

/* What a VF has that no knob was ever set for. */
static void fill_defaults(__u8 *value, size_t size, const char *map, const struct vvb_knob *knobs,
			  int nr)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(knobs[i].map, map) && knobs[i].offset <= size &&
		    knobs[i].size <= size - knobs[i].offset)
			store(value + knobs[i].offset, knobs[i].size, knobs[i].default_value);
}

int vvb_knob_write(int map, const struct vvb_knob *knobs, int nr, const struct vvb_knob *knob,
		   __u64 vf, __u64 number)
{
	__u8 *value;
	int size = new_value(map, knob, &value), err = 0;

	if (size < 0)
		return size;
	if (bpf_map_lookup_elem(map, &vf, value)) {
		err = errno == ENOENT ? 0 : -errno;
		fill_defaults(value, size, knob->map, knobs, nr);
	}
	store(value + knob->offset, knob->size, number);
	if (!err && bpf_map_update_elem(map, &vf, value, BPF_ANY))
		err = -errno;
	free(value);
	return err;
}

/* ---- by name ---- */

static int open_map(const char *policy, const struct vvb_knob *knob)
{
	char dir[VVB_PIN_LEN], path[VVB_PIN_LEN * 2];
	int err = vvb_pins_name_ok(policy) ? vvb_pins_maps(policy, dir) : -EINVAL, fd;

	if (!err)
		err = vvb_path(path, sizeof(path), "%s/%s", dir, knob->map);
	if (err)
		return err;
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

int vvb_knob_get(const char *policy, const struct vvb_knob *knob, __u64 vf, __u64 *value)
{
	int err = vvb_staging_recover(policy), map;

	if (err)
		return err;
	map = open_map(policy, knob);
	if (map < 0)
		return map;
	err = vvb_knob_read(map, knob, vf, value);
	close(map);
	return err;
}

static int set_in_map(const char *policy, const struct vvb_knob *knobs, int nr,
		      const struct vvb_knob *knob, __u64 vf, __u64 value)
{
	int map = open_map(policy, knob), err;

	if (map < 0)
		return map;
	err = vvb_knob_write(map, knobs, nr, knob, vf, value);
	close(map);
	return err;
}

/* A value is read, changed and written; pins are locked, or one of two would be lost. */
static int set_locked(const char *policy, const char *name, __u64 vf, __u64 value)
{
	struct vvb_knob *knobs, *knob;
	int err = vvb_staging_end(policy), nr;

	if (err)
		return err;
	nr = vvb_knobs(policy, &knobs);
	if (nr < 0)
		return nr;
	knob = vvb_knob_find(knobs, nr, name);
	if (!knob)
		err = -ENOENT;
	else if (value < knob->min || value > knob->max)
		err = -ERANGE;
	else
		err = set_in_map(policy, knobs, nr, knob, vf, value);
	free(knobs);
	return err;
}

int vvb_knob_set(const char *policy, const char *name, __u64 vf, __u64 value)
{
	int lock = vvb_pins_lock(false), err;

	if (lock < 0)
		return lock;
	err = set_locked(policy, name, vf, value);
	close(lock);
	return err;
}

struct vvb_knob *vvb_knob_find(struct vvb_knob *knobs, int nr, const char *name)
{
	for (int i = 0; i < nr; i++)
		if (!strcmp(knobs[i].name, name))
			return &knobs[i];
	return NULL;
}

/* ---- text ---- */

int vvb_knob_parse(const struct vvb_knob *knob, const char *text, __u64 *value)
{
	unsigned long long number;
	char *end;

	if (knob->type == VVB_KNOB_SWITCH && (!strcmp(text, "on") || !strcmp(text, "off"))) {
		*value = text[1] == 'n';
		return 0;
	}
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	number = strtoull(text, &end, 0);
	if (*end)
		return -EINVAL;
	if (errno || number < knob->min || number > knob->max)
		return -ERANGE;
	*value = number;
	return 0;
}

void vvb_knob_format(const struct vvb_knob *knob, __u64 value, char text[VVB_KNOB_TEXT_LEN])
{
	switch (knob->type) {
	case VVB_KNOB_SWITCH:
		strcpy(text, value ? "on" : "off");
		break;
	case VVB_KNOB_BITS:
		snprintf(text, VVB_KNOB_TEXT_LEN, "0x%" PRIx64, (uint64_t)value);
		break;
	default:
		snprintf(text, VVB_KNOB_TEXT_LEN, "%" PRIu64, (uint64_t)value);
	}
}
