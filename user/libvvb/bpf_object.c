// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What is in the file of a BPF object, and how that is called. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "bpf_object.h"
#include "copy_struct.h"
#include "knob.h"
#include "messages.h"
#include "pins.h"
#include "rights.h"

#define STATELESS 1 /* VVB_POLICY_STATELESS of kmod/policy_ops.h, which is for BPF programs */

/* ---- the hook, and its name ---- */

static int check_name(const char *name)
{
	if (vvb_pins_name_ok(name))
		return 0;
	vvb_message(
		"the name '%.40s': it has 1 to %d characters out of a-z 0-9 _ -, and is not none\n",
		name, VVB_WORD_LEN - 1);
	return -EINVAL;
}

static int find_hook(struct vvb_bpf_object *o)
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
	vvb_message("%s in it: one vvb_policy_ops or one fmod_ret program is wanted\n",
		    hooks ? "several policies" : "neither policy nor guard");
	return -EINVAL;
}

/* A member of @len bytes of the policy, in the data that will go into its map; or NULL. */
static void *policy_member(const struct vvb_bpf_object *o, const char *name, size_t len)
{
	const struct btf *btf = bpf_object__btf(o->object);
	int id = btf__find_by_name_kind(btf, "vvb_policy_ops", BTF_KIND_STRUCT), i;
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	const struct btf_member *member = type ? btf_members(type) : NULL;
	size_t size, at;
	char *data = bpf_map__initial_value(o->policy, &size);

	for (i = 0; data && type && i < btf_vlen(type); i++, member++) {
		at = member->offset / 8;
		if (!strcmp(btf__name_by_offset(btf, member->name_off), name) && at + len <= size)
			return data + at;
	}
	return NULL;
}

static __u32 policy_number(const struct vvb_bpf_object *o, const char *name)
{
	__u32 *number = policy_member(o, name, sizeof(*number));

	return number ? *number : 0;
}

/* libbpf has put a pointer to the program there. */
static bool policy_has(const struct vvb_bpf_object *o, const char *callback)
{
	void **program = policy_member(o, callback, sizeof(*program));

	return program && *program;
}

static int name_policy(struct vvb_bpf_object *o, const char *name)
{
	char *own = policy_member(o, "name", VVB_WORD_LEN), whole[VVB_WORD_LEN + 1] = "";

	if (!own) {
		vvb_message("not a struct vvb_policy_ops\n");
		return -EINVAL;
	}
	if (name) {
		memset(own, 0, VVB_WORD_LEN);
		memcpy(own, name, strlen(name));
	}
	memcpy(whole, own, VVB_WORD_LEN); /* which may have no end, when it is too long */
	memcpy(o->name, own, VVB_WORD_LEN - 1);
	return check_name(whole);
}

/* The driver says EINVAL to a policy, and no more. This is what it looks at. */
void vvb_bpf_object_say_refused(const struct vvb_bpf_object *o)
{
	__u32 flags = policy_number(o, "flags"), interest = policy_number(o, "interest");
	bool stateless = flags & STATELESS;

	if (!policy_has(o, "access"))
		vvb_message("the policy '%s' has no access()\n", o->name);
	else if (flags & ~STATELESS)
		vvb_message(
			"the policy '%s' has flags 0x%x: there is VVB_POLICY_STATELESS (0x%x)\n",
			o->name, flags, STATELESS);
	else if (interest & ~VVB_INTEREST_ALL)
		vvb_message("the policy '%s' has interest 0x%x: there are no accesses of 0x%x\n",
			    o->name, interest, interest & ~VVB_INTEREST_ALL);
	else if (stateless && (policy_has(o, "attach") || policy_has(o, "detach")))
		vvb_message("the policy '%s' has VVB_POLICY_STATELESS, and attach() or detach(): "
			    "one without the other\n",
			    o->name);
	else
		vvb_message("the driver refuses the policy '%s', and does not say why\n", o->name);
}

/* "/path/guard-split.bpf.o" is the guard "guard-split". */
static int name_guard(struct vvb_bpf_object *o, const char *file, const char *name)
{
	const char *base = strrchr(file, '/');
	size_t len;

	if (!name)
		name = base ? base + 1 : file;
	len = strcspn(name, ".");
	if (len >= VVB_WORD_LEN) {
		vvb_message("the name '%.*s' of the file is too long for a guard's: give one of at "
			    "most %d characters, by name NAME\n",
			    (int)len, name, VVB_WORD_LEN - 1);
		return -EINVAL;
	}
	memcpy(o->name, name, len);
	return check_name(o->name);
}

