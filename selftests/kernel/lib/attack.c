// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uapi/vvb.h>
#include <vvb/admin.h>

#include "attack.h"
#include "punt.h"

#define THREADS 3
#define FDS 6 /* a channel and its session, three times; fewer than RLIMIT_NOFILE */
#define CANARY 0xa5

static const struct attack *plan;
static volatile struct attack_report *report;
static int fds[FDS];
static __thread unsigned int seed;
static __thread struct vvb_request held;

/* Every call that the two kinds of descriptor know, and its argument; any is made on any. */
static const struct call {
	unsigned long request;
	size_t size;
} calls[] = {
	{ VVB_IOC_SESSION, 0 },
	{ VVB_IOC_STATS, sizeof(struct vvb_stats) },
	{ VVB_IOC_STATS_RESET, sizeof(struct vvb_vf_arg) },
	{ VVB_IOC_EJECTION, sizeof(struct vvb_ejection) },
	{ VVB_IOC_SHADOW, sizeof(struct vvb_shadow) },
	{ VVB_IOC_CLAIM, sizeof(struct vvb_vf_arg) },
	{ VVB_IOC_DISCLAIM, sizeof(struct vvb_vf_arg) },
	{ VVB_IOC_EXCHANGE, sizeof(struct vvb_exchange) },
	{ VVB_IOC_COMMAND, sizeof(struct vvb_own_command) },
};
#define EXCHANGE (&calls[7])

static unsigned int dice(unsigned int sides)
{
	return (unsigned int)rand_r(&seed) % sides;
}

static uint64_t junk(void)
{
	uint64_t low = (unsigned int)rand_r(&seed), high = (unsigned int)rand_r(&seed);

	return dice(2) ? low ^ high << 33 : dice(2) ? dice(64) : ~(uint64_t)dice(64);
}

static void wrong(const char *what)
{
	if (!report->wrong++)
		snprintf((char *)report->what, sizeof(report->what), "%s", what);
}

/* ---- what comes out ---- */

/* A number that looks like an address in the kernel. */
static bool holds_pointer(const void *data, size_t len)
{
	uint64_t value;

	for (size_t at = 0; at + 8 <= len; at += 8) {
		memcpy(&value, (const char *)data + at, 8);
		if (value >> 47 == 0x1ffff && value < 0xfffffffffffff000)
			return true;
	}
	return false;
}

static bool is_all(const void *data, size_t len, unsigned char byte)
{
	for (size_t at = 0; at < len; at++)
		if (((const unsigned char *)data)[at] != byte)
			return false;
	return true;
}

static void look_at_request(const struct vvb_request *r)
{
	report->requests++;
	if (r->kind == VVB_REQUEST_VFS ? r->vf : r->vf != plan->vf)
		wrong("a request of a VF that is not ours");
	if (r->pad || r->reserved || r->kind > VVB_REQUEST_VFS)
		wrong("a request with bytes that nobody set");
	if (r->kind == VVB_REQUEST_ACCESS &&
	    (!r->id || r->member != plan->member || r->field >= VVB_FIELD_NR || !r->width ||
	     r->width > 8 || r->write > 1 || r->msix > 1 || r->area > 1))
		wrong("a request that describes no access");
	if (r->width < 8 && r->value >> 8 * r->width)
		wrong("a request with a value wider than its field");
	if (!r->write && r->value)
		wrong("a read with a value");
}

static void look_at_result(const struct vvb_own_command *own)
{
	unsigned int len = own->command.result_len;

	report->commands++;
	if (own->pad || len > sizeof(own->result) ||
	    !is_all(own->result + len, sizeof(own->result) - len, 0))
		wrong("a result with more bytes than were asked for");
}

static void look_at_ejection(const struct vvb_ejection *e)
{
	size_t len = strnlen(e->message, sizeof(e->message));

	if (!is_all(e->pad, sizeof(e->pad), 0) || len == sizeof(e->message) ||
	    !is_all(e->message + len, sizeof(e->message) - len, 0))
		wrong("an ejection with bytes that nobody set");
}

static void look_at_shadow(const struct vvb_shadow *s)
{
	unsigned int nr = s->nr_samples;

	if (s->pad || nr > VVB_SHADOW_SAMPLES ||
	    !is_all(&s->samples[nr], (VVB_SHADOW_SAMPLES - nr) * sizeof(*s->samples), 0))
		wrong("a shadow with bytes that nobody set");
}

/* ---- calls ---- */

