// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Which policies and guards there are: what the driver has registered, what is pinned
 * under vvb/ in the BPF file system, and guards that other tools have put in place.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "copy_struct.h"
#include "link.h"
#include "link_holders.h"
#include "module_btf.h"
#include "paths.h"
#include "pins.h"

struct list {
	struct vvb_policy *items;
	int nr;
};

static struct vvb_policy *list_add(struct list *list, const char *name)
{
	struct vvb_policy *more = realloc(list->items, (list->nr + 1) * sizeof(*more));
	struct vvb_policy *item;

	if (!more)
		return NULL;
	list->items = more;
	item = &more[list->nr++];
	memset(item, 0, sizeof(*item));
	strncpy(item->name, name, sizeof(item->name) - 1);
	return item;
}

static struct vvb_policy *list_find(struct list *list, const char *name)
{
	for (int i = 0; i < list->nr; i++)
		if (!list->items[i].guard && !strcmp(list->items[i].name, name))
			return &list->items[i];
	return NULL;
}

static bool knows_link(struct list *list, __u32 link)
{
	for (int i = 0; i < list->nr; i++)
		if (list->items[i].link == link)
			return true;
	return false;
}

/* ---- registered with the driver: lines of "name users" ---- */

static int add_line(struct list *list, const char *line)
{
	struct vvb_policy *item;
	char name[VVB_WORD_LEN];
	unsigned int users;

	if (sscanf(line, "%15s %u", name, &users) != 2)
		return 0;
	item = list_add(list, name);
	if (!item)
		return -ENOMEM;
	item->registered = true;
	item->users = users;
	return 0;
}

static int add_registered(struct list *list)
{
	char path[PATH_MAX], line[64];
	FILE *file;
	int err = vvb_path(path, sizeof(path), "%s/bus/pci/drivers/" VVB_DRIVER "/policies",
			   vvb_sysfs_path());

	if (err)
		return err;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (!err && fgets(line, sizeof(line), file))
		err = add_line(list, line);
	fclose(file);
	return err;
}

/* ---- pinned by us ---- */

static int add_pinned(struct list *list, const char *name)
{
	struct bpf_link_info info;
	struct vvb_policy *item;
	char pin[VVB_PIN_LEN];
	int err = vvb_pins_link(name, pin);

	if (err || vvb_link_pinned(pin, &info))
		return 0;
	item = info.type == BPF_LINK_TYPE_TRACING ? NULL : list_find(list, name);
	if (!item) {
		item = list_add(list, name);
		if (!item)
			return -ENOMEM;
		item->guard = info.type == BPF_LINK_TYPE_TRACING;
		item->registered = item->guard;
	}
	item->link = info.id;
	memcpy(item->pin, pin, sizeof(item->pin));
	return 0;
}

static int add_all_pinned(struct list *list)
{
	char path[VVB_PIN_LEN];
	struct dirent *entry;
	int err = vvb_pins_dir("", path);
	DIR *dir;

	if (err)
		return err;
	dir = opendir(path);
	if (!dir)
		return 0; /* nothing was ever pinned, or not ours to see */
	while (!err && (entry = readdir(dir)))
		if (vvb_pins_name_ok(entry->d_name))
			err = add_pinned(list, entry->d_name);
	closedir(dir);
	return err;
}

/* ---- guards of other tools ---- */

/* The module has one function that fmod_ret may attach to. */
static bool is_guard(const struct bpf_link_info *info)
{
	return info->type == BPF_LINK_TYPE_TRACING &&
	       info->tracing.attach_type == BPF_MODIFY_RETURN &&
	       vvb_module_btf_is(info->tracing.target_obj_id);
}

static void name_of_program(__u32 id, char name[VVB_WORD_LEN])
{
	struct bpf_prog_info info = {};
	__u32 len = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id);

	strcpy(name, "?");
	if (fd < 0)
		return;
	if (!bpf_prog_get_info_by_fd(fd, &info, &len))
		memcpy(name, info.name, VVB_WORD_LEN);
	close(fd);
}

static int add_guard(struct list *list, const struct bpf_link_info *info)
{
	char name[VVB_WORD_LEN];
	struct vvb_policy *item;

	name_of_program(info->prog_id, name);
	item = list_add(list, name);
	if (!item)
		return -ENOMEM;
	item->guard = true;
	item->registered = true;
	item->link = info->id;
	vvb_link_holders_pin(info->id, item->pin);
	return 0;
}

static int add_other_guards(struct list *list)
{
	struct bpf_link_info info;
	__u32 id = 0;
	int err = 0, fd;

	while (!err && !bpf_link_get_next_id(id, &id)) {
		fd = bpf_link_get_fd_by_id(id);
		if (fd < 0)
			continue;
		if (!vvb_link_info(fd, &info) && is_guard(&info) && !knows_link(list, info.id))
			err = add_guard(list, &info);
		close(fd);
	}
	return err;
}

/*
 * The kernel asks the guard that was attached last first. Without all of them in sight nobody can tell
 * who is the first.
 */
static bool goes_behind(const struct vvb_policy *a, const struct vvb_policy *b)
{
	return a->guard &&
	       (!b->guard || vvb_link_attached_later(b->link, a->link, vvb_link_loaded));
}

static void put_in_order(struct list *list)
{
	struct vvb_policy item;
	int i, at;

	for (i = 1; i < list->nr; i++) {
		item = list->items[i];
		for (at = i; at && goes_behind(&list->items[at - 1], &item); at--)
			list->items[at] = list->items[at - 1];
		list->items[at] = item;
	}
}

static void number_guards(struct list *list)
{
	unsigned int asked = 0;

	put_in_order(list);
	if (vvb_policy_visible())
		return;
	for (int i = 0; i < list->nr; i++)
		if (list->items[i].guard)
			list->items[i].asked = ++asked;
}

/* Of links there is no end to see without the right to look at them. */
static bool may_see_links(void)
{
	__u32 id = 0;

	return !bpf_link_get_next_id(0, &id) || errno != EPERM;
}

static bool may_see_pins(void)
{
	char path[VVB_PIN_LEN];

	return !vvb_pins_dir("", path) && (!access(path, R_OK | X_OK) || errno == ENOENT);
}

int vvb_policy_visible(void)
{
	return may_see_links() && may_see_pins() ? 0 : -EPERM;
}

int vvb_policy_list_sized(struct vvb_policy **policies, size_t size)
{
	struct list list = {};
	int err = add_registered(&list);

	if (!err)
		err = add_all_pinned(&list);
	if (!err)
		err = add_other_guards(&list);
	*policies = NULL;
	if (!err)
		number_guards(&list);
	if (!err)
		return vvb_copy_struct_array((void **)policies, size, list.items,
					     sizeof(*list.items), list.nr);
	free(list.items);
	return err;
}
