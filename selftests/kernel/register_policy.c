// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * register_policy FILE - load and register the policies in it, by libbpf alone, and be gone
 *
 * What vvbctl would not even try gets as far as the kernel.
 */
#include <bpf/libbpf.h>

#include "check.h"

int main(int argc, char **argv)
{
	struct bpf_object *object = argc == 2 ? bpf_object__open_file(argv[1], NULL) : NULL;
	struct bpf_map *map;
	struct bpf_link *link;

	if (!object)
		check_die("usage: register_policy FILE; it must be there");
	if (bpf_object__load(object))
		check_die("not loaded: %s", strerror(errno));
	bpf_object__for_each_map(map, object) {
		if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
			continue;
		link = bpf_map__attach_struct_ops(map);
		if (!check(!!link, "%s: %s", bpf_map__name(map), strerror(link ? 0 : errno)))
			continue;
		bpf_link__destroy(link);
	}
	bpf_object__close(object);
	return check_result();
}
