/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_THREADS_H
#define VVBD_THREADS_H

/**
 * threads_count - how many threads this process has
 * @expected:	when there are more, they are given a second to end
 *
 * Capabilities, Landlock and the filter of system calls are each thread's own: what a thread other
 * than ours had when we gave them up it would keep. So there has to be one only. One for which
 * pthread_join() has returned counts as long as the kernel has not done with it: that is waited for.
 *
 * Return: their number, or -errno when /proc does not tell.
 */
int threads_count(int expected);

#endif /* VVBD_THREADS_H */
