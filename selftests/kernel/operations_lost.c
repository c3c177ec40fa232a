// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A daemon that is a VF's owner, and late, gone or not there: operations_lost VF
 * The VF's owner is `daemon`, its policy punts control accesses but for reads of ISR and driver_features
 * when it is selected, and nobody has claimed it. It is unbound in the end.
 */
#include <signal.h>
#include <linux/pci_regs.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "carrier.h"
#include "check_vf.h"
#include "legacy.h"
#include "stats.h"

#define DEADLINE_MS check_ms(600)
#define SLACK_MS check_ms(700)
#define AT_ONCE_MS check_ms(300)
#define EARLY_MS 100 /* on a busy machine the vCPU's own clock starts late */
#define WAIT_MS 5000
#define ONES 0xffffffffull

static const struct notify_entry member = { 2, 2, 0x3800 };

static struct vf vf;
static struct daemon d;

static void attr(const char *name, const char *value)
{
	int err = vf_attr_set(vf.bdf, name, value);

	if (err)
		check_die("%s=%s: %s", name, value, strerror(-err));
}

static void is_attr(const char *when, const char *name, const char *wanted)
{
	char text[64];

	vf_attr_get(vf.bdf, name, text, sizeof(text));
	check(!strcmp(text, wanted), "%s: %s is \"%s\", wanted \"%s\"", when, name, text, wanted);
}

static __u64 counted(enum vvb_event event)
{
	return stats_event(vf.bdf, event);
}

static void finish(struct vcpu *v, const char *what, uint64_t value, long from_ms, long to_ms)
{
	if (vcpu_join(v, DEADLINE_MS + 5000))
		check_die("%s: the access is still stuck", what);
	check(v->got == (ssize_t)v->len && v->value == value, "%s: access got %zd, %llx", what,
	      v->got, (unsigned long long)v->value);
	check(v->ms >= from_ms && v->ms <= to_ms, "%s: back after %ld ms (%ld..%ld)", what, v->ms,
	      from_ms, to_ms);
}

static void ask(struct vcpu *v, struct operation *op)
{
	int err;

	vcpu_read(v, &vf, LEGACY_DEVICE_FEATURES, 4);
	err = carrier_wait(&d, op, WAIT_MS);
	if (err || op->request.kind != VVB_REQUEST_OPERATION)
		check_die("no operation: %s", strerror(-err));
}

/* A daemon that has said that it carries out operations. */
static void begin(void)
{
	struct operation op;

	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	check_eq(carrier_wait(&d, &op, 0), -EAGAIN, "a daemon: nothing to do yet");
}

/* ---- none ---- */

static void no_daemon(const char *loss, long from_ms, long to_ms)
{
	__u64 before = counted(VVB_EV_NO_DAEMON);
	struct vcpu v;

	attr("on_daemon_loss", loss);
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	finish(&v, loss, ONES, from_ms, to_ms);
	check_eq((long long)(counted(VVB_EV_NO_DAEMON) - before), 1,
		 "no daemon, on_daemon_loss=%s: counted", loss);
	is_attr("no daemon", "stalled", "0");
}

/* One that knows nothing of operations is as none. */
static void knows_nothing(void)
{
	struct vvb_request r;
	struct vcpu v;

	attr("on_daemon_loss", "fail");
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("daemon: %s", strerror(errno));
	check_eq(daemon_wait(&d, &r, 0), -EAGAIN, "an exchange without the flag");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	finish(&v, "a daemon that knows nothing of operations", ONES, 0, AT_ONCE_MS);
	attr("on_daemon_loss", "wait");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &r, 200), -EAGAIN, "nor is it told of one that waits");
	finish(&v, "which waits in vain", ONES, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	daemon_close(&d);
}

/* ---- late ---- */

