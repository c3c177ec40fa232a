// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "api.h"
#include "paths.h"
#include "unbound.h"
#include "vvb.h"

/* The first line of a device's uevent, if it has a driver. */
#define DRIVER_KEY "DRIVER="

static const char *or_not_loaded(void)
{
	return vvb_api_of_module() == -ENOENT ? "; the module is not loaded: modprobe " VVB_DRIVER :
						"";
}

const char *vvb_why_unbound(__u64 id, char text[VVB_UNBOUND_LEN])
{
	char bdf[VVB_BDF_LEN], path[PATH_MAX], line[1024] = "";
	const char *driver = line + strlen(DRIVER_KEY), *not_loaded = or_not_loaded();
	int err;

	vvb_bdf_format(id, bdf);
	err = vvb_path(path, sizeof(path), "%s/bus/pci/devices/%s/uevent", vvb_sysfs_path(), bdf);
	if (!err)
		err = vvb_read_text(path, line, sizeof(line));
	if (err == -ENOENT)
		snprintf(text, VVB_UNBOUND_LEN, "there is no such PCI device");
	else if (err || !strcmp(driver, VVB_DRIVER))
		snprintf(text, VVB_UNBOUND_LEN, "not bound to " VVB_DRIVER "%s", not_loaded);
	else if (strncmp(line, DRIVER_KEY, strlen(DRIVER_KEY)))
		snprintf(text, VVB_UNBOUND_LEN, "not bound to " VVB_DRIVER ": it has no driver%s",
			 not_loaded);
	else
		snprintf(text, VVB_UNBOUND_LEN, "not bound to " VVB_DRIVER ", but to %.32s%s",
			 driver, not_loaded);
	return text;
}
