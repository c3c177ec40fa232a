// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Does what its arguments say: "nothing", "unknown" (an action that does not exist), "free twice",
 * "sleep".
 * It has had a thread, which is over: the C library goes other ways from then on.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vvb/plugin.h>

static void *run(void *arg)
{
	return arg;
}

static void __attribute__((constructor)) begin(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, run, NULL))
		pthread_join(thread, NULL);
}

static int start(const struct vvb_plugin_host *host, __u64 vf, const char *arguments, void **state)
{
	(void)host, (void)vf;
	*state = strdup(arguments);
	return 0;
}

static int answer(void *state, const struct vvb_request *request, struct vvb_reply *reply)
{
	void *volatile twice = malloc(32);

	(void)request;
	free(twice);
	if (!strcmp(state, "free twice"))
		free(twice);
	if (!strcmp(state, "sleep"))
		usleep(1);
	reply->action = strcmp(state, "nothing") ? 77 : VVB_REPLY_NONE;
	reply->value = 0x1234;
	return 0;
}

static void stop(void *state)
{
	free(state);
}

const struct vvb_plugin vvb_plugin = {
	.api = VVB_PLUGIN_API,
	.name = "odd",
	.start = start,
	.answer = answer,
	.stop = stop,
};
