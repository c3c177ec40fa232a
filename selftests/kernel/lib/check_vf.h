/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The VF that a test program is about: it is there, or the program ends. */
#ifndef CHECK_VF_H
#define CHECK_VF_H

#include <fcntl.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "vfio.h"

static inline void check_vf_open(struct vf *vf, const char *bdf)
{
	int err = vf_open(vf, bdf);

	if (err)
		check_die("VF %s: %s", bdf, strerror(-err));
}

/* A file of the VF in sysfs: "config" is what the device has, whatever VFIO shows of it. Return: an fd. */
static inline int check_vf_file(const struct vf *vf, const char *file, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", vf->bdf, file);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		check_die("%s: %s", path, strerror(errno));
	return fd;
}

/* Where a capability is that the VF's user is shown, of any 48 at most. */
static inline unsigned int check_vf_capability(const struct vf *vf, uint8_t id)
{
	unsigned int at = vf_config_get(vf, PCI_CAPABILITY_LIST, 1), left = 48;

	for (; at && left; left--, at = vf_config_get(vf, at + 1, 1))
		if (vf_config_get(vf, at, 1) == id)
			return at;
	check_die("the VF shows no capability 0x%02x", id);
}

#endif /* CHECK_VF_H */
