// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Starts a thread as it is loaded, which no sandbox would reach. */
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include <vvb/plugin.h>

static void *run(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void __attribute__((constructor)) begin(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, run, NULL);
}

static int start(const struct vvb_plugin_host *host, __u64 vf, const char *arguments, void **state)
{
	(void)host, (void)vf, (void)arguments, (void)state;
	return 0;
}

static int answer(void *state, const struct vvb_request *request, struct vvb_reply *reply)
{
	(void)state, (void)request;
	reply->action = VVB_REPLY_DENY;
	return 0;
}

const struct vvb_plugin vvb_plugin = {
	.api = VVB_PLUGIN_API,
	.name = "thread",
	.start = start,
	.answer = answer,
};
