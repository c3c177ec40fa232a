/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Pins that wait beside their places until what they belong to is in force, as vvb/NAME/next/MAP.
 * All of them wait there until the last has its place, and what they belong to (the map of a policy,
 * the program of a guard) with them. So whoever gets the lock after a process that was killed can
 * see whether that had put it in force, and go on from there.
 *
 * Pins locked, but for vvb_aside_finish().
 */
#ifndef LIBVVB_ASIDE_H
#define LIBVVB_ASIDE_H

/* Pin a map, the declarations of knobs; last, and only then the rest counts, what is to be in force. */
int vvb_aside_map(const char *name, int fd, const char *map);
int vvb_aside_knobs(const char *name, int fd);
int vvb_aside_hook(const char *name, int fd);

/* Give the pins their places, and remove those of maps and knobs that don't wait. May be repeated. */
int vvb_aside_settle(const char *name);

/**
 * vvb_aside_end - no pins wait any more
 * @name:	of a policy or guard
 *
 * They get their places if the pinned link has in force what they belong to, else they are removed.
 *
 * Return: 0, also when none wait. -errno: they wait on.
 */
int vvb_aside_end(const char *name);

/* The same for who only reads: locks the pins, if any wait. Return: see there, and vvb_pins_lock(). */
int vvb_aside_finish(const char *name);

#endif /* LIBVVB_ASIDE_H */
