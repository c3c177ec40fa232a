// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Callers that were compiled against an older include/uapi/vvb.h than the module, or a newer one, and
 * such as are only wrong: argsz VF. The VF's policy must punt.
 *
 * Each argument ends where a page ends that none follows, so that a byte read or written behind
 * argsz is an EFAULT.
 */
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define PAGES 16384
#define CANARY 0x5a
#define MORE 64 /* what a newer header may have behind ours */
#define WAIT_MS 5000

static struct vf vf;
static struct daemon d;
static unsigned char *end; /* of the pages */

static int call(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) ? -errno : 0;
}

static void map_pages(void)
{
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	unsigned char *pages = mmap(NULL, PAGES + 4096, prot, flags, -1, 0);

	if (pages == MAP_FAILED || munmap(pages + PAGES, 4096))
		check_die("mmap: %s", strerror(errno));
	end = pages + PAGES;
}

/* The last @room bytes, which begin as every argument does. */
static struct vvb_vf_arg *put(size_t room, __u32 argsz, __u32 flags)
{
	struct vvb_vf_arg *arg = (struct vvb_vf_arg *)(end - room);

	memset(arg, CANARY, room);
	if (room >= sizeof(*arg))
		*arg = (struct vvb_vf_arg) { argsz, flags, stats_vf_id(vf.bdf) };
	else
		memcpy(arg, &(struct vvb_vf_arg) { argsz, flags, 0 }, room);
	return arg;
}

static int untouched(const void *from)
{
	for (const unsigned char *at = from; at < end; at++)
		if (*at != CANARY)
			return 0;
	return 1;
}

/* ---- what is about a VF ---- */

struct call {
	const char *name;
	unsigned long request;
	__u32 size;
};

static const struct call reports[] = {
	{ "STATS", VVB_IOC_STATS, sizeof(struct vvb_stats) },
	{ "EJECTION", VVB_IOC_EJECTION, sizeof(struct vvb_ejection) },
	{ "SHADOW", VVB_IOC_SHADOW, sizeof(struct vvb_shadow) },
};

static void refused(int fd, const struct call *c)
{
	static const __u32 short_ones[] = { 0, 1, 8, sizeof(struct vvb_vf_arg) - 1 };
	struct vvb_vf_arg *arg;

	for (size_t i = 0; i < ARRAY_SIZE(short_ones); i++) {
		arg = put(c->size, short_ones[i], 0);
		check_eq(call(fd, c->request, arg), -EINVAL, "%s: argsz %u", c->name,
			 short_ones[i]);
		check(untouched(arg + 1), "%s: and nothing is written", c->name);
	}
	for (unsigned int bit = 0; bit < 32; bit += 31) {
		arg = put(c->size, c->size, 1u << bit);
		check_eq(call(fd, c->request, arg), -EINVAL, "%s: flag %u", c->name, bit);
		check(untouched(arg + 1), "%s: and nothing is written", c->name);
	}
	check_eq(call(fd, c->request, put(8, c->size, 0)), -EFAULT, "%s: 8 bytes of it", c->name);
}

/* An older caller has room for a part, and gets that. */
static void older_report(const struct call *c)
{
	const __u32 sizes[] = { sizeof(struct vvb_vf_arg), 24, c->size - 4, c->size };
	unsigned char whole[sizeof(struct vvb_stats)];
	struct vvb_vf_arg *arg;

	check_eq(call(d.channel, c->request, put(c->size, c->size, 0)), 0, "%s", c->name);
	memcpy(whole, end - c->size, c->size);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		arg = put(sizes[i], sizes[i], 0);
		check_eq(call(d.channel, c->request, arg), 0, "%s: argsz %u", c->name, sizes[i]);
		check_eq(arg->argsz, sizes[i], "%s: all of it is filled in", c->name);
		check(arg->vf == stats_vf_id(vf.bdf) &&
			      !memcmp(arg + 1, whole + sizeof(*arg), sizes[i] - sizeof(*arg)),
		      "%s: as the beginning of the whole", c->name);
	}
}

