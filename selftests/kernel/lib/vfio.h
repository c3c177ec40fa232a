/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A VF held through the plain VFIO API: group, TYPE1 container, device; or, where the
 * environment has VF_IOMMUFD, by the device's own file and iommufd. VF_TOKEN is the UUID that VFs want
 * whose PF has a process, too. Functions return 0 or a
 * byte count, and a negative errno when refused.
 */
#ifndef VF_VFIO_H
#define VF_VFIO_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <sys/types.h>
#include <linux/vfio.h>

#define VF_MAX_VECTORS 8

/**
 * struct vf - an opened VF
 * @bdf:	PCI address, "dddd:bb:dd.f"
 * @container, @group, @device: file descriptors; by iommufd, that is the container
 * @config, @bar0: where the two regions begin in @device
 * @bar0_size:	0: the VF shows no BAR0
 * @dma:	memory that the device reaches at the IO virtual address VF_DMA_IOVA
 * @dma_used:	bytes of it handed out
 */
struct vf {
	char bdf[16];
	int container;
	int group;
	int device;
	uint64_t config;
	uint64_t bar0;
	uint64_t bar0_size;
	uint8_t *dma;
	size_t dma_used;
};

#define VF_DMA_IOVA 0x100000ull
#define VF_DMA_SIZE (4u << 20)

int vf_open(struct vf *vf, const char *bdf);
void vf_close(struct vf *vf);
int vf_region(const struct vf *vf, unsigned int index, struct vfio_region_info *info);
int vf_reset(const struct vf *vf);

/* One system call each, at @at of the device file; inline, as the bench counts instructions. */
static inline ssize_t vf_read(const struct vf *vf, uint64_t at, void *buf, size_t len)
{
	ssize_t n = pread(vf->device, buf, len, (off_t)at);

	return n < 0 ? -errno : n;
}

static inline ssize_t vf_write(const struct vf *vf, uint64_t at, const void *buf, size_t len)
{
	ssize_t n = pwrite(vf->device, buf, len, (off_t)at);

	return n < 0 ? -errno : n;
}

/* The same at @pos of the configuration space. */
ssize_t vf_config_read(const struct vf *vf, unsigned int pos, void *buf, size_t len);
ssize_t vf_config_write(const struct vf *vf, unsigned int pos, const void *buf, size_t len);
uint32_t vf_config_get(const struct vf *vf, unsigned int pos, unsigned int width);
int vf_config_put(const struct vf *vf, unsigned int pos, unsigned int width, uint32_t value);

/**
 * vf_ioeventfd - have a signal of an eventfd do a write
 * @at:		of the device file: a register of @vf->bar0, or anything else for a test of refusals
 * @width:	VFIO_DEVICE_IOEVENTFD_8 to _64
 * @data:	what is written
 * @fd:		the eventfd; -1 ends one that was set up
 *
 * Return: 0 or a negative errno.
 */
int vf_ioeventfd(const struct vf *vf, uint64_t at, uint32_t width, uint64_t data, int fd);

/* Where the PCI Express capability begins in configuration space, 0 when there is none. */
unsigned int vf_express(const struct vf *vf);

/* Set and clear bits of the PCI command register. */
int vf_command(const struct vf *vf, uint16_t set, uint16_t clear);

/* @nr eventfds on the vectors of @index (VFIO_PCI_*_IRQ_INDEX), or none with @nr 0. */
int vf_irqs(const struct vf *vf, unsigned int index, const int *fds, unsigned int nr);
/* @nr eventfds, -1 for none, on the vectors from @first on; those before stay as they are. */
int vf_irqs_from(const struct vf *vf, unsigned int index, unsigned int first, const int *fds,
		 unsigned int nr);
int vf_irq_count(const struct vf *vf, unsigned int index);

/* VFIO_DEVICE_SET_IRQS with all of its words as they are given; @data of up to 8 bytes. */
int vf_irqs_raw(const struct vf *vf, const struct vfio_irq_set *set, const void *data, size_t len);

/**
 * vf_dma_alloc - memory for rings and buffers, zeroed
 * @size:	bytes
 * @align:	a power of two
 *
 * Never freed but all at once by vf_dma_free_all(). Return: NULL when used up.
 */
void *vf_dma_alloc(struct vf *vf, size_t size, size_t align);
void vf_dma_free_all(struct vf *vf);

static inline uint64_t vf_iova(const struct vf *vf, const void *p)
{
	return VF_DMA_IOVA + (uint64_t)((const uint8_t *)p - vf->dma);
}

/* The first @max VFs that the environment names in VVB_VFS. Return: how many there are. */
unsigned int vf_names(char bdfs[][16], unsigned int max);

/* The driver that a PCI device is bound to, "" when none. */
void vf_driver(const char *bdf, char *name, size_t size);

#endif /* VF_VFIO_H */