static void given_up(void)
{
	__u64 late = counted(VVB_EV_LATE_REPLY), stalled = counted(VVB_EV_STALLED);
	__u64 timeout = counted(VVB_EV_COMMAND_TIMEOUT);
	struct operation op, other = {};
	struct vcpu v;

	begin();
	ask(&v, &op);
	finish(&v, "late", ONES, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	check_eq((long long)(counted(VVB_EV_COMMAND_TIMEOUT) - timeout), 1, "late: counted");
	is_attr("late", "daemon", "late");
	is_attr("late", "stalled", "1");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	finish(&v, "the next while it is unanswered", ONES, 0, AT_ONCE_MS);
	check_eq((long long)(counted(VVB_EV_STALLED) - stalled), 1, "stalled: counted");
	check_eq(vf_reset(&vf), -EBUSY, "a reset while it is unanswered");
	other.request.id = op.request.id + 1000;
	check_eq(carrier_value(&d, &other, 0x1, 4), -ENOENT, "an answer to something else: ENOENT");
	is_attr("something else is answered", "stalled", "1");
	check_eq(carrier_value(&d, &op, 0x1, 4), -ENOENT, "the late answer: ENOENT");
	check_eq((long long)(counted(VVB_EV_LATE_REPLY) - late), 2, "both are counted");
	is_attr("answered", "stalled", "0");
	is_attr("answered", "daemon", "live");
	ask(&v, &op);
	check_eq(carrier_value(&d, &op, 0x55, 4), 0, "the next is taken");
	finish(&v, "the next", 0x55, 0, DEADLINE_MS);
	check_eq(vf_reset(&vf), 0, "a reset when it is answered");
}

/* An answer that nobody has asked for changes nothing. */
static void made_up(void)
{
	struct operation op, other;
	struct vcpu v;

	ask(&v, &op);
	other = op;
	other.request.id += 1;
	check_eq(carrier_value(&d, &other, 0x66, 4), -ENOENT, "an id that is nobody's");
	other.request.id = 0;
	check_eq(carrier_value(&d, &other, 0x66, 4), -ENOENT, "id 0");
	check_eq(carrier_value(&d, &op, 0x67, 4), 0, "its own");
	finish(&v, "an id that is nobody's", 0x67, 0, DEADLINE_MS);
}

/* Stalled, until the session is no more. */
static void never_answered(void)
{
	struct operation op;
	struct vcpu v;

	ask(&v, &op);
	finish(&v, "never answered", ONES, DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	is_attr("never answered", "stalled", "1");
	close(d.session);
	is_attr("session closed", "stalled", "0");
	check_eq(daemon_session(&d), 0, "a new session");
	check_eq(carrier_wait(&d, &op, 0), -EAGAIN, "which is not asked what nobody waits for");
	ask(&v, &op);
	check_eq(carrier_value(&d, &op, 0x56, 4), 0, "the next is taken");
	finish(&v, "after it", 0x56, 0, DEADLINE_MS);
}

/* Who waits is killed. */
static void killed_vcpu(void)
{
	struct operation op;
	long start;
	pid_t pid = fork();

	if (!pid) {
		legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
		_exit(0);
	}
	check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "a process asks");
	start = punt_now_ms();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	check(punt_now_ms() - start < AT_ONCE_MS, "killed: it ends at once");
	is_attr("killed", "stalled", "1");
	check_eq(carrier_value(&d, &op, 1, 4), -ENOENT, "killed: the answer: ENOENT");
	is_attr("killed, and answered", "stalled", "0");
}

/* ---- gone ---- */

static void dies(const char *loss, long from_ms, long to_ms)
{
	__u64 lost = counted(VVB_EV_DAEMON_LOST);
	struct operation op;
	struct vcpu v;

	attr("on_daemon_loss", loss);
	ask(&v, &op);
	close(d.session);
	d.session = -1;
	finish(&v, loss, ONES, from_ms, to_ms);
	check_eq((long long)(counted(VVB_EV_DAEMON_LOST) - lost), 1,
		 "gone with an operation, on_daemon_loss=%s: counted", loss);
	is_attr("gone", "stalled", "0");
	check_eq(daemon_session(&d), 0, "a new session");
	check_eq(carrier_wait(&d, &op, 0), -EAGAIN, "it has nothing to do");
}

static void taken_up(void)
{
	struct operation op, again;
	struct vcpu v;

	attr("on_daemon_loss", "wait");
	ask(&v, &op);
	close(d.session);
	is_attr("gone", "daemon", "lost");
	check_eq(daemon_session(&d), 0, "a new session");
	check_eq(carrier_wait(&d, &again, WAIT_MS), 0, "it gets the operation that was under way");
	check(!memcmp(&again, &op, sizeof(op)), "as it was, id and deadline too");
	check_eq(carrier_value(&d, &again, 0x4242, 4), 0, "and carries it out");
	finish(&v, "taken up", 0x4242, 0, DEADLINE_MS);
}

/* Another channel takes the VF, with what is under way. */
static void taken_over(void)
{
	struct daemon before = d;
	struct operation op, again;
	struct vcpu v;

	ask(&v, &op);
	close(before.session);
	before.session = -1;
	if (daemon_open(&d) || daemon_claim(&d, vf.bdf))
		check_die("another daemon: %s", strerror(errno));
	check_eq(carrier_wait(&d, &again, WAIT_MS), 0, "another channel gets the operation");
	check_eq((long long)again.request.id, (long long)op.request.id, "the same");
	check_eq(carrier_value(&d, &again, 0x4343, 4), 0, "and carries it out");
	finish(&v, "taken over", 0x4343, 0, DEADLINE_MS);
	daemon_close(&before);
}

static void disclaimed(void)
{
	struct operation op;
	struct vcpu v;

	attr("on_daemon_loss", "kernel");
	ask(&v, &op);
	check_eq(daemon_disclaim(&d, vf.bdf), 0, "disclaimed");
	finish(&v, "disclaimed", ONES, 0, AT_ONCE_MS);
	check_eq(daemon_claim(&d, vf.bdf), 0, "claimed again");
}

/* ---- an access that is punted to who is the owner, too ---- */

static void punted(void)
{
	struct vvb_reply reply = { .action = VVB_REPLY_COMMAND };
	struct vvb_own_command own = { .argsz = sizeof(own) };
	struct operation op;
	struct vcpu v;

	attr("policy", "split");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "punted: a request");
	check_eq(op.request.kind, VVB_REQUEST_ACCESS, "punted: it is no operation");
	check_eq(op.command.len, 0, "punted: and there is no command");
	own.id = op.request.id;
	daemon_command(&op.request, &own.command);
	check_eq(ioctl(d.session, VVB_IOC_COMMAND, &own) ? -errno : 0, -EDEADLK,
		 "a command of its own would wait for itself");
	reply.id = op.request.id;
	daemon_command(&op.request, &reply.command);
	check_eq(daemon_reply(&d, &reply), 0, "punted: a command is the answer");
	check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "which comes as an operation");
	check_eq(op.request.kind, VVB_REQUEST_OPERATION, "which comes as an operation");
	carrier_value(&d, &op, 0x99, 4);
	finish(&v, "punted, a command", 0x99, 0, DEADLINE_MS);
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "punted: a request");
	check_eq(carrier_value(&d, &op, 0x99, 4), -EINVAL, "punted: a result is no answer");
	check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "so the kernel does it: an operation");
	carrier_value(&d, &op, 0x9a, 4);
	finish(&v, "punted, a result", 0x9a, 0, DEADLINE_MS);
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "punted: a request");
	daemon_reply_value(&d, op.request.id, 0x9b);
	finish(&v, "punted, a value", 0x9b, 0, DEADLINE_MS);
	check_eq(carrier_wait(&d, &op, 0), -EAGAIN, "which needs no operation");
	attr("policy", "none");
}