/* A newer one learns how much the kernel knows; huge is only newer still. */
static void newer_report(const struct call *c)
{
	const __u32 sizes[] = { c->size + MORE, ~0u };
	struct vvb_vf_arg *arg;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		arg = put(c->size + MORE, sizes[i], 0);
		check_eq(call(d.channel, c->request, arg), 0, "%s: argsz %u", c->name, sizes[i]);
		check_eq(arg->argsz, c->size, "%s: what was filled in", c->name);
		check(untouched(end - MORE), "%s: nothing behind it", c->name);
	}
	check_eq(call(d.channel, c->request, put(c->size - 1, c->size, 0)), -EFAULT,
		 "%s: a byte is missing", c->name);
}

static void about_a_vf(int fd, const struct call *c)
{
	refused(fd, c);
	check_eq(call(fd, c->request, put(c->size, c->size, 0)), 0, "%s", c->name);
	check_eq(call(fd, c->request, put(c->size + MORE, c->size + MORE, 0)), 0, "%s: newer",
		 c->name);
	check_eq(call(fd, c->request, put(c->size, ~0u, 0)), 0, "%s: argsz ~0", c->name);
}

static void about_vfs(void)
{
	static const struct call reset = { "STATS_RESET", VVB_IOC_STATS_RESET, 16 };
	static const struct call claim = { "CLAIM", VVB_IOC_CLAIM, 16 };
	static const struct call disclaim = { "DISCLAIM", VVB_IOC_DISCLAIM, 16 };

	for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
		refused(d.channel, &reports[i]);
		older_report(&reports[i]);
		newer_report(&reports[i]);
	}
	about_a_vf(d.channel, &reset);
	about_a_vf(d.session, &claim);
	refused(d.session, &disclaim);
	check_eq(call(d.session, VVB_IOC_DISCLAIM, put(16 + MORE, 16 + MORE, 0)), 0,
		 "DISCLAIM: newer");
	check_eq(call(d.session, VVB_IOC_DISCLAIM, put(16, ~0u, 0)), -EPERM, "DISCLAIM: done");
}

/* ---- messages ---- */

/* An exchange whose reply is good, in @room bytes. */
static struct vvb_exchange *answer(size_t room, const struct vvb_request *request)
{
	struct vvb_exchange *x = (struct vvb_exchange *)put(room, (__u32)room, 0);

	x->timeout_ms = 0;
	x->pad = 0;
	x->reply = (struct vvb_reply) { .id = request->id,
					.action = VVB_REPLY_VALUE,
					.value = 0x1234 };
	return x;
}

static void refused_exchange(const struct vvb_request *request)
{
	static const __u32 short_ones[] = { 0, 16, 96,
					    offsetof(struct vvb_exchange, operation) - 1 };
	struct vvb_exchange *x;

	for (size_t i = 0; i < ARRAY_SIZE(short_ones); i++) {
		x = answer(sizeof(*x), request);
		x->argsz = short_ones[i];
		check_eq(call(d.session, VVB_IOC_EXCHANGE, x), -EINVAL, "EXCHANGE: argsz %u",
			 short_ones[i]);
	}
	x = answer(sizeof(*x), request);
	x->flags = VVB_EXCHANGE_OPERATIONS;
	x->argsz--;
	check_eq(call(d.session, VVB_IOC_EXCHANGE, x), -EINVAL, "EXCHANGE: flag 0, a byte short");
	x->argsz++;
	x->flags = 2;
	check_eq(call(d.session, VVB_IOC_EXCHANGE, x), -EINVAL, "EXCHANGE: flag 1");
	x->flags = 1u << 31;
	check_eq(call(d.session, VVB_IOC_EXCHANGE, x), -EINVAL, "EXCHANGE: flag 31");
	x->flags = 0;
	x->pad = 1;
	check_eq(call(d.session, VVB_IOC_EXCHANGE, x), -EINVAL, "EXCHANGE: padding set");
	check_eq(call(d.session, VVB_IOC_EXCHANGE, end - 64), -EFAULT, "EXCHANGE: half of it");
	x = answer(offsetof(struct vvb_exchange, operation), request);
	x->argsz = sizeof(*x);
	x->flags = VVB_EXCHANGE_OPERATIONS;
	check_eq(call(d.session, VVB_IOC_EXCHANGE, x), -EFAULT, "EXCHANGE: flag 0, half of it");
	check(untouched(&x->request), "EXCHANGE: and nothing is written");
}

static struct vvb_own_command *own(size_t room, const struct vvb_request *request)
{
	struct vvb_own_command *command = (struct vvb_own_command *)put(room, (__u32)room, 0);

	command->id = request->id;
	command->pad = 0;
	daemon_command(request, &command->command);
	return command;
}

