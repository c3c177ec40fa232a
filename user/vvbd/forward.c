// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <vvb/forward.h>

#include "forward.h"
#include "log.h"

#define WAIT_MS 100 /* a signal is seen after so long: poll() does not look at the time-out again */

/* ---- sockets ---- */

static int find_socket(const struct forwards *fs, const char *path)
{
	for (int i = 0; i < fs->nr_sockets; i++)
		if (!strcmp(fs->sockets[i].path, path))
			return i;
	return -1;
}

/* Return: its number, or -ENOMEM. */
static int add_socket(struct forwards *fs, const char *path)
{
	struct forward_socket *more;
	char *copy;

	more = realloc(fs->sockets, (fs->nr_sockets + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	fs->sockets = more;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	more[fs->nr_sockets] = (struct forward_socket) { .path = copy, .fd = -1 };
	return fs->nr_sockets++;
}

/* Who listens has room for us at once, or we do without. */
static int connect_socket(struct forward_socket *socket_)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err = 0;

	if (strlen(socket_->path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, socket_->path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	say(LOG_NOTICE, "%s: connected", socket_->path);
	socket_->fd = fd;
	return 0;
}

/* What it had is refused, one after the other. */
static void hang_up(struct forwards *fs, int via)
{
	if (fs->sockets[via].fd < 0)
		return;
	close(fs->sockets[via].fd);
	fs->sockets[via].fd = -1;
	for (int i = 0; i < fs->nr_operations; i++)
		if (fs->operations[i].via == via)
			fs->operations[i].via = -1;
}

/* ---- one operation ---- */

static int find_operation(const struct forwards *fs, __u64 vf)
{
	for (int i = 0; i < fs->nr_operations; i++)
		if (fs->operations[i].vf == vf)
			return i;
	return -1;
}

/* In place of one of the same VF: the kernel has given that up, and wants no answer. */
static int note_operation(struct forwards *fs, const struct vvb_request *request, int via)
{
	int at = find_operation(fs, request->vf);
	struct forward_operation *more;

	if (at < 0) {
		more = realloc(fs->operations, (fs->nr_operations + 1) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		fs->operations = more;
		at = fs->nr_operations++;
	}
	fs->operations[at] =
		(struct forward_operation) { .vf = request->vf, .id = request->id, .via = via };
	return 0;
}

static void forget_operation(struct forwards *fs, int at)
{
	fs->operations[at] = fs->operations[--fs->nr_operations];
}

static int send_packet(int fd, const struct vvb_exchange *x)
{
	const struct vvb_forward_command packet = {
		.version = VVB_FORWARD_VERSION,
		.id = x->request.id,
		.vf = x->request.vf,
		.command = x->operation,
	};

	/* one that has no room for a packet has not read those of all its VFs */
	return send(fd, &packet, sizeof(packet), MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(packet) ?
		       0 :
		       -errno;
}

/* A process that was started again has hung up the connection of before, which is seen here first. */
static int send_again(struct forwards *fs, int via, const struct vvb_exchange *x)
{
	int err = send_packet(fs->sockets[via].fd, x);

	if (err != -EPIPE && err != -ECONNRESET && err != -ENOTCONN)
		return err;
	hang_up(fs, via);
	err = connect_socket(&fs->sockets[via]);
	return err ? err : send_packet(fs->sockets[via].fd, x);
}

int forwards_send(struct forwards *fs, const char *path, const struct vvb_exchange *x)
{
	int via = find_socket(fs, path), err = 0;

	if (via < 0)
		via = add_socket(fs, path);
	if (via < 0)
		return via;
	if (fs->sockets[via].fd < 0)
		err = connect_socket(&fs->sockets[via]);
	if (!err)
		err = note_operation(fs, &x->request, via);
	if (err)
		return err;
	err = send_again(fs, via, x);
	if (err)
		forget_operation(fs, find_operation(fs, x->request.vf));
	else /* hung up and connected again: this one is not what was lost */
		fs->operations[find_operation(fs, x->request.vf)].via = via;
	return err;
}

/* ---- answers ---- */

static void fill_reply(struct vvb_exchange *x, __u64 id, const struct vvb_result *result)
{
	x->reply = (struct vvb_reply) {
		.id = id,
		.action = result ? VVB_REPLY_RESULT : VVB_REPLY_DENY,
	};
	if (result)
		x->result = *result;
}

/* Of what was lost with its connection. */
static bool take_lost(struct forwards *fs, struct vvb_exchange *x, __u64 *vf)
{
	for (int i = 0; i < fs->nr_operations; i++) {
		if (fs->operations[i].via >= 0)
			continue;
		*vf = fs->operations[i].vf;
		fill_reply(x, fs->operations[i].id, NULL);
		forget_operation(fs, i);
		return true;
	}
	return false;
}

/* One to which nothing is known has been given up long since. */
static bool take_answer(struct forwards *fs, int via, const struct vvb_forward_result *packet,
			struct vvb_exchange *x, __u64 *vf)
{
	for (int i = 0; i < fs->nr_operations; i++) {
		if (fs->operations[i].id != packet->id || fs->operations[i].via != via)
			continue;
		*vf = fs->operations[i].vf;
		fill_reply(x, packet->id, &packet->result);
		forget_operation(fs, i);
		return true;
	}
	say_seldom(LOG_INFO, "%s: an answer to nothing", fs->sockets[via].path);
	return false;
}

/* Return: 1, a packet; 0, none has come; negative: it has hung up, or what came is no answer. */
static int receive(struct forward_socket *from, struct vvb_forward_result *packet)
{
	ssize_t len = recv(from->fd, packet, sizeof(*packet), MSG_DONTWAIT | MSG_TRUNC);

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (len == sizeof(*packet) && packet->version == VVB_FORWARD_VERSION && !packet->pad)
		return 1;
	if (len > 0)
		say_seldom(LOG_WARNING, "%s: %zd bytes that are no answer: hung up", from->path,
			   len);
	else
		say_seldom(LOG_WARNING, "%s: has hung up", from->path);
	return -EPROTO;
}

static bool take_from(struct forwards *fs, int via, struct vvb_exchange *x, __u64 *vf)
{
	struct vvb_forward_result packet;
	int ret;

	while (fs->sockets[via].fd >= 0) {
		ret = receive(&fs->sockets[via], &packet);
		if (!ret)
			return false;
		if (ret < 0)
			hang_up(fs, via);
		else if (take_answer(fs, via, &packet, x, vf))
			return true;
	}
	return false;
}

bool forwards_take(struct forwards *fs, struct vvb_exchange *x, __u64 *vf)
{
	for (int i = 0; i < fs->nr_sockets; i++)
		if (take_from(fs, i, x, vf))
			return true;
	return take_lost(fs, x, vf);
}

void forwards_wait(const struct forwards *fs, int session, int timeout_ms)
{
	struct pollfd fds[1 + fs->nr_sockets];

	fds[0] = (struct pollfd) { .fd = session, .events = POLLIN };
	for (int i = 0; i < fs->nr_sockets; i++) /* poll() takes no notice of -1 */
		fds[i + 1] = (struct pollfd) { .fd = fs->sockets[i].fd, .events = POLLIN };
	poll(fds, 1 + fs->nr_sockets,
	     timeout_ms < 0 || timeout_ms > WAIT_MS ? WAIT_MS : timeout_ms);
}

/* ---- the end ---- */

static bool is_at_rest(const struct forwards *fs, int via)
{
	for (int i = 0; i < fs->nr_operations; i++)
		if (fs->operations[i].via == via)
			return false;
	return true;
}

void forwards_rest(struct forwards *fs)
{
	for (int i = 0; i < fs->nr_sockets; i++)
		if (is_at_rest(fs, i))
			hang_up(fs, i);
}

void forwards_free(struct forwards *fs)
{
	for (int i = 0; i < fs->nr_sockets; i++) {
		hang_up(fs, i);
		free(fs->sockets[i].path);
	}
	free(fs->sockets);
	free(fs->operations);
	*fs = (struct forwards) {};
}
