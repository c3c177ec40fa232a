/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef LIBVVB_API_H
#define LIBVVB_API_H

/*
 * The version of what the module and programs say to each other, as the module has it: 0 where it
 * was made before there were versions. Return: it, or -errno, -ENOENT: it is not loaded.
 */
int vvb_api_of_module(void);

#endif /* LIBVVB_API_H */
