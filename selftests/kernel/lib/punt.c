// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <vvb/admin.h>

#include "legacy.h"
#include "punt.h"
#include "stats.h"

long punt_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int daemon_session(struct daemon *d)
{
	d->session = ioctl(d->channel, VVB_IOC_SESSION);
	return d->session < 0 ? -errno : 0;
}

int daemon_open(struct daemon *d)
{
	d->session = -1;
	d->channel = open("/dev/vvb", O_RDWR | O_CLOEXEC);
	return d->channel < 0 ? -errno : daemon_session(d);
}

int daemon_claim(struct daemon *d, const char *bdf)
{
	struct vvb_vf_arg arg = { .argsz = sizeof(arg), .vf = stats_vf_id(bdf) };

	return ioctl(d->session, VVB_IOC_CLAIM, &arg) ? -errno : 0;
}

int daemon_disclaim(struct daemon *d, const char *bdf)
{
	struct vvb_vf_arg arg = { .argsz = sizeof(arg), .vf = stats_vf_id(bdf) };

	return ioctl(d->session, VVB_IOC_DISCLAIM, &arg) ? -errno : 0;
}

void daemon_close(struct daemon *d)
{
	if (d->session >= 0)
		close(d->session);
	if (d->channel >= 0)
		close(d->channel);
	d->session = d->channel = -1;
}

int daemon_wait(struct daemon *d, struct vvb_request *request, int timeout_ms)
{
	struct vvb_exchange exchange = { .argsz = sizeof(exchange), .timeout_ms = timeout_ms };

	if (ioctl(d->session, VVB_IOC_EXCHANGE, &exchange))
		return -errno;
	*request = exchange.request;
	return 0;
}

int daemon_reply(struct daemon *d, const struct vvb_reply *reply)
{
	struct vvb_exchange exchange = { .argsz = sizeof(exchange), .reply = *reply };

	if (!ioctl(d->session, VVB_IOC_EXCHANGE, &exchange) || errno == EAGAIN)
		return 0;
	return -errno;
}

int daemon_reply_value(struct daemon *d, __u64 id, __u64 value)
{
	struct vvb_reply reply = { .id = id, .action = VVB_REPLY_VALUE, .value = value };

	return daemon_reply(d, &reply);
}

void daemon_command(const struct vvb_request *request, struct vvb_command *command)
{
	struct vvb_admin_op op = {
		.member = request->member,
		.opcode = vvb_opcode_for((enum vvb_area)request->area, request->write),
		.offset = request->offset,
		.width = request->width,
	};

	vvb_put_le(op.registers, request->value, request->width);
	vvb_admin_build(&op, command);
}

static void *vcpu_run(void *arg)
{
	struct vcpu *v = arg;
	long start = punt_now_ms();

	if (v->write)
		v->got = legacy_write(v->vf, v->pos, &v->value, v->len);
	else
		v->got = legacy_read(v->vf, v->pos, &v->value, v->len);
	v->ms = punt_now_ms() - start;
	return NULL;
}

void vcpu_read(struct vcpu *v, const struct vf *vf, unsigned int pos, unsigned int len)
{
	*v = (struct vcpu) { .vf = vf, .pos = pos, .len = len };
	pthread_create(&v->thread, NULL, vcpu_run, v);
}

void vcpu_write(struct vcpu *v, const struct vf *vf, unsigned int pos, unsigned int len,
		uint64_t value)
{
	*v = (struct vcpu) { .vf = vf, .pos = pos, .len = len, .write = 1, .value = value };
	pthread_create(&v->thread, NULL, vcpu_run, v);
}

int vcpu_join(struct vcpu *v, long ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return -pthread_timedjoin_np(v->thread, NULL, &until);
}

static int attr_open(const char *bdf, const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/vvb/%s", bdf, name);
	return open(path, flags | O_CLOEXEC);
}

int vf_attr_get(const char *bdf, const char *name, char *value, size_t size)
{
	int fd = attr_open(bdf, name, O_RDONLY);
	ssize_t n;

	value[0] = 0;
	if (fd < 0)
		return -errno;
	n = read(fd, value, size - 1);
	close(fd);
	if (n < 0)
		return -errno;
	value[n] = 0;
	value[strcspn(value, "\n")] = 0;
	return 0;
}

int vf_attr_set(const char *bdf, const char *name, const char *value)
{
	int fd = attr_open(bdf, name, O_WRONLY);
	ssize_t n;
	int err = 0;

	if (fd < 0)
		return -errno;
	n = write(fd, value, strlen(value));
	if (n < 0)
		err = -errno;
	close(fd);
	return err;
}
