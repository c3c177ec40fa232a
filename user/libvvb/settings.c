// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "pci.h"
#include "settings.h"

#define SEPARATORS "\n "
#define SETTINGS_MAX 65536 /* a page, of whatever size */

static int settings_path(char *path, size_t size)
{
	return vvb_path(path, size, "%s/bus/pci/drivers/" VVB_DRIVER "/settings", vvb_sysfs_path());
}

int vvb_settings_read(char **text, bool *cut)
{
	char path[PATH_MAX];
	int err = settings_path(path, sizeof(path)), fd;
	ssize_t len;

	*text = NULL;
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*text = calloc(1, SETTINGS_MAX);
	len = *text ? read(fd, *text, SETTINGS_MAX - 1) : -1;
	err = len < 0 ? -errno : 0;
	close(fd);
	*cut = len >= 4 && !strcmp(*text + len - 4, "...\n");
	if (!err)
		return 0;
	free(*text);
	*text = NULL;
	return err;
}

/* Lines are "ADDRESS NAME=VALUE...". */
static bool line_address(const char *line, __u64 *vf)
{
	size_t len = strcspn(line, SEPARATORS);
	char bdf[VVB_BDF_LEN] = "";

	if (len >= sizeof(bdf) || line[len] != ' ')
		return false;
	memcpy(bdf, line, len);
	return !vvb_bdf_parse(bdf, vf);
}

bool vvb_settings_next(const char **at, __u64 *vf)
{
	bool found = false;

	while (!found && *at && **at) {
		found = line_address(*at, vf);
		*at = strchr(*at, '\n');
		if (*at)
			++*at;
	}
	return found;
}

static const char *line_of(const char *text, __u64 vf)
{
	__u64 other;

	while (text && *text) {
		if (line_address(text, &other) && other == vf)
			return text;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

static int find_in_line(const char *line, const char *name, char value[VVB_SETTING_LEN])
{
	const char *end = line + strcspn(line, "\n"), *word = line;
	size_t name_len = strlen(name), len;

	while ((word = memchr(word, ' ', end - word))) {
		word++;
		if (strncmp(word, name, name_len) || word[name_len] != '=')
			continue;
		word += name_len + 1;
		len = strcspn(word, SEPARATORS);
		if (len >= VVB_SETTING_LEN)
			return -EOVERFLOW;
		memcpy(value, word, len);
		value[len] = '\0';
		return 0;
	}
	return -ENOENT;
}

int vvb_settings_get(const char *text, __u64 vf, const char *name, char value[VVB_SETTING_LEN])
{
	char path[PATH_MAX], file[64];
	const char *line;

	snprintf(file, sizeof(file), "vvb/%s", name);
	if (!vvb_pci_path(path, sizeof(path), vf, file) &&
	    !vvb_read_text(path, value, VVB_SETTING_LEN))
		return 0;
	line = line_of(text, vf);
	return line ? find_in_line(line, name, value) : -ENOENT;
}

int vvb_settings_put(__u64 vf, const char *name, const char *value)
{
	char path[PATH_MAX], bdf[VVB_BDF_LEN], line[128];
	int err = settings_path(path, sizeof(path)), len;

	vvb_bdf_format(vf, bdf);
	len = snprintf(line, sizeof(line), "%s %s=%s", bdf, name, value);
	if (!err && len >= (int)sizeof(line))
		err = -EINVAL;
	return err ? err : vvb_write_text(path, line);
}
