/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_LANDLOCK_H
#define VVBD_LANDLOCK_H

/**
 * landlock_restrict - leave us nothing of the file system but what is below two directories
 * @readable:	open directories whose files may be read, -1 for none
 * @nr:		of them
 * @writable:	open directory below which files may be made and written, or -1
 *
 * No TCP either, no abstract socket and no signal to anybody outside, where the kernel knows how.
 * What is open already stays usable. For good, and for what we might start. PR_SET_NO_NEW_PRIVS
 * must be set.
 * Return: the kernel's version of Landlock, 0 when it has none, or -errno.
 */
int landlock_restrict(const int *readable, int nr, int writable);

#endif /* VVBD_LANDLOCK_H */
