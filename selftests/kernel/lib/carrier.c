// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include "carrier.h"

#define WAIT_MS 5000

int carrier_wait(struct daemon *d, struct operation *op, int timeout_ms)
{
	struct vvb_exchange x = {
		.argsz = sizeof(x),
		.flags = VVB_EXCHANGE_OPERATIONS,
		.timeout_ms = timeout_ms,
	};

	if (ioctl(d->session, VVB_IOC_EXCHANGE, &x))
		return -errno;
	op->request = x.request;
	op->command = x.operation;
	return 0;
}

int carrier_reply(struct daemon *d, __u64 id, __u32 action, const struct vvb_result *result)
{
	struct vvb_exchange x = {
		.argsz = sizeof(x),
		.flags = VVB_EXCHANGE_OPERATIONS,
		.reply = { .id = id, .action = action },
	};

	if (result)
		x.result = *result;
	if (!ioctl(d->session, VVB_IOC_EXCHANGE, &x) || errno == EAGAIN)
		return 0;
	return -errno;
}

int carrier_value(struct daemon *d, const struct operation *op, __u64 value, unsigned int width)
{
	struct vvb_result result;

	vvb_result_init(&result, VVB_STATUS_OK, 0);
	vvb_put_le(result.bytes + VVB_RESULT_HDR_LEN, value, (__u8)width);
	result.len = (__u8)(VVB_RESULT_HDR_LEN + width);
	return carrier_reply(d, op->request.id, VVB_REPLY_RESULT, &result);
}

int carrier_status(struct daemon *d, const struct operation *op, __u16 status)
{
	struct vvb_result result;

	vvb_result_init(&result, status, 0);
	return carrier_reply(d, op->request.id, VVB_REPLY_RESULT, &result);
}

/* ---- opening ---- */

struct opening {
	struct vf *vf;
	const char *bdf;
	int err;
};

static void *open_it(void *arg)
{
	struct opening *o = arg;

	o->err = vf_open(o->vf, o->bdf);
	return NULL;
}

static int tell(struct daemon *d, const struct operation *op, const struct notify_entry *entries,
		unsigned int nr)
{
	struct vvb_result result;
	__u8 *at;

	if (!entries)
		return carrier_status(d, op, VVB_STATUS_EINVAL);
	vvb_result_init(&result, VVB_STATUS_OK, 0);
	for (unsigned int i = 0; i < nr; i++) {
		at = result.bytes + VVB_RESULT_HDR_LEN + i * VVB_NOTIFY_ENTRY_LEN;
		at[0] = entries[i].flags;
		at[1] = entries[i].bar;
		vvb_put_le(at + 8, entries[i].offset, 8);
	}
	result.len = VVB_RESULT_HDR_LEN + VVB_NOTIFY_INFO_LEN;
	return carrier_reply(d, op->request.id, VVB_REPLY_RESULT, &result);
}

int carrier_open(struct daemon *d, struct vf *vf, const char *bdf,
		 const struct notify_entry *entries, unsigned int nr)
{
	struct opening o = { .vf = vf, .bdf = bdf };
	struct operation op;
	pthread_t thread;
	int err;

	if (pthread_create(&thread, NULL, open_it, &o))
		return -EAGAIN;
	err = carrier_wait(d, &op, WAIT_MS);
	if (!err && op.command.bytes[0] != VVB_OP_NOTIFY_INFO)
		err = -EPROTO;
	if (!err)
		err = tell(d, &op, entries, nr);
	pthread_join(thread, NULL);
	return o.err ? o.err : err;
}
