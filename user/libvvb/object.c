// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* BPF objects: what is in the file, how it is called, and what libbpf says of it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "knob.h"
#include "object.h"
#include "pins.h"
#include "sized.h"

/* ---- messages ---- */

/* libbpf's print callback has no argument of ours. */
static char *log_text;
static size_t log_room;
static libbpf_print_fn_t print_before;

/* The end tells most, so the beginning gives way. */
static void log_append(const char *text, size_t len)
{
	size_t used = strlen(log_text), drop;

	if (len >= log_room) {
		text += len - (log_room - 1);
		len = log_room - 1;
	}
	if (used + len >= log_room) {
		drop = used + len - (log_room - 1);
		memmove(log_text, log_text + drop, used - drop + 1);
		used -= drop;
	}
	memcpy(log_text + used, text, len);
	log_text[used + len] = '\0';
}

static int log_print(enum libbpf_print_level level, const char *fmt, va_list args)
{
	char *text;
	int len;

	if (level != LIBBPF_WARN || !log_room)
		return 0;
	len = vasprintf(&text, fmt, args);
	if (len < 0)
		return 0;
	log_append(text, len);
	free(text);
	return len;
}

void vvb_object_say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_print(LIBBPF_WARN, fmt, args);
	va_end(args);
}

void vvb_object_log(char *log, size_t size)
{
	log_text = log;
	log_room = log ? size : 0;
	if (log_room)
		*log = '\0';
	print_before = libbpf_set_print(log_print);
}

void vvb_object_log_end(void)
{
	log_room = 0;
	libbpf_set_print(print_before);
}

/* ---- the hook, and its name ---- */

static int check_name(const char *name)
{
	if (vvb_pins_name_ok(name))
		return 0;
	vvb_object_say("a name has 1 to %d characters out of a-z 0-9 _ -\n", VVB_WORD_LEN - 1);
	return -EINVAL;
}

static int find_hook(struct vvb_object *o)
{
	struct bpf_program *prog;
	struct bpf_map *map;
	int hooks = 0;

	bpf_object__for_each_map(map, o->object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS) {
			o->policy = map;
			hooks++;
		}
	bpf_object__for_each_program(prog, o->object)
		if (bpf_program__expected_attach_type(prog) == BPF_MODIFY_RETURN) {
			o->guard = prog;
			hooks++;
		}
	if (hooks == 1)
		return 0;
	vvb_object_say("%s in it: one vvb_policy_ops or one fmod_ret program is wanted\n",
		       hooks ? "several policies" : "neither policy nor guard");
	return -EINVAL;
}

/* The .name of the policy, in the data that will go into its map. */
static char *policy_name(struct vvb_object *o)
{
	const struct btf *btf = bpf_object__btf(o->object);
	int id = btf__find_by_name_kind(btf, "vvb_policy_ops", BTF_KIND_STRUCT), i;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_member *member = type ? btf_members(type) : NULL;
	size_t size, at;
	char *data = bpf_map__initial_value(o->policy, &size);

	for (i = 0; data && type && i < btf_vlen(type); i++, member++) {
		at = member->offset / 8;
		if (!strcmp(btf__name_by_offset(btf, member->name_off), "name") &&
		    at + VVB_WORD_LEN <= size)
			return data + at;
	}
	return NULL;
}

static int name_policy(struct vvb_object *o, const char *name)
{
	char *own = policy_name(o);

	if (!own) {
		vvb_object_say("not a struct vvb_policy_ops\n");
		return -EINVAL;
	}
	if (name) {
		memset(own, 0, VVB_WORD_LEN);
		memcpy(own, name, strlen(name));
	}
	/* an unfit name is the driver's to refuse, and never becomes a path */
	memcpy(o->name, own, VVB_WORD_LEN - 1);
	return 0;
}

/* "/path/guard-split.bpf.o" is the guard "guard-split". */
static int name_guard(struct vvb_object *o, const char *file, const char *name)
{
	const char *base = strrchr(file, '/');
	size_t len;

	if (!name)
		name = base ? base + 1 : file;
	len = strcspn(name, ".");
	if (len >= VVB_WORD_LEN) {
		vvb_object_say("name too long, give one of at most %d characters\n",
			       VVB_WORD_LEN - 1);
		return -EINVAL;
	}
	memcpy(o->name, name, len);
	return check_name(o->name);
}

