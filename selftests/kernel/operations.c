// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What a daemon that is a VF's owner is asked, and what comes of each of its answers: operations VF
 * The VF's owner is `daemon`, it has no policy, and nobody has claimed it.
 */
#include <linux/pci_regs.h>
#include <sys/ioctl.h>

#include "carrier.h"
#include "check_vf.h"
#include "legacy.h"
#include "stats.h"

#define DEADLINE_MS check_ms(3000)
#define WAIT_MS 5000
#define ONES 0xffffffffull

/* The model has its doorbell there. */
static const struct notify_entry member = { 2, 2, 0x3800 };

static struct vf vf;
static struct daemon d;

static void ask(struct vcpu *v, unsigned int pos, unsigned int len, struct operation *op)
{
	int err;

	vcpu_read(v, &vf, pos, len);
	err = carrier_wait(&d, op, WAIT_MS);
	if (err || op->request.kind != VVB_REQUEST_OPERATION)
		check_die("no operation for the read at %u: %s", pos, strerror(-err));
}

static void finish(struct vcpu *v, const char *what, uint64_t value)
{
	if (vcpu_join(v, DEADLINE_MS + 3000))
		check_die("%s: the access is still stuck", what);
	check(v->got == (ssize_t)v->len && v->value == value, "%s: access got %zd, %llx", what,
	      v->got, (unsigned long long)v->value);
	check(v->ms < DEADLINE_MS, "%s: back after %ld ms", what, v->ms);
}

static __u64 counted(enum vvb_event event)
{
	return stats_event(vf.bdf, event);
}

static void reopen(const struct notify_entry *entries, unsigned int nr)
{
	char bdf[sizeof(vf.bdf)];
	int err;

	memcpy(bdf, vf.bdf, sizeof(bdf));
	vf_close(&vf);
	err = carrier_open(&d, &vf, bdf, entries, nr);
	if (err)
		check_die("opened again: %s", strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
}

/* ---- what is asked ---- */

static void header(const struct operation *op, unsigned int opcode, const char *what)
{
	check(op->request.id && op->request.vf == stats_vf_id(vf.bdf) && op->request.member == 1,
	      "%s: names the VF, number 1", what);
	check_eq((long long)vvb_get_le(op->command.bytes, 2), opcode, "%s: opcode", what);
	check_eq((long long)vvb_get_le(op->command.bytes + 2, 2), VVB_GROUP_SRIOV, "%s: group",
		 what);
	check_eq((long long)vvb_get_le(op->command.bytes + 16, 8), 1, "%s: member", what);
}

static void framing(void)
{
	struct operation op;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &op);
	header(&op, VVB_OP_COMMON_READ, "read");
	check(op.command.len == VVB_ADMIN_HDR_LEN + 1 && op.command.result_len == 4 &&
		      !op.command.bytes[VVB_ADMIN_HDR_LEN],
	      "read: of 4 bytes at 0");
	check_eq(carrier_value(&d, &op, 0x11223344, 4), 0, "read: its result is taken");
	finish(&v, "read", 0x11223344);
	vcpu_write(&v, &vf, LEGACY_QUEUE_SELECT, 2, 0x0102);
	check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "write: comes");
	header(&op, VVB_OP_COMMON_WRITE, "write");
	check(op.command.len == VVB_ADMIN_HDR_LEN + 10 && !op.command.result_len &&
		      op.command.bytes[VVB_ADMIN_HDR_LEN] == LEGACY_QUEUE_SELECT &&
		      vvb_get_le(op.command.bytes + VVB_ADMIN_HDR_LEN + 8, 2) == 0x0102,
	      "write: of 0x0102 at 14");
	check_eq(carrier_status(&d, &op, 0), 0, "write: its result is taken");
	finish(&v, "write", 0x0102);
	ask(&v, LEGACY_CONFIG + 2, 1, &op);
	header(&op, VVB_OP_DEVICE_READ, "device configuration");
	check_eq(op.command.bytes[VVB_ADMIN_HDR_LEN], 2, "device configuration: offset");
	check_eq(carrier_value(&d, &op, 0x5a, 1), 0, "device configuration: taken");
	finish(&v, "device configuration", 0x5a);
}

