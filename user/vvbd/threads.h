/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_THREADS_H
#define VVBD_THREADS_H

/**
 * threads_count - how many threads this process has
 *
 * Capabilities, Landlock and the filter of system calls are each thread's own: what a thread other
 * than ours had when we gave them up it would keep. So there has to be one only.
 * Return: their number, or -errno when /proc does not tell.
 */
int threads_count(void);

#endif /* VVBD_THREADS_H */