static void own_command(const struct vvb_request *request)
{
	struct vvb_own_command *command = own(sizeof(*command), request);

	command->argsz = 0;
	check_eq(call(d.session, VVB_IOC_COMMAND, command), -EINVAL, "COMMAND: argsz 0");
	command->argsz = sizeof(*command) - 1;
	check_eq(call(d.session, VVB_IOC_COMMAND, command), -EINVAL, "COMMAND: a byte short");
	command->argsz = sizeof(*command);
	command->flags = 1;
	check_eq(call(d.session, VVB_IOC_COMMAND, command), -EINVAL, "COMMAND: flag 0");
	check(untouched(command->result), "COMMAND: and nothing is written");
	command = own(sizeof(*command) + MORE, request);
	check_eq(call(d.session, VVB_IOC_COMMAND, command), 0, "COMMAND: newer");
	check_eq(command->argsz, sizeof(*command), "COMMAND: what the kernel knows");
	check_eq(command->status, 0, "COMMAND: it ran");
	check(untouched(end - MORE), "COMMAND: nothing is written behind it");
}

/* A reply in a call that is refused is not taken; in a newer one it is, and nothing is lost. */
static void messages(void)
{
	struct vvb_request first, second;
	struct vvb_exchange *x;
	struct vcpu v;

	if (daemon_claim(&d, vf.bdf))
		check_die("CLAIM");
	vcpu_read(&v, &vf, LEGACY_DEVICE_FEATURES, 4);
	check_eq(daemon_wait(&d, &first, WAIT_MS), 0, "a request");
	check(!first.reserved && !first.pad, "its room is empty");
	refused_exchange(&first);
	own_command(&first);
	x = answer(sizeof(*x) + MORE, &first);
	check_eq(call(d.session, VVB_IOC_EXCHANGE, x), -EAGAIN, "EXCHANGE: newer");
	check(untouched(&x->request), "EXCHANGE: no request, and nothing is written");
	check_eq(vcpu_join(&v, WAIT_MS), 0, "the vCPU goes on");
	check_eq((long long)v.value, 0x1234, "with the one reply that was taken");
	vcpu_read(&v, &vf, LEGACY_QUEUE_SIZE, 2);
	x = (struct vvb_exchange *)put(sizeof(*x) + MORE, ~0u, 0);
	memset(&x->timeout_ms, 0, offsetof(struct vvb_exchange, request) - 8);
	x->timeout_ms = WAIT_MS;
	check_eq(call(d.session, VVB_IOC_EXCHANGE, x), 0, "EXCHANGE: argsz ~0");
	check(x->argsz == ~0u && untouched(end - MORE), "EXCHANGE: only the request is written");
	second = x->request;
	check_eq(second.field, VVB_FIELD_QUEUE_SIZE, "a request");
	check_eq(daemon_reply_value(&d, second.id, 7), 0, "its reply");
	check_eq(vcpu_join(&v, WAIT_MS), 0, "the vCPU goes on");
}

/* The numbers that these calls had before there was a version. */
static void letter_v(void)
{
	char arg[8192] = "";

	check_eq(call(d.channel, _IO('V', 0xb0), NULL), -ENOTTY, "SESSION, as it was");
	check_eq(call(d.channel, _IOC(3, 'V', 0xb1, 4856), arg), -ENOTTY, "STATS, as it was");
	check_eq(call(d.session, _IOW('V', 0xb8, __u64), arg), -ENOTTY, "CLAIM, as it was");
	check_eq(call(d.session, _IOC(3, 'V', 0xba, 128), arg), -ENOTTY, "EXCHANGE, as it was");
	check_eq(call(d.session, VVB_IOC_STATS, arg), -ENOTTY, "a channel's call on a session");
	check_eq(call(d.channel, VVB_IOC_EXCHANGE, arg), -ENOTTY, "a session's on a channel");
	check_eq(call(d.channel, _IOWR('Y', 1, struct vvb_stats), arg), -ENOTTY,
		 "STATS with a size in its number");
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 2)
		check_die("usage: argsz VF");
	err = vf_open(&vf, argv[1]);
	if (!err)
		err = daemon_open(&d);
	if (err)
		check_die("VF %s, /dev/vvb: %s", argv[1], strerror(-err));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	map_pages();
	about_vfs();
	messages();
	letter_v();
	daemon_close(&d);
	vf_close(&vf);
	return check_result();
}
