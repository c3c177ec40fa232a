// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Loader and unloader of policies and guards. Stock bpftool can't register struct_ops of
 * modules, so this is done with libbpf: open, load, attach, pin; all of it or nothing.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "paths.h"
#include "pins.h"

/* An object on its way: one hook, either a policy's map or a guard's program. */
struct loading {
	struct bpf_object *object;
	struct bpf_map *policy;
	struct bpf_program *guard;
	struct bpf_link *link;
	bool pinning;
	char name[VVB_WORD_LEN];
};

/* ---- messages ---- */

/* libbpf's print callback has no argument of ours. */
static char *log_text;
static size_t log_room;

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

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_print(LIBBPF_WARN, fmt, args);
	va_end(args);
}

/* ---- open ---- */

static int find_hook(struct loading *l)
{
	struct bpf_program *prog;
	struct bpf_map *map;
	int hooks = 0;

	bpf_object__for_each_map(map, l->object)
		if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS) {
			l->policy = map;
			hooks++;
		}
	bpf_object__for_each_program(prog, l->object)
		if (bpf_program__expected_attach_type(prog) == BPF_MODIFY_RETURN) {
			l->guard = prog;
			hooks++;
		}
	if (hooks == 1)
		return 0;
	say("%s in it: one vvb_policy_ops or one fmod_ret program is wanted\n",
	    hooks ? "several policies" : "neither policy nor guard");
	return -EINVAL;
}

/* The .name of the policy, in the data that will go into its map. */
static char *policy_name(struct loading *l)
{
	const struct btf *btf = bpf_object__btf(l->object);
	int id = btf__find_by_name_kind(btf, "vvb_policy_ops", BTF_KIND_STRUCT), i;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_member *member = type ? btf_members(type) : NULL;
	size_t size, at;
	char *data = bpf_map__initial_value(l->policy, &size);

	for (i = 0; data && type && i < btf_vlen(type); i++, member++) {
		at = member->offset / 8;
		if (!strcmp(btf__name_by_offset(btf, member->name_off), "name") &&
		    at + VVB_WORD_LEN <= size)
			return data + at;
	}
	return NULL;
}

static int name_policy(struct loading *l, const char *name)
{
	char *own = policy_name(l);

	if (!own) {
		say("not a struct vvb_policy_ops\n");
		return -EINVAL;
	}
	if (name) {
		memset(own, 0, VVB_WORD_LEN);
		memcpy(own, name, strlen(name));
	}
	/* an unfit name is the driver's to refuse, and never becomes a path */
	memcpy(l->name, own, VVB_WORD_LEN - 1);
	return 0;
}

/* "/path/guard-split.bpf.o" is the guard "guard-split". */
static int name_guard(struct loading *l, const char *file, const char *name)
{
	const char *base = strrchr(file, '/');
	size_t len;

	if (!name)
		name = base ? base + 1 : file;
	len = strcspn(name, ".");
	if (len >= VVB_WORD_LEN) {
		say("name too long, give one of at most %d characters\n", VVB_WORD_LEN - 1);
		return -EINVAL;
	}
	memcpy(l->name, name, len);
	return 0;
}

static int open_object(struct loading *l, const char *file, const char *name)
{
	int err;

	if (name && !vvb_pins_name_ok(name)) {
		say("a name has 1 to %d characters out of a-z 0-9 _ -\n", VVB_WORD_LEN - 1);
		return -EINVAL;
	}
	l->object = bpf_object__open_file(file, NULL);
	if (!l->object)
		return -errno;
	err = find_hook(l);
	if (err)
		return err;
	return l->policy ? name_policy(l, name) : name_guard(l, file, name);
}

/* ---- load, attach, pin ---- */

static int attach(struct loading *l)
{
	int err;

	l->link = l->policy ? bpf_map__attach_struct_ops(l->policy) : bpf_program__attach(l->guard);
	if (l->link)
		return 0;
	err = -errno;
	if (err == -EEXIST)
		say("a policy is loaded under the name '%s'\n", l->name);
	if (err == -EINVAL && l->policy)
		say("the driver refused the policy '%s': name, flags, or no access()\n", l->name);
	return err;
}

