// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/load.h"
#include "conf/safe_path.h"
#include "log.h"
#include "plugin.h"
#include "running_config.h"

#define TRACE_LIMIT (64ULL << 20)
#define TRACE_TOTAL (1024ULL << 20)

/* Where the configuration was before there was one for all. */
#define FORMER_FILE "/etc/vvbd/vvbd.conf"

/* Does the complaint name the file already? */
static bool names_file(const struct complaint *why, const char *path)
{
	size_t len = strlen(path);

	return !strncmp(why->text, path, len) && why->text[len] == ':';
}

/* Say what is wrong, with the line if one is to blame. Return: @err. */
static int tell(const struct running_config *c, const struct complaint *why, int err)
{
	if (err == -EINVAL && why->line)
		say(LOG_ERR, "%s:%d: %s", c->path, why->line, why->text);
	else if (err == -EINVAL && c->path && names_file(why, c->path))
		say(LOG_ERR, "%s", why->text);
	else if (err == -EINVAL && why->text[0])
		say(LOG_ERR, "%s: %s", c->path, why->text);
	else if (err)
		say(LOG_ERR, "%s: %s", c->path, strerror(-err));
	return err;
}

/* Say what was read, and what for. */
static void tell_read(const struct running_config *c, const char *lines_are,
		      const char *defaults_are)
{
	const struct conf_file *conf = &c->handlers.conf;

	if (conf->lines < 0)
		say(LOG_NOTICE, "%s: no such file: the defaults %s", c->path, defaults_are);
	else
		say(LOG_NOTICE, "%s: %d lines, %d sections: %s", c->path, conf->lines, conf->nr,
		    lines_are);
}

static void tell_in_force(const struct running_config *c)
{
	tell_read(c, "in force", "are in force");
}

void running_config_tell_checked(const struct running_config *c)
{
	tell_read(c, "would be in force", "would be in force");
}

/* ---- the file ---- */

/* Later we can go to another directory, and still know where it is. */
static int set_conf_path(struct running_config *c, const char *path)
{
	char *dir = path[0] == '/' ? NULL : getcwd(NULL, 0);
	int len = 0;

	if (path[0] == '/')
		c->path = strdup(path);
	else if (dir)
		len = asprintf(&c->path, "%s/%s", dir, path);
	free(dir);
	if (len < 0)
		c->path = NULL;
	return c->path ? 0 : -errno;
}

static int read_file(const struct running_config *c, struct conf_file *conf, struct complaint *why)
{
	int err = conf_file_load(conf, c->path, why);

	return err == -ENOENT && !c->must_be ? 0 : err;
}

/* ---- its directories ---- */

