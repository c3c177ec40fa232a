// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "addresses.h"
#include "paths.h"
#include "pci.h"

#define VENDOR_VIRTIO 0x1af4
#define MODERN_ID_BASE 0x1040
#define MODERN_ID_LAST 0x107f

int vvb_pci_path(char *path, size_t size, __u64 id, const char *file)
{
	char bdf[VVB_BDF_LEN];

	vvb_bdf_format(id, bdf);
	return vvb_path(path, size, "%s/bus/pci/devices/%s/%s", vvb_sysfs_path(), bdf, file);
}

static bool has_file(__u64 id, const char *file)
{
	char path[PATH_MAX];

	return !vvb_pci_path(path, sizeof(path), id, file) && !access(path, F_OK);
}

int vvb_pci_read(__u64 id, const char *file, char *text, size_t size)
{
	char path[PATH_MAX];
	int err = vvb_pci_path(path, sizeof(path), id, file);

	return err ? err : vvb_read_text(path, text, size);
}

unsigned long vvb_pci_number(__u64 id, const char *file)
{
	char text[32];

	return vvb_pci_read(id, file, text, sizeof(text)) ? 0 : strtoul(text, NULL, 0);
}

int vvb_pci_link(__u64 id, const char *link, char *name, size_t size)
{
	char path[PATH_MAX], to[PATH_MAX] = "";
	int err = vvb_pci_path(path, sizeof(path), id, link);
	const char *slash;

	if (!err && readlink(path, to, sizeof(to) - 1) < 0)
		err = -errno;
	slash = strrchr(to, '/');
	snprintf(name, size, "%s", slash ? slash + 1 : to);
	return err;
}

int vvb_pci_entries(__u64 id, const char *directory, const char *with, char name[32])
{
	char path[PATH_MAX];
	int err = vvb_pci_path(path, sizeof(path), id, directory), nr = 0;
	DIR *dir = err ? NULL : opendir(path);
	struct dirent *entry;

	*name = '\0';
	while (dir && (entry = readdir(dir))) {
		if (*entry->d_name == '.' || strncmp(entry->d_name, with, strlen(with)))
			continue;
		snprintf(name, 32, "%.31s", entry->d_name);
		nr++;
	}
	if (dir)
		closedir(dir);
	return nr;
}

/* ---- uevent: it is one file where others are links, so that reading suffices ---- */

/* What stands behind "KEY=" in a file of such lines. Return: 0, -ENOENT. */
static int find_key(const char *path, const char *key, char *value, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[4096], *line, *rest = text;
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len < 0 ? 0 : len] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		if (strncmp(line, key, strlen(key)) || line[strlen(key)] != '=')
			continue;
		snprintf(value, size, "%s", line + strlen(key) + 1);
		return 0;
	}
	return -ENOENT;
}

/* The function that a link of this one leads to. */
static int follow_link(__u64 id, const char *file, __u64 *to)
{
	char path[PATH_MAX], bdf[VVB_BDF_LEN + 1];
	int err = vvb_pci_path(path, sizeof(path), id, file);

	if (!err)
		err = find_key(path, "PCI_SLOT_NAME", bdf, sizeof(bdf));
	return err ? err : vvb_bdf_parse(bdf, to);
}

void vvb_pci_driver(__u64 id, char driver[64])
{
	char path[PATH_MAX];

	if (vvb_pci_path(path, sizeof(path), id, "uevent") || find_key(path, "DRIVER", driver, 64))
		*driver = '\0';
}

int vvb_pci_pf_of(__u64 vf, __u64 *pf)
{
	return follow_link(vf, "physfn/uevent", pf);
}

/* ---- kinds ---- */

static bool is_virtio(__u64 id)
{
	unsigned long device = vvb_pci_number(id, "device");

	return vvb_pci_number(id, "vendor") == VENDOR_VIRTIO && device >= MODERN_ID_BASE &&
	       device <= MODERN_ID_LAST;
}

