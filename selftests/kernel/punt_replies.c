// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A daemon that lies: punt_replies VF, where VF is number 1 of several
 * The VF's policy must punt control accesses. Whatever the daemon says, the access comes
 * back within its deadline with the documented outcome, and the right counter tells.
 */
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <vvb/admin.h>

#include "check_vf.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define DEADLINE_MS check_ms(2000)
#define SLACK_MS check_ms(1000)
#define WAIT_MS 5000

static struct vf vf;
static struct daemon d;
static uint32_t features; /* device_features, as DIRECT gives them */

/* Start an access and receive its request. */
static void ask(struct vcpu *v, unsigned int pos, unsigned int len, struct vvb_request *request)
{
	int err;

	vcpu_read(v, &vf, pos, len);
	err = daemon_wait(&d, request, WAIT_MS);
	if (err)
		check_die("no request for the read at %u: %s", pos, strerror(-err));
}

static void finish(struct vcpu *v, const char *what, uint64_t value, long within_ms)
{
	if (vcpu_join(v, DEADLINE_MS + SLACK_MS))
		check_die("%s: the access is still stuck", what);
	check(v->got == (ssize_t)v->len && v->value == value, "%s: access got %zd, %llx", what,
	      v->got, (unsigned long long)v->value);
	check(v->ms <= within_ms, "%s: back after %ld ms", what, v->ms);
}

static void request_fields(void)
{
	struct vvb_request r;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	check(r.id != 0, "request: has an id");
	check_eq((long long)r.vf, (long long)stats_vf_id(vf.bdf), "request: VF");
	check_eq(r.field, VVB_FIELD_DEVICE_FEATURES, "request: field");
	check(!r.write && r.area == VVB_AREA_COMMON && !r.offset && r.width == 4 && !r.msix,
	      "request: a read of 4 bytes at common 0");
	check_eq((long long)r.member, 1, "request: member (the VF given must be VF 1)");
	daemon_reply_value(&d, r.id, 0x11223344);
	finish(&v, "VALUE", 0x11223344, DEADLINE_MS);
	vcpu_write(&v, &vf, LEGACY_QUEUE_SELECT, 2, 0x0102);
	check(!daemon_wait(&d, &r, WAIT_MS) && r.write && r.value == 0x0102 && r.width == 2 &&
		      r.field == VVB_FIELD_QUEUE_SELECT,
	      "request: a write of 0x0102 to queue_select");
	daemon_reply_value(&d, r.id, 0);
	finish(&v, "write swallowed", 0x0102, DEADLINE_MS);
}

/* With MSI-X on the vectors exist, and the daemon is told so: a command for one has to fit. */
static void msix_on(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	struct vvb_reply reply = { .action = VVB_REPLY_COMMAND };
	struct vvb_request r;
	struct vcpu v;

	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, &fd, 1), 0, "MSI-X on");
	ask(&v, 20, 2, &r);
	check_eq(r.msix, 1, "request: MSI-X is on");
	check(r.field == VVB_FIELD_CONFIG_VECTOR && r.area == VVB_AREA_COMMON && r.offset == 20 &&
		      r.width == 2,
	      "request: config_vector");
	reply.id = r.id;
	daemon_command(&r, &reply.command);
	check_eq(daemon_reply(&d, &reply), 0, "a command for it: taken");
	finish(&v, "config_vector", 0xffff, DEADLINE_MS);
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	close(fd);
	ask(&v, 20, 1, &r);
	check_eq(r.msix, 0, "request: MSI-X is off");
	check(r.field == VVB_FIELD_DEVICE_CONFIG && r.area == VVB_AREA_DEVICE && !r.offset,
	      "request: device_config");
	daemon_reply_value(&d, r.id, 0x12);
	finish(&v, "device_config", 0x12, DEADLINE_MS);
}

static void honest(enum vvb_reply_action action, const char *what, uint64_t value)
{
	struct vvb_reply reply = { .action = action };
	struct vvb_request r;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	reply.id = r.id;
	if (action == VVB_REPLY_COMMAND)
		daemon_command(&r, &reply.command);
	check_eq(daemon_reply(&d, &reply), 0, "%s: taken", what);
	finish(&v, what, value, DEADLINE_MS);
}

/* Where the bytes of a command are, in struct vvb_command. */
#define LEN offsetof(struct vvb_command, len)
#define RESULT_LEN offsetof(struct vvb_command, result_len)
#define BYTE(n) (offsetof(struct vvb_command, bytes) + (n))

