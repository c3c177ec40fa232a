// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Keeps COUNT copies of the policy "upstream" loaded, copy-1 and so on, until it is killed:
 *
 *	copies COUNT
 *
 * Says "loaded" when they are there. They have no pins, so they end with it.
 */
#include <stdlib.h>
#include <unistd.h>
#include <bpf/libbpf.h>

#include "check.h"

#define OBJECT "/lib/vvb/bpf/upstream.bpf.o"
#define NAME "upstream"

/* The name that the policy will be registered under, in what its map will hold. */
static char *name_of(struct bpf_map *ops)
{
	size_t size = 0;
	char *value = ops ? bpf_map__initial_value(ops, &size) : NULL;
	char *at = value ? memmem(value, size, NAME, sizeof(NAME)) : NULL;

	if (!at)
		check_die(OBJECT ": no name");
	return at;
}

static void load(unsigned int nr)
{
	struct bpf_object *object = bpf_object__open_file(OBJECT, NULL);
	struct bpf_map *ops;

	if (!object)
		check_die(OBJECT ": %s", strerror(errno));
	ops = bpf_object__find_map_by_name(object, NAME);
	snprintf(name_of(ops), sizeof(NAME), "copy-%u", nr);
	if (bpf_object__load(object) || !bpf_map__attach_struct_ops(ops))
		check_die("copy %u: %s", nr, strerror(errno));
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 0) : 0, i;

	if (!count || count > 99)
		check_die("usage: copies COUNT, up to 99");
	for (i = 1; i <= count; i++)
		load(i);
	puts("loaded");
	fflush(stdout);
	pause();
	return 0;
}
