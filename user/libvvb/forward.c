// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The side of the process that has the PF: vvbd connects to it, and sends the administration commands
 * of VFs whose owner is `daemon`.
 *
 * The order in which commands come is the guests': what an earlier connection has left behind, as
 * its vvbd has died, is carried out before anything that comes by a later one. So connections are looked at
 * in the order in which they came, each until there is nothing more, and the next is taken on after that.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "vvb.h"

#include <vvb/forward.h>
#include <vvb/result.h>

#define CONNECTIONS 16
#define AT_ONCE 1024 /* commands of one connection, before others have their turn */
#define INVALID_COMMAND 1 /* a status qualifier */

/**
 * struct vvb_forward
 * @path:	of the socket, removed at the end
 * @listening:	the socket
 * @epoll:	readable when there is something to do
 * @nr, @fds:	connections, the oldest first
 */
struct vvb_forward {
	struct sockaddr_un path;
	int listening;
	int epoll;
	int nr;
	int fds[CONNECTIONS];
};

/* ---- the socket ---- */

static int watch(const struct vvb_forward *f, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(f->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	/* cppcheck-suppress resourceLeak; it is the caller's */
	return fd < 0 ? -errno : fd;
}

/* Does somebody listen there? */
static bool is_alive(const struct sockaddr_un *path)
{
	int fd = new_socket();
	bool alive = fd >= 0 && (!connect(fd, (const struct sockaddr *)path, sizeof(*path)) ||
				 errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	return alive;
}

/* What a process that has died has left is removed; nothing else is. */
static int clear_way(const struct sockaddr_un *path)
{
	struct stat st;

	if (lstat(path->sun_path, &st))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode) || is_alive(path))
		return -EADDRINUSE;
	return unlink(path->sun_path) ? -errno : 0;
}

/* Nobody but the caller may connect, until the caller says who else may. */
static int bind_there(const struct vvb_forward *f)
{
	if (fchmod(f->listening, 0600) ||
	    bind(f->listening, (const struct sockaddr *)&f->path, sizeof(f->path)))
		return -errno;
	return 0;
}

static int begin_listening(struct vvb_forward *f)
{
	int err = clear_way(&f->path);

	if (err)
		return err;
	f->listening = new_socket();
	if (f->listening < 0)
		return f->listening;
	err = bind_there(f);
	if (err)
		return err;
	if (listen(f->listening, CONNECTIONS))
		return -errno;
	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	return f->epoll < 0 ? -errno : watch(f, f->listening);
}

int vvb_forward_listen(const char *path, struct vvb_forward **forward)
{
	struct vvb_forward *f;
	int err;

	if (strlen(path) >= sizeof(f->path.sun_path))
		return -ENAMETOOLONG;
	f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	f->listening = -1;
	f->epoll = -1;
	f->path.sun_family = AF_UNIX;
	strcpy(f->path.sun_path, path);
	err = begin_listening(f);
	if (!err) {
		*forward = f;
		return 0;
	}
	if (f->listening >= 0)
		close(f->listening);
	if (f->epoll >= 0)
		close(f->epoll);
	free(f);
	return err;
}

int vvb_forward_fd(const struct vvb_forward *forward)
{
	return forward->epoll;
}

void vvb_forward_close(struct vvb_forward *forward)
{
	for (int i = 0; i < forward->nr; i++)
		close(forward->fds[i]);
	close(forward->listening);
	close(forward->epoll);
	unlink(forward->path.sun_path);
	free(forward);
}

/* ---- one command ---- */

/* One of those that the kernel frames: nothing else is to reach a PF by this way. */
static bool is_legacy(const struct vvb_command *command)
{
	struct vvb_admin_op op = { .opcode = VVB_OP_NOTIFY_INFO };
	struct vvb_command framed;

	if (vvb_admin_parse(command, &op) == VVB_ACCEPTED)
		return op.width && op.width <= sizeof(op.registers);
	op.member = vvb_get_le(command->bytes + 16, 8);
	vvb_admin_build(&op, &framed);
	return !memcmp(command, &framed, sizeof(framed));
}

static int carry_out(int fd, const struct vvb_forward_command *packet, vvb_forward_carry carry,
		     void *arg)
{
	struct vvb_forward_result reply = { .version = VVB_FORWARD_VERSION, .id = packet->id };

	vvb_result_init(&reply.result, VVB_STATUS_EINVAL, INVALID_COMMAND);
	if (is_legacy(&packet->command))
		carry(arg, packet->vf, &packet->command, &reply.result);
	/* who has died gets no answer, but what he has sent is carried out to the last */
	if (send(fd, &reply, sizeof(reply), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == EAGAIN)
		return -ENOBUFS;
	return 0;
}

/* Return: 1; 0 there is none; negative: the connection has ended, or what came is of another language. */
static int serve_one(int fd, vvb_forward_carry carry, void *arg)
{
	struct vvb_forward_command packet = {};
	ssize_t len = recv(fd, &packet, sizeof(packet), MSG_DONTWAIT | MSG_TRUNC);
	int err;

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (len != sizeof(packet) || packet.version != VVB_FORWARD_VERSION || packet.pad)
		return -EPROTO;
	err = carry_out(fd, &packet, carry, arg);
	return err ? err : 1;
}

/* All that has come by a connection. Return: how many; @over: it has ended. */
static int serve_connection(int fd, vvb_forward_carry carry, void *arg, bool *over)
{
	int nr = 0, ret = 1;

	while (ret > 0 && nr < AT_ONCE) {
		ret = serve_one(fd, carry, arg);
		nr += ret > 0;
	}
	*over = ret < 0;
	return nr;
}

/* ---- all of them ---- */

static int serve_connections(struct vvb_forward *f, vvb_forward_carry carry, void *arg)
{
	int nr = 0, kept = 0;
	bool over;

	for (int i = 0; i < f->nr; i++) {
		nr += serve_connection(f->fds[i], carry, arg, &over);
		if (over)
			close(f->fds[i]);
		else
			f->fds[kept++] = f->fds[i];
	}
	f->nr = kept;
	return nr;
}

/* Those that come. More than there is room for have to wait. */
static int take_on(struct vvb_forward *f)
{
	int err = 0, fd;

	while (!err && f->nr < CONNECTIONS) {
		fd = accept4(f->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return 0;
		err = watch(f, fd);
		if (err)
			close(fd);
		else
			f->fds[f->nr++] = fd;
	}
	return err;
}

int vvb_forward_serve(struct vvb_forward *forward, vvb_forward_carry carry, void *arg,
		      int timeout_ms)
{
	struct epoll_event event;
	int ready = epoll_wait(forward->epoll, &event, 1, timeout_ms);
	int nr, err;

	if (ready <= 0)
		return ready ? -errno : 0;
	nr = serve_connections(forward, carry, arg);
	err = take_on(forward);
	return err ? err : nr;
}
