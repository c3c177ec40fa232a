// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "manager.h"
#include "punt.h"

#define HANDED 3 /* the first descriptor that is handed down */

int manager_init(struct manager *m)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	static int nr;
	size_t len;

	m->kept = -1;
	m->pid = 0;
	snprintf(m->address, sizeof(m->address), "@vvb-manager-%d-%d", getpid(), nr++);
	len = strlen(m->address);
	memcpy(address.sun_path + 1, m->address + 1, len - 1);
	m->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (m->socket < 0 || bind(m->socket, (struct sockaddr *)&address,
				  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)))
		return -errno;
	return 0;
}

/* In the child. It has our memory as it was, so nothing that takes a lock is called. */
static void __attribute__((noreturn)) run(struct manager *m)
{
	char notify[64], pid[32];
	char *const with_channel[] = { notify, pid, "LISTEN_FDS=1", "LISTEN_FDNAMES=vvb-channel",
				       NULL };
	char *const without[] = { notify, NULL };
	int log = open(m->log, O_WRONLY | O_CREAT | O_APPEND, 0666);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(notify, sizeof(notify), "NOTIFY_SOCKET=%s", m->address);
	snprintf(pid, sizeof(pid), "LISTEN_PID=%d", getpid());
	dup2(log, STDERR_FILENO);
	if (log != HANDED)
		close(log);
	if (m->uid && (setgid(m->uid) || setuid(m->uid)))
		_exit(126);
	if (m->kept == HANDED)
		fcntl(HANDED, F_SETFD, 0);
	else if (m->kept >= 0)
		dup2(m->kept, HANDED);
	execve(m->argv[0], (char *const *)m->argv, m->kept < 0 ? without : with_channel);
	_exit(127);
}

static void keep(struct manager *m, struct msghdr *message)
{
	struct cmsghdr *passed = CMSG_FIRSTHDR(message);

	if (!passed || passed->cmsg_level != SOL_SOCKET || passed->cmsg_type != SCM_RIGHTS)
		return;
	manager_forget(m);
	memcpy(&m->kept, CMSG_DATA(passed), sizeof(m->kept));
}

/* Take one message, if there is one. Return: 1 when it says that the service is ready. */
static int listen_once(struct manager *m)
{
	char text[256] = "", control[CMSG_SPACE(sizeof(int))];
	struct iovec data = { .iov_base = text, .iov_len = sizeof(text) - 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };

	if (recvmsg(m->socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return 0;
	if (strstr(text, "FDSTOREREMOVE=1"))
		manager_forget(m);
	keep(m, &message);
	return strstr(text, "READY=1") != NULL;
}

static int wait_ready(struct manager *m, long ms)
{
	struct pollfd fd = { .fd = m->socket, .events = POLLIN };
	long until = punt_now_ms() + ms;

	while (punt_now_ms() < until) {
		if (poll(&fd, 1, 100) > 0 && listen_once(m))
			return 0;
		if (waitpid(m->pid, NULL, WNOHANG) == m->pid) {
			m->pid = 0;
			return -ECHILD;
		}
	}
	return -ETIMEDOUT;
}

int manager_start(struct manager *m, long ms)
{
	struct pollfd fd = { .fd = m->socket, .events = POLLIN };

	while (poll(&fd, 1, 0) > 0) /* what the last one had to say */
		listen_once(m);
	m->pid = fork();
	if (m->pid < 0)
		return -errno;
	if (!m->pid)
		run(m);
	return wait_ready(m, ms);
}

int manager_end(struct manager *m, int signal)
{
	int status = 0;

	kill(m->pid, signal);
	waitpid(m->pid, &status, 0);
	m->pid = 0;
	return status;
}

void manager_forget(struct manager *m)
{
	if (m->kept >= 0)
		close(m->kept);
	m->kept = -1;
}
