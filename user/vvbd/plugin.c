// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <vvb/plugin.h>

#include "conf/safe_path.h"
#include "legacy_admin.h"
#include "log.h"
#include "plugin.h"
#include "request_handler.h"
#include "threads.h"

/* A plugin that is loaded, by the path that the configuration has for it. */
struct loaded {
	struct loaded *next;
	const struct vvb_plugin *plugin;
	char path[];
};

static struct loaded *all;

static const struct vvb_plugin *find_plugin(const char *path)
{
	for (struct loaded *l = all; l; l = l->next)
		if (!strcmp(l->path, path))
			return l->plugin;
	return NULL;
}

/* ---- loading ---- */

static int add_plugin(const char *path, const struct vvb_plugin *plugin)
{
	struct loaded *l = malloc(sizeof(*l) + strlen(path) + 1);

	if (!l)
		return -ENOMEM;
	*l = (struct loaded) { .next = all, .plugin = plugin };
	strcpy(l->path, path);
	all = l;
	return 0;
}

static int check(const struct handler_choice *choice, const struct vvb_plugin *plugin,
		 struct complaint *why)
{
	const char *path = choice->plugin;
	int line = choice->plugin_line;

	if (!plugin)
		return complain(why, line, "%s: no symbol vvb_plugin", path);
	if (plugin->api != VVB_PLUGIN_API)
		return complain(why, line, "%s: made for version %u, this is %u", path, plugin->api,
				VVB_PLUGIN_API);
	if (!plugin->start || !plugin->answer || !plugin->name)
		return complain(why, line, "%s: has no name, start or answer", path);
	return 0;
}

/* Only who is trusted can change what the path leads to, between this and dlopen() as well. */
static int check_file(const struct handler_choice *choice, struct complaint *why)
{
	int err = safe_path_check(choice->plugin, choice->plugin_line, why);

	if (err && err != -EINVAL)
		return complain(why, choice->plugin_line, "%s: %s", choice->plugin, strerror(-err));
	return err;
}

/*
 * All of it at once: nothing can be mapped for execution later. What is refused stays mapped, as
 * it may be running; we end soon.
 */
static int load_plugin(const struct handler_choice *choice, struct complaint *why)
{
	int threads = threads_count(1), err;
	void *object;

	if (!choice->plugin || find_plugin(choice->plugin))
		return 0;
	err = check_file(choice, why);
	if (err)
		return err;
	object = dlopen(choice->plugin, RTLD_NOW | RTLD_LOCAL);
	if (!object)
		return complain(why, choice->plugin_line, "%s", dlerror());
	err = check(choice, dlsym(object, "vvb_plugin"), why);
	if (!err && threads_count(threads) > threads)
		err = complain(why, choice->plugin_line, "%s: starts threads, and may start none",
			       choice->plugin);
	return err ? err : add_plugin(choice->plugin, dlsym(object, "vvb_plugin"));
}

int plugins_load(const struct conf_file *conf, struct complaint *why)
{
	int err = 0;

	for (int i = 0; !err && i < conf->nr; i++) {
		const struct handler_choice choice = handler_choice_in(&conf->sections[i]);

		err = load_plugin(&choice, why);
	}
	return err;
}

/* ---- what a plugin can ask of us ---- */

/* @host comes first: it is what the plugin knows us by. */
struct instance {
	struct vvb_plugin_host host;
	const struct vvb_plugin *plugin;
	int session;
	void *state;
};

static int host_legacy_admin(const struct vvb_plugin_host *host, const struct vvb_request *request,
			     struct vvb_reply *reply)
{
	(void)host;
	return legacy_admin_reply(request, reply) ? 0 : -EINVAL;
}

static int host_command(const struct vvb_plugin_host *host, __u64 id,
			const struct vvb_command *command, void *result)
{
	const struct instance *in = (const struct instance *)host;

	return vvb_command(in->session, id, command, result);
}

static void host_say(const struct vvb_plugin_host *host, int level, const char *text)
{
	const struct instance *in = (const struct instance *)host;

	say(level, "%s: %s", in->plugin->name, text);
}

/* ---- the handler ---- */

static int plugin_start(struct request_handler *h, const struct handler_choice *choice,
			struct complaint *why)
{
	const struct vvb_plugin *plugin = find_plugin(choice->plugin);
	char bdf[VVB_BDF_LEN];
	struct instance *in;
	int err;

	if (!plugin)
		return complain(why, choice->plugin_line, "%s: was not loaded when vvbd started",
				choice->plugin);
	in = malloc(sizeof(*in));
	if (!in)
		return -ENOMEM;
	*in = (struct instance) {
		.host = { host_legacy_admin, host_command, host_say },
		.plugin = plugin,
		.session = h->env->session,
	};
	err = plugin->start(&in->host, h->vf, choice->arguments ?: "", &in->state);
	if (err) {
		free(in);
		vvb_bdf_format(h->vf, bdf);
		return complain(why, choice->arguments_line ?: choice->plugin_line,
				"%s does not start for %s: %s", plugin->name, bdf,
				strerror(err < 0 ? -err : err));
	}
	h->state = in;
	return 0;
}

/*
 * The actions that answer. Any other leaves the guest waiting: to the kernel, NONE is a daemon that
 * only wants the next request.
 */
static bool answers(const struct vvb_reply *reply)
{
	return reply->action >= VVB_REPLY_VALUE && reply->action <= VVB_REPLY_DENY;
}

static int plugin_answer(struct request_handler *h, const struct vvb_request *request,
			 struct vvb_reply *reply)
{
	struct instance *in = h->state;
	char bdf[VVB_BDF_LEN];
	int err = in->plugin->answer(in->state, request, reply);

	if (err)
		return err < 0 ? err : -EINVAL;
	if (!answers(reply)) {
		vvb_bdf_format(h->vf, bdf);
		say_seldom(LOG_WARNING, "%s: %s: answers with action %u, which answers nothing",
			   bdf, in->plugin->name, reply->action);
		return -EPROTO;
	}
	return reply->action == VVB_REPLY_COMMAND ? (int)vvb_get_le(reply->command.bytes, 2) : 0;
}

static void plugin_stop(struct request_handler *h)
{
	struct instance *in = h->state;

	if (in->plugin->stop)
		in->plugin->stop(in->state);
	free(in);
}

const struct request_handler_type request_handler_plugin = {
	.start = plugin_start,
	.answer = plugin_answer,
	.stop = plugin_stop,
};
