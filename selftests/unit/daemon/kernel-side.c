// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Loaded into the real vvbd before the C library: the ioctls of /dev/vvb go to the test that has
 * started it. Only with the system calls that vvbd's sandbox allows anyway, as all of it runs
 * inside. And, if asked, what the sandbox forbids stops for a tracer instead of killing.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "protocol.h"

static int connect_to_test(void)
{
	/* a read that a signal interrupts ends, whatever its handler's flags say */
	const struct timeval often = { .tv_usec = 20000 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	strncpy(address.sun_path, getenv(FAKE_SOCKET), sizeof(address.sun_path) - 1);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &often, sizeof(often))) {
		errno = EMFILE;
		return -1;
	}
	return fd;
}

static int new_session(void)
{
	const char *error = getenv(FAKE_SESSION);

	if (!error)
		return connect_to_test();
	errno = atoi(error);
	unsetenv(FAKE_SESSION);
	return -1;
}

static int talk(int fd, struct fake_message *m)
{
	ssize_t len;

	if (write(fd, m, sizeof(*m)) < 0)
		return -1;
	do
		len = read(fd, m, sizeof(*m));
	while (len < 0 && (errno == EINTR || errno == EAGAIN));
	if (len != sizeof(*m)) {
		errno = EIO;
		return -1;
	}
	errno = -m->ret;
	return m->ret ? -1 : 0;
}

/* A real system call would see @x->timeout_ms once, as it begins; and any signal after that. */
static int exchange(int fd, struct vvb_exchange *x)
{
	struct fake_message m = { .cmd = FAKE_ENTER }, cancel = { .cmd = FAKE_CANCEL };
	int cancelled = 0;
	ssize_t len;

	if (x->argsz != sizeof(*x) ||
	    x->flags & ~(getenv(FAKE_OLDER) ? 0 : VVB_EXCHANGE_OPERATIONS)) {
		errno = EINVAL;
		return -1;
	}
	if (talk(fd, &m))
		return -1;
	m.cmd = VVB_IOC_EXCHANGE;
	m.exchange = *x;
	len = write(fd, &m, sizeof(m));
	while (len > 0) {
		len = read(fd, &m, sizeof(m));
		if (len == sizeof(m))
			break;
		if (!cancelled && len < 0 &&
		    (errno == EINTR ||
		     (m.exchange.timeout_ms && !*(volatile __s32 *)&x->timeout_ms))) {
			cancelled = 1;
			write(fd, &cancel, sizeof(cancel));
		}
		if (len < 0 && (errno == EINTR || errno == EAGAIN))
			len = 1;
	}
	if (len <= 0) {
		errno = EIO;
		return -1;
	}
	if (!m.ret) {
		x->request = m.exchange.request;
		x->operation = m.exchange.operation;
	}
	errno = -m.ret;
	return m.ret ? -1 : 0;
}

/* Always granted: nobody waits for an answer. */
static int claim(int fd, unsigned int cmd, const struct vvb_vf_arg *arg)
{
	struct fake_message m = { .cmd = cmd, .vf = arg->vf };

	if (arg->argsz != sizeof(*arg) || arg->flags) {
		errno = EINVAL;
		return -1;
	}
	return write(fd, &m, sizeof(m)) < 0 ? -1 : 0;
}

static int own_command(int fd, struct vvb_own_command *own)
{
	struct fake_message m = { .cmd = VVB_IOC_COMMAND, .own = *own };
	int ret = talk(fd, &m);

	*own = m.own;
	return ret;
}

/* Of the VF with an even address; of the others another policy has been selected. */
static int ejection(struct vvb_ejection *e)
{
	if (e->argsz != sizeof(*e) || e->flags) {
		errno = EINVAL;
		return -1;
	}
	e->kind = e->vf & 1 ? VVB_EJECTED_NOT : VVB_EJECTED_ERROR;
	e->code = -7;
	strcpy(e->policy, "mine");
	strcpy(e->message, "no\033\nqueue");
	e->access = 1;
	e->field = VVB_FIELD_QUEUE_SIZE;
	e->offset = 12;
	e->width = 2;
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	switch ((unsigned int)request) {
	case VVB_IOC_SESSION:
		return new_session();
	case VVB_IOC_CLAIM:
	case VVB_IOC_DISCLAIM:
		return claim(fd, (unsigned int)request, arg);
	case VVB_IOC_EXCHANGE:
		return exchange(fd, arg);
	case VVB_IOC_COMMAND:
		return own_command(fd, arg);
	case VVB_IOC_EJECTION:
		return ejection(arg);
	}
	errno = ENOTTY;
	return -1;
}

/* ---- the default configuration, below another directory ---- */

#define ETC "/etc/vvb"

static const char *moved(const char *path, char room[256])
{
	const char *etc = getenv(FAKE_ETC);

	if (!etc || strncmp(path, ETC, strlen(ETC)))
		return path;
	snprintf(room, 256, "%s%s", etc, path + strlen(ETC));
	return room;
}

int open(const char *path, int flags, ...)
{
	char room[256];
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	return openat(AT_FDCWD, moved(path, room), flags, mode);
}

int mkdir(const char *path, mode_t mode)
{
	char room[256];

	return mkdirat(AT_FDCWD, moved(path, room), mode);
}

char *realpath(const char *path, char *resolved)
{
	char *(*real)(const char *, char *) = dlsym(RTLD_NEXT, "realpath");
	char room[256];

	return real(moved(path, room), resolved);
}

/* ---- the sandbox ---- */

scmp_filter_ctx seccomp_init(uint32_t action)
{
	scmp_filter_ctx (*real)(uint32_t) = dlsym(RTLD_NEXT, "seccomp_init");

	return real(getenv(FAKE_TRACE) ? SCMP_ACT_TRACE(0) : action);
}
