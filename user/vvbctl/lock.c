// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* One at a time changes VFs: vvb.service and udev may both begin at boot, and a person as well. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "libvvb/paths.h"
#include "lock.h"
#include "vvbctl.h"

#define WAIT_MS 60000 /* as long as a handful of others may take; udev gives them 180 s */
#define STEP_MS 50

/* What only root can open, as others could keep him waiting: it is there with the module, and goes with it. */
static int open_bind(void)
{
	char path[128];
	int err = vvb_path(path, sizeof(path), "%s/bus/pci/drivers/" VVB_DRIVER "/bind",
			   vvb_sysfs_path());
	int fd = err ? err : open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 && !err ? -errno : fd;
}

int driver_lock(void)
{
	int fd = open_bind(), left = WAIT_MS;

	if (fd == -ENOENT || fd == -EACCES) /* he can change nothing, and is told where he tries */
		return DONE;
	if (fd < 0)
		return error(VVB_DRIVER ": %s", why(fd));
	/* it is given back by our end */
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK)
			return error(VVB_DRIVER ": %s", why(-errno));
		left -= STEP_MS;
		if (left <= 0)
			return error(
				"another vvbctl has been changing VFs for %d s: end it, or try "
				"again",
				WAIT_MS / 1000);
		usleep(STEP_MS * 1000);
	}
	return DONE;
}
