/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A sysfs and a BPF file system of plain files, for libvvb to look at. */
#ifndef UNIT_FAKE_H
#define UNIT_FAKE_H

#include <stdbool.h>

/* Make an empty tree and have libvvb use it. Removed at exit. */
void fake_tree(void);

/* Write a file below the tree, with the directories it needs. */
void fake_file(const char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* It is there no more. */
void fake_remove(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What is in it now, in a buffer that the next call overwrites; NULL for no such file. */
const char *fake_read(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define FAKE_API_VERSION "sys/bus/pci/drivers/virtio_vfio_bpf/api_version"

/* The driver is loaded, of our version: its directory, with `bpf` and `policies`. */
void fake_driver(const char *bpf, const char *policies);

/* A VF bound to it, all attributes as after binding. */
void fake_vf(const char *bdf, unsigned int id, unsigned int member);
void fake_attribute(const char *bdf, const char *name, const char *value);

#endif /* UNIT_FAKE_H */
