// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <zlib.h>

#include "kernel_config.h"

#define MOST (4 << 20)

struct kernel_config {
	char path[PATH_MAX];
	char *text; /* begins with a line feed */
};

static bool read_all(struct kernel_config *config, gzFile file)
{
	int got;

	config->text = malloc(MOST + 2);
	if (!config->text)
		return false;
	config->text[0] = '\n';
	got = gzread(file, config->text + 1, MOST);
	if (got < 0)
		return false;
	config->text[got + 1] = '\0';
	return true;
}

struct kernel_config *kernel_config_from(const char *path)
{
	struct kernel_config *config;
	gzFile file = gzopen(path, "re");

	if (!file)
		return NULL;
	config = calloc(1, sizeof(*config));
	if (config && !read_all(config, file)) {
		kernel_config_free(config);
		config = NULL;
	}
	if (config)
		snprintf(config->path, sizeof(config->path), "%s", path);
	gzclose(file);
	return config;
}

struct kernel_config *kernel_config_read(void)
{
	static const char *const at[][2] = { { "/boot/config-", "" },
					     { "/lib/modules/", "/config" },
					     { "/usr/lib/modules/", "/config" },
					     {} };
	struct kernel_config *config = kernel_config_from("/proc/config.gz");
	char path[PATH_MAX];
	struct utsname name;

	uname(&name);
	for (int i = 0; !config && at[i][0]; i++) {
		snprintf(path, sizeof(path), "%s%s%s", at[i][0], name.release, at[i][1]);
		config = kernel_config_from(path);
	}
	return config;
}

void kernel_config_free(struct kernel_config *config)
{
	if (config)
		free(config->text);
	free(config);
}

bool kernel_config_has(const struct kernel_config *config, const char *option)
{
	char line[128];

	snprintf(line, sizeof(line), "\nCONFIG_%s=y\n", option);
	if (strstr(config->text, line))
		return true;
	line[strlen(line) - 2] = 'm';
	return strstr(config->text, line);
}

const char *kernel_config_path(const struct kernel_config *config)
{
	return config->path;
}
