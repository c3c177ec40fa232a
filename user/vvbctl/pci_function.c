// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libvvb/paths.h"
#include "pci_function.h"

static int function_path(const char *bdf, const char *file, char path[PATH_MAX])
{
	return vvb_path(path, PATH_MAX, "%s/bus/pci/devices/%s/%s", vvb_sysfs_path(), bdf, file);
}

bool pci_exists(const char *bdf)
{
	char path[PATH_MAX];

	return !function_path(bdf, "", path) && !access(path, F_OK);
}

int pci_read(const char *bdf, const char *file, char *text, size_t size)
{
	char path[PATH_MAX];
	int err = function_path(bdf, file, path);

	return err ? err : vvb_read_text(path, text, size);
}

static long read_number(const char *bdf, const char *file)
{
	char text[32];

	return pci_read(bdf, file, text, sizeof(text)) ? -1 : strtol(text, NULL, 0);
}

bool pci_is_virtio_net(const char *bdf)
{
	return read_number(bdf, "vendor") == 0x1af4 && read_number(bdf, "device") == 0x1041;
}

int pci_total_vfs(const char *bdf)
{
	long nr = read_number(bdf, "sriov_totalvfs");

	return nr < 0 ? 0 : (int)nr;
}

/* Of a link: while VFs are taken away the file sriov_numvfs waits for their users. */
int pci_num_vfs(const char *bdf)
{
	char vf[VVB_BDF_LEN];
	int nr = 0;

	while (pci_vf_of(bdf, nr, vf))
		nr++;
	return nr;
}

bool pci_link(const char *bdf, const char *link, char *name, size_t size)
{
	char path[PATH_MAX], to[PATH_MAX];
	const char *slash;
	ssize_t len;

	if (function_path(bdf, link, path))
		return false;
	len = readlink(path, to, sizeof(to) - 1);
	if (len < 0)
		return false;
	to[len] = '\0';
	slash = strrchr(to, '/');
	snprintf(name, size, "%s", slash ? slash + 1 : to);
	return true;
}

static bool linked_function(const char *bdf, const char *link, char to[VVB_BDF_LEN])
{
	char name[32];
	__u64 id;

	if (!pci_link(bdf, link, name, sizeof(name)) || vvb_bdf_parse(name, &id))
		return false;
	vvb_bdf_format(id, to);
	return true;
}

bool pci_pf_of(const char *bdf, char pf[VVB_BDF_LEN])
{
	return linked_function(bdf, "physfn", pf);
}

bool pci_vf_of(const char *pf, int nr, char vf[VVB_BDF_LEN])
{
	char link[32];

	snprintf(link, sizeof(link), "virtfn%d", nr);
	return linked_function(pf, link, vf);
}

/* Entries of a directory of the function that begin with @with; the last one's name. */
static int entries(const char *bdf, const char *dir, const char *with, char name[32])
{
	char path[PATH_MAX];
	struct dirent *entry;
	int nr = 0;
	DIR *d;

	if (function_path(bdf, dir, path))
		return 0;
	d = opendir(path);
	while (d && (entry = readdir(d)))
		if (entry->d_name[0] != '.' && !strncmp(entry->d_name, with, strlen(with))) {
			snprintf(name, 32, "%.31s", entry->d_name);
			nr++;
		}
	if (d)
		closedir(d);
	return nr;
}

bool pci_virtio(const char *bdf, char name[32])
{
	return entries(bdf, "", "virtio", name);
}

bool pci_vfio_device(const char *bdf, char name[32])
{
	return entries(bdf, "vfio-dev", "vfio", name);
}

int pci_group_size(const char *bdf)
{
	char name[32];

	return entries(bdf, "iommu_group/devices", "", name);
}
