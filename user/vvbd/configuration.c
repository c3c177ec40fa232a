// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "configuration.h"
#include "log.h"
#include "plugin.h"

/* Say what is wrong, with the line if one is to blame. Return: @err. */
static int tell(const struct configuration *c, const struct complaint *why, int err)
{
	if (err == -EINVAL && why->line)
		say(LOG_ERR, "%s:%d: %s", c->path, why->line, why->text);
	else if (err)
		say(LOG_ERR, "%s: %s", c->path, strerror(-err));
	return err;
}

/* ---- the file ---- */

static int open_dir(struct configuration *c)
{
	const char *slash = strrchr(c->path, '/');
	char dir[PATH_MAX] = ".";
	size_t len = slash ? slash - c->path : 0;

	if (len >= sizeof(dir))
		return -ENAMETOOLONG;
	if (slash)
		memcpy(dir, len ? c->path : "/", len ?: 1);
	dir[slash ? len ?: 1 : 1] = '\0';
	c->name = slash ? slash + 1 : c->path;
	c->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (c->dir < 0)
		return c->must_be || errno != ENOENT ? -errno : 0;
	return 0;
}

static FILE *open_file(struct configuration *c)
{
	int fd = c->dir < 0 ? -1 : openat(c->dir, c->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static int read_file(struct configuration *c, struct config *config, struct complaint *why)
{
	FILE *file;
	int err;

	config_init(config);
	if (c->dir < 0)
		return 0;
	file = open_file(c);
	if (!file)
		return c->must_be || errno != ENOENT ? -errno : 0;
	err = config_read(config, file, why);
	fclose(file);
	return err;
}

/* ---- the beginning ---- */

static int open_traces(struct configuration *c, const struct config *config)
{
	if (!config->trace_dir)
		return 0;
	c->around.trace_fd = open(config->trace_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (c->around.trace_fd >= 0)
		return 0;
	say(LOG_ERR, "%s: %s", config->trace_dir, strerror(errno));
	return -errno;
}

int configuration_open(struct configuration *c, const char *path)
{
	struct complaint why = {};
	struct config config;
	int err;

	*c = (struct configuration) {
		.path = path ?: CONFIG_FILE,
		.dir = -1,
		.must_be = path,
		.around = { .session = -1, .trace_fd = -1 },
	};
	config_init(&config);
	err = open_dir(c);
	if (!err)
		err = read_file(c, &config, &why);
	if (!err)
		err = plugins_load(&config, &why);
	tell(c, &why, err);
	if (!err)
		err = open_traces(c, &config);
	c->around.trace_limit = config.trace_limit;
	handlers_init(&c->handlers, &config);
	return err;
}

/* ---- handlers ---- */

static int add_all(struct configuration *c, struct handlers *to, const struct counters *served,
		   struct complaint *why)
{
	int err = 0;

	for (int i = 0; !err && i < served->nr_vfs; i++)
		err = handlers_add(to, served->vfs[i].vf, &c->around, why);
	return err;
}

int configuration_start(struct configuration *c, int session, const struct counters *served)
{
	struct complaint why = {};

	c->around.session = session;
	return tell(c, &why, add_all(c, &c->handlers, served, &why));
}

/* ---- again ---- */

static bool same_text(const char *one, const char *other)
{
	return one && other ? !strcmp(one, other) : one == other;
}

/* All new or all old. The old handlers stop only when the new ones have started. */
static int replace(struct configuration *c, struct config *config, const struct counters *served,
		   struct complaint *why)
{
	struct handlers fresh;
	int err;

	if (!same_text(config->trace_dir, c->handlers.config.trace_dir))
		say(LOG_WARNING, "trace-dir: stays what it was when vvbd started");
	handlers_init(&fresh, config);
	err = add_all(c, &fresh, served, why);
	if (err) {
		handlers_free(&fresh);
		return err;
	}
	handlers_free(&c->handlers);
	c->handlers = fresh;
	c->around.trace_limit = fresh.config.trace_limit;
	return 0;
}

void configuration_reload(struct configuration *c, const struct counters *served)
{
	struct complaint why = {};
	struct config config;
	int err = read_file(c, &config, &why);

	if (err)
		config_free(&config);
	else
		err = replace(c, &config, served, &why);
	c->stale = tell(c, &why, err);
	if (!err) {
		say(LOG_NOTICE, "the new configuration is in force");
		return;
	}
	say(LOG_ERR, "the configuration of before stays in force");
	configuration_start(c, c->around.session, served); /* VFs that are new */
}

void configuration_close(struct configuration *c)
{
	handlers_free(&c->handlers);
	if (c->dir >= 0)
		close(c->dir);
	if (c->around.trace_fd >= 0)
		close(c->around.trace_fd);
}
