// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Loads and updates that are killed, before each of their calls to the kernel that changes
 * what others see: cut_short FIRST SECOND NAME VF
 *
 * FIRST and SECOND are tests' tune-1 and tune-3, which have other layouts of the knobs. After each
 * cut one of them is in force with the knob as it was set, tuning it has effect, and the next load
 * or update works.
 */
#include <linux/pci_regs.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "check.h"
#include "legacy.h"
#include "libvvb/vvb.h"

#define MOST_CUTS 500
#define FIRST_SET 400 /* to the knob `answer`, which device_features shows plus the generation */
#define THEN_SET 300

static const char *first, *second, *name;
static struct vf vf;
static __u64 vf_id;
static char message[1024];

/* ---- a process that ends before one of its calls ---- */

static const long changing[] = {
	SYS_bpf,      SYS_mkdirat, SYS_unlinkat, SYS_linkat, SYS_renameat2,
#ifdef SYS_mkdir
	SYS_mkdir,    SYS_rmdir,   SYS_unlink,	 SYS_link,   SYS_rename,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
};

/* Of what bpf() does, that which others see. */
static int changes(const struct __ptrace_syscall_info *info)
{
	__u64 call = info->entry.nr, command = info->entry.args[0];

	for (size_t i = 0; i < ARRAY_SIZE(changing); i++)
		if (changing[i] == (long)call)
			return call != SYS_bpf || command == BPF_OBJ_PIN ||
			       command == BPF_LINK_CREATE || command == BPF_LINK_UPDATE;
	return 0;
}

/* Is the process, which has stopped, about to make one of these calls? */
static int about_to_change(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY && changes(&info);
}

static pid_t start(int (*call)(void))
{
	pid_t pid = fork();

	if (pid < 0)
		check_die("fork: %s", strerror(errno));
	if (pid)
		return pid;
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	_exit(call() ? 1 : 0);
}

/* Return: 1 cut before that call, 0 there was no such call and it succeeded, -1 it failed. */
static int cut(int (*call)(void), int nr)
{
	pid_t pid = start(call);
	int status;

	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		if (about_to_change(pid) && !nr--)
			kill(pid, SIGKILL);
		else
			ptrace(PTRACE_SYSCALL, pid, 0, 0);
	}
	if (WIFSIGNALED(status))
		return 1;
	return WEXITSTATUS(status) ? -1 : 0;
}

/* ---- what is cut ---- */

static int load_first(void)
{
	return vvb_policy_load(first, name, NULL, message, sizeof(message));
}

static int load_second(void)
{
	return vvb_policy_load(second, name, NULL, message, sizeof(message));
}

static int update(void)
{
	return vvb_policy_update(second, name, NULL, message, sizeof(message));
}

/* ---- what is left ---- */

static long long answer(void)
{
	struct vvb_knob *knobs, *knob;
	int nr = vvb_knobs(name, &knobs), err;
	__u64 value = 0;

	if (nr < 0)
		return nr;
	knob = vvb_knob_find(knobs, nr, "answer");
	err = knob ? vvb_knob_get(name, knob, vf_id, &value) : -ENOENT;
	free(knobs);
	return err ? err : (long long)value;
}

/* The one that is in force answers with this knob, and tools say the same. */
static int in_force(int set)
{
	__u32 features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);

	return answer() == set && (features == set + 1u || features == set + 3u);
}

static int beside(void)
{
	char path[VVB_PIN_LEN];

	snprintf(path, sizeof(path), "/sys/fs/bpf/vvb/%s/next", name);
	return !access(path, F_OK);
}

static int pinned(void)
{
	char path[VVB_PIN_LEN];

	snprintf(path, sizeof(path), "/sys/fs/bpf/vvb/%s/link", name);
	return !access(path, F_OK);
}

static void unpin(void)
{
	char path[VVB_PIN_LEN];

	snprintf(path, sizeof(path), "/sys/fs/bpf/vvb/%s/link", name);
	if (unlink(path))
		check_die("%s: %s", path, strerror(errno));
}

static int tunes(void)
{
	return !vvb_knob_set(name, "answer", vf_id, THEN_SET) && in_force(THEN_SET);
}

/* Return: what is wrong after an update that was cut, or NULL. */
static const char *after_update(void)
{
	if (!in_force(FIRST_SET))
		return "what the knob was set to is not in force";
	if (!tunes())
		return "tuning has no effect";
	if (beside())
		return "pins were left staged";
	if (update())
		return "the next update fails";
	return tunes() ? NULL : "tuning has no effect after the next update";
}

/* The same for a load onto maps that the first has left. */
static const char *after_load(void)
{
	int was = pinned(), err = load_second();

	if (err != (was ? -EEXIST : 0))
		return "the next load";
	if (!in_force(FIRST_SET))
		return "what the knob was set to is not in force";
	if (beside())
		return "pins were left staged";
	return tunes() ? NULL : "tuning has no effect";
}

/* ---- all cuts ---- */

static void prepare(void)
{
	vvb_policy_unload(name, NULL, 0);
	if (load_first() || vvb_knob_set(name, "answer", vf_id, FIRST_SET) || !in_force(FIRST_SET))
		check_die("the first: %s", message);
}

static void everywhere(const char *what, int (*call)(void), const char *(*after)(void), int load)
{
	int nr, was_cut = 1, wrong = 0;
	const char *problem;

	for (nr = 0; was_cut && nr < MOST_CUTS; nr++) {
		prepare();
		if (load)
			unpin();
		was_cut = cut(call, nr);
		problem = was_cut < 0 ? "it failed" : after();
		if (problem)
			check_note("%s, cut before call %d: %s: %s", what, nr, problem, message);
		wrong += !!problem;
	}
	check(!was_cut && nr > 10, "%s: %d cuts, then it succeeds", what, nr - 1);
	check_eq(wrong, 0, "%s that was cut leaves what was, or what is to be", what);
}

int main(int argc, char **argv)
{
	int err;

	if (argc != 5 || vvb_bdf_parse(argv[4], &vf_id))
		check_die("usage: cut_short FIRST SECOND NAME VF");
	first = argv[1];
	second = argv[2];
	name = argv[3];
	err = vf_open(&vf, argv[4]);
	if (err)
		check_die("open: %s", strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	err = vvb_vf_set(vf_id, "policy", name);
	if (err == -ENOENT) {
		load_first();
		err = vvb_vf_set(vf_id, "policy", name);
	}
	if (err)
		check_die("select: %s", strerror(-err));
	everywhere("update", update, after_update, 0);
	everywhere("load", load_second, after_load, 1);
	vf_close(&vf);
	check_eq(vvb_policy_unload(name, NULL, 0), 0, "unload");
	return check_result();
}
