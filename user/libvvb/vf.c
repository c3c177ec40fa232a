// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* VFs as sysfs shows them: which are bound to the driver, and one value per file. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "copy_struct.h"
#include "paths.h"
#include "vf_ids.h"

#define VALUE_LEN 256

/* clang-format off */
static const char *const writable[] = {
	"legacy", "intx", "owner", "policy", "policy_required", "shadow", "eject",
	"policy_budget_us", "on_daemon_loss", "punt_timeout_ms", "admin_timeout_ms",
	"queue_size_max", "daemon_uid",
};
/* clang-format on */

/* @digits hexadecimal digits and then @end. */
static const char *hex(const char *text, int digits, char end, unsigned int *value)
{
	*value = 0;
	while (digits--) {
		int c = tolower((unsigned char)*text++);

		if (!isxdigit(c))
			return NULL;
		*value = *value << 4 | (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	return *text == end ? text + 1 : NULL;
}

int vvb_bdf_parse(const char *text, __u64 *vf)
{
	unsigned int domain = 0, bus = 0, device = 0, function = 0;

	if (strlen(text) == VVB_BDF_LEN - 1)
		text = hex(text, 4, ':', &domain);
	if (text)
		text = hex(text, 2, ':', &bus);
	if (text)
		text = hex(text, 2, '.', &device);
	if (text)
		text = hex(text, 1, '\0', &function);
	if (!text || device > 0x1f || function > 7)
		return -EINVAL;
	*vf = VVB_VF_ID(domain, bus, device << 3 | function);
	return 0;
}

void vvb_bdf_format(__u64 vf, char bdf[VVB_BDF_LEN])
{
	snprintf(bdf, VVB_BDF_LEN, "%04x:%02x:%02x.%x", (unsigned int)(vf >> 16) & 0xffff,
		 (unsigned int)(vf >> 8) & 0xff, (unsigned int)(vf >> 3) & 0x1f,
		 (unsigned int)vf & 7);
}

static int attribute_path(char *path, size_t size, const char *bdf, const char *attribute)
{
	return vvb_path(path, size, "%s/bus/pci/devices/%s/vvb/%s", vvb_sysfs_path(), bdf,
			attribute);
}

static int read_attribute(const char *bdf, const char *attribute, char *out, size_t size)
{
	char path[PATH_MAX];
	int err = attribute_path(path, sizeof(path), bdf, attribute);

	return err ? err : vvb_read_text(path, out, size);
}

static int get_number(const char *bdf, const char *attribute, __u64 *value)
{
	char text[32], *end;
	int err = read_attribute(bdf, attribute, text, sizeof(text));
	__u64 number;

	if (err)
		return err;
	number = strtoull(text, &end, 0);
	if (*end || end == text)
		return -EPROTO;
	*value = number;
	return 0;
}

/* What was wrong first: an attribute that the driver does not have, or no more, is no fault. */
static void note(int *first, int err)
{
	if (!*first && err != -ENOENT && err != -ENODEV)
		*first = err;
}

/* Return: how many were there. */
static int get_words(struct vvb_vf *vf, int *first)
{
	const struct {
		const char *name;
		char *word;
		size_t size;
	} words[] = {
		{ "legacy", vf->legacy, sizeof(vf->legacy) },
		{ "interface", vf->interface, sizeof(vf->interface) },
		{ "policy", vf->policy, sizeof(vf->policy) },
		{ "policy_state", vf->policy_state, sizeof(vf->policy_state) },
		{ "shadow", vf->shadow, sizeof(vf->shadow) },
		{ "on_daemon_loss", vf->on_daemon_loss, sizeof(vf->on_daemon_loss) },
		{ "daemon", vf->daemon, sizeof(vf->daemon) },
		{ "notify", vf->notify, sizeof(vf->notify) },
		{ "intx", vf->intx, sizeof(vf->intx) },
		{ "interrupt", vf->interrupt, sizeof(vf->interrupt) },
		{ "policy_required", vf->policy_required, sizeof(vf->policy_required) },
		{ "capable", vf->capable, sizeof(vf->capable) },
		{ "owner", vf->owner, sizeof(vf->owner) },
		{ "owner_active", vf->owner_active, sizeof(vf->owner_active) },
		{},
	};
	int nr = 0, err;

	for (int i = 0; words[i].name; i++) {
		err = read_attribute(vf->bdf, words[i].name, words[i].word, words[i].size);
		if (err)
			*words[i].word = '\0';
		note(first, err);
		nr += !err;
	}
	return nr;
}

static void get_numbers(struct vvb_vf *vf, int *first)
{
	const struct {
		const char *name;
		unsigned int *number;
	} numbers[] = {
		{ "punt_timeout_ms", &vf->punt_timeout_ms },
		{ "admin_timeout_ms", &vf->admin_timeout_ms },
		{ "policy_budget_us", &vf->policy_budget_us },
		{ "daemon_uid", &vf->daemon_uid },
		{ "stalled", &vf->stalled },
		{ "pf_stalled", &vf->pf_stalled },
		{ "queue_size_max", &vf->queue_size_max },
		{},
	};
	for (int i = 0; numbers[i].name; i++) {
		__u64 value = 0;

		note(first, get_number(vf->bdf, numbers[i].name, &value));
		*numbers[i].number = value;
	}
}

static void get_features(struct vvb_vf *vf, int *first)
{
	note(first, get_number(vf->bdf, "features_offered", &vf->features_offered));
	note(first, get_number(vf->bdf, "features_chosen", &vf->features_chosen));
	note(first, get_number(vf->bdf, "features_taken", &vf->features_taken));
}

static void get_kicks(struct vvb_vf *vf, int *first)
{
	note(first, get_number(vf->bdf, "ioeventfds", &vf->ioeventfds));
	note(first, get_number(vf->bdf, "kicks_by_vmm", &vf->kicks_by_vmm));
	note(first, get_number(vf->bdf, "kicks_by_ioeventfd", &vf->kicks_by_ioeventfd));
	note(first, get_number(vf->bdf, "kicks_by_thread", &vf->kicks_by_thread));
}

/* Return: 0, -ENODEV there is nothing of ours about it, what was wrong first. */
static int read_vf(__u64 id, struct vvb_vf *vf)
{
	int first = 0, nr;

	memset(vf, 0, sizeof(*vf));
	vf->id = id;
	vvb_bdf_format(id, vf->bdf);
	nr = get_words(vf, &first);
	note(&first, get_number(vf->bdf, "member_id", &vf->member_id));
	get_numbers(vf, &first);
	get_features(vf, &first);
	get_kicks(vf, &first);
	return nr || first ? first : -ENODEV;
}

int vvb_vf_get_sized(__u64 id, struct vvb_vf *vf, size_t size)
{
	struct vvb_vf own;
	int err = read_vf(id, &own);

	vvb_copy_struct(vf, size, &own, sizeof(own));
	return err;
}

int vvb_vf_set(__u64 id, const char *attribute, const char *value)
{
	char bdf[VVB_BDF_LEN], path[PATH_MAX];
	size_t len = strlen(value), i;
	int err;

	for (i = 0; i < sizeof(writable) / sizeof(*writable); i++)
		if (!strcmp(attribute, writable[i]))
			break;
	if (i == sizeof(writable) / sizeof(*writable) || !len || len >= VALUE_LEN)
		return -EINVAL;
	vvb_bdf_format(id, bdf);
	err = attribute_path(path, sizeof(path), bdf, attribute);
	return err ? err : vvb_write_text(path, value);
}

static int open_driver(DIR **dir)
{
	char path[PATH_MAX];
	int err = vvb_path(path, sizeof(path), "%s/bus/pci/drivers/" VVB_DRIVER, vvb_sysfs_path());

	if (err)
		return err;
	*dir = opendir(path);
	return *dir ? 0 : -errno;
}

/* Room for one more at the end of an array that grows by doubling. */
static int grow(struct vvb_vf **vfs, int nr)
{
	struct vvb_vf *more;

	if (nr & (nr - 1))
		return 0;
	more = realloc(*vfs, (nr ? nr * 2 : 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	*vfs = more;
	return 0;
}

/* To its place among @nr; qsort() would ask the system how much memory there is. */
static void insert(struct vvb_vf *vfs, int nr, const struct vvb_vf *vf)
{
	int at = nr;

	while (at && vfs[at - 1].id > vf->id)
		at--;
	memmove(&vfs[at + 1], &vfs[at], (nr - at) * sizeof(*vfs));
	vfs[at] = *vf;
}

/* All that are bound, each with what can be read of it. Return: how many, -ENOMEM. */
static int list_dir(DIR *dir, struct vvb_vf **vfs)
{
	struct dirent *entry;
	struct vvb_vf vf;
	int nr = 0;
	__u64 id;

	while ((entry = readdir(dir))) {
		if (vvb_bdf_parse(entry->d_name, &id) || read_vf(id, &vf) == -ENODEV)
			continue;
		if (grow(vfs, nr))
			return -ENOMEM;
		insert(*vfs, nr++, &vf);
	}
	return nr;
}

int vvb_vf_list_sized(struct vvb_vf **vfs, size_t size)
{
	struct vvb_vf *own = NULL;
	DIR *dir;
	int ret = open_driver(&dir);

	*vfs = NULL;
	if (ret)
		return ret;
	ret = list_dir(dir, &own);
	closedir(dir);
	if (ret >= 0)
		return vvb_copy_struct_array((void **)vfs, size, own, sizeof(*own), ret);
	free(own);
	return ret;
}

/* To its place among @nr. */
static int add_id(__u64 **ids, int nr, __u64 id)
{
	__u64 *more = realloc(*ids, (nr + 1) * sizeof(*more));
	int at = nr;

	if (!more)
		return -ENOMEM;
	*ids = more;
	for (; at && more[at - 1] > id; at--)
		more[at] = more[at - 1];
	more[at] = id;
	return 0;
}

int vvb_vf_ids(__u64 **ids)
{
	struct dirent *entry;
	int nr = 0, err;
	DIR *dir;
	__u64 id;

	*ids = NULL;
	err = open_driver(&dir);
	if (err)
		return err;
	while (!err && (entry = readdir(dir))) {
		if (vvb_bdf_parse(entry->d_name, &id))
			continue;
		err = add_id(ids, nr, id);
		nr += !err;
	}
	closedir(dir);
	if (!err)
		return nr;
	free(*ids);
	*ids = NULL;
	return err;
}

int vvb_driver_bpf(char *why, size_t size)
{
	char path[PATH_MAX];
	int err = vvb_path(path, sizeof(path), "%s/bus/pci/drivers/" VVB_DRIVER "/bpf",
			   vvb_sysfs_path());

	if (!err)
		err = vvb_read_text(path, why, size);
	if (err)
		return err;
	return strcmp(why, "available") ? -EOPNOTSUPP : 0;
}
