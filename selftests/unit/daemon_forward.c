// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Operations, which vvbd passes on from inside its sandbox; and a module that knows of none. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vvb/result.h>

#include "daemon.h"
#include "libvvb/vvb.h"
#include "protocol.h"

static struct daemon d;
static struct vvb_forward *server;
static pthread_t thread;
static volatile bool over, silent;

static void carry(void *arg, __u64 vf, const struct vvb_command *command, struct vvb_result *result)
{
	(void)arg;
	while (silent && !over)
		usleep(1000);
	vvb_result_init(result, VVB_STATUS_OK, 0);
	vvb_put_le(result->bytes + VVB_RESULT_HDR_LEN, vf, command->result_len);
	result->len = (__u8)(VVB_RESULT_HDR_LEN + command->result_len);
}

static void *serve(void *arg)
{
	(void)arg;
	while (!over)
		vvb_forward_serve(server, carry, NULL, 10);
	return NULL;
}

static void start_server(void)
{
	over = false;
	cr_assert_eq(vvb_forward_listen(daemon_path(&d, "pf"), &server), 0);
	pthread_create(&thread, NULL, serve, NULL);
}

static void stop_server(void)
{
	over = true;
	pthread_join(thread, NULL);
	vvb_forward_close(server);
}

static void begin(void)
{
	daemon_init(&d);
	daemon_vfs(&d, 2);
}

static void end(void)
{
	daemon_exit(&d);
}

TestSuite(daemon_forward, .init = begin, .fini = end);

static void start(const char *config)
{
	daemon_file(&d, "vvb.conf", config, d.dir);
	daemon_start(&d, "--foreground", "--log-level=debug", "--config",
		     daemon_path(&d, "vvb.conf"), "--stats-file", daemon_path(&d, "stats"), NULL);
	cr_assert(daemon_is_ready(&d, 60000), "the log: %s", daemon_log(&d));
}

static bool operate(int nr, struct vvb_reply *reply, struct vvb_result *result, int ms)
{
	static __u64 id = 100;
	const struct vvb_request request = {
		.id = id++,
		.vf = DAEMON_VF(nr),
		.member = 1,
		.kind = VVB_REQUEST_OPERATION,
	};
	const struct vvb_admin_op op = { .member = 1, .opcode = VVB_OP_COMMON_READ, .width = 4 };
	struct vvb_command command;

	vvb_admin_build(&op, &command);
	return kernel_operate(&d.kernel, &request, &command, reply, result, ms);
}

static void expect_result(int nr)
{
	struct vvb_result result;
	struct vvb_reply reply = {};

	cr_assert(operate(nr, &reply, &result, 5000), "no answer; the log: %s", daemon_log(&d));
	cr_expect_eq(reply.action, VVB_REPLY_RESULT, "%u; the log: %s", reply.action,
		     daemon_log(&d));
	cr_expect_eq(result.len, 12);
	cr_expect_eq(vvb_result_number(&result, 0, 4), DAEMON_VF(nr));
}

static void expect_refusal(int nr, const char *says)
{
	struct vvb_result result;
	struct vvb_reply reply = {};

	cr_assert(operate(nr, &reply, &result, 5000), "no answer; the log: %s", daemon_log(&d));
	cr_expect_eq(reply.action, VVB_REPLY_DENY, "%u; the log: %s", reply.action, daemon_log(&d));
	cr_expect(daemon_says(&d, says, 2000), "wanted '%s', the log: %s", says, daemon_log(&d));
}

/* An access is answered as ever. */
static void expect_answer(int nr)
{
	const struct vvb_request read_features = {
		.id = 7,
		.vf = DAEMON_VF(nr),
		.member = 1,
		.field = VVB_FIELD_DEVICE_FEATURES,
		.width = 4,
	};
	struct vvb_reply reply = {};

	cr_assert(kernel_ask(&d.kernel, &read_features, &reply, 5000), "the log: %s",
		  daemon_log(&d));
	cr_expect_eq(reply.action, VVB_REPLY_COMMAND);
}

static void ends(void)
{
	int status;

	kill(d.pid, SIGTERM);
	status = daemon_wait(&d, 20000);
	cr_expect_eq(status, 0, "%d; the log: %s", status, daemon_log(&d));
	cr_expect_eq(d.nr_forbidden, 0, "system call %d is not in the filter", d.forbidden[0]);
}

static void forwards(bool traced)
{
	d.traced = traced;
	start_server();
	start("[all]\nforward = %s/pf\n");
	expect_result(0);
	expect_result(1);
	expect_answer(0);
	expect_result(0);
	stop_server();
	expect_refusal(0, "No such file");
	expect_answer(1);
	start_server();
	expect_result(1);
	kill(d.pid, SIGHUP);
	expect_result(0);
	kill(d.pid, SIGUSR1);
	cr_expect(daemon_stats(&d, 20000), "no counters");
	ends();
	stop_server();
}

Test(daemon_forward, traced)
{
	forwards(true);
}

Test(daemon_forward, in_the_sandbox)
{
	forwards(false);
}

/* A process that says nothing holds up nobody else, nor a signal. */
Test(daemon_forward, a_process_that_is_silent)
{
	struct vvb_result result;
	struct vvb_reply reply;

	silent = true;
	start_server();
	start("[all]\nforward = %s/pf\n");
	cr_expect_not(operate(0, &reply, &result, 1000), "it was answered");
	expect_answer(1);
	expect_answer(0);
	ends();
	stop_server();
}

/* A process of its own, as a thread can't be killed. */
static pid_t doomed_server(void)
{
	pid_t pid;

	cr_assert_eq(vvb_forward_listen(daemon_path(&d, "pf"), &server), 0);
	pid = fork();
	silent = true;
	if (!pid)
		serve(NULL);
	silent = false;
	return pid;
}

/* That it hangs up is the answer. */
Test(daemon_forward, a_process_that_dies)
{
	pid_t pid = doomed_server();
	struct vvb_result result;
	struct vvb_reply reply;

	start("[all]\nforward = %s/pf\n");
	cr_expect_not(operate(0, &reply, &result, 1000), "it was answered");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	cr_expect(daemon_says(&d, "has hung up", 5000), "%s", daemon_log(&d));
	vvb_forward_close(server);
	start_server();
	expect_result(0);
	ends();
	stop_server();
}

/* Nobody could say of which VFs it would be, nor could it connect. */
Test(daemon_forward, not_in_the_configuration)
{
	start("[vvbd]\ntrace_dir = %s\n");
	expect_refusal(0, "the configuration has no 'forward' for it");
	daemon_file(&d, "vvb.conf", "[all]\nforward = %s/pf\n", d.dir);
	d.ready = false;
	kill(d.pid, SIGHUP);
	cr_assert(daemon_is_ready(&d, 20000));
	expect_refusal(0, "forward: there was none when vvbd started: restart it");
	expect_answer(1);
	ends();
}

Test(daemon_forward, of_one_vf)
{
	start_server();
	start("[vf 0000:10:00.1]\nforward = %s/pf\n");
	expect_result(1);
	expect_refusal(0, "the configuration has no 'forward' for it");
	ends();
	stop_server();
}

Test(daemon_forward, an_older_module)
{
	d.env[0] = FAKE_OLDER "=1";
	start("[all]\nforward = %s/pf\n");
	expect_answer(0);
	expect_answer(1);
	ends();
}
