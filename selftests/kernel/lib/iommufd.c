// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/vfio.h>

#include "iommufd.h"

/*
 * The headers of the distribution's C library are older than these calls: their numbers and
 * arguments as the kernel's interface has them.
 */
#define CALL_BIND _IO(VFIO_TYPE, VFIO_BASE + 18)
#define CALL_ATTACH _IO(VFIO_TYPE, VFIO_BASE + 19)
#define CALL_DETACH _IO(VFIO_TYPE, VFIO_BASE + 20)
#define CALL_SPACE _IO(';', 0x81)
#define CALL_MAP _IO(';', 0x85)

enum map_flags {
	MAP_AT_IOVA = 1,
	MAP_WRITABLE = 2,
	MAP_READABLE = 4,
};

struct bind {
	uint32_t argsz;
	uint32_t flags;
	int32_t iommufd;
	uint32_t devid;
};

struct attach {
	uint32_t argsz;
	uint32_t flags;
	uint32_t id;
};

struct detach {
	uint32_t argsz;
	uint32_t flags;
};

struct space {
	uint32_t size;
	uint32_t flags;
	uint32_t id;
};

struct map {
	uint32_t size;
	uint32_t flags;
	uint32_t ioas;
	uint32_t reserved;
	uint64_t address;
	uint64_t length;
	uint64_t iova;
};

int iommufd_device(const char *bdf)
{
	char pattern[64], path[PATH_MAX];
	glob_t found;
	int fd;

	/* the one entry there, vfio3 or such, is its name */
	snprintf(pattern, sizeof(pattern), "/sys/bus/pci/devices/%s/vfio-dev/vfio*", bdf);
	if (glob(pattern, 0, NULL, &found))
		return -ENODEV;
	snprintf(path, sizeof(path), "/dev/vfio/devices/%s", basename(found.gl_pathv[0]));
	globfree(&found);
	fd = open(path, O_RDWR | O_CLOEXEC);
	/* cppcheck-suppress resourceLeak ; it is the caller's */
	return fd < 0 ? -errno : fd;
}

int iommufd_bind(int device, int iommufd)
{
	struct bind bind = { .argsz = sizeof(bind), .iommufd = iommufd };

	return ioctl(device, CALL_BIND, &bind) ? -errno : 0;
}

int iommufd_space(int iommufd, uint32_t *ioas)
{
	struct space space = { .size = sizeof(space) };

	if (ioctl(iommufd, CALL_SPACE, &space))
		return -errno;
	*ioas = space.id;
	return 0;
}

int iommufd_attach(int device, uint32_t ioas)
{
	struct attach attach = { .argsz = sizeof(attach), .id = ioas };

	return ioctl(device, CALL_ATTACH, &attach) ? -errno : 0;
}

int iommufd_detach(int device)
{
	struct detach detach = { .argsz = sizeof(detach) };

	return ioctl(device, CALL_DETACH, &detach) ? -errno : 0;
}

int iommufd_map(int iommufd, uint32_t ioas, const void *p, size_t size, uint64_t iova)
{
	struct map map = {
		.size = sizeof(map),
		.flags = MAP_AT_IOVA | MAP_WRITABLE | MAP_READABLE,
		.ioas = ioas,
		.address = (uintptr_t)p,
		.length = size,
		.iova = iova,
	};

	return ioctl(iommufd, CALL_MAP, &map) ? -errno : 0;
}
