// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "kernel.h"
#include "protocol.h"

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void answer(int session, struct fake_message *m, int ret)
{
	m->ret = ret;
	if (write(session, m, sizeof(*m)) < 0)
		return; /* vvbd has died: the next read says so */
}

/* ---- an exchange ---- */

static void end_exchange(struct kernel *k, int session, int ret)
{
	struct fake_message m = { .cmd = VVB_IOC_EXCHANGE, .exchange.timeout_ms = -1 };

	if (!ret) {
		m.exchange.request = k->request;
		m.exchange.operation = k->operation;
	}
	k->waiting = false;
	answer(session, &m, ret);
}

static bool hand_over(struct kernel *k, int session)
{
	if (!k->asked || k->handed)
		return false;
	k->handed = true;
	end_exchange(k, session, 0);
	return true;
}

static int take_reply(struct kernel *k, const struct vvb_exchange *x)
{
	if (!k->handed || k->replied || x->reply.id != k->request.id)
		return -ENOENT;
	k->reply = x->reply;
	k->result = x->result;
	k->replied = true;
	pthread_cond_broadcast(&k->changed);
	return 0;
}

static void exchange(struct kernel *k, int session, struct fake_message *m)
{
	const struct vvb_exchange *x = &m->exchange;
	int err = x->reply.action == VVB_REPLY_NONE ? 0 : take_reply(k, x);

	if (err)
		end_exchange(k, session, err);
	else if (hand_over(k, session))
		return;
	else if (!x->timeout_ms)
		end_exchange(k, session, -EAGAIN);
	else {
		k->waiting = true;
		k->until_ms = x->timeout_ms < 0 ? 0 : now_ms() + x->timeout_ms;
	}
}

static void enter(struct kernel *k, int session, struct fake_message *m)
{
	k->enters++;
	if (k->signal)
		kill(k->pid, k->signal);
	k->signal = 0;
	answer(session, m, 0);
}

/* ---- a session ---- */

static void take_message(struct kernel *k, int session, struct fake_message *m)
{
	switch (m->cmd) {
	case FAKE_ENTER:
		enter(k, session, m);
		break;
	case FAKE_CANCEL:
		if (k->waiting)
			end_exchange(k, session, -EINTR);
		break;
	case VVB_IOC_EXCHANGE:
		exchange(k, session, m);
		break;
	case VVB_IOC_CLAIM:
		k->claims += m->vf != VVB_VF_ALL;
		break;
	case VVB_IOC_COMMAND:
		memset(m->own.result, 0x5a, m->own.command.result_len % 9);
		m->own.status = 0;
		answer(session, m, 0);
		break;
	}
}

static void look(struct kernel *k, int session)
{
	if (!k->waiting || hand_over(k, session))
		return;
	if (k->until_ms && now_ms() >= k->until_ms)
		end_exchange(k, session, -EAGAIN);
}

static void serve(struct kernel *k, int session)
{
	struct pollfd fds[] = { { .fd = session, .events = POLLIN },
				{ .fd = k->wake[0], .events = POLLIN } };
	struct fake_message m;
	char byte;

	for (;;) {
		poll(fds, 2, 5);
		pthread_mutex_lock(&k->lock);
		if (fds[0].revents && read(session, &m, sizeof(m)) != sizeof(m))
			break;
		if (fds[0].revents)
			take_message(k, session, &m);
		if (fds[1].revents && read(k->wake[0], &byte, 1) < 0)
			break;
		look(k, session);
		if (k->over)
			break;
		pthread_mutex_unlock(&k->lock);
	}
	k->waiting = false;
	k->handed = k->handed && k->replied; /* asked again of the next */
	pthread_mutex_unlock(&k->lock);
}

static void *run(void *arg)
{
	struct kernel *k = arg;
	int session;

	while ((session = accept(k->listening, NULL, NULL)) >= 0) {
		serve(k, session);
		close(session);
	}
	return NULL;
}

void kernel_start(struct kernel *k, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memset(k, 0, sizeof(*k));
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->changed, NULL);
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	k->listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(k->listening, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(k->listening, 8), 0);
	cr_assert_eq(pipe(k->wake), 0);
	pthread_create(&k->thread, NULL, run, k);
}

void kernel_stop(struct kernel *k)
{
	pthread_mutex_lock(&k->lock);
	k->over = true;
	pthread_mutex_unlock(&k->lock);
	shutdown(k->listening, SHUT_RDWR);
	pthread_join(k->thread, NULL);
	close(k->listening);
}

bool kernel_ask(struct kernel *k, const struct vvb_request *request, struct vvb_reply *reply,
		int ms)
{
	static const struct vvb_command none;
	struct vvb_result result;

	return kernel_operate(k, request, &none, reply, &result, ms);
}

bool kernel_operate(struct kernel *k, const struct vvb_request *request,
		    const struct vvb_command *operation, struct vvb_reply *reply,
		    struct vvb_result *result, int ms)
{
	struct timespec until;
	bool replied;
	int err = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	pthread_mutex_lock(&k->lock);
	k->request = *request;
	k->operation = *operation;
	k->asked = true;
	k->handed = k->replied = false;
	cr_assert_eq(write(k->wake[1], "", 1), 1);
	while (!k->replied && !err)
		err = pthread_cond_timedwait(&k->changed, &k->lock, &until);
	replied = k->replied;
	*reply = k->reply;
	*result = k->result;
	k->asked = false;
	pthread_mutex_unlock(&k->lock);
	return replied;
}

void kernel_signal_at_exchange(struct kernel *k, int pid, int signal)
{
	pthread_mutex_lock(&k->lock);
	k->pid = pid;
	k->signal = signal;
	pthread_mutex_unlock(&k->lock);
}
