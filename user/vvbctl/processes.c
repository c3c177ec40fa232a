// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvvb/paths.h"
#include "processes.h"
#include "vvbctl.h"

static bool is_in(json_object *list, const char *pid)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (number_of(json_object_array_get_idx(list, i), "pid") == strtoull(pid, NULL, 10))
			return true;
	return false;
}

void process_add(json_object *list, const char *pid)
{
	char path[PATH_MAX], name[64] = "?";
	json_object *process;

	if (is_in(list, pid))
		return;
	if (!vvb_path(path, sizeof(path), "/proc/%.20s/comm", pid))
		vvb_read_text(path, name, sizeof(name));
	process = json_object_new_object();
	put_number(process, "pid", strtoull(pid, NULL, 10));
	put_text(process, "name", name);
	json_object_array_add(list, process);
}

static bool has_open(const char *pid, const char *target)
{
	char path[PATH_MAX], link[PATH_MAX], to[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	ssize_t len;
	DIR *dir;

	if (vvb_path(path, sizeof(path), "/proc/%.20s/fd", pid))
		return false;
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		if (vvb_path(link, sizeof(link), "%s/%s", path, entry->d_name))
			continue;
		len = readlink(link, to, sizeof(to) - 1);
		to[len < 0 ? 0 : len] = '\0';
		found = !strcmp(to, target);
	}
	if (dir)
		closedir(dir);
	return found;
}

void processes_with(json_object *list, const char *target)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]) && has_open(entry->d_name, target))
			process_add(list, entry->d_name);
	if (dir)
		closedir(dir);
}
