/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Where a policy is kept in the BPF file system: vvb/NAME/link, vvb/NAME/maps/MAP,
 * and what it can be tuned by as vvb/NAME/knobs.
 */
#ifndef LIBVVB_PINS_H
#define LIBVVB_PINS_H

#include "vvb.h"

/* A name that is safe in a path, and legal for the driver. */
bool vvb_pins_name_ok(const char *name);

/* The directory of a policy's pins; "" for @name gives the one that holds all of these. */
int vvb_pins_dir(const char *name, char path[VVB_PIN_LEN]);
int vvb_pins_link(const char *name, char path[VVB_PIN_LEN]);
int vvb_pins_maps(const char *name, char path[VVB_PIN_LEN]);
int vvb_pins_knobs(const char *name, char path[VVB_PIN_LEN]);

/* A directory for pins that are to go to their places soon. */
int vvb_pins_staging(const char *name, char path[VVB_PIN_LEN]);

/**
 * vvb_pins_lock - keep other processes of ours from changing what is pinned
 * @make:	make the directory of all pins if there is none
 *
 * Return: a descriptor, the lock ends when it is closed. -ENOENT: there is no such directory.
 * -ETIMEDOUT: others held the lock for ten seconds. -EPERM: another user owns the directory, or
 * may write to it. -errno.
 */
int vvb_pins_lock(bool make);

/* Remove a directory of pins; one that is not there is as good as removed. */
int vvb_pins_empty(const char *path);

/* Make the directories for a policy. Pins locked. Return: 0 or -errno. */
int vvb_pins_create(const char *name);

/* Where no link is, remove directories with nothing in them. Pins locked. */
void vvb_pins_tidy(const char *name);

/* Remove whatever is pinned for a policy. Pins locked. Return: 0, -ENOENT nothing is, -errno. */
int vvb_pins_remove(const char *name);

#endif /* LIBVVB_PINS_H */
