// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Loader of policies and guards. Stock bpftool can't register struct_ops of modules, so this
 * is done with libbpf: open, load, attach, pin; all of it or nothing. Whoever loads or unloads
 * takes turns with the others, from before it looks whether the name is free until all is pinned.
 */
#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "link.h"
#include "messages.h"
#include "pins.h"
#include "staging.h"
#include "successor.h"

/* The kernel lets go of a policy on a work queue of its own, after its pin has gone. */
#define ATTACH_TRIES 100
#define ATTACH_PAUSE_US 10000

static struct bpf_link *try_attach(const struct vvb_bpf_object *o)
{
	return o->policy ? bpf_map__attach_struct_ops(o->policy) : bpf_program__attach(o->guard);
}

static int attach(const struct vvb_bpf_object *o, struct bpf_link **link)
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
		vvb_message("a policy is registered as '%s', and not pinned here\n", o->name);
	if (err == -EINVAL && o->policy)
		vvb_bpf_object_say_refused(o);
	return err;
}

static int check_free(const struct vvb_bpf_object *o)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(o->name, pin);

	if (err || access(pin, F_OK))
		return err;
	vvb_message("'%s' is loaded, and pinned as %s\n", o->name, pin);
	return -EEXIST;
}

/* In force for good: who is killed before has loaded nothing, after it all. */
static int pin_link(struct vvb_successor *s, int link)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(s->o.name, pin);

	if (!err && bpf_obj_pin(link, pin))
		err = -errno;
	if (err)
		return err;
	err = vvb_staging_end(s->o.name);
	if (err)
		unlink(pin);
	return err;
}

/* The link goes with this function, unless it is pinned by then. */
static int attach_and_pin(struct vvb_successor *s, __u32 *id)
{
	struct bpf_link *link = NULL;
	struct bpf_link_info info;
	int err = attach(&s->o, &link);

	if (err)
		return err;
	err = vvb_link_info(bpf_link__fd(link), &info);
	*id = info.id;
	if (!err)
		err = vvb_successor_pin(s);
	if (!err)
		err = pin_link(s, bpf_link__fd(link));
	bpf_link__destroy(link);
	return err;
}

static int load_locked(struct vvb_successor *s, __u32 *id)
{
	int err = vvb_bpf_object_may_load(), lock;

	if (err)
		return err;
	lock = vvb_pins_lock(true);
	if (lock < 0)
		return vvb_message_no_lock(lock);
	err = check_free(&s->o);
	if (!err)
		err = vvb_successor_load(s);
	if (!err)
		err = attach_and_pin(s, id);
	vvb_successor_end(s);
	close(lock);
	return err;
}

int vvb_policy_load_sized(const char *file, const char *name, struct vvb_policy *loaded,
			  size_t size, char *log, size_t log_size)
{
	struct vvb_successor s = {};
	__u32 id = 0;
	int err;

	vvb_messages_begin(log, log_size);
	err = vvb_bpf_object_open(&s.o, file, name);
	if (!err)
		err = load_locked(&s, &id);
	if (!err && loaded)
		vvb_bpf_object_describe(&s.o, id, loaded, size);
	vvb_bpf_object_close(&s.o);
	return vvb_messages_end(err);
}
