/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Where things are; each can be moved by the environment, see vvb.h. */
#ifndef LIBVVB_PATHS_H
#define LIBVVB_PATHS_H

#include <stddef.h>

const char *vvb_device_path(void);
const char *vvb_sysfs_path(void);
const char *vvb_bpffs_path(void);

/**
 * vvb_path - put a path together
 * @out:	of @size bytes
 * @fmt:	as for printf
 *
 * Return: 0, or -ENAMETOOLONG.
 */
int vvb_path(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/**
 * vvb_read_text - first line of a small file, without its line feed
 *
 * Return: 0, -errno of open() or read(), or -EOVERFLOW when it does not fit.
 */
int vvb_read_text(const char *path, char *out, size_t size);

/*
 * Write to a file that is there, in one call, as sysfs wants it. Return: 0; -ENODEV there is no such
 * file, as of a device that has gone; or -errno of open() or write(), whose -ENOENT may be about @text.
 */
int vvb_write_text(const char *path, const char *text);

#endif /* LIBVVB_PATHS_H */