/* ---- knobs ---- */

/* Is there such a per-VF map in the object, with room for the knob? */
static bool knob_fits(struct vvb_object *o, const struct vvb_knob *knob)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(o->object, knob->map);
	size_t room = map ? bpf_map__value_size(map) : 0;

	return map && vvb_object_pinned(o, map) && bpf_map__type(map) == BPF_MAP_TYPE_HASH &&
	       bpf_map__key_size(map) == sizeof(__u64) && knob->offset <= room &&
	       knob->size <= room - knob->offset;
}

static int check_knobs(struct vvb_object *o)
{
	size_t size;
	const struct vvb_knob *knobs = bpf_map__initial_value(o->knobs, &size);
	int nr = knobs ? vvb_knobs_check(knobs, size) : -EPROTO;

	for (int i = 0; i < nr; i++) {
		if (knob_fits(o, &knobs[i]))
			continue;
		vvb_object_say("knob '%s': no per-VF map '%s' that holds it\n", knobs[i].name,
			       knobs[i].map);
		return -EINVAL;
	}
	if (nr < 0)
		vvb_object_say("the declarations of its knobs make no sense\n");
	return nr < 0 ? -EINVAL : 0;
}

static int find_knobs(struct vvb_object *o)
{
	o->knobs = bpf_object__find_map_by_name(o->object, VVB_KNOBS_SECTION);
	return o->knobs ? check_knobs(o) : 0;
}

/* ---- for loading and updating ---- */

static int check_driver(void)
{
	char why[128] = "";
	int err = vvb_driver_bpf(why, sizeof(why));

	if (err == -EOPNOTSUPP)
		vvb_object_say("BPF is %s\n", why);
	else if (err)
		vvb_object_say("module " VVB_DRIVER " is not loaded\n");
	return err;
}

int vvb_object_open(struct vvb_object *o, const char *file, const char *name)
{
	int err = check_driver();

	if (!err && name)
		err = check_name(name);
	if (err)
		return err;
	o->object = bpf_object__open_file(file, NULL);
	if (!o->object)
		return -errno;
	err = find_hook(o);
	if (!err)
		err = find_knobs(o);
	if (err)
		return err;
	return o->policy ? name_policy(o, name) : name_guard(o, file, name);
}

void vvb_object_close(struct vvb_object *o)
{
	bpf_object__close(o->object);
}

bool vvb_object_pinned(const struct vvb_object *o, const struct bpf_map *map)
{
	return map != o->policy && !bpf_map__is_internal(map);
}

/* VFs that select the policy, shadows included; 0 when the driver does not tell. */
static unsigned int users(const char *name)
{
	struct vvb_policy *policies;
	int nr = vvb_policy_list(&policies);
	unsigned int found = 0;

	for (int i = 0; i < nr; i++)
		if (!policies[i].guard && !strcmp(policies[i].name, name))
			found = policies[i].users;
	free(policies);
	return found;
}

void vvb_object_describe(const struct vvb_object *o, __u32 link, struct vvb_policy *loaded,
			 size_t size)
{
	struct vvb_policy own = {
		.guard = o->guard,
		.registered = true,
		.users = o->guard ? 0 : users(o->name),
		.link = link,
	};

	memcpy(own.name, o->name, sizeof(own.name));
	vvb_pins_link(o->name, own.pin);
	vvb_sized(loaded, size, &own, sizeof(own));
}

static const char *why_no_lock(int err)
{
	switch (err) {
	case -ETIMEDOUT:
		return "another process loads or unloads, and has not ended for ten seconds";
	case -EPERM:
		return "others could remove what is pinned there; remove the directory";
	default:
		return strerror(-err);
	}
}

int vvb_object_no_lock(int err)
{
	char path[VVB_PIN_LEN] = "";

	vvb_pins_dir("", path);
	vvb_object_say("%s: %s\n", path, why_no_lock(err));
	return err;
}