const struct vvb_config_layout *vvb_pci_type(__u64 id)
{
	if (!is_virtio(id))
		return NULL;
	return vvb_config_layout((__u8)(vvb_pci_number(id, "device") - MODERN_ID_BASE));
}

enum vvb_pci_kind vvb_pci_kind(__u64 id)
{
	if (!has_file(id, "uevent"))
		return VVB_PCI_ABSENT;
	if (!is_virtio(id))
		return VVB_PCI_OTHER;
	if (has_file(id, "physfn"))
		return VVB_PCI_VF;
	return has_file(id, "sriov_totalvfs") ? VVB_PCI_PF : VVB_PCI_PLAIN;
}

const char *vvb_pci_kind_text(enum vvb_pci_kind kind)
{
	static const char *const texts[] = {
		[VVB_PCI_ABSENT] = "there is no such PCI device",
		[VVB_PCI_VF] = "is a VF",
		[VVB_PCI_PF] = "is a PF",
		[VVB_PCI_PLAIN] = "is a virtio function, but neither VF nor PF",
		[VVB_PCI_OTHER] = "is no modern virtio function",
	};

	return texts[kind];
}

/* ---- lists ---- */

static int give_addresses(struct vvb_addresses *a, int err, __u64 **list)
{
	*list = a->list;
	if (!err)
		return a->nr;
	free(a->list);
	*list = NULL;
	return err;
}

/*
 * Those to which the PF has links. How many there are another file tells, but while VFs are taken away
 * that one waits for all who have them open; and their links go one by one, the first one first.
 */
static int add_present(__u64 pf, struct vvb_addresses *a)
{
	unsigned long nr = vvb_pci_number(pf, "sriov_totalvfs");
	char link[64];
	int err = 0;
	__u64 vf;

	for (unsigned long i = 0; !err && i < nr; i++) {
		snprintf(link, sizeof(link), "virtfn%lu/uevent", i);
		if (!follow_link(pf, link, &vf))
			err = vvb_addresses_add(a, vf);
	}
	return err;
}

/*
 * PCI Express 6.0, 9.2.1.2: routing ids of VFs. The two numbers hold for as many VFs as there are
 * now, and of a device with none they may be 0: then only time will tell.
 */
static int add_possible(__u64 pf, struct vvb_addresses *a)
{
	unsigned long offset = vvb_pci_number(pf, "sriov_offset"),
		      stride = vvb_pci_number(pf, "sriov_stride");
	unsigned long nr = vvb_pci_number(pf, "sriov_totalvfs");
	__u64 domain = pf & ~0xffffULL, rid;
	int err = 0;

	for (unsigned long i = 0; offset && !err && i < nr && (stride || !i); i++) {
		rid = (pf & 0xffff) + offset + i * stride;
		if (rid > 0xffff)
			break;
		err = vvb_addresses_add(a, domain | rid);
	}
	return err;
}

int vvb_pci_vfs_of(__u64 pf, bool all, __u64 **vfs)
{
	struct vvb_addresses a = {};
	int err = add_present(pf, &a);

	if (!err && all)
		err = add_possible(pf, &a);
	return give_addresses(&a, err, vfs);
}

int vvb_pci_pfs(__u64 **pfs)
{
	struct vvb_addresses a = {};
	char path[PATH_MAX];
	struct dirent *entry;
	int err = vvb_path(path, sizeof(path), "%s/bus/pci/devices", vvb_sysfs_path());
	DIR *dir = err ? NULL : opendir(path);
	__u64 id;

	while (!err && dir && (entry = readdir(dir)))
		if (!vvb_bdf_parse(entry->d_name, &id) && vvb_pci_kind(id) == VVB_PCI_PF)
			err = vvb_addresses_add(&a, id);
	if (dir)
		closedir(dir);
	return give_addresses(&a, err, pfs);
}
