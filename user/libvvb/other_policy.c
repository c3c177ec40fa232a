// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Which name a policy has stands in its source, and so in the map by which it was registered: there it is
 * looked for. bpftool names maps and pins by the variable, and leaves them behind when it crashes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "link.h"
#include "link_holders.h"
#include "module_btf.h"
#include "other_policy.h"
#include "vvb.h"

/**
 * struct place - of the name in the value of such a map
 * @type:	of the value, in the module's BTF
 * @offset:	in bytes
 */
struct place {
	__u32 type;
	__u32 offset;
};

/* ---- where the name is ---- */

/* In bytes; -ENOENT. */
static int offset_of(const struct btf *btf, int type, const char *member)
{
	const struct btf_type *t = type < 0 ? NULL : btf__type_by_id(btf, type);
	const struct btf_member *m = t ? btf_members(t) : NULL;

	for (int i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, m[i].name_off), member))
			return (int)btf_member_bit_offset(t, i) / 8;
	return -ENOENT;
}

static int place_in(const struct btf *btf, struct place *place)
{
	int value = btf__find_by_name_kind(btf, "bpf_struct_ops_vvb_policy_ops", BTF_KIND_STRUCT);
	int ops = btf__find_by_name_kind(btf, "vvb_policy_ops", BTF_KIND_STRUCT);
	int data = offset_of(btf, value, "data"), name = offset_of(btf, ops, "name");

	if (data < 0 || name < 0)
		return -ENOENT;
	*place = (struct place) { .type = value, .offset = data + name };
	return 0;
}

static int find_place(struct place *place)
{
	__u32 id = vvb_module_btf_find();
	struct btf *kernel = id ? btf__load_vmlinux_btf() : NULL;
	struct btf *module = kernel ? btf__load_from_kernel_by_id_split(id, kernel) : NULL;
	int err = module ? place_in(module, place) : -ENOENT;

	btf__free(module);
	btf__free(kernel);
	return err;
}

/* ---- whose map it is ---- */

static bool is_called(int map, const struct place *place, const char *name)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info), zero = 0;
	bool same = false;
	char *value;

	if (bpf_map_get_info_by_fd(map, &info, &len) ||
	    info.btf_vmlinux_value_type_id != place->type ||
	    info.value_size < place->offset + VVB_WORD_LEN)
		return false;
	value = malloc(info.value_size);
	if (value && !bpf_map_lookup_elem(map, &zero, value))
		same = !strncmp(value + place->offset, name, VVB_WORD_LEN);
	free(value);
	return same;
}

static bool is_link_of(const struct bpf_link_info *info, const struct place *place,
		       const char *name)
{
	__u32 id = vvb_link_policy(info);
	int map = id ? bpf_map_get_fd_by_id(id) : -1;
	bool same = map >= 0 && is_called(map, place, name);

	if (map >= 0)
		close(map);
	return same;
}

/* Return: a descriptor of its link, or -ENOENT. */
static int find_link(const char *name, struct bpf_link_info *info)
{
	struct place place;
	__u32 id = 0;
	int fd;

	if (find_place(&place))
		return -ENOENT;
	while (!bpf_link_get_next_id(id, &id)) {
		fd = bpf_link_get_fd_by_id(id);
		if (fd < 0)
			continue;
		if (!vvb_link_info(fd, info) && is_link_of(info, &place, name))
			return fd;
		close(fd);
	}
	return -ENOENT;
}

/* ---- its end ---- */

static int remove_pins(__u32 link)
{
	char pin[VVB_PIN_LEN];

	for (;;) {
		vvb_link_holders_pin(link, pin);
		if (!*pin)
			return 0;
		if (unlink(pin))
			return -errno;
	}
}

int vvb_other_policy_end(const char *name, struct bpf_link_info *info)
{
	int fd = find_link(name, info), err;

	if (fd < 0)
		return fd;
	err = bpf_link_detach(fd) ? -errno : 0;
	close(fd);
	return err ? err : remove_pins(info->id);
}
