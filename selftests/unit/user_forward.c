// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Between vvbd and the process that has a PF: vvbd's side over the library's, and either over a peer
 * that does as it likes.
 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <vvb/forward.h>
#include <vvb/result.h>

#include "libvvb/vvb.h"
#include "vvbd/forward.h"
#include "vvbd/log.h"

#define VF1 0x101
#define VF2 0x102

static char dir[64], path[96];
static struct vvb_forward *server;
static struct forwards fs;

static void begin(void)
{
	cr_redirect_stderr();
	log_init(LOG_ERR, false);
	strcpy(dir, "/tmp/vvb-unit-XXXXXX");
	cr_assert_not_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/pf", dir);
}

static void end(void)
{
	char command[128];

	forwards_free(&fs);
	if (server)
		vvb_forward_close(server);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	cr_expect_eq(system(command), 0);
}

TestSuite(user_forward, .init = begin, .fini = end);

/* ---- the process ---- */

static struct {
	__u64 vf;
	__u8 opcode;
	__u8 first; /* byte of the registers, or the offset of a read */
} carried[64];
static int nr_carried;

/* A device whose registers are all 0x77. */
static void carry(void *arg, __u64 vf, const struct vvb_command *command, struct vvb_result *result)
{
	cr_assert_eq(arg, &nr_carried);
	cr_assert_eq(vvb_result_status(result), VVB_STATUS_EINVAL, "a refusal before");
	carried[nr_carried].vf = vf;
	carried[nr_carried].opcode = command->bytes[0];
	carried[nr_carried++].first = command->bytes[command->len - 1];
	vvb_result_init(result, VVB_STATUS_OK, 0);
	memset(result->bytes + VVB_RESULT_HDR_LEN, 0x77, command->result_len);
	result->len = (__u8)(VVB_RESULT_HDR_LEN + command->result_len);
}

static void listen_there(void)
{
	cr_assert_eq(vvb_forward_listen(path, &server), 0);
}

static int serve(void)
{
	return vvb_forward_serve(server, carry, &nr_carried, 0);
}

/* ---- vvbd ---- */

static struct vvb_exchange operation(__u64 vf, __u64 id, unsigned int opcode, __u8 value)
{
	struct vvb_admin_op op = {
		.member = vf & 0xff,
		.opcode = opcode,
		.width = 2,
		.registers = { 0, value },
	};
	struct vvb_exchange x = {
		.request = { .id = id, .vf = vf, .kind = VVB_REQUEST_OPERATION },
	};

	vvb_admin_build(&op, &x.operation);
	return x;
}

static int send_one(__u64 vf, __u64 id)
{
	struct vvb_exchange x = operation(vf, id, VVB_OP_COMMON_READ, 0);

	return forwards_send(&fs, path, &x);
}

/* Return: the id of the answer; 0 there is none. */
static __u64 take(struct vvb_exchange *x, __u64 *vf)
{
	memset(x, 0, sizeof(*x));
	return forwards_take(&fs, x, vf) ? x->reply.id : 0;
}

static void expect_result(__u64 id, __u64 wanted_vf)
{
	struct vvb_exchange x;
	__u64 vf = 0;

	cr_assert_eq(take(&x, &vf), id, "%llu", x.reply.id);
	cr_expect_eq(vf, wanted_vf);
	cr_expect_eq(x.reply.action, VVB_REPLY_RESULT);
	cr_expect_eq(x.result.len, 10);
	cr_expect_eq(vvb_result_number(&x.result, 0, 2), 0x7777);
}

static void expect_refusal(__u64 id)
{
	struct vvb_exchange x;
	__u64 vf;

	cr_assert_eq(take(&x, &vf), id, "%llu", x.reply.id);
	cr_expect_eq(x.reply.action, VVB_REPLY_DENY);
	cr_expect_eq(x.result.len, 0);
}

static void expect_nothing(void)
{
	struct vvb_exchange x;
	__u64 vf;

	cr_expect_eq(take(&x, &vf), 0, "%llu", x.reply.id);
}

