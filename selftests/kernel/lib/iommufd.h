/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A device taken by its own file, with an IO address space of iommufd: neither group nor
 * container. Functions return 0 or a file descriptor, and a negative errno when refused.
 */
#ifndef VF_IOMMUFD_H
#define VF_IOMMUFD_H

#include <stddef.h>
#include <stdint.h>

/* The file of the device at a PCI address; it can do nothing before it is bound. */
int iommufd_device(const char *bdf);

/* Bind a device to an open /dev/iommu, which may be done once. */
int iommufd_bind(int device, int iommufd);

/* A new, empty IO address space; its id goes to @ioas. */
int iommufd_space(int iommufd, uint32_t *ioas);

/* Let a bound device use an address space, or none any more. */
int iommufd_attach(int device, uint32_t ioas);
int iommufd_detach(int device);

/* Make @size bytes at @p visible at the IO virtual address @iova, to read and to write. */
int iommufd_map(int iommufd, uint32_t ioas, const void *p, size_t size, uint64_t iova);

#endif /* VF_IOMMUFD_H */
