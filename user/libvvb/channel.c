// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The client's side of /dev/vvb: thin names for the ioctls of uapi/vvb.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "paths.h"
#include "vvb.h"

static int call(int fd, unsigned long request, void *arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

int vvb_open(void)
{
	int fd = open(vvb_device_path(), O_RDWR | O_CLOEXEC);

	/* cppcheck-suppress resourceLeak; it is the caller's */
	return fd < 0 ? -errno : fd;
}

int vvb_session(int channel)
{
	return call(channel, VVB_IOC_SESSION, NULL);
}

static int call_about(int fd, unsigned long request, __u64 vf)
{
	struct vvb_vf_arg arg = { .argsz = sizeof(arg), .vf = vf };

	return call(fd, request, &arg);
}

int vvb_claim(int session, __u64 vf)
{
	return call_about(session, VVB_IOC_CLAIM, vf);
}

int vvb_disclaim(int session, __u64 vf)
{
	return call_about(session, VVB_IOC_DISCLAIM, vf);
}

int vvb_exchange_operations(int session, const struct vvb_reply *reply,
			    const struct vvb_result *result, struct vvb_request *request,
			    struct vvb_command *operation, int timeout_ms)
{
	struct vvb_exchange exchange = {
		.argsz = sizeof(exchange),
		.flags = VVB_EXCHANGE_OPERATIONS,
		.timeout_ms = timeout_ms,
	};
	int err;

	if (reply)
		exchange.reply = *reply;
	if (result)
		exchange.result = *result;
	err = call(session, VVB_IOC_EXCHANGE, &exchange);
	if (err)
		return err;
	*request = exchange.request;
	*operation = exchange.operation;
	return 0;
}

int vvb_exchange(int session, const struct vvb_reply *reply, struct vvb_request *request,
		 int timeout_ms)
{
	struct vvb_exchange exchange = { .argsz = sizeof(exchange), .timeout_ms = timeout_ms };
	int err;

	if (reply)
		exchange.reply = *reply;
	err = call(session, VVB_IOC_EXCHANGE, &exchange);
	if (!err)
		*request = exchange.request;
	return err;
}

int vvb_command(int session, __u64 id, const struct vvb_command *cmd, void *result)
{
	struct vvb_own_command own = { .argsz = sizeof(own), .id = id, .command = *cmd };
	int err;

	if (cmd->result_len > sizeof(own.result))
		return -EINVAL;
	err = call(session, VVB_IOC_COMMAND, &own);
	if (!err)
		err = own.status > 0 ? -own.status : own.status;
	if (!err && result)
		memcpy(result, own.result, cmd->result_len);
	return err;
}

int vvb_claim_coming(int session, bool take)
{
	struct vvb_vf_arg arg = {
		.argsz = sizeof(arg),
		.flags = take ? 0 : VVB_CLAIM_TELL,
		.vf = VVB_VF_ALL,
	};

	return call(session, VVB_IOC_CLAIM, &arg);
}

int vvb_stats_reset(int channel, __u64 vf)
{
	return call_about(channel, VVB_IOC_STATS_RESET, vf);
}
