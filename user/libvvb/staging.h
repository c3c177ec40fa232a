/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Staged pins: they wait as vvb/NAME/next/MAP, beside their places, until what they belong to is in
 * force. All of them wait there until the last has its place, and what they belong to (the map of a
 * policy, the program of a guard) with them. So whoever gets the lock after a process that was
 * killed can see whether that had put it in force, and go on from there.
 *
 * Pins locked, but for vvb_staging_recover().
 */
#ifndef LIBVVB_STAGING_H
#define LIBVVB_STAGING_H

/* Stage the pin of a map, of the declarations of knobs; last, and only then the rest counts, what is to be in force. */
int vvb_staging_map(const char *name, int fd, const char *map);
int vvb_staging_knobs(const char *name, int fd);
int vvb_staging_hook(const char *name, int fd);

/* Give the pins their places, and remove those of maps and knobs that are not staged. May be repeated. */
int vvb_staging_commit(const char *name);

/**
 * vvb_staging_end - no pin is staged any more
 * @name:	of a policy or guard
 *
 * They get their places if the pinned link has in force what they belong to, else they are removed.
 *
 * Return: 0, also when none is. -errno: they still are.
 */
int vvb_staging_end(const char *name);

/* The same for who only reads: locks the pins, if any is staged. Return: see there, and vvb_pins_lock(). */
int vvb_staging_recover(const char *name);

#endif /* LIBVVB_STAGING_H */
