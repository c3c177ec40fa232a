// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "link_holders.h"
#include "messages.h"
#include "paths.h"

#define DEPTH 8 /* of directories below the BPF file system that are looked into */

/* ---- pins ---- */

struct search {
	__u32 link;
	void (*found)(const char *pin, void *arg);
	void *arg;
	int nr;
};

static void search_dir(struct search *s, const char *path, int depth);

static void search_entry(struct search *s, const char *path, const struct dirent *entry, int depth)
{
	struct bpf_link_info info;
	char file[VVB_PIN_LEN];

	if (entry->d_name[0] == '.' || vvb_path(file, sizeof(file), "%s/%s", path, entry->d_name))
		return;
	if (entry->d_type == DT_DIR) {
		search_dir(s, file, depth - 1);
	} else if (entry->d_type == DT_REG && !vvb_link_pinned(file, &info) && info.id == s->link) {
		s->nr++;
		s->found(file, s->arg);
	}
}

static void search_dir(struct search *s, const char *path, int depth)
{
	struct dirent *entry;
	DIR *dir = depth ? opendir(path) : NULL;

	while (dir && (entry = readdir(dir)))
		search_entry(s, path, entry, depth);
	if (dir)
		closedir(dir);
}

static void take_pin(const char *pin, void *arg)
{
	memcpy(arg, pin, strlen(pin) + 1);
}

void vvb_link_holders_pin(__u32 link, char pin[VVB_PIN_LEN])
{
	struct search s = { .link = link, .found = take_pin, .arg = pin };

	*pin = '\0';
	search_dir(&s, vvb_bpffs_path(), DEPTH);
}

static void say_pin(const char *pin, void *arg)
{
	(void)arg;
	vvb_message("it is pinned as %s, too\n", pin);
}

/* ---- processes ---- */

/* Does a descriptor stand for the link? What the kernel tells has a line "link_id:	7". */
static bool is_of_link(const char *fdinfo, __u32 link)
{
	char line[128];
	unsigned int id = 0;
	FILE *file = fopen(fdinfo, "re");

	while (file && !id && fgets(line, sizeof(line), file))
		sscanf(line, "link_id: %u", &id);
	if (file)
		fclose(file);
	return id && id == link;
}

static bool has_link(const char *pid, __u32 link)
{
	char dir_path[64], path[64 + 256];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(dir_path, sizeof(dir_path), "/proc/%.20s/fdinfo", pid);
	dir = opendir(dir_path);
	while (dir && !found && (entry = readdir(dir)))
		found = isdigit((unsigned char)entry->d_name[0]) &&
			!vvb_path(path, sizeof(path), "%s/%s", dir_path, entry->d_name) &&
			is_of_link(path, link);
	if (dir)
		closedir(dir);
	return found;
}

/* A process names itself; of its name only what can be shown. */
static void say_process(const char *pid, void *arg)
{
	char path[64], name[64] = "?";

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	(void)arg;
	vvb_read_text(path, name, sizeof(name));
	for (char *c = name; *c; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	vvb_message("process %s (%s) has it open\n", pid, name);
}

int vvb_link_holders_processes(__u32 link, void (*found)(const char *pid, void *arg), void *arg)
{
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	int nr = 0;

	while (dir && (entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]) || !has_link(entry->d_name, link))
			continue;
		found(entry->d_name, arg);
		nr++;
	}
	if (dir)
		closedir(dir);
	return nr;
}

int vvb_link_holders_say(__u32 link)
{
	struct search s = { .link = link, .found = say_pin };

	search_dir(&s, vvb_bpffs_path(), DEPTH);
	return s.nr + vvb_link_holders_processes(link, say_process, NULL);
}
