// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Loader of policies and guards. Stock bpftool can't register struct_ops of modules, so this
 * is done with libbpf: open, load, attach, pin; all of it or nothing.
 */
#include <errno.h>
#include <string.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "object.h"
#include "paths.h"
#include "pins.h"

struct loading {
	struct vvb_object o;
	struct bpf_link *link;
	bool pinning;
};

static int attach(struct loading *l)
{
	struct vvb_object *o = &l->o;
	int err;

	l->link = o->policy ? bpf_map__attach_struct_ops(o->policy) : bpf_program__attach(o->guard);
	if (l->link)
		return 0;
	err = -errno;
	if (err == -EEXIST)
		vvb_object_say("a policy is loaded under the name '%s'\n", o->name);
	if (err == -EINVAL && o->policy)
		vvb_object_say("the driver refused the policy '%s': name, flags, or no access()\n",
			       o->name);
	return err;
}

static int pin_map(struct vvb_object *o, struct bpf_map *map)
{
	char dir[VVB_PIN_LEN], path[VVB_PIN_LEN * 2];
	int err = vvb_pins_maps(o->name, dir);

	if (!err)
		err = vvb_path(path, sizeof(path), "%s/%s", dir, bpf_map__name(map));
	return err ? err : bpf_map__pin(map, path);
}

static int pin_maps(struct vvb_object *o)
{
	char path[VVB_PIN_LEN];
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, o->object)
		if (!err && vvb_object_pinned(o, map))
			err = pin_map(o, map);
	if (!err && o->knobs)
		err = vvb_pins_knobs(o->name, path);
	return err || !o->knobs ? err : bpf_map__pin(o->knobs, path);
}

static int pin(struct loading *l)
{
	char path[VVB_PIN_LEN];
	int err = vvb_pins_create(l->o.name);

	if (err)
		return err;
	l->pinning = true;
	err = pin_maps(&l->o);
	if (!err)
		err = vvb_pins_link(l->o.name, path);
	return err ? err : bpf_link__pin(l->link, path);
}

static __u32 link_id(int fd)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);

	return bpf_link_get_info_by_fd(fd, &info, &len) ? 0 : info.id;
}

static int load(struct loading *l, const char *file, const char *name)
{
	int err = vvb_object_open(&l->o, file, name);

	if (!err && bpf_object__load(l->o.object))
		err = -errno;
	if (!err)
		err = attach(l);
	return err ? err : pin(l);
}

int vvb_policy_load(const char *file, const char *name, struct vvb_policy *loaded, char *log,
		    size_t log_size)
{
	struct loading l = {};
	int err;

	vvb_object_log(log, log_size);
	err = load(&l, file, name);
	if (!err && loaded)
		vvb_object_describe(&l.o, link_id(bpf_link__fd(l.link)), loaded);
	if (err && l.pinning)
		vvb_pins_remove(l.o.name);
	bpf_link__destroy(l.link); /* lets go of it; what is pinned stays */
	vvb_object_close(&l.o);
	vvb_object_log_end();
	return err;
}
