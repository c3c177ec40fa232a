// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Loader of policies and guards. Stock bpftool can't register struct_ops of modules, so this
 * is done with libbpf: open, load, attach, pin; all of it or nothing. Whoever loads or unloads
 * takes turns with the others, from before it looks whether the name is free until all is pinned.
 */
#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "aside.h"
#include "heir.h"
#include "link.h"
#include "pins.h"

/* The kernel lets go of a policy on a work queue of its own, after its pin has gone. */
#define ATTACH_TRIES 100
#define ATTACH_PAUSE_US 10000

static struct bpf_link *try_attach(const struct vvb_object *o)
{
	return o->policy ? bpf_map__attach_struct_ops(o->policy) : bpf_program__attach(o->guard);
}

static int attach(const struct vvb_object *o, struct bpf_link **link)
{
	int err = 0;

	for (int i = 0; i < ATTACH_TRIES; i++) {
		*link = try_attach(o);
		err = *link ? 0 : -errno;
		if (err != -EEXIST)
			break;
		usleep(ATTACH_PAUSE_US);
	}
	if (err == -EEXIST)
		vvb_object_say("a policy is registered as '%s', and not pinned here\n", o->name);
	if (err == -EINVAL && o->policy)
		vvb_object_say("the driver refused the policy '%s': name, flags, or no access()\n",
			       o->name);
	return err;
}

static int check_free(const struct vvb_object *o)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(o->name, pin);

	if (err || access(pin, F_OK))
		return err;
	vvb_object_say("'%s' is loaded, and pinned as %s\n", o->name, pin);
	return -EEXIST;
}

/* In force for good: who is killed before has loaded nothing, after it all. */
static int pin_link(struct vvb_heir *h, int link)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(h->o.name, pin);

	if (!err && bpf_obj_pin(link, pin))
		err = -errno;
	if (err)
		return err;
	err = vvb_aside_end(h->o.name);
	if (err)
		unlink(pin);
	return err;
}

/* The link goes with this function, unless it is pinned by then. */
static int put_in_place(struct vvb_heir *h, __u32 *id)
{
	struct bpf_link *link = NULL;
	struct bpf_link_info info;
	int err = attach(&h->o, &link);

	if (err)
		return err;
	err = vvb_link_info(bpf_link__fd(link), &info);
	*id = info.id;
	if (!err)
		err = vvb_heir_pin(h);
	if (!err)
		err = pin_link(h, bpf_link__fd(link));
	bpf_link__destroy(link);
	return err;
}

static int load_locked(struct vvb_heir *h, __u32 *id)
{
	int lock = vvb_pins_lock(true), err;

	if (lock < 0)
		return vvb_object_no_lock(lock);
	err = check_free(&h->o);
	if (!err)
		err = vvb_heir_load(h);
	if (!err)
		err = put_in_place(h, id);
	vvb_heir_end(h);
	close(lock);
	return err;
}

int vvb_policy_load_sized(const char *file, const char *name, struct vvb_policy *loaded,
			  size_t size, char *log, size_t log_size)
{
	struct vvb_heir h = {};
	__u32 id = 0;
	int err;

	vvb_object_log(log, log_size);
	err = vvb_object_open(&h.o, file, name);
	if (!err)
		err = load_locked(&h, &id);
	if (!err && loaded)
		vvb_object_describe(&h.o, id, loaded, size);
	vvb_object_close(&h.o);
	vvb_object_log_end();
	return err;
}