union argument {
	struct vvb_vf_arg arg;
	struct vvb_stats stats;
	struct vvb_ejection ejection;
	struct vvb_shadow shadow;
	struct vvb_exchange exchange;
	struct vvb_own_command own;
	unsigned char bytes[sizeof(struct vvb_stats) + 64];
};

static uint64_t some_vf(void)
{
	switch (dice(6)) {
	case 0:
		return plan->other;
	case 1:
		return junk();
	case 2:
		return VVB_VF_ALL;
	default:
		return plan->vf;
	}
}

/* Ours, one near it, another's, any. */
static uint64_t some_id(void)
{
	switch (dice(6)) {
	case 0:
		return held.id + dice(9) - 4;
	case 1:
		return junk();
	default:
		return held.id;
	}
}

/* The command that the request in hand wants, or something near it. */
static void some_command(struct vvb_command *command)
{
	memset(command, 0, sizeof(*command));
	if (held.width && held.width <= 8)
		daemon_command(&held, command);
	while (!dice(3))
		((unsigned char *)command)[dice(sizeof(*command))] ^= 1u << dice(8);
	if (!dice(8))
		command->bytes[16] = (unsigned char)dice(4); /* another VF */
	if (!dice(8))
		command->bytes[0] = (unsigned char)dice(20); /* another opcode */
}

static void some_reply(struct vvb_reply *reply)
{
	reply->id = some_id();
	reply->action = dice(10) ? dice(5) : (unsigned int)junk();
	reply->pad = dice(10) ? 0 : (unsigned int)junk();
	reply->value = dice(2) ? dice(256) : junk();
	some_command(&reply->command);
	reply->reserved = dice(20) ? 0 : junk();
}

/* What the call takes; a little less, or more; any. */
static __u32 some_argsz(const struct call *call)
{
	switch (dice(8)) {
	case 0:
		return dice(256);
	case 1:
		return (__u32)(call->size + dice(128) - 64);
	case 2:
		return (__u32)junk();
	default:
		return (__u32)call->size;
	}
}

static void fill(const struct call *call, union argument *arg)
{
	memset(arg, CANARY, sizeof(*arg));
	arg->arg.argsz = some_argsz(call);
	arg->arg.flags = dice(20) ? 0 : 1u << dice(32);
	switch (call->request) {
	case VVB_IOC_EXCHANGE:
		some_reply(&arg->exchange.reply);
		arg->exchange.timeout_ms = dice(20) ? (int)dice(4) : (int)junk() & 0xff;
		arg->exchange.pad = !dice(20);
		break;
	case VVB_IOC_COMMAND:
		arg->own.id = some_id();
		some_command(&arg->own.command);
		arg->own.pad = !dice(20);
		break;
	default:
		arg->arg.vf = some_vf();
	}
	while (!dice(6))
		arg->bytes[dice(sizeof(arg->bytes))] ^= (unsigned char)junk();
}

static void look_at(unsigned long call, const union argument *arg)
{
	switch (call) {
	case VVB_IOC_EXCHANGE:
		look_at_request(&arg->exchange.request);
		held = arg->exchange.request;
		break;
	case VVB_IOC_COMMAND:
		look_at_result(&arg->own);
		break;
	case VVB_IOC_EJECTION:
		look_at_ejection(&arg->ejection);
		break;
	case VVB_IOC_SHADOW:
		look_at_shadow(&arg->shadow);
		break;
	case VVB_IOC_STATS:
		if (holds_pointer(&arg->stats, sizeof(arg->stats)))
			wrong("counters with an address in them");
		break;
	case VVB_IOC_STATS_RESET:
		wrong("counters reset by somebody who is not root");
		break;
	case VVB_IOC_CLAIM:
	case VVB_IOC_DISCLAIM:
		if (arg->arg.vf != plan->vf && arg->arg.vf != VVB_VF_ALL)
			wrong("a claim of a VF that is not ours");
	}
}

/* What is written reaches no further than caller and kernel both know it. */
static size_t reach(const struct call *call, const union argument *before)
{
	return before->arg.argsz < call->size ? before->arg.argsz : call->size;
}

