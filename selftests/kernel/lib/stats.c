// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "stats.h"
#include "vfio.h"

__u64 stats_vf_id(const char *bdf)
{
	unsigned int domain, bus, device, function;

	if (sscanf(bdf, "%x:%x:%x.%x", &domain, &bus, &device, &function) != 4)
		return 0;
	return VVB_VF_ID(domain, bus, device << 3 | function);
}

int stats_read(const char *bdf, struct vvb_stats *stats)
{
	int fd = open("/dev/vvb", O_RDWR | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	*stats = (struct vvb_stats) { .argsz = sizeof(*stats), .vf = stats_vf_id(bdf) };
	err = ioctl(fd, VVB_IOC_STATS, stats) ? -errno : 0;
	close(fd);
	return err;
}

__u64 stats_event(const char *bdf, enum vvb_event event)
{
	struct vvb_stats stats;

	return stats_read(bdf, &stats) ? 0 : stats.event[event];
}

int driver_is_ours(const char *bdf)
{
	const char *forced = getenv("DRIVER");
	char name[64];

	if (forced)
		return !strcmp(forced, "ours");
	vf_driver(bdf, name, sizeof(name));
	return !strcmp(name, "virtio_vfio_bpf");
}
