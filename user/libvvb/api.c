// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Is the module one that we can talk to? */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api.h"
#include "paths.h"
#include "vvb.h"

#define DRIVER_DIR "/bus/pci/drivers/" VVB_DRIVER

/* That of a module that does not say, as it was made before there were versions. */
#define VERSION_UNTOLD 0

int vvb_api_of_module(void)
{
	char path[PATH_MAX], text[16], *end;
	int err = vvb_path(path, sizeof(path), "%s" DRIVER_DIR "/api_version", vvb_sysfs_path());
	long version;

	if (!err)
		err = vvb_read_text(path, text, sizeof(text));
	if (err == -ENOENT) {
		*strrchr(path, '/') = '\0';
		return access(path, F_OK) ? -errno : VERSION_UNTOLD;
	}
	if (err)
		return err;
	version = strtol(text, &end, 10);
	return *end || end == text || version < 1 || version > INT_MAX ? -EBADMSG : (int)version;
}

static int compare(int version, char *why, size_t size)
{
	if (version == VVB_API_VERSION)
		return 0;
	if (version < VVB_API_VERSION)
		snprintf(why, size,
			 "module " VVB_DRIVER
			 " is older than this program (version %d of what they say "
			 "to each other, not %d): load the one that came with the program",
			 version, VVB_API_VERSION);
	else
		snprintf(why, size,
			 "this program is older than module " VVB_DRIVER
			 " (version %d of what they say "
			 "to each other, not %d): install the one that came with the module",
			 VVB_API_VERSION, version);
	return -EPROTO;
}

int vvb_driver_api(char *why, size_t size)
{
	int version = vvb_api_of_module();

	if (size)
		*why = '\0';
	if (version >= 0)
		return compare(version, why, size);
	if (version != -ENOENT)
		snprintf(why, size, "api_version of module " VVB_DRIVER ": %s", strerror(-version));
	return version;
}

const char *vvb_version(void)
{
	return VVB_VERSION;
}

int vvb_driver_version(char version[VVB_VERSION_LEN])
{
	char path[PATH_MAX];
	int err =
		vvb_path(path, sizeof(path), "%s/module/" VVB_DRIVER "/version", vvb_sysfs_path());

	if (!err)
		err = vvb_read_text(path, version, VVB_VERSION_LEN);
	if (err)
		*version = '\0';
	return err;
}
