/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Where a policy is kept in the BPF file system: vvb/NAME/link, vvb/NAME/maps/MAP,
 * and what it can be tuned by as vvb/NAME/knobs.
 */
#ifndef LIBVVB_PINS_H
#define LIBVVB_PINS_H

#include "vvb.h"

/* A name that is safe in a path, and legal for the driver. */
bool vvb_pins_name_ok(const char *name);

/* Path of the link's pin, "" for @name gives the directory that holds all policies. */
int vvb_pins_link(const char *name, char path[VVB_PIN_LEN]);
int vvb_pins_maps(const char *name, char path[VVB_PIN_LEN]);
int vvb_pins_knobs(const char *name, char path[VVB_PIN_LEN]);

/* A directory for maps that are to be pinned there soon. */
int vvb_pins_aside(const char *name, char path[VVB_PIN_LEN]);

/*
 * Keep other processes of ours from changing what is pinned, until the descriptor is closed.
 * Return: it, or -ENOENT nothing was ever pinned, -ETIMEDOUT one holds it for seconds, -errno.
 */
int vvb_pins_lock(void);

/* Remove a directory of pins; one that is not there is as good as removed. */
int vvb_pins_empty(const char *path);

/* Make the directories for a policy. Return: 0, -EEXIST when its link is there, -errno. */
int vvb_pins_create(const char *name);

/* Remove whatever a policy has pinned, and its directories. Return: 0 or -errno. */
int vvb_pins_remove(const char *name);

#endif /* LIBVVB_PINS_H */