static int pin_maps(struct loading *l)
{
	char dir[VVB_PIN_LEN], path[VVB_PIN_LEN * 2];
	struct bpf_map *map;
	int err = vvb_pins_maps(l->name, dir);

	bpf_object__for_each_map(map, l->object) {
		if (map == l->policy || bpf_map__is_internal(map))
			continue;
		if (!err)
			err = vvb_path(path, sizeof(path), "%s/%s", dir, bpf_map__name(map));
		if (!err)
			err = bpf_map__pin(map, path);
	}
	return err;
}

static int pin(struct loading *l)
{
	char path[VVB_PIN_LEN];
	int err = vvb_pins_create(l->name);

	if (err)
		return err;
	l->pinning = true;
	err = pin_maps(l);
	if (!err)
		err = vvb_pins_link(l->name, path);
	return err ? err : bpf_link__pin(l->link, path);
}

static __u32 link_id(int fd)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);

	return bpf_link_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

static void describe(struct loading *l, struct vvb_policy *loaded)
{
	memset(loaded, 0, sizeof(*loaded));
	memcpy(loaded->name, l->name, sizeof(loaded->name));
	loaded->guard = l->guard;
	loaded->registered = true;
	loaded->link = link_id(bpf_link__fd(l->link));
	vvb_pins_link(l->name, loaded->pin);
}

static int check_driver(void)
{
	char why[128] = "";
	int err = vvb_driver_bpf(why, sizeof(why));

	if (err == -EOPNOTSUPP)
		say("BPF is %s\n", why);
	else if (err)
		say("module " VVB_DRIVER " is not loaded\n");
	return err;
}

static int load(struct loading *l, const char *file, const char *name)
{
	int err = check_driver();

	if (!err)
		err = open_object(l, file, name);
	if (!err && bpf_object__load(l->object))
		err = -errno;
	if (!err)
		err = attach(l);
	return err ? err : pin(l);
}

int vvb_policy_load(const char *file, const char *name, struct vvb_policy *loaded, char *log,
		    size_t log_size)
{
	libbpf_print_fn_t before = libbpf_set_print(log_print);
	struct loading l = {};
	int err;

	log_text = log;
	log_room = log ? log_size : 0;
	if (log_room)
		*log = '\0';
	err = load(&l, file, name);
	if (!err && loaded)
		describe(&l, loaded);
	if (err && l.pinning)
		vvb_pins_remove(l.name);
	bpf_link__destroy(l.link); /* lets go of it; what is pinned stays */
	bpf_object__close(l.object);
	log_room = 0;
	libbpf_set_print(before);
	return err;
}

/* ---- unload ---- */

static bool link_exists(__u32 id)
{
	int fd = bpf_link_get_fd_by_id(id);

	if (fd < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

static bool map_exists(__u32 id)
{
	int fd = bpf_map_get_fd_by_id(id);

	if (fd < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

/*
 * The kernel lets go of links and maps on a work queue of its own. Waited for, at most a
 * second, so that what a script does next finds them gone: rmmod, or the same name.
 */
static void wait_gone(__u32 link, __u32 map)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	int tries = 100;

	while (tries-- && ((link && link_exists(link)) || (map && map_exists(map))))
		nanosleep(&pause, NULL);
}

/* The first word behind the common part; linux/bpf.h of Linux 6.1 has no name for it. */
static __u32 struct_ops_map(const struct bpf_link_info *info)
{
	return info->type == BPF_LINK_TYPE_STRUCT_OPS ? info->tracing.attach_type : 0;
}

/* End a pinned link. A policy's can be told to; a guard's ends with its last reference. */
static int detach(const char *pin, __u32 *link, __u32 *map)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);
	int fd = bpf_obj_get(pin);

	*link = 0;
	*map = 0;
	if (fd < 0)
		return -errno;
	if (!bpf_link_get_info_by_fd(fd, &info, &len)) {
		*link = info.id;
		*map = struct_ops_map(&info);
		if (*map)
			bpf_link_detach(fd);
	}
	close(fd);
	return 0;
}

int vvb_policy_unload(const char *name)
{
	char pin[VVB_PIN_LEN];
	__u32 link, map;
	int err;

	if (!vvb_pins_name_ok(name))
		return -EINVAL;
	err = vvb_pins_link(name, pin);
	if (!err)
		err = detach(pin, &link, &map);
	if (!err)
		err = vvb_pins_remove(name);
	if (!err)
		wait_gone(link, map);
	return err;
}
