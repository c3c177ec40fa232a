// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include "check.h"
#include "tracing.h"

struct bpf_object *tracing_load(const char *path, const char *section, size_t size, void **data)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	const int prot = PROT_READ | PROT_WRITE;
	struct bpf_map *map;

	if (!object || bpf_object__load(object))
		check_die("%s: %s", path, strerror(errno));
	map = bpf_object__find_map_by_name(object, section);
	if (!map || bpf_map__value_size(map) < size)
		check_die("%s: no %s", path, section);
	*data = mmap(NULL, bpf_map__value_size(map), prot, MAP_SHARED, bpf_map__fd(map), 0);
	if (*data == MAP_FAILED)
		check_die("%s: %s", path, strerror(errno));
	return object;
}

void tracing_attach(struct bpf_object *object)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, object)
		if (!bpf_program__attach(prog))
			check_die("%s: %s", bpf_program__name(prog), strerror(errno));
}
