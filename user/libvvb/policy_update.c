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

#include "heir.h"
#include "link.h"
#include "pins.h"

/**
 * struct update - a successor, and the link of the policy that it replaces
 */
struct update {
	struct vvb_heir heir;
	int link;
};

/*
 * Fills the struct_ops map. libbpf does that when it attaches one, and has no other way; that
 * the driver then refuses the name, which is taken, is as it should be.
 */
static int fill(struct update *u)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(u->heir.o.policy);

	if (!link)
		return errno == EEXIST ? 0 : -errno;
	bpf_link__destroy(link);
	vvb_object_say("no policy '%s' is registered\n", u->heir.o.name);
	return -ENOENT;
}

static int switch_link(struct update *u)
{
	int err;

	if (!bpf_link_update(u->link, bpf_map__fd(u->heir.o.policy), NULL))
		return 0;
	err = -errno;
	if (err == -EINVAL)
		vvb_object_say("the driver refused it: a successor has the same flags\n");
	return err;
}

static int open_link(struct update *u)
{
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(u->heir.o.name, pin);

	if (u->heir.o.guard) {
		vvb_object_say("a guard can't be replaced in place: unload it, load the new one\n");
		return -EOPNOTSUPP;
	}
	if (err)
		return err;
	u->link = bpf_obj_get(pin);
	if (u->link >= 0)
		return 0;
	err = -errno;
	vvb_object_say("no policy '%s' is pinned\n", u->heir.o.name);
	return err;
}

static int replace(struct update *u)
{
	int err = open_link(u);

	if (!err)
		err = vvb_heir_load(&u->heir);
	if (!err)
		err = fill(u);
	if (!err)
		err = vvb_heir_pin(&u->heir);
	return err ? err : switch_link(u);
}

/* With the pins locked: a knob that is set meanwhile would be lost. */
static int replace_locked(struct update *u)
{
	int lock = vvb_pins_lock(true), err, end;

	if (lock < 0)
		return vvb_object_no_lock(lock);
	err = replace(u);
	end = vvb_heir_end(&u->heir);
	close(lock);
	return err ? err : end;
}

static void describe(const struct update *u, struct vvb_policy *updated, size_t size)
{
	struct bpf_link_info info;

	vvb_object_describe(&u->heir.o, vvb_link_info(u->link, &info) ? 0 : info.id, updated, size);
}

int vvb_policy_update_sized(const char *file, const char *name, struct vvb_policy *updated,
			    size_t size, char *log, size_t log_size)
{
	struct update u = { .heir.lives = true, .link = -1 };
	int err;

	vvb_object_log(log, log_size);
	err = vvb_object_open(&u.heir.o, file, name);
	if (!err)
		err = replace_locked(&u);
	if (!err && updated)
		describe(&u, updated, size);
	if (u.link >= 0)
		close(u.link);
	vvb_object_close(&u.heir.o);
	vvb_object_log_end();
	return err;
}