/* Connections are taken on behind what has come. */
static void connected(void)
{
	cr_assert_eq(serve(), 0);
}

Test(user_forward, there_and_back)
{
	listen_there();
	cr_expect_not(forwards_busy(&fs));
	cr_assert_eq(send_one(VF1, 7), 0);
	cr_expect(forwards_busy(&fs));
	expect_nothing();
	connected();
	cr_expect_eq(serve(), 1);
	cr_expect(carried[0].vf == VF1 && carried[0].opcode == VVB_OP_COMMON_READ);
	expect_result(7, VF1);
	cr_expect_not(forwards_busy(&fs));
	cr_assert_eq(send_one(VF2, 8), 0);
	cr_assert_eq(send_one(VF1, 9), 0);
	cr_expect_eq(serve(), 2, "by the same connection");
	expect_result(8, VF2);
	expect_result(9, VF1);
	expect_nothing();
}

Test(user_forward, every_opcode_and_no_other)
{
	struct vvb_exchange x;
	__u64 vf;

	listen_there();
	for (unsigned int opcode = 0; opcode < 20; opcode++) {
		x = operation(VF1, 1 + opcode, opcode, 1);
		if (opcode < 2 || opcode > 6)
			x.operation.bytes[0] = (__u8)opcode;
		cr_assert_eq(forwards_send(&fs, path, &x), 0);
		while (!take(&x, &vf))
			cr_assert_geq(serve(), 0);
		cr_expect_eq(x.reply.action, VVB_REPLY_RESULT);
		cr_expect_eq(vvb_result_status(&x.result),
			     opcode < 2 || opcode > 6 ? VVB_STATUS_EINVAL : VVB_STATUS_OK, "%u",
			     opcode);
	}
	cr_expect_eq(nr_carried, 5);
}

/* What it lacks in framing is no device's to see. */
Test(user_forward, commands_that_are_none)
{
	struct vvb_exchange odd[6], x;
	__u64 vf;

	listen_there();
	for (int i = 0; i < 6; i++)
		odd[i] = operation(VF1, 1 + i, i < 5 ? VVB_OP_COMMON_READ : VVB_OP_NOTIFY_INFO, 0);
	odd[0].operation.len = 24;
	odd[1].operation.len = 200;
	odd[2].operation.result_len = 64;
	odd[3].operation.bytes[4] = 1; /* reserved */
	odd[4].operation.pad[0] = 1;
	odd[5].operation.result_len = 65;
	for (int i = 0; i < 6; i++) {
		cr_assert_eq(forwards_send(&fs, path, &odd[i]), 0);
		while (!take(&x, &vf))
			cr_assert_geq(serve(), 0);
		cr_expect_eq(vvb_result_status(&x.result), VVB_STATUS_EINVAL, "%d", i);
	}
	cr_expect_eq(nr_carried, 0);
}

Test(user_forward, nobody_listens)
{
	cr_expect_eq(send_one(VF1, 1), -ENOENT);
	cr_expect_not(forwards_busy(&fs));
	listen_there();
	cr_expect_eq(send_one(VF1, 2), 0, "and then somebody does");
	connected();
	serve();
	expect_result(2, VF1);
}

Test(user_forward, a_path_that_is_too_long)
{
	struct vvb_exchange x = operation(VF1, 1, VVB_OP_COMMON_READ, 0);
	char name[200];

	memset(name, 'x', sizeof(name) - 1);
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	cr_expect_eq(forwards_send(&fs, name, &x), -ENAMETOOLONG);
	cr_expect_eq(vvb_forward_listen(name, &server), -ENAMETOOLONG);
	cr_expect_not(forwards_busy(&fs));
	server = NULL;
}

/* What was under way is refused, and the next connects anew. */
Test(user_forward, it_hangs_up)
{
	listen_there();
	cr_assert_eq(send_one(VF1, 1), 0);
	cr_assert_eq(send_one(VF2, 2), 0);
	vvb_forward_close(server);
	listen_there();
	expect_refusal(1);
	expect_refusal(2);
	expect_nothing();
	cr_assert_eq(send_one(VF1, 3), 0);
	connected();
	serve();
	expect_result(3, VF1);
}