/* ---- where it is kicked ---- */

static void kicked(const char *what, const struct notify_entry *entries, unsigned int nr,
		   const char *notify)
{
	__u64 fallback = counted(VVB_EV_NOTIFY_FALLBACK);
	struct operation op;
	char text[16];
	struct vcpu v;

	reopen(entries, nr);
	vf_attr_get(vf.bdf, "notify", text, sizeof(text));
	check(!strcmp(text, notify), "%s: notify is %s", what, text);
	vcpu_write(&v, &vf, LEGACY_QUEUE_NOTIFY, 2, 1);
	if (strcmp(notify, "member")) {
		check_eq(carrier_wait(&d, &op, WAIT_MS), 0, "%s: a kick is an operation", what);
		check(op.command.bytes[0] == VVB_OP_COMMON_WRITE &&
			      op.command.bytes[VVB_ADMIN_HDR_LEN] == LEGACY_QUEUE_NOTIFY,
		      "%s: a write at 16", what);
		carrier_status(&d, &op, 0);
		fallback++;
	}
	finish(&v, what, 1);
	check_eq((long long)counted(VVB_EV_NOTIFY_FALLBACK), (long long)fallback, "%s: counted",
		 what);
}

static void kicks(void)
{
	const struct notify_entry both[] = { { 1, 2, 0x4000 }, member };
	const struct notify_entry owners[] = { { 1, 2, 0x4000 } };
	const struct notify_entry behind[] = { {}, member };
	const struct notify_entry ours[] = { { 2, 0, 16 } };
	const struct notify_entry past[] = { { 2, 2, 1u << 20 } };
	const struct notify_entry no_bar[] = { { 2, 200, 0 } };
	const struct notify_entry odd[] = { { 2, 2, 0x3801 } };

	kicked("the PF's first", both, 2, "member");
	kicked("the PF's alone", owners, 1, "command");
	kicked("behind the end", behind, 2, "command");
	kicked("refused", NULL, 0, "command");
	kicked("BAR0", ours, 1, "command");
	kicked("past its BAR", past, 1, "command");
	kicked("no BAR", no_bar, 1, "command");
	kicked("odd", odd, 1, "command");
	kicked("its own", &member, 1, "member");
}

/* ---- answers ---- */

static void malformed(const char *what, __u32 action, unsigned int len, unsigned int pad)
{
	__u64 bad = counted(VVB_EV_BAD_REPLY), error = counted(VVB_EV_COMMAND_ERROR);
	struct vvb_result result;
	struct operation op;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &op);
	vvb_result_init(&result, VVB_STATUS_OK, 0);
	result.len = (__u8)len;
	result.pad[6] = (__u8)pad;
	check_eq(carrier_reply(&d, op.request.id, action, &result), -EINVAL, "%s: EINVAL", what);
	finish(&v, what, ONES);
	check(counted(VVB_EV_BAD_REPLY) == bad + 1 && counted(VVB_EV_COMMAND_ERROR) == error + 1,
	      "%s: counted", what);
	check_eq(carrier_reply(&d, op.request.id, VVB_REPLY_DENY, NULL), -ENOENT,
		 "%s: it is settled", what);
}

static void hostile(void)
{
	malformed("no status", VVB_REPLY_RESULT, 7, 0);
	malformed("no length", VVB_REPLY_RESULT, 0, 0);
	malformed("a byte too long", VVB_REPLY_RESULT, 13, 0);
	malformed("longer than any", VVB_REPLY_RESULT, 255, 0);
	malformed("padding", VVB_REPLY_RESULT, 12, 1);
	malformed("VALUE", VVB_REPLY_VALUE, 12, 0);
	malformed("COMMAND", VVB_REPLY_COMMAND, 12, 0);
	malformed("DIRECT", VVB_REPLY_DIRECT, 12, 0);
	malformed("an action that there is not", 77, 12, 0);
}

