// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "landlock.h"
#include "libvvb/paths.h"
#include "libvvb/vvb.h"
#include "log.h"
#include "record.h"
#include "sandbox.h"
#include "threads.h"

/*
 * What is called once we serve, and by which function. Those of the C library call more than their
 * names say, and not the same in each version of it. Nothing in this list reaches beyond what is
 * open already. selftests/unit/daemon_sandbox.c runs all that vvbd does, and names what is missing.
 */
/* clang-format off */
static const struct {
	int call;
	const char *by;
} calls[] = {
	{ SCMP_SYS(read), "vvb_read_text() of sysfs, getline() of the configuration" },
	{ SCMP_SYS(lseek), "fclose() of a file that was not read to its end" },
	{ SCMP_SYS(getdents64), "readdir(), for the VFs that are bound" },
	{ SCMP_SYS(fstat), "fopen(), opendir(); the trace: a file?" },
	{ SCMP_SYS(newfstatat), "the same, in glibc from 2.33 on" },
	{ SCMP_SYS(close), "everything that opens" },
	{ SCMP_SYS(write), "the log, traces, the service manager, the parent that waits" },
	{ SCMP_SYS(pwrite64), "the stats file" },
	{ SCMP_SYS(ftruncate), "the stats file, the pid file, a trace when the disk is full" },
	{ SCMP_SYS(brk), "malloc()" },
	{ SCMP_SYS(munmap), "free()" },
	{ SCMP_SYS(mremap), "realloc() of what is large" },
	{ SCMP_SYS(sysinfo), "qsort() of more than 1024 bytes: is there memory for a copy?" },
	{ SCMP_SYS(futex), "malloc(), stdio: their locks, in a process that had threads" },
	{ SCMP_SYS(sched_getaffinity), "malloc() there, when memory is short: how many arenas?" },
	{ SCMP_SYS(madvise), "free() there, in an arena that is not the first" },
	{ SCMP_SYS(clock_gettime), "clock_gettime(), where there is no vDSO" },
	{ SCMP_SYS(rt_sigreturn), "the end of a signal's handler" },
	{ SCMP_SYS(restart_syscall), "the kernel, for a call that was stopped and goes on" },
	{ SCMP_SYS(writev), "the C library, to say what it found broken before it calls abort()" },
	{ SCMP_SYS(rt_sigprocmask), "abort()" },
	{ SCMP_SYS(getpid), "abort()" },
	{ SCMP_SYS(gettid), "abort()" },
	{ SCMP_SYS(exit), "the end" },
	{ SCMP_SYS(exit_group), "the end" },
};

/* Of /dev/vvb: all that a session has, and why a policy was ejected. */
static const unsigned int requests[] = {
	VVB_IOC_EXCHANGE, VVB_IOC_CLAIM, VVB_IOC_DISCLAIM, VVB_IOC_COMMAND, VVB_IOC_EJECTION,
};
/* clang-format on */

#define CALLS_NR 1024 /* more than any architecture has */

/* By number; found beforehand, as looking one up takes memory. */
static const char *call_names[CALLS_NR];

static void name_calls(void)
{
	for (int nr = 0; nr < CALLS_NR; nr++)
		if (!call_names[nr])
			call_names[nr] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);
}

static const char *call_name(int nr)
{
	const char *name = nr >= 0 && nr < CALLS_NR ? call_names[nr] : NULL;

	return name ? name : "without a name";
}

static int allow(scmp_filter_ctx filter, int call, struct scmp_arg_cmp argument)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, argument);
}

static int allow_requests(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(requests) / sizeof(*requests); i++)
		err = allow(filter, SCMP_SYS(ioctl),
			    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, requests[i]));
	return err;
}

static int allow_calls(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(calls) / sizeof(*calls); i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i].call, 0);
	return err;
}

/*
 * Files for reading only, memory never to be executed, no descriptor in place of another but of
 * the terminal, signals to nobody else.
 */
static int allow_checked(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp never_executed = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int err = allow(filter, SCMP_SYS(openat),
			SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY));

	if (!err)
		err = allow(filter, SCMP_SYS(mmap), never_executed); /* malloc() */
	if (!err)
		err = allow(filter, SCMP_SYS(mprotect), never_executed); /* malloc() */
	if (!err)
		err = allow(filter, SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, F_GETFL)); /* fdopen() */
	if (!err)
		err = allow(filter, SCMP_SYS(dup3),
			    SCMP_A1(SCMP_CMP_LE, STDERR_FILENO)); /* daemonize_done() */
	if (!err)
		err = allow(filter, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, getpid())); /* abort() */
	return err;
}

