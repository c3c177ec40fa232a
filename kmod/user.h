/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory, also where vfio-pci reads or writes it while we hold a lock.
 *
 * A page of the user's can be missing for as long as the user likes (userfaultfd, a file on a
 * server that is gone). So no lock of ours is held over a page fault: under the lock faults are
 * off, and vfio-pci gets EFAULT at once; then the lock is let go, the page is fetched, and all
 * is tried again. vfio-pci copies its arguments before it does anything, so nothing is done twice;
 * but it reads a device before it has somewhere to put that, so for a read the page is fetched
 * first.
 */
#ifndef VVB_USER_H
#define VVB_USER_H

#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#define VVB_USER_TRIES 32 /* a page that is gone again each time is not waited for any longer */

/**
 * vvb_user_again - a call gave EFAULT with page faults off: is it worth another try?
 * @buf, @len:	what it reads, or writes
 * @to_user:	it writes
 * @tries:	so far; 0 before the first
 *
 * Context: no lock is held; sleeps for as long as the user's pages take, killable.
 */
static inline bool vvb_user_again(char __user *buf, size_t len, bool to_user, unsigned int *tries)
{
	if ((*tries)++ == VVB_USER_TRIES || fatal_signal_pending(current))
		return false;
	return !(to_user ? fault_in_writeable(buf, len) : fault_in_readable(buf, len));
}

/**
 * vvb_user_fetch - have the pages of a few bytes there, to be written to
 * @buf, @len:	no more than a page; zeroes are written to the first and the last
 *
 * As fault_in_writeable(), for a third of its price, which each read of config space pays.
 * Context: as vvb_user_again(). Return: 0 or -EFAULT.
 */
static inline int vvb_user_fetch(char __user *buf, size_t len)
{
	if (put_user(0, buf))
		return -EFAULT;
	if (likely(offset_in_page(buf) + len <= PAGE_SIZE))
		return 0;
	return put_user(0, buf + len - 1);
}

/* Copies: the lengths that guests use go without the checks that a copy of any length needs. */
static inline int vvb_from_user(u8 *data, const char __user *buf, size_t count)
{
	switch (count) {
	case 1:
		return get_user(*data, (const u8 __user *)buf);
	case 2:
		return get_user(*(u16 *)data, (const u16 __user *)buf);
	case 4:
		return get_user(*(u32 *)data, (const u32 __user *)buf);
	default:
		return copy_from_user(data, buf, count) ? -EFAULT : 0;
	}
}

static inline int vvb_to_user(char __user *buf, const u8 *data, size_t count)
{
	switch (count) {
	case 1:
		return put_user(*data, (u8 __user *)buf);
	case 2:
		return put_user(*(const u16 *)data, (u16 __user *)buf);
	case 4:
		return put_user(*(const u32 *)data, (u32 __user *)buf);
	default:
		return copy_to_user(buf, data, count) ? -EFAULT : 0;
	}
}

#endif /* VVB_USER_H */