/* A call that fails writes nothing, one that succeeds nothing behind its structure. */
static void call_well(int fd, const struct call *call)
{
	union argument arg, before;
	size_t len;
	int ret;

	fill(call, &arg);
	before = arg;
	len = reach(call, &before);
	ret = ioctl(fd, call->request, &arg);
	if (call->request == VVB_IOC_SESSION) {
		if (ret >= 0)
			close(ret);
		return;
	}
	if (ret < 0 && memcmp(&arg, &before, sizeof(arg)))
		wrong("a call that failed and wrote");
	if (memcmp(arg.bytes + len, before.bytes + len, sizeof(arg) - len))
		wrong("a call that wrote behind its structure");
	if (ret >= 0 && len == call->size)
		look_at(call->request, &arg);
}

/* Addresses that are none, the end of a page, the kernel's; sizes that are no call's. */
static void call_badly(int fd, unsigned long call)
{
	static const uintptr_t nowhere[] = { 0,
					     1,
					     4096,
					     0xffff888000000000,
					     0xffffffff81000000,
					     0x7ffffffff000,
					     0x8000000000000000,
					     ~0ul };
	static unsigned char *page;

	if (!page)
		/* cppcheck-suppress invalidFunctionArg; anonymous memory wants -1 */
		page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(page + 4096, 4096, PROT_NONE);
	if (dice(2))
		ioctl(fd, call, nowhere[dice(sizeof(nowhere) / sizeof(*nowhere))]);
	else
		ioctl(fd, call, page + 4096 - dice(200));
	if (!dice(4))
		ioctl(fd, (unsigned long)junk(), page);
	if (!dice(4))
		ioctl(fd, _IOC(dice(4), _IOC_TYPE(VVB_IOC_STATS), dice(256), dice(512)), page);
}

static void other_call(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = (short)junk() };
	char bytes[64];
	void *map;
	pid_t pid;

	switch (dice(8)) {
	case 0:
		if (read(fd, bytes, dice(sizeof(bytes))) > 0 || write(fd, bytes, dice(64)) > 0)
			wrong("a read or a write that did something");
		break;
	case 1:
		map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		if (map != MAP_FAILED)
			wrong("memory of the driver's");
		break;
	case 2:
		lseek(fd, (off_t)junk(), SEEK_SET);
		ftruncate(fd, 0) ? 0 : wrong("truncated");
		break;
	case 3:
		fcntl(fd, F_SETFL, junk() & (O_NONBLOCK | O_APPEND));
		break;
	case 4:
		pid = fork(); /* a session in two processes, for a while */
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
		break;
	case 5:
		close(dup(fd));
		break;
	default:
		poll(&poll_fd, 1, 0);
	}
}

/* ---- descriptors ---- */

static void claim(int session)
{
	struct vvb_vf_arg arg = { .argsz = sizeof(arg), .vf = plan->vf };

	ioctl(session, VVB_IOC_CLAIM, &arg);
}

static void reopen(unsigned int pair)
{
	int *channel = &fds[pair * 2], *session = &fds[pair * 2 + 1];
	int old = *session;

	*session = -1;
	close(old);
	if (dice(2)) {
		old = *channel;
		*channel = open("/dev/vvb", O_RDWR | O_CLOEXEC);
		close(old);
	}
	*session = ioctl(*channel, VVB_IOC_SESSION);
	claim(*session);
}

static void *attack_run(void *arg)
{
	seed = plan->seed + (unsigned int)(uintptr_t)arg;
	for (;;) {
		int fd = fds[dice(FDS)];
		const struct call *call =
			dice(2) ? &calls[dice(sizeof(calls) / sizeof(*calls))] : EXCHANGE;

		if (report->calls++ % 64 == 0) /* what it gave away it wants again */
			claim(fds[1]);
		switch (dice(20)) {
		case 0:
			call_badly(fd, call->request);
			break;
		case 1:
			other_call(fd);
			break;
		case 2:
			if (!dice(20))
				reopen(dice(FDS / 2));
			break;
		default:
			call_well(fd, call);
		}
	}
	return NULL;
}

void attack(const struct attack *a, volatile struct attack_report *to)
{
	pthread_t thread;

	plan = a;
	report = to;
	seed = a->seed;
	for (unsigned int pair = 0; pair < FDS / 2; pair++) {
		fds[pair * 2] = -1;
		fds[pair * 2 + 1] = -1;
		fds[pair * 2] = open("/dev/vvb", O_RDWR | O_CLOEXEC);
		fds[pair * 2 + 1] = ioctl(fds[pair * 2], VVB_IOC_SESSION);
	}
	for (uintptr_t nr = 1; nr < THREADS; nr++)
		pthread_create(&thread, NULL, attack_run, (void *)nr);
	attack_run(NULL);
	abort();
}
