/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* PCI functions, as sysfs shows them. They are named as VFs are, by VVB_VF_ID. */
#ifndef LIBVVB_PCI_H
#define LIBVVB_PCI_H

#include <stdbool.h>

#include <vvb/config_layout.h>

#include "vvb.h"

/**
 * enum vvb_pci_kind - what a function is to us
 * @VVB_PCI_ABSENT: there is no such function
 */
enum vvb_pci_kind {
	VVB_PCI_ABSENT,
	VVB_PCI_VF,
	VVB_PCI_PF,
	VVB_PCI_PLAIN, /* virtio, but neither VF nor PF */
	VVB_PCI_OTHER, /* no virtio function, or a transitional one */
};

enum vvb_pci_kind vvb_pci_kind(__u64 id);

/* One that the driver takes: a VF, or a function that is nobody's VF and can have none. */
static inline bool vvb_pci_is_bindable(enum vvb_pci_kind kind)
{
	return kind == VVB_PCI_VF || kind == VVB_PCI_PLAIN;
}

/* The type of a modern virtio function, if it is one that has a legacy form; or NULL. */
const struct vvb_config_layout *vvb_pci_type(__u64 id);

/* Why such a function can't be bound, or be a PF's, in words: "is no modern virtio function". */
const char *vvb_pci_kind_text(enum vvb_pci_kind kind);

/* The path of a file of a function. Return: 0, -ENAMETOOLONG. */
int vvb_pci_path(char *path, size_t size, __u64 id, const char *file);

/* The first line of a file of a function. Return: 0 or -errno. */
int vvb_pci_read(__u64 id, const char *file, char *text, size_t size);

/* The same as a number. Return: it, 0 where there is none. */
unsigned long vvb_pci_number(__u64 id, const char *file);

/* The last part of what a link of a function leads to. Return: 0, or -errno with "". */
int vvb_pci_link(__u64 id, const char *link, char *name, size_t size);

/*
 * Entries of a directory of a function that begin with @with. Return: how many; @name is one of them.
 * Of its own directory ("") those that begin with "virtio" are its virtio device.
 */
int vvb_pci_entries(__u64 id, const char *directory, const char *with, char name[32]);

/* The PF of a VF that is there. Reads files of sysfs alone. Return: 0, -ENOENT none. */
int vvb_pci_pf_of(__u64 vf, __u64 *pf);

/**
 * vvb_pci_vfs_of - the addresses of a PF's VFs
 * @pf:		of a PF
 * @all:	those that it could have as well, as far as it tells where these will be
 * @vfs:	an array to be given to free(), ascending; NULL when there are none
 *
 * Return: how many, -ENOMEM.
 */
int vvb_pci_vfs_of(__u64 pf, bool all, __u64 **vfs);

/* All virtio PFs; as above. */
int vvb_pci_pfs(__u64 **pfs);

/* The name of a function's driver, "" for none. */
void vvb_pci_driver(__u64 id, char driver[64]);

#endif /* LIBVVB_PCI_H */
