// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Another program in the place of a loaded policy, between two accesses. Maps that hold the
 * same as before are kept, and with them state and knobs; where a map has another layout the
 * knobs' values are carried over by name. Until the link is switched nothing is changed.
 */
#include <errno.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "link.h"
#include "messages.h"
#include "pins.h"
#include "successor.h"

/**
 * struct update - a successor, and the link of the policy that it replaces
 */
struct update {
	struct vvb_successor successor;
	int link;
};

/*
 * Fills the struct_ops map. libbpf does that when it attaches one, and has no other way; that
 * the driver then refuses the name, which is taken, is as it should be.
 */
static int fill_policy(struct update *u)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(u->successor.o.policy);

	int err = link ? 0 : -errno;

	if (err == -EINVAL)
		vvb_bpf_object_say_refused(&u->successor.o);
	if (err)
		return err == -EEXIST ? 0 : err;
	bpf_link__destroy(link);
	vvb_message("no policy '%s' is registered\n", u->successor.o.name);
	return -ENOENT;
}

static int switch_link(struct update *u)
{
	int err;

	if (!bpf_link_update(u->link, bpf_map__fd(u->successor.o.policy), NULL))
		return 0;
	err = -errno;
	if (err == -EINVAL)
		vvb_message(
			"the driver refuses it: it has other flags than the policy it is to replace\n");
	return err;
}

static int open_link(struct update *u)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(u->successor.o.name, pin);

	if (u->successor.o.guard) {
		vvb_message("a guard can't be replaced in place: unload it, load the new one\n");
		return -EOPNOTSUPP;
	}
	if (err)
		return err;
	u->link = bpf_obj_get(pin);
	if (u->link >= 0)
		return 0;
	err = -errno;
	vvb_message("no policy '%s' is pinned\n", u->successor.o.name);
	return err;
}

static int replace_policy(struct update *u)
{
	int err = open_link(u);

	if (!err)
		err = vvb_successor_load(&u->successor);
	if (!err)
		err = fill_policy(u);
	if (!err)
		err = vvb_successor_pin(&u->successor);
	return err ? err : switch_link(u);
}

/* With the pins locked: a knob that is set meanwhile would be lost. */
static int replace_locked(struct update *u)
{
	int err = vvb_bpf_object_may_load(), lock, end;

	if (err)
		return err;
	lock = vvb_pins_lock(true);
	if (lock < 0)
		return vvb_message_no_lock(lock);
	err = replace_policy(u);
	end = vvb_successor_end(&u->successor);
	close(lock);
	return err ? err : end;
}

static void describe(const struct update *u, struct vvb_policy *updated, size_t size)
{
	struct bpf_link_info info;

	vvb_bpf_object_describe(&u->successor.o, vvb_link_info(u->link, &info) ? 0 : info.id,
				updated, size);
}

int vvb_policy_update_sized(const char *file, const char *name, struct vvb_policy *updated,
			    size_t size, char *log, size_t log_size)
{
	struct update u = { .successor.lives = true, .link = -1 };
	int err;

	vvb_messages_begin(log, log_size);
	err = vvb_bpf_object_open(&u.successor.o, file, name);
	if (!err)
		err = replace_locked(&u);
	if (!err && updated)
		describe(&u, updated, size);
	if (u.link >= 0)
		close(u.link);
	vvb_bpf_object_close(&u.successor.o);
	return vvb_messages_end(err);
}
