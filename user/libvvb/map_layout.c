// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Do two maps hold the same? Sizes don't tell: members may have changed places. */
#include <string.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "map_layout.h"

#define DEPTH 16 /* of types in types; maps of policies have three or so */

static bool same_type(const struct btf *a, __u32 a_id, const struct btf *b, __u32 b_id, int depth);

static const struct btf_type *resolved(const struct btf *btf, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type)))
		type = btf__type_by_id(btf, type->type);
	return type;
}

static bool same_name(const struct btf *a, __u32 a_name, const struct btf *b, __u32 b_name)
{
	return !strcmp(btf__name_by_offset(a, a_name), btf__name_by_offset(b, b_name));
}

static bool same_members(const struct btf *a, const struct btf_type *a_type, const struct btf *b,
			 const struct btf_type *b_type, int depth)
{
	const struct btf_member *m = btf_members(a_type), *n = btf_members(b_type);

	if (btf_vlen(a_type) != btf_vlen(b_type) || a_type->size != b_type->size)
		return false;
	for (int i = 0; i < btf_vlen(a_type); i++, m++, n++)
		if (m->offset != n->offset || !same_name(a, m->name_off, b, n->name_off) ||
		    !same_type(a, m->type, b, n->type, depth - 1))
			return false;
	return true;
}

static bool same_array(const struct btf *a, const struct btf_type *a_type, const struct btf *b,
		       const struct btf_type *b_type, int depth)
{
	const struct btf_array *m = btf_array(a_type), *n = btf_array(b_type);

	return m->nelems == n->nelems && same_type(a, m->type, b, n->type, depth - 1);
}

static bool same_type(const struct btf *a, __u32 a_id, const struct btf *b, __u32 b_id, int depth)
{
	const struct btf_type *x = resolved(a, a_id), *y = resolved(b, b_id);

	if (!x || !y || !depth || btf_kind(x) != btf_kind(y))
		return false;
	switch (btf_kind(x)) {
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return x->size == y->size;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return same_members(a, x, b, y, depth);
	case BTF_KIND_ARRAY:
		return same_array(a, x, b, y, depth);
	default:
		return false; /* pointers and the like: what they mean is not known */
	}
}

static bool same_sizes(const struct bpf_map *map, const struct bpf_map_info *info)
{
	return bpf_map__type(map) == info->type && bpf_map__key_size(map) == info->key_size &&
	       bpf_map__value_size(map) == info->value_size &&
	       bpf_map__max_entries(map) == info->max_entries &&
	       bpf_map__map_flags(map) == info->map_flags;
}

/* A ring buffer has neither keys nor values of a type. */
static bool same_types(const struct bpf_map *map, const struct btf *btf,
		       const struct bpf_map_info *info)
{
	__u32 key = bpf_map__btf_key_type_id(map), value = bpf_map__btf_value_type_id(map);
	struct btf *old;
	bool same;

	if (!key && !value)
		return !info->btf_key_type_id && !info->btf_value_type_id;
	old = btf__load_from_kernel_by_id(info->btf_id);
	if (!old)
		return false;
	same = same_type(btf, key, old, info->btf_key_type_id, DEPTH) &&
	       same_type(btf, value, old, info->btf_value_type_id, DEPTH);
	btf__free(old);
	return same;
}

bool vvb_map_layout_same(const struct bpf_map *map, const struct btf *btf, int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	return !bpf_map_get_info_by_fd(fd, &info, &len) && same_sizes(map, &info) &&
	       same_types(map, btf, &info);
}