/* Nobody has looked since it hung up: the first to find out is who sends. */
Test(user_forward, it_has_hung_up)
{
	listen_there();
	cr_assert_eq(send_one(VF1, 1), 0);
	connected();
	serve();
	expect_result(1, VF1);
	vvb_forward_close(server);
	listen_there();
	cr_assert_eq(send_one(VF1, 2), 0);
	connected();
	cr_expect_eq(serve(), 1);
	expect_result(2, VF1);
	vvb_forward_close(server);
	server = NULL;
	cr_expect_lt(send_one(VF1, 3), 0, "and nobody listens now");
	expect_nothing();
}

/* The kernel asks nothing else of a VF before one is answered; but a vvbd that has the VF anew may. */
Test(user_forward, another_of_the_same_vf)
{
	listen_there();
	cr_assert_eq(send_one(VF1, 1), 0);
	cr_assert_eq(send_one(VF1, 2), 0);
	connected();
	cr_expect_eq(serve(), 2);
	expect_result(2, VF1);
	expect_nothing();
	cr_expect_not(forwards_busy(&fs));
}

/* ---- a process that does as it likes ---- */

static int raw_listen(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, path);
	cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(fd, 4), 0);
	return fd;
}

static void answers(const void *packet, size_t len)
{
	int fd = raw_listen(), ours;

	cr_assert_eq(send_one(VF1, 5), 0);
	ours = accept(fd, NULL, NULL);
	cr_assert_geq(ours, 0);
	cr_assert_eq(send(ours, packet, len, 0), (ssize_t)len);
	expect_refusal(5);
	close(ours);
	close(fd);
	unlink(path);
}

Test(user_forward, answers_that_are_none)
{
	struct vvb_forward_result good = { .version = VVB_FORWARD_VERSION, .id = 5 }, bad = good;
	char long_one[200] = {};

	vvb_result_init(&good.result, VVB_STATUS_OK, 0);
	memcpy(long_one, &good, sizeof(good));
	answers(&good, sizeof(good) - 1);
	answers(long_one, sizeof(good) + 1);
	answers(long_one, sizeof(long_one));
	answers("", 1);
	bad = good;
	bad.version = 2;
	answers(&bad, sizeof(bad));
	bad = good;
	bad.pad = 1;
	answers(&bad, sizeof(bad));
}

Test(user_forward, an_answer_to_nothing)
{
	struct vvb_forward_result packet = { .version = VVB_FORWARD_VERSION, .id = 99 };
	int fd = raw_listen(), ours;

	cr_assert_eq(send_one(VF1, 5), 0);
	ours = accept(fd, NULL, NULL);
	vvb_result_init(&packet.result, VVB_STATUS_OK, 0);
	packet.result.len = 10;
	memset(packet.result.bytes + VVB_RESULT_HDR_LEN, 0x77, 2);
	send(ours, &packet, sizeof(packet), 0);
	expect_nothing();
	packet.id = 5;
	send(ours, &packet, sizeof(packet), 0);
	send(ours, &packet, sizeof(packet), 0);
	expect_result(5, VF1);
	expect_nothing();
	close(ours);
	close(fd);
}

/* vvbd does not wait for one that reads nothing. */
Test(user_forward, it_reads_nothing)
{
	int fd = raw_listen(), ours = -1, err = 0;

	for (unsigned int i = 0; !err && i < 100000; i++) {
		err = send_one(0x1000 + i, 1 + i);
		if (!i)
			ours = accept(fd, NULL, NULL);
	}
	cr_expect_eq(err, -EAGAIN);
	close(ours);
	close(fd);
}

/* ---- a vvbd that does as it likes ---- */

static int raw_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, path);
	cr_assert_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static struct vvb_forward_command packet_of(__u64 id, __u8 value)
{
	struct vvb_exchange x = operation(VF1, id, VVB_OP_COMMON_WRITE, value);

	return (struct vvb_forward_command) {
		.version = VVB_FORWARD_VERSION,
		.id = id,
		.vf = VF1,
		.command = x.operation,
	};
}

