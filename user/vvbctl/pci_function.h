/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What sysfs tells of a PCI function, whatever driver it has. Addresses are as vvb_bdf_format() has them. */
#ifndef VVBCTL_PCI_FUNCTION_H
#define VVBCTL_PCI_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>

#include "libvvb/vvb.h"

bool pci_exists(const char *bdf);

/* Is it a modern virtio network device, PF or VF? */
bool pci_is_virtio_net(const char *bdf);

/* How many VFs a PF may have, 0: it is none; how many there are now. */
int pci_total_vfs(const char *bdf);
int pci_num_vfs(const char *bdf);

/* The PF of a VF. Return: false: it is no VF. */
bool pci_pf_of(const char *bdf, char pf[VVB_BDF_LEN]);

/* The VF with that number, from 0. Return: false: there is none. */
bool pci_vf_of(const char *pf, int nr, char vf[VVB_BDF_LEN]);

/* The last part of what a link of the function leads to. Return: false: there is no such link. */
bool pci_link(const char *bdf, const char *link, char *name, size_t size);

/* A file of the function. Return: 0 or -errno. */
int pci_read(const char *bdf, const char *file, char *text, size_t size);

/* The name of its virtio device, "virtio3". Return: false: it has none. */
bool pci_virtio(const char *bdf, char name[32]);

/* The name of its device as VFIO has it, "vfio0". Return: false: it has none. */
bool pci_vfio_device(const char *bdf, char name[32]);

/* How many functions are in its IOMMU group; 0: it is in none. */
int pci_group_size(const char *bdf);

#endif /* VVBCTL_PCI_FUNCTION_H */
