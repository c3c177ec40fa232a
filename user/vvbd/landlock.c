// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Landlock by its bare system calls: the C library has no names for them, and the kernel's header
 * may be older than the kernel.
 */
#include <errno.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "landlock.h"

/* The rights of files that each version knows, all of them: bits 0 up to this. */
static const unsigned int file_rights[] = { 0, 13, 14, 15, 15, 16 };

#define RIGHTS_LAST (sizeof(file_rights) / sizeof(*file_rights) - 1)

#define TRUNCATE 0x4000 /* of version 3: one's own open file, too */

#define NET_VERSION 4
#define NET_RIGHTS 0x3 /* bind and connect TCP */
#define SCOPE_VERSION 6
#define SCOPES 0x3 /* abstract sockets, signals */

/* struct landlock_ruleset_attr as of version 6; older kernels want the rest to be zero */
struct rules {
	__u64 files;
	__u64 net;
	__u64 scopes;
};

static int add_rule(int rules, int dir, __u64 rights)
{
	struct landlock_path_beneath_attr below = { .allowed_access = rights, .parent_fd = dir };

	if (dir < 0)
		return 0;
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) ?
		       -errno :
		       0;
}

static __u64 rights_of(int version)
{
	unsigned int last = version > (int)RIGHTS_LAST ? RIGHTS_LAST : (unsigned int)version;

	return (1ULL << file_rights[last]) - 1;
}

static int make_rules(int version)
{
	struct rules all = {
		.files = rights_of(version),
		.net = version >= NET_VERSION ? NET_RIGHTS : 0,
		.scopes = version >= SCOPE_VERSION ? SCOPES : 0,
	};
	long fd = syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);

	return fd < 0 ? -errno : (int)fd;
}

static int add_rules(int rules, int version, const int *readable, int nr, int writable)
{
	__u64 rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | TRUNCATE;
	int err = add_rule(rules, writable, rights & rights_of(version));

	for (int i = 0; !err && i < nr; i++)
		err = add_rule(rules, readable[i],
			       LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	return err;
}

int landlock_restrict(const int *readable, int nr, int writable)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	int rules, err;

	if (version < 1)
		return version < 0 && errno != ENOSYS && errno != EOPNOTSUPP ? -errno : 0;
	rules = make_rules((int)version);
	if (rules < 0)
		return rules;
	err = add_rules(rules, (int)version, readable, nr, writable);
	if (!err && syscall(SYS_landlock_restrict_self, rules, 0))
		err = -errno;
	close(rules);
	return err ? err : (int)version;
}