#define OPCODE BYTE(0)
#define GROUP BYTE(2)
#define MEMBER BYTE(16)
#define OFFSET BYTE(24)

/**
 * struct lie - what is wrong with a command that reads device_features
 * @what:	for the person who reads the log
 * @nr:		bytes changed
 * @set:	where and to what
 */
struct lie {
	const char *what;
	unsigned int nr;
	struct {
		size_t at;
		__u8 value;
	} set[5];
};

static const struct lie lies[] = {
	{ "empty command", 1, { { LEN, 0 } } },
	{ "command that is only a header", 1, { { LEN, VVB_ADMIN_HDR_LEN } } },
	{ "command longer than can be", 1, { { LEN, VVB_COMMAND_MAX + 1 } } },
	{ "command of 255 bytes", 1, { { LEN, 255 } } },
	{ "command wanting no result", 1, { { RESULT_LEN, 0 } } },
	{ "command wanting 9 bytes", 1, { { RESULT_LEN, 9 } } },
	{ "command for half a field", 1, { { RESULT_LEN, 2 } } },
	{ "command for the self group", 1, { { GROUP, 0 } } },
	{ "command for another group", 1, { { GROUP, 2 } } },
	{ "command for another VF", 1, { { MEMBER, 2 } } },
	{ "command for member 0", 1, { { MEMBER, 0 } } },
	{ "command for a far member", 1, { { MEMBER + 7, 1 } } },
	{ "command with a reserved byte set", 1, { { BYTE(9), 1 } } },
	{ "command with padding set", 2, { { BYTE(27), 1 }, { LEN, 28 } } },
	{ "LIST_USE", 1, { { OPCODE, 1 } } },
	{ "NOTIFY_INFO", 1, { { OPCODE, VVB_OP_NOTIFY_INFO } } },
	{ "unknown opcode", 1, { { OPCODE, 0x11 } } },
	{ "command for two fields", 1, { { OFFSET, LEGACY_QUEUE_SIZE } } },
	{ "command out of range", 1, { { OFFSET, 24 } } },
	{ "command far out of range", 1, { { OFFSET, 255 } } },
	{ "command beyond the device configuration",
	  3,
	  { { OPCODE, VVB_OP_DEVICE_READ }, { OFFSET, 24 }, { RESULT_LEN, 1 } } },
	{ "command for two fields of the device configuration",
	  2,
	  { { OPCODE, VVB_OP_DEVICE_READ }, { OFFSET, 4 } } },
	{ "write in answer to a read",
	  4,
	  { { OPCODE, VVB_OP_COMMON_WRITE },
	    { OFFSET, LEGACY_DRIVER_FEATURES },
	    { RESULT_LEN, 0 },
	    { LEN, 36 } } },
	{ "write with a reserved byte set",
	  5,
	  { { OPCODE, VVB_OP_COMMON_WRITE },
	    { OFFSET, LEGACY_DRIVER_FEATURES },
	    { RESULT_LEN, 0 },
	    { LEN, 36 },
	    { BYTE(30), 1 } } },
};

static void tell(const char *what, const struct vvb_reply *lie, struct vcpu *v)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_BAD_REPLY);

	check_eq(daemon_reply(&d, lie), -EINVAL, "%s: EINVAL", what);
	finish(v, what, features, DEADLINE_MS);
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_BAD_REPLY) - before), 1, "%s: counted",
		 what);
}

/* EINVAL to the daemon; the guest gets what the kernel itself would have given it. */
static void false_command(const struct lie *lie)
{
	struct vvb_reply reply = { .action = VVB_REPLY_COMMAND };
	struct vvb_request r;
	struct vcpu v;
	unsigned int i;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	reply.id = r.id;
	daemon_command(&r, &reply.command);
	for (i = 0; i < lie->nr; i++)
		((__u8 *)&reply.command)[lie->set[i].at] = lie->set[i].value;
	tell(lie->what, &reply, &v);
}

static void junk(void)
{
	struct vvb_reply reply = { 0 };
	struct vvb_request r;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	reply.id = r.id;
	reply.action = 99;
	tell("unknown action", &reply, &v);
	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	memset(&reply, 0xff, sizeof(reply));
	reply.id = r.id;
	tell("reply of junk", &reply, &v);
	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	reply.id = r.id;
	reply.action = VVB_REPLY_COMMAND;
	reply.pad = 0;
	tell("command of junk", &reply, &v);
	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	reply = (struct vvb_reply) { .id = r.id, .action = VVB_REPLY_VALUE, .value = 1ull << 32 };
	tell("value wider than the register", &reply, &v);
	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	reply = (struct vvb_reply) { .id = r.id,
				     .action = VVB_REPLY_VALUE,
				     .reserved = 1ull << 63 };
	tell("reserved bit set", &reply, &v);
}

