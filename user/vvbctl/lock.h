/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBCTL_LOCK_H
#define VVBCTL_LOCK_H

/*
 * Wait until no other vvbctl changes VFs, a minute at most; from then on they wait for this one to end. Who is
 * not root, or has no module, has nothing to wait for.
 * Return: DONE, or FAILED after error().
 */
int driver_lock(void);

#endif /* VVBCTL_LOCK_H */
