/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The driver's file `settings`: what is set for addresses, whether there is a VF or not. */
#ifndef LIBVVB_SETTINGS_H
#define LIBVVB_SETTINGS_H

#include "vvb.h"

#define VVB_SETTING_LEN 32

/**
 * vvb_settings_read - all that the file tells
 * @text:	to be given to free(), NULL on failure
 * @cut:	there is more than it tells
 *
 * Return: 0; -ENOENT: the module is not loaded; -errno.
 */
int vvb_settings_read(char **text, bool *cut);

/**
 * vvb_settings_next - the next address in what was read
 * @at:		where to look, NULL at the end; moved behind the line
 * @vf:		filled in
 *
 * Return: was there one?
 */
bool vvb_settings_next(const char **at, __u64 *vf);

/**
 * vvb_settings_get - what is set for an address
 * @text:	from vvb_settings_read(), or NULL
 * @name:	of a setting
 * @value:	filled in
 *
 * A VF that is bound is asked itself. Return: 0; -ENOENT: nothing is told, so it is the default.
 */
int vvb_settings_get(const char *text, __u64 vf, const char *name, char value[VVB_SETTING_LEN]);

/* Set one. Return: 0; -ENODEV: the module is not loaded; -errno as vvb_vf_set(), or -ENOSPC. */
int vvb_settings_put(__u64 vf, const char *name, const char *value);

#endif /* LIBVVB_SETTINGS_H */
