// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Starts a thread as it is loaded, which ends a little later: for who counts threads it is what
 * pthread_join() leaves behind at times, only longer.
 */
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

#include <vvb/plugin.h>

static void *run(void *arg)
{
	usleep(50000);
	return arg;
}

static void __attribute__((constructor)) begin(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, run, NULL))
		pthread_detach(thread);
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
	.name = "brief",
	.start = start,
	.answer = answer,
};
