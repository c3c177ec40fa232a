// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <linux/pci_regs.h>

#include "iommufd.h"
#include "vfio.h"

static int sysfs_link(const char *bdf, const char *what, char *last, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", bdf, what);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = 0;
	snprintf(last, size, "%s", strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
	return 0;
}

void vf_driver(const char *bdf, char *name, size_t size)
{
	if (sysfs_link(bdf, "driver", name, size))
		name[0] = 0;
}

static int open_group(struct vf *vf)
{
	char number[16], path[64];
	int err = sysfs_link(vf->bdf, "iommu_group", number, sizeof(number));

	if (err)
		return err;
	snprintf(path, sizeof(path), "/dev/vfio/%s", number);
	vf->group = open(path, O_RDWR | O_CLOEXEC);
	return vf->group < 0 ? -errno : 0;
}

static int open_container(struct vf *vf)
{
	vf->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (vf->container < 0)
		return -errno;
	if (ioctl(vf->group, VFIO_GROUP_SET_CONTAINER, &vf->container) ||
	    ioctl(vf->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -errno;
	return 0;
}

static int alloc_dma(struct vf *vf)
{
	const int prot = PROT_READ | PROT_WRITE;

	/* cppcheck-suppress invalidFunctionArg ; anonymous memory has no file */
	vf->dma = mmap(NULL, VF_DMA_SIZE, prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (vf->dma == MAP_FAILED) {
		vf->dma = NULL;
		return -errno;
	}
	return 0;
}

static int map_dma(struct vf *vf)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)vf->dma,
		.iova = VF_DMA_IOVA,
		.size = VF_DMA_SIZE,
	};

	return ioctl(vf->container, VFIO_IOMMU_MAP_DMA, &map) ? -errno : 0;
}

/*
 * The device by its group, DMA by a TYPE1 container. Of VFs and PF that vfio-pci has both, each is
 * opened with the token that the PF was first opened with.
 */
static int open_by_group(struct vf *vf)
{
	const char *token = getenv("VF_TOKEN");
	char name[80];
	int err = open_group(vf);

	if (!err)
		err = open_container(vf);
	if (!err)
		err = map_dma(vf);
	if (err)
		return err;
	snprintf(name, sizeof(name), "%s%s%s", vf->bdf, token ? " vf_token=" : "", token ?: "");
	vf->device = ioctl(vf->group, VFIO_GROUP_GET_DEVICE_FD, name);
	return vf->device < 0 ? -errno : 0;
}

/* The device by a file of its own, DMA by iommufd, which stands where the container does. */
static int open_by_iommufd(struct vf *vf)
{
	uint32_t ioas;
	int err;

	vf->container = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (vf->container < 0)
		return -errno;
	vf->device = iommufd_device(vf->bdf);
	if (vf->device < 0)
		return vf->device;
	err = iommufd_bind(vf->device, vf->container);
	if (!err)
		err = iommufd_space(vf->container, &ioas);
	if (!err)
		err = iommufd_attach(vf->device, ioas);
	if (!err)
		err = iommufd_map(vf->container, ioas, vf->dma, VF_DMA_SIZE, VF_DMA_IOVA);
	return err;
}

static int find_regions(struct vf *vf)
{
	struct vfio_region_info info;
	int err;

	err = vf_region(vf, VFIO_PCI_CONFIG_REGION_INDEX, &info);
	if (err)
		return err;
	vf->config = info.offset;
	err = vf_region(vf, VFIO_PCI_BAR0_REGION_INDEX, &info);
	if (err)
		return err;
	vf->bar0 = info.offset;
	vf->bar0_size = info.size;
	return 0;
}

int vf_open(struct vf *vf, const char *bdf)
{
	int err;

	memset(vf, 0, sizeof(*vf));
	vf->container = vf->group = vf->device = -1;
	snprintf(vf->bdf, sizeof(vf->bdf), "%s", bdf);
	err = alloc_dma(vf);
	if (!err)
		err = getenv("VF_IOMMUFD") ? open_by_iommufd(vf) : open_by_group(vf);
	if (!err)
		err = find_regions(vf);
	if (err)
		vf_close(vf);
	return err;
}

void vf_close(struct vf *vf)
{
	if (vf->device >= 0)
		close(vf->device);
	if (vf->group >= 0)
		close(vf->group);
	if (vf->container >= 0)
		close(vf->container);
	if (vf->dma)
		munmap(vf->dma, VF_DMA_SIZE);
	vf->container = vf->group = vf->device = -1;
	vf->dma = NULL;
}

int vf_region(const struct vf *vf, unsigned int index, struct vfio_region_info *info)
{
	memset(info, 0, sizeof(*info));
	info->argsz = sizeof(*info);
	info->index = index;
	return ioctl(vf->device, VFIO_DEVICE_GET_REGION_INFO, info) ? -errno : 0;
}

int vf_reset(const struct vf *vf)
{
	return ioctl(vf->device, VFIO_DEVICE_RESET) ? -errno : 0;
}

int vf_ioeventfd(const struct vf *vf, uint64_t at, uint32_t width, uint64_t data, int fd)
{
	struct vfio_device_ioeventfd arg = {
		.argsz = sizeof(arg),
		.flags = width,
		.offset = at,
		.data = data,
		.fd = fd,
	};

	return ioctl(vf->device, VFIO_DEVICE_IOEVENTFD, &arg) ? -errno : 0;
}

ssize_t vf_config_read(const struct vf *vf, unsigned int pos, void *buf, size_t len)
{
	return vf_read(vf, vf->config + pos, buf, len);
}

ssize_t vf_config_write(const struct vf *vf, unsigned int pos, const void *buf, size_t len)
{
	return vf_write(vf, vf->config + pos, buf, len);
}

uint32_t vf_config_get(const struct vf *vf, unsigned int pos, unsigned int width)
{
	uint32_t value = 0;

	if (vf_config_read(vf, pos, &value, width) != (ssize_t)width)
		return ~0u;
	return value;
}

int vf_config_put(const struct vf *vf, unsigned int pos, unsigned int width, uint32_t value)
{
	ssize_t n = vf_config_write(vf, pos, &value, width);

	return n < 0 ? (int)n : 0;
}

unsigned int vf_express(const struct vf *vf)
{
	unsigned int at = vf_config_get(vf, PCI_CAPABILITY_LIST, 1), left = 48;

	for (; at && left; left--, at = vf_config_get(vf, at + 1, 1))
		if (vf_config_get(vf, at, 1) == PCI_CAP_ID_EXP)
			return at;
	return 0;
}

unsigned int vf_names(char bdfs[][16], unsigned int max)
{
	const char *at = getenv("VVB_VFS");
	unsigned int nr = 0;
	int len;

	while (at && nr < max && sscanf(at, " %15s%n", bdfs[nr], &len) == 1) {
		at += len;
		nr++;
	}
	return nr;
}

int vf_command(const struct vf *vf, uint16_t set, uint16_t clear)
{
	uint16_t command = (uint16_t)vf_config_get(vf, PCI_COMMAND, 2);

	command = (uint16_t)((command | set) & ~clear);
	return vf_config_put(vf, PCI_COMMAND, 2, command);
}

int vf_irqs_from(const struct vf *vf, unsigned int index, unsigned int first, const int *fds,
		 unsigned int nr)
{
	struct {
		struct vfio_irq_set set;
		int fds[VF_MAX_VECTORS];
	} arg = {
		.set = {
			.index = index,
			.start = first,
			.count = nr,
			.flags = VFIO_IRQ_SET_ACTION_TRIGGER |
				 (nr ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE),
		},
	};

	if (nr > VF_MAX_VECTORS)
		return -EINVAL;
	if (nr)
		memcpy(arg.set.data, fds, nr * sizeof(*fds));
	arg.set.argsz = (uint32_t)(sizeof(arg.set) + nr * sizeof(*fds));
	return ioctl(vf->device, VFIO_DEVICE_SET_IRQS, &arg) ? -errno : 0;
}

int vf_irqs(const struct vf *vf, unsigned int index, const int *fds, unsigned int nr)
{
	return vf_irqs_from(vf, index, 0, fds, nr);
}

int vf_irqs_raw(const struct vf *vf, const struct vfio_irq_set *set, const void *data, size_t len)
{
	struct {
		struct vfio_irq_set set;
		uint8_t data[8];
	} arg = { .set = *set };

	if (len > sizeof(arg.data))
		return -EINVAL;
	memcpy(arg.data, data, len);
	return ioctl(vf->device, VFIO_DEVICE_SET_IRQS, &arg) ? -errno : 0;
}

int vf_irq_count(const struct vf *vf, unsigned int index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	return ioctl(vf->device, VFIO_DEVICE_GET_IRQ_INFO, &info) ? -errno : (int)info.count;
}

void *vf_dma_alloc(struct vf *vf, size_t size, size_t align)
{
	size_t at = (vf->dma_used + align - 1) & ~(align - 1);

	if (at + size > VF_DMA_SIZE)
		return NULL;
	vf->dma_used = at + size;
	return memset(vf->dma + at, 0, size);
}

void vf_dma_free_all(struct vf *vf)
{
	vf->dma_used = 0;
}