static void is_hung_up(const void *packet, size_t len)
{
	int fd = raw_connect();
	char byte;

	connected();
	cr_assert_eq(send(fd, packet, len, 0), (ssize_t)len);
	cr_expect_eq(serve(), 0);
	cr_expect_eq(recv(fd, &byte, 1, 0), 0, "it is still there: %zu bytes", len);
	close(fd);
}

Test(user_forward, packets_that_are_none)
{
	struct vvb_forward_command good = packet_of(1, 1), bad;
	char long_one[200] = {};

	listen_there();
	memcpy(long_one, &good, sizeof(good));
	is_hung_up(&good, sizeof(good) - 1);
	is_hung_up(long_one, sizeof(good) + 1);
	is_hung_up(long_one, sizeof(long_one));
	bad = good;
	bad.version = 0;
	is_hung_up(&bad, sizeof(bad));
	bad = good;
	bad.pad = 1;
	is_hung_up(&bad, sizeof(bad));
	cr_expect_eq(nr_carried, 0);
}

/* A vvbd has died with commands sent, and another has come: those of the first go first. */
Test(user_forward, the_order_is_that_of_connections)
{
	struct vvb_forward_command packet;
	int first, second;

	listen_there();
	first = raw_connect();
	connected();
	for (__u8 i = 1; i <= 3; i++) {
		packet = packet_of(i, i);
		send(first, &packet, sizeof(packet), 0);
	}
	close(first);
	second = raw_connect();
	packet = packet_of(4, 4);
	send(second, &packet, sizeof(packet), 0);
	while (nr_carried < 4)
		cr_assert_geq(serve(), 0);
	for (int i = 0; i < 4; i++)
		cr_expect_eq(carried[i].first, i + 1, "%d", i);
	close(second);
}

/* One that does not fetch its answers is hung up on, and holds nobody up. */
Test(user_forward, it_fetches_no_answers)
{
	struct vvb_forward_command packet = packet_of(1, 1);
	int fd, nr = 0;

	listen_there();
	fd = raw_connect();
	connected();
	for (int i = 0; i < 4000 && nr >= 0; i++) {
		nr_carried = 0;
		nr = send(fd, &packet, sizeof(packet), MSG_NOSIGNAL) < 0 ? -1 : 0;
		cr_assert_geq(serve(), 0);
	}
	cr_expect_eq(nr, -1, "it was hung up on");
	close(fd);
}

/* ---- the socket ---- */

Test(user_forward, it_is_the_callers)
{
	struct stat st;

	listen_there();
	cr_assert_eq(stat(path, &st), 0);
	cr_expect_eq(st.st_mode & 0777, 0600);
	vvb_forward_close(server);
	server = NULL;
	cr_expect_neq(stat(path, &st), 0, "it is removed");
}

Test(user_forward, what_a_dead_one_has_left)
{
	struct vvb_forward *other;

	close(raw_listen());
	listen_there();
	cr_expect_eq(vvb_forward_listen(path, &other), -EADDRINUSE, "one that lives");
	cr_expect_eq(send_one(VF1, 1), 0, "and is not disturbed");
}

Test(user_forward, something_else_is_there)
{
	FILE *file = fopen(path, "w");
	struct stat st;

	fclose(file);
	cr_expect_eq(vvb_forward_listen(path, &server), -EADDRINUSE);
	cr_expect_eq(stat(path, &st), 0, "it is still there");
	cr_expect_eq(vvb_forward_listen("/nosuch/dir/pf", &server), -ENOENT);
}

Test(user_forward, it_can_be_waited_for)
{
	struct vvb_exchange x;
	__u64 vf;

	listen_there();
	cr_assert_geq(vvb_forward_fd(server), 0);
	cr_expect_eq(vvb_forward_serve(server, carry, &nr_carried, 20), 0, "nothing to do");
	cr_assert_eq(send_one(VF1, 1), 0);
	while (!take(&x, &vf))
		cr_assert_geq(vvb_forward_serve(server, carry, &nr_carried, 1000), 0);
}
