/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_SANDBOX_H
#define VVBD_SANDBOX_H

/**
 * sandbox - give up every right that serving does not need
 * @user:	become this user, NULL to stay
 *
 * After it: no capability, none to be had again, and only the system calls of the serving
 * loop, of reading sysfs and of writing to what is open already. Any other kills us.
 * Return: 0 or -errno; -ENOENT when there is no such user.
 */
int sandbox(const char *user);

#endif /* VVBD_SANDBOX_H */
