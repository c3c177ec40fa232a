// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A policy may keep the pointer to an access in a map, and read through it when that access is
 * over, but not write: kept_pointer READS WRITES
 * Both policies are loaded and no more.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "check.h"

static char said[1 << 16]; /* by libbpf, with what the verifier said */

static int collect(enum libbpf_print_level level, const char *fmt, va_list args)
{
	size_t used = strlen(said);

	if (level != LIBBPF_WARN)
		return 0;
	return vsnprintf(said + used, sizeof(said) - used, fmt, args);
}

/* The typedef becomes a tag, where it is: of both the name is all that there is. */
static int tag(struct bpf_object *object)
{
	struct btf *btf = bpf_object__btf(object);
	int id = btf__find_by_name_kind(btf, "kptr_untrusted", BTF_KIND_TYPEDEF);

	if (id < 0)
		return id;
	((struct btf_type *)btf__type_by_id(btf, (__u32)id))->info = BTF_KIND_TYPE_TAG << 24;
	return 0;
}

static int load(const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	int err = object ? tag(object) : -errno;

	if (err)
		check_die("%s: %s", path, strerror(-err));
	said[0] = 0;
	err = bpf_object__load(object);
	bpf_object__close(object);
	return err;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		check_die("usage: kept_pointer READS WRITES");
	libbpf_set_print(collect);
	if (!check_eq(load(argv[1]), 0, "reads what it kept: loaded"))
		fputs(said, stdout);
	check_eq(load(argv[2]), -EACCES, "writes what it kept: refused");
	/* Linux before it comes to the driver, or else the driver */
	if (!check(strstr(said, "only read is supported") ||
			   strstr(said, "only the access of this call is writable"),
		   "for this reason"))
		fputs(said, stdout);
	return check_result();
}