/* A device need not write all: what is missing is zero. And nothing of an operation before. */
static void short_result(void)
{
	struct operation op;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &op);
	check_eq(carrier_value(&d, &op, 0xaaaabbbb, 2), 0, "short: taken");
	finish(&v, "short", 0xbbbb);
	ask(&v, LEGACY_DEVICE_FEATURES, 4, &op);
	check_eq(carrier_value(&d, &op, 0, 0), 0, "a status alone: taken");
	finish(&v, "a status alone", 0);
}

static void refused(__u16 status)
{
	__u64 error = counted(VVB_EV_COMMAND_ERROR);
	struct operation op;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &op);
	check_eq(carrier_status(&d, &op, status), 0, "status %u: taken", status);
	finish(&v, "a status", ONES);
	check_eq((long long)(counted(VVB_EV_COMMAND_ERROR) - error), 1, "status %u: counted",
		 status);
}

static void not_now(void)
{
	__u64 retries = counted(VVB_EV_COMMAND_RETRY);
	struct operation op, next;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &op);
	carrier_status(&d, &op, VVB_STATUS_EAGAIN);
	check_eq(carrier_wait(&d, &next, WAIT_MS), 0, "EAGAIN: it comes again");
	check(next.request.id != op.request.id &&
		      !memcmp(&next.command, &op.command, sizeof(op.command)),
	      "EAGAIN: the same, with another id");
	carrier_value(&d, &next, 0x77, 4);
	finish(&v, "EAGAIN", 0x77);
	check_eq((long long)(counted(VVB_EV_COMMAND_RETRY) - retries), 1, "EAGAIN: counted");
}

static void out_of_reach(void)
{
	__u64 gone = counted(VVB_EV_PF_UNAVAILABLE);
	struct operation op;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &op);
	check_eq(carrier_reply(&d, op.request.id, VVB_REPLY_DENY, NULL), 0, "DENY: taken");
	finish(&v, "DENY", ONES);
	check_eq((long long)(counted(VVB_EV_PF_UNAVAILABLE) - gone), 1, "DENY: counted");
}

static void answers(void)
{
	short_result();
	refused(22);
	refused(2); /* which is not "no such entry" of an access */
	refused(0xffff);
	not_now();
	out_of_reach();
}

/* ---- the call ---- */

static int call(struct vvb_exchange *x)
{
	return ioctl(d.session, VVB_IOC_EXCHANGE, x) ? -errno : 0;
}

static void calls(void)
{
	struct vvb_exchange x = { .argsz = sizeof(x), .flags = 2 };

	check_eq(call(&x), -EINVAL, "a flag that there is not");
	x.flags = VVB_EXCHANGE_OPERATIONS;
	x.argsz = sizeof(x) - 1;
	check_eq(call(&x), -EINVAL, "a struct that ends in the result");
	x.argsz = offsetof(struct vvb_exchange, operation);
	check_eq(call(&x), -EINVAL, "one that ends before");
	x.flags = 0;
	check_eq(call(&x), -EAGAIN, "which is enough without the flag");
	x.argsz = sizeof(x) + 64;
	x.flags = VVB_EXCHANGE_OPERATIONS;
	check_eq(call(&x), -EAGAIN, "one that is longer");
}

int main(int argc, char **argv)
{
	int err;

	if (argc != 2)
		check_die("usage: operations VF");
	err = daemon_open(&d);
	if (!err)
		err = daemon_claim(&d, argv[1]);
	if (err)
		check_die("daemon: %s", strerror(-err));
	calls();
	err = carrier_open(&d, &vf, argv[1], &member, 1);
	if (err)
		check_die("VF %s: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	framing();
	kicks();
	hostile();
	answers();
	vf_close(&vf);
	daemon_close(&d);
	return check_result();
}
