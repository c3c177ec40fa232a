// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * fixed-mac - an example of a plugin: a network VF whose guest sees the MAC address that the
 * configuration names, whatever the device has; writes to it are swallowed.
 *
 *	[vf 0000:01:00.1]
 *	plugin = /usr/lib/vvbd/fixed-mac.so
 *	arguments = 02:00:00:00:00:01
 *	handler = exec-plugin
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

#include <vvb/plugin.h>

#define MAC_LEN 6 /* at the beginning of the device configuration */

struct fixed_mac {
	const struct vvb_plugin_host *host;
	__u8 mac[MAC_LEN];
};

static int parse_mac(const char *text, __u8 mac[MAC_LEN])
{
	int end = 0;

	if (sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0], &mac[1], &mac[2],
		   &mac[3], &mac[4], &mac[5], &end) != MAC_LEN ||
	    text[end])
		return -EINVAL;
	return mac[0] & 1 ? -EINVAL : 0; /* of a group, not of a device */
}

static int start(const struct vvb_plugin_host *host, __u64 vf, const char *arguments, void **state)
{
	struct fixed_mac *f = calloc(1, sizeof(*f));

	(void)vf;
	if (!f)
		return -ENOMEM;
	f->host = host;
	if (parse_mac(arguments, f->mac)) {
		host->say(host, LOG_ERR, "arguments: a MAC address is wanted");
		free(f);
		return -EINVAL;
	}
	*state = f;
	return 0;
}

/* The bytes of the address among those that are read; the device's own behind it. */
static __u64 put_mac(const struct fixed_mac *f, const struct vvb_request *request, __u64 value)
{
	for (int i = 0; i < request->width; i++) {
		int at = request->offset + i;

		if (at >= MAC_LEN)
			break;
		value &= ~(0xffULL << 8 * i);
		value |= (__u64)f->mac[at] << 8 * i;
	}
	return value;
}

/* Ask the device for all of it, as a field may reach past the address. */
static int read_device(const struct fixed_mac *f, const struct vvb_request *request, __u64 *value)
{
	__u8 bytes[8] = {};
	struct vvb_reply plain;
	int err = f->host->legacy_admin(f->host, request, &plain);

	if (!err)
		err = f->host->command(f->host, request->id, &plain.command, bytes);
	for (int i = 0; i < 8; i++)
		*value |= (__u64)bytes[i] << 8 * i;
	return err;
}

static int answer(void *state, const struct vvb_request *request, struct vvb_reply *reply)
{
	struct fixed_mac *f = state;
	__u64 value = 0;
	int err = 0;

	if (request->area != VVB_AREA_DEVICE || request->offset >= MAC_LEN)
		return f->host->legacy_admin(f->host, request, reply);
	if (!request->write && request->offset + request->width > MAC_LEN)
		err = read_device(f, request, &value);
	reply->action = VVB_REPLY_VALUE;
	reply->value = request->write ? 0 : put_mac(f, request, value);
	return err;
}

static void stop(void *state)
{
	free(state);
}

const struct vvb_plugin vvb_plugin = {
	.api = VVB_PLUGIN_API,
	.name = "fixed-mac",
	.start = start,
	.answer = answer,
	.stop = stop,
};
