// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include "check.h"
#include "events.h"

#define OBJECT "/lib/vvb/bpf/bench/events.bpf.o"

/* The global data of the programs, as it changes. */
static struct events *data_of(struct bpf_object *object)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".data.events");
	void *data;

	if (!map || bpf_map__value_size(map) < sizeof(struct events))
		check_die(OBJECT ": no data");
	data = mmap(NULL, bpf_map__value_size(map), PROT_READ | PROT_WRITE, MAP_SHARED,
		    bpf_map__fd(map), 0);
	if (data == MAP_FAILED)
		check_die(OBJECT ": %s", strerror(errno));
	return data;
}

const volatile struct events *events_start(const int threads[EVENTS_THREADS])
{
	struct bpf_object *object = bpf_object__open_file(OBJECT, NULL);
	struct bpf_program *prog;
	struct events *events;
	unsigned int i;

	if (!object || bpf_object__load(object))
		check_die(OBJECT ": %s", strerror(errno));
	events = data_of(object);
	for (i = 0; i < EVENTS_THREADS; i++)
		events->thread[i] = (unsigned int)threads[i];
	bpf_object__for_each_program(prog, object)
		if (!bpf_program__attach(prog))
			check_die("%s: %s", bpf_program__name(prog), strerror(errno));
	return events;
}
