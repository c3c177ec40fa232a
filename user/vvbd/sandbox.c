// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "landlock.h"
#include "libvvb/paths.h"
#include "libvvb/vvb.h"
#include "log.h"
#include "record.h"
#include "sandbox.h"

/* clang-format off */
/* Needs no argument check. */
static const int calls[] = {
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(pwrite64), SCMP_SYS(ftruncate),
	SCMP_SYS(close), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
	SCMP_SYS(getdents64), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk),
	SCMP_SYS(alarm), SCMP_SYS(clock_gettime), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall), SCMP_SYS(futex),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
};

static const unsigned int requests[] = {
	VVB_IOC_EXCHANGE, VVB_IOC_CLAIM, VVB_IOC_DISCLAIM, VVB_IOC_COMMAND,
};
/* clang-format on */

static int allow_requests(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(requests) / sizeof(*requests); i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				       SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, requests[i]));
	return err;
}

static int allow_calls(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(calls) / sizeof(*calls); i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return err;
}

/* Files for reading only, memory never to be executed. */
static int allow_checked(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp read_only =
		SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY);
	int err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, read_only);

	if (!err)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (!err) /* fdopen() looks */
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
				       SCMP_A1(SCMP_CMP_EQ, F_GETFL));
	if (!err)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return err;
}

static int allow_traces(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, 0xffffffff, RECORD_FLAGS));
}

static int filter_calls(bool traces)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int err;

	if (!filter)
		return -ENOMEM;
	err = allow_calls(filter);
	if (!err)
		err = allow_requests(filter);
	if (!err)
		err = allow_checked(filter);
	if (!err && traces)
		err = allow_traces(filter);
	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

static int become(const char *user)
{
	struct passwd *entry;

	errno = 0;
	entry = getpwnam(user);
	if (!entry)
		return errno ? -errno : -ENOENT;
	if (setgroups(0, NULL) || setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) ||
	    setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid))
		return -errno;
	return 0;
}

/* The bounding set can be emptied only by who has CAP_SETPCAP; others can't gain anyway. */
static void drop_bounding_set(void)
{
	for (cap_value_t cap = 0; CAP_IS_SUPPORTED(cap); cap++)
		if (cap_drop_bound(cap))
			return;
}

static int drop_capabilities(void)
{
	cap_t none = cap_init();
	int err = 0;

	if (!none || cap_set_proc(none))
		err = -errno;
	cap_free(none);
	return err;
}

static int open_sysfs(const char *below)
{
	char path[256];
	int err = vvb_path(path, sizeof(path), "%s/%s", vvb_sysfs_path(), below);

	return err ? err : open(path, O_PATH | O_CLOEXEC);
}

/* The VFs are found below bus/pci, by links to below devices. */
static int close_files(const struct sandbox *box)
{
	int readable[] = { box->readable, open_sysfs("bus/pci"), open_sysfs("devices") };
	int version = landlock_restrict(readable, 3, box->writable);

	close(readable[1]);
	close(readable[2]);
	if (version < 0)
		return version;
	if (version)
		say(LOG_INFO, "Landlock version %d", version);
	else
		say(LOG_NOTICE,
		    "this kernel has no Landlock: only permissions guard files from us");
	return 0;
}

int sandbox_enter(const struct sandbox *box)
{
	int err;

	drop_bounding_set();
	err = box->user ? become(box->user) : 0;
	if (!err)
		err = drop_capabilities();
	if (!err && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0)))
		err = -errno;
	if (!err)
		err = close_files(box);
	return err ? err : filter_calls(box->writable >= 0);
}