/* ---- the VF is wanted back ---- */

static pid_t unbind(void)
{
	int fd = open("/sys/bus/pci/drivers/virtio_vfio_bpf/unbind", O_WRONLY | O_CLOEXEC);
	pid_t pid = fork();

	if (!pid) {
		vf_close(&vf); /* or it would wait for itself */
		_exit(write(fd, vf.bdf, strlen(vf.bdf)) < 0 ? 1 : 0);
	}
	close(fd);
	return pid;
}

/* Who waits goes on at once; the writer waits for the close, and for the answer. */
static void wanted_back(void)
{
	struct operation op;
	struct vcpu v;
	long start;
	pid_t pid;

	ask(&v, &op);
	pid = unbind();
	finish(&v, "wanted back", ONES, 0, AT_ONCE_MS);
	start = punt_now_ms();
	vf_close(&vf);
	check_eq(waitpid(pid, NULL, WNOHANG), 0, "unbind waits for the answer");
	usleep(200000);
	check_eq(carrier_value(&d, &op, 1, 4), -ENOENT, "the answer: ENOENT");
	waitpid(pid, NULL, 0);
	check(punt_now_ms() - start < check_ms(2500), "unbind is over after %ld ms",
	      punt_now_ms() - start);
}

int main(int argc, char **argv)
{
	char timeout[16];
	int err;

	if (argc != 2)
		check_die("usage: operations_lost VF");
	snprintf(vf.bdf, sizeof(vf.bdf), "%s", argv[1]);
	snprintf(timeout, sizeof(timeout), "%ld", DEADLINE_MS);
	attr("admin_timeout_ms", timeout);
	attr("punt_timeout_ms", timeout);
	begin();
	err = carrier_open(&d, &vf, argv[1], &member, 1);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	daemon_close(&d);
	no_daemon("kernel", 0, AT_ONCE_MS);
	no_daemon("fail", 0, AT_ONCE_MS);
	no_daemon("wait", DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	knows_nothing();
	attr("on_daemon_loss", "kernel");
	given_up();
	made_up();
	never_answered();
	killed_vcpu();
	dies("kernel", 0, AT_ONCE_MS);
	dies("fail", 0, AT_ONCE_MS);
	dies("wait", DEADLINE_MS - EARLY_MS, DEADLINE_MS + SLACK_MS);
	taken_up();
	taken_over();
	disclaimed();
	punted();
	wanted_back();
	daemon_close(&d);
	return check_result();
}