static int allow_traces(scmp_filter_ctx filter)
{
	return allow(filter, SCMP_SYS(openat),
		     SCMP_A2(SCMP_CMP_MASKED_EQ, 0xffffffff, RECORD_FLAGS));
}

/* What is on the way to a process that has a PF: no kind of socket but theirs. */
static int allow_connections(scmp_filter_ctx filter)
{
	static const int by_connection[] = {
		SCMP_SYS(connect), SCMP_SYS(sendto), SCMP_SYS(recvfrom),
		SCMP_SYS(poll),	   SCMP_SYS(ppoll),
	};
	int err = seccomp_rule_add(
		filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, SCMP_A0(SCMP_CMP_EQ, AF_UNIX),
		SCMP_A1(SCMP_CMP_EQ, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK));

	for (size_t i = 0; !err && i < sizeof(by_connection) / sizeof(*by_connection); i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, by_connection[i], 0);
	return err;
}

static int add_filter_rules(scmp_filter_ctx filter, const struct sandbox *box)
{
	/*
	 * For all threads. be_alone() has seen that there is one, so no test gets here with more;
	 * should it ever be wrong, the others at least make no calls but these.
	 */
	int err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1); /* for who audits */
	if (!err)
		err = allow_calls(filter);
	if (!err)
		err = allow_requests(filter);
	if (!err)
		err = allow_checked(filter);
	if (!err && box->writable >= 0)
		err = allow_traces(filter);
	return err || !box->connects ? err : allow_connections(filter);
}

/*
 * What is not allowed is not done: the kernel calls this in its place. That it says why we end is
 * all that it is for, so it allocates nothing. The signal is blocked meanwhile: one more call that
 * is not allowed, and the kernel kills us by it.
 */
static void on_forbidden(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	say(LOG_ERR,
	    "ends, as system call %d (%s) is not allowed here; is it a plugin's? See vvb.conf(5)",
	    info->si_syscall, call_name(info->si_syscall));
	syscall(SYS_getppid);
	_exit(1);
}

static int catch_forbidden(void)
{
	const struct sigaction action = { .sa_sigaction = on_forbidden, .sa_flags = SA_SIGINFO };

	return sigaction(SIGSYS, &action, NULL) ? -errno : 0;
}

static int filter_calls(const struct sandbox *box)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	int err;

	if (!filter)
		return -ENOMEM;
	name_calls();
	err = catch_forbidden();
	if (!err)
		err = add_filter_rules(filter, box);
	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

/* Return: 0, -ENOENT there is no such user, -errno. */
static int find_user(const char *user, struct passwd **entry)
{
	errno = 0;
	*entry = getpwnam(user);
	return *entry ? 0 : errno ? -errno : -ENOENT;
}

int sandbox_check(const struct sandbox *box)
{
	struct passwd *entry;
	int err = box->user ? find_user(box->user, &entry) : 0;

	if (err)
		say(LOG_ERR, "--user %s: %s", box->user,
		    err == -ENOENT ? "no such user" : strerror(-err));
	return err;
}

static int become(const char *user)
{
	struct passwd *entry;
	int err = find_user(user, &entry);

	if (err)
		return err;
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
	int readable[] = { box->readable[0], box->readable[1], open_sysfs("bus/pci"),
			   open_sysfs("devices") };
	int version = landlock_restrict(readable, 4, box->writable);

	close(readable[2]);
	close(readable[3]);
	if (version < 0)
		return version;
	if (version)
		say(LOG_INFO, "Landlock version %d", version);
	else
		say(LOG_NOTICE,
		    "this kernel has no Landlock: only permissions guard files from us");
	return 0;
}

static int be_alone(void)
{
	int nr = threads_count(1);

	if (nr == 1)
		return 0;
	if (nr < 0)
		say(LOG_ERR, "/proc/self/task: %s: is there one thread only?", strerror(-nr));
	else
		say(LOG_ERR, "%d threads: vvbd has to be the only one when it gives up its rights",
		    nr);
	return nr < 0 ? nr : -EBUSY;
}

static int give_up(const struct sandbox *box)
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
	return err ? err : filter_calls(box);
}

int sandbox_enter(const struct sandbox *box)
{
	int err = be_alone();

	if (err)
		return err;
	err = give_up(box);
	if (err)
		say(LOG_ERR, "giving up rights: %s", strerror(-err));
	return err;
}