/* The verifier only says that it can't be attached. */
static int check_awake(const struct vvb_bpf_object *o)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, o->object) {
		if (strncmp(bpf_program__section_name(prog), "struct_ops.s/", 13))
			continue;
		vvb_message("'%s' is in the section %s: no callback of a policy may sleep, so "
			    "struct_ops/ without the .s\n",
			    bpf_program__name(prog), bpf_program__section_name(prog));
		return -EINVAL;
	}
	return 0;
}

/* ---- knobs ---- */

/* Is there such a per-VF map in the object, with room for the knob? */
static bool knob_fits(struct vvb_bpf_object *o, const struct vvb_knob *knob)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(o->object, knob->map);
	size_t room = map ? bpf_map__value_size(map) : 0;

	return map && vvb_bpf_object_pinned(o, map) && bpf_map__type(map) == BPF_MAP_TYPE_HASH &&
	       bpf_map__key_size(map) == sizeof(__u64) && knob->offset <= room &&
	       knob->size <= room - knob->offset;
}

static void say_faults(const struct vvb_knob *knobs, size_t size)
{
	const char *fault;

	if (!size || size % sizeof(*knobs))
		vvb_message("what declares its knobs is no array of struct vvb_knob\n");
	for (size_t i = 0; i < size / sizeof(*knobs); i++) {
		fault = vvb_knob_fault(&knobs[i]);
		if (fault)
			vvb_message("knob %zu, '%.*s': %s\n", i + 1, (int)sizeof(knobs[i].name),
				    knobs[i].name, fault);
	}
}

static int check_knobs(struct vvb_bpf_object *o)
{
	size_t size;
	const struct vvb_knob *knobs = bpf_map__initial_value(o->knobs, &size);
	int nr = knobs ? vvb_knobs_check(knobs, size) : -EPROTO;

	for (int i = 0; i < nr; i++) {
		if (knob_fits(o, &knobs[i]))
			continue;
		vvb_message("knob '%s': no per-VF map '%s' that holds it\n", knobs[i].name,
			    knobs[i].map);
		return -EINVAL;
	}
	if (nr < 0)
		say_faults(knobs, knobs ? size : 0);
	return nr < 0 ? -EINVAL : 0;
}

static int find_knobs(struct vvb_bpf_object *o)
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
		vvb_message("BPF is %s\n", why);
	else if (err == -ENOENT)
		vvb_message("module " VVB_DRIVER " is not loaded: modprobe " VVB_DRIVER "\n");
	else if (err)
		vvb_message("file bpf of module " VVB_DRIVER ": %s\n", vvb_strerror(err));
	return err;
}

int vvb_bpf_object_open(struct vvb_bpf_object *o, const char *file, const char *name)
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
		err = check_awake(o);
	if (!err)
		err = find_knobs(o);
	if (err)
		return err;
	return o->policy ? name_policy(o, name) : name_guard(o, file, name);
}

/* Before libbpf finds out in ways of its own, which it does not explain. */
int vvb_bpf_object_may_load(void)
{
	if (vvb_rights_bpf())
		return 0;
	vvb_message("needs root, or CAP_BPF and CAP_PERFMON\n");
	return -EPERM;
}

void vvb_bpf_object_close(struct vvb_bpf_object *o)
{
	bpf_object__close(o->object);
}

bool vvb_bpf_object_pinned(const struct vvb_bpf_object *o, const struct bpf_map *map)
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

void vvb_bpf_object_describe(const struct vvb_bpf_object *o, __u32 link, struct vvb_policy *loaded,
			     size_t size)
{
	struct vvb_policy own = {
		.guard = o->guard,
		.registered = true,
		.users = o->guard ? 0 : users(o->name),
		.link = link,
		.asked = !!o->guard, /* no other has come since */
	};

	memcpy(own.name, o->name, sizeof(own.name));
	vvb_pins_link(o->name, own.pin);
	vvb_copy_struct(loaded, size, &own, sizeof(own));
}