static void wrong_id(void)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_LATE_REPLY);
	struct vvb_request r;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	check_eq(daemon_reply_value(&d, r.id + 1, 1), -ENOENT, "wrong id: ENOENT");
	check_eq(daemon_reply_value(&d, r.id ^ 1ull << 63, 1), -ENOENT, "far id: ENOENT");
	check_eq(daemon_reply_value(&d, 0, 1), -ENOENT, "id 0: ENOENT");
	check_eq(daemon_reply_value(&d, r.id, 0x77), 0, "right id after wrong ones: taken");
	finish(&v, "after wrong ids", 0x77, DEADLINE_MS);
	check_eq(daemon_reply_value(&d, r.id, 0x78), -ENOENT, "reply twice: ENOENT");
	check(stats_event(vf.bdf, VVB_EV_LATE_REPLY) >= before, "late replies counted: %llu",
	      (unsigned long long)(stats_event(vf.bdf, VVB_EV_LATE_REPLY) - before));
}

/* Commands of the daemon's own, only while it holds a request, only for that VF. */
static void own_commands(void)
{
	struct vvb_own_command own = { .argsz = sizeof(own) };
	struct vvb_request r;
	struct vcpu v;

	ask(&v, LEGACY_DEVICE_FEATURES, 4, &r);
	own.id = r.id;
	daemon_command(&r, &own.command);
	check(!ioctl(d.session, VVB_IOC_COMMAND, &own) && !own.status &&
		      !memcmp(own.result, &features, 4),
	      "own command: device_features");
	own.command.bytes[16]++;
	check(ioctl(d.session, VVB_IOC_COMMAND, &own) && errno == EINVAL,
	      "own command for another VF: EINVAL");
	own.command.bytes[16]--;
	own.id++;
	check(ioctl(d.session, VVB_IOC_COMMAND, &own) && errno == ENOENT,
	      "own command with a wrong id: ENOENT");
	daemon_reply_value(&d, r.id, 5);
	finish(&v, "after own commands", 5, DEADLINE_MS);
	own.id = r.id;
	check(ioctl(d.session, VVB_IOC_COMMAND, &own) && errno == ENOENT,
	      "own command without a request: ENOENT");
}

static void bad_ioctls(void)
{
	check(ioctl(d.session, VVB_IOC_EXCHANGE, 8) && errno == EFAULT, "EXCHANGE: EFAULT");
	check(ioctl(d.session, VVB_IOC_COMMAND, 8) && errno == EFAULT, "COMMAND: EFAULT");
	check(ioctl(d.session, VVB_IOC_CLAIM, 8) && errno == EFAULT, "CLAIM: EFAULT");
	check(ioctl(d.channel, VVB_IOC_STATS, 8) && errno == EFAULT, "STATS: EFAULT");
	check(ioctl(d.session, VVB_IOC(0xff)) && errno == ENOTTY, "unknown on session: ENOTTY");
	check(ioctl(d.channel, VVB_IOC(0xff)) && errno == ENOTTY, "unknown on channel: ENOTTY");
}

int main(int argc, char **argv)
{
	char timeout[16];
	unsigned int i;
	int err;

	if (argc < 2)
		check_die("usage: punt_replies VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	snprintf(timeout, sizeof(timeout), "%ld", DEADLINE_MS);
	err = vf_attr_set(vf.bdf, "punt_timeout_ms", timeout);
	if (err)
		check_die("punt_timeout_ms: %s", strerror(-err));
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES); /* no daemon yet: DIRECT */
	err = daemon_open(&d);
	if (!err)
		err = daemon_claim(&d, vf.bdf);
	if (err)
		check_die("daemon: %s", strerror(-err));
	request_fields();
	msix_on();
	honest(VVB_REPLY_DIRECT, "DIRECT", features);
	honest(VVB_REPLY_COMMAND, "COMMAND", features);
	honest(VVB_REPLY_DENY, "DENY", 0xffffffff);
	for (i = 0; i < ARRAY_SIZE(lies); i++)
		false_command(&lies[i]);
	junk();
	wrong_id();
	own_commands();
	bad_ioctls();
	daemon_close(&d);
	vf_close(&vf);
	return check_result();
}