static int open_dir(const char *dir)
{
	return open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The directory of @path, or the nearest above it that there is. Changes @path. */
static int open_above(char *path)
{
	int dir;

	do {
		char *slash = strrchr(path, '/');

		*(slash == path ? slash + 1 : slash) = '\0';
		dir = open_dir(path);
	} while (dir < 0 && errno == ENOENT);
	return dir;
}

/* Whoever started us keeps files of their own private, but vvbd's user has to get in there. */
static int make_conf_dir(const char *dir)
{
	mode_t before = umask(0022);
	int err = mkdir(dir, 0755) ? -errno : 0;

	umask(before);
	return err;
}

/* Root reads everything: it may not keep a right to all that lies above. */
static int open_missing(const struct running_config *c, char *dir)
{
	int err = make_conf_dir(dir), fd = -1;

	if (!err) {
		say(LOG_NOTICE, "%s: made, for a configuration to come", dir);
		return open_dir(dir);
	}
	if (!geteuid()) {
		say(LOG_WARNING, "%s: %s: a configuration that comes later can't be read", dir,
		    strerror(-err));
		return -1;
	}
	fd = open_above(dir);
	say(LOG_NOTICE, "%s: no such file: all of %s stays readable, for one to come", c->path,
	    dir);
	return fd;
}

static int open_dir_of(const struct running_config *c, const char *path)
{
	char *dir = strdup(path), *slash = dir ? strrchr(dir, '/') : NULL;
	int fd = -1;

	if (slash) {
		slash[slash == dir] = '\0';
		fd = open_dir(dir);
		if (fd < 0 && errno == ENOENT && !c->must_be)
			fd = open_missing(c, dir);
	}
	free(dir);
	return fd;
}

void running_config_directories(const struct running_config *c, int dirs[2])
{
	char *target = realpath(c->path, NULL);

	dirs[0] = open_dir_of(c, c->path);
	dirs[1] = target ? open_dir_of(c, target) : -1;
	free(target);
}

/* ---- the beginning ---- */

/* Of [vvbd], NULL for none. */
static const char *value_of(const struct conf_file *conf, enum conf_key key)
{
	const struct conf_section *vvbd = conf_section(conf, CONF_VVBD, 0);

	return vvbd ? vvbd->set[key].text : NULL;
}

static int open_traces(struct running_config *c, const struct conf_file *conf)
{
	const char *dir = value_of(conf, CONF_TRACE_DIR);
	int err;

	if (!dir)
		return 0;
	c->env.trace_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (c->env.trace_fd >= 0)
		return 0;
	err = -errno;
	say(LOG_ERR, "%s: trace_dir %s: %s", c->path, dir, strerror(-err));
	return err;
}

static bool has_forward(const struct conf_file *conf)
{
	bool any = false;

	for (int i = 0; !any && i < conf->nr; i++)
		any = conf->sections[i].set[CONF_FORWARD].text;
	return any;
}

static unsigned long long size_of(const struct conf_file *conf, enum conf_key key,
				  unsigned long long otherwise)
{
	const char *text = value_of(conf, key);
	unsigned long long size;

	return text && !conf_size_parse(text, &size) ? size : otherwise;
}

static void set_limits(struct running_config *c, const struct conf_file *conf)
{
	c->env.trace_limit = size_of(conf, CONF_TRACE_LIMIT, TRACE_LIMIT);
	c->env.trace_total = size_of(conf, CONF_TRACE_TOTAL, TRACE_TOTAL);
}

/* It would be ignored, and nobody would notice but by what guests get. */
static int check_former(const char *path, struct complaint *why)
{
	if (path || access(FORMER_FILE, F_OK))
		return 0;
	return complain(why, 0,
			FORMER_FILE " is not read any more: move its lines here, where [daemon] is "
				    "[vvbd], and [default] is [all]; then remove it");
}

int running_config_open(struct running_config *c, const char *path)
{
	struct complaint why = {};
	struct conf_file conf;
	int err;

	*c = (struct running_config) {
		.must_be = path,
		.env = { .session = -1, .trace_fd = -1 },
	};
	conf_file_init(&conf);
	err = set_conf_path(c, path ?: CONF_FILE_DEFAULT);
	if (!err)
		err = safe_path_check(c->path, 0, &why);
	if (err == -ENOENT && c->path && !c->must_be) /* its directory is what it will come to */
		err = 0;
	if (!err)
		err = check_former(path, &why);
	if (!err)
		err = read_file(c, &conf, &why);
	if (!err)
		err = plugins_load(&conf, &why);
	tell(c, &why, err);
	if (!err)
		err = open_traces(c, &conf);
	c->env.forwards = has_forward(&conf);
	set_limits(c, &conf);
	request_handlers_init(&c->handlers, &conf);
	return err;
}

/* ---- handlers ---- */

static int add_handlers(struct running_config *c, struct request_handlers *to,
			const struct counters *served, struct complaint *why)
{
	int err = 0;

	for (int i = 0; !err && i < served->nr_vfs; i++)
		if (served->vfs[i].served)
			err = request_handlers_add(to, served->vfs[i].vf, &c->env, why);
	return err;
}

int running_config_start(struct running_config *c, int session, const struct counters *served)
{
	struct complaint why = {};
	int err;

	c->env.session = session;
	err = tell(c, &why, add_handlers(c, &c->handlers, served, &why));
	if (!err)
		tell_in_force(c);
	return err;
}

/* ---- only looked at ---- */

static bool has_plugin(const struct handler_choice *choice)
{
	return choice->kind == REQUEST_HANDLER_PLUGIN;
}

bool running_config_has_plugins(const struct running_config *c)
{
	const struct conf_file *conf = &c->handlers.conf;
	bool any = false;

	for (int i = 0; !any && i < conf->nr; i++) {
		const struct handler_choice choice = handler_choice_in(&conf->sections[i]);

		any = has_plugin(&choice);
	}
	return any;
}

/* Of another handler a start would leave a file. */
static int try_plugin(struct running_config *c, __u64 vf, struct complaint *why)
{
	const struct handler_choice choice = handler_choice_of(&c->handlers.conf, vf);

	return has_plugin(&choice) ? request_handlers_add(&c->handlers, vf, &c->env, why) : 0;
}

/* Is a choice that of one of these VFs? */
static bool is_chosen(const struct conf_file *conf, const struct handler_choice *choice,
		      const __u64 *vfs, int nr)
{
	bool chosen = false;

	for (int i = 0; !chosen && i < nr; i++)
		chosen = handler_choice_of(conf, vfs[i]).line == choice->line;
	return chosen;
}

/* Plugins that were not started, as no VF is there whose they would be. */
static void tell_untried(const struct running_config *c, const __u64 *vfs, int nr)
{
	const struct conf_file *conf = &c->handlers.conf;

	for (int i = 0; i < conf->nr; i++) {
		const struct handler_choice choice = handler_choice_in(&conf->sections[i]);

		if (has_plugin(&choice) && conf->sections[i].kind != CONF_VF &&
		    !is_chosen(conf, &choice, vfs, nr))
			say(LOG_NOTICE,
			    "%s:%d: no VF is there for this plugin, which was not started", c->path,
			    choice.plugin_line);
	}
}

int running_config_try(struct running_config *c, const __u64 *vfs, int nr)
{
	const struct conf_file *conf = &c->handlers.conf;
	struct complaint why = {};
	int err = 0;

	for (int i = 0; !err && i < conf->nr; i++)
		if (conf->sections[i].kind == CONF_VF)
			err = try_plugin(c, conf->sections[i].address, &why);
	for (int i = 0; !err && i < nr; i++)
		err = try_plugin(c, vfs[i], &why);
	if (!err)
		tell_untried(c, vfs, nr);
	return tell(c, &why, err);
}

/* ---- again ---- */

static bool same_text(const char *one, const char *other)
{
	return one && other ? !strcmp(one, other) : one == other;
}

/* All new or all old. The old handlers stop only when the new ones have started. */
static int replace_handlers(struct running_config *c, struct conf_file *conf,
			    const struct counters *served, struct complaint *why)
{
	struct request_handlers fresh;
	int err;

	if (!same_text(value_of(conf, CONF_TRACE_DIR), value_of(&c->handlers.conf, CONF_TRACE_DIR)))
		say(LOG_WARNING, "trace_dir: stays what it was when vvbd started");
	if (has_forward(conf) && !c->env.forwards)
		say(LOG_WARNING, "forward: there was none when vvbd started: restart it");
	request_handlers_init(&fresh, conf);
	err = add_handlers(c, &fresh, served, why);
	if (err) {
		request_handlers_free(&fresh);
		return err;
	}
	request_handlers_free(&c->handlers);
	c->handlers = fresh;
	set_limits(c, &fresh.conf);
	return 0;
}

/* What the sandbox does not let us read: the way to it is not the one of the start. */
static int explain(struct complaint *why, int err)
{
	if (err != -EACCES)
		return err;
	return complain(why, 0,
			"%s: vvbd reads it as its own user, and in the directories that there "
			"were when it started: restart it if they are others now",
			strerror(EACCES));
}

static bool is_served(__u64 vf, const void *arg)
{
	const struct counters *served = arg;

	for (int i = 0; i < served->nr_vfs; i++)
		if (served->vfs[i].vf == vf)
			return served->vfs[i].served;
	return false;
}

void running_config_follow(struct running_config *c, const struct counters *served)
{
	struct complaint why = {};

	request_handlers_keep(&c->handlers, is_served, served);
	tell(c, &why, add_handlers(c, &c->handlers, served, &why));
}

void running_config_reload(struct running_config *c, const struct counters *served)
{
	struct complaint why = {};
	struct conf_file conf;
	int err = explain(&why, read_file(c, &conf, &why));

	if (err)
		conf_file_free(&conf);
	else
		err = replace_handlers(c, &conf, served, &why);
	c->stale = tell(c, &why, err);
	if (!err) {
		tell_in_force(c);
		return;
	}
	say(LOG_ERR, "the configuration of before stays in force");
	running_config_follow(c, served);
}

void running_config_close(struct running_config *c)
{
	request_handlers_free(&c->handlers);
	free(c->path);
	if (c->env.trace_fd >= 0)
		close(c->env.trace_fd);
}
