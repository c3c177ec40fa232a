/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef VVBD_EXCHANGE_H
#define VVBD_EXCHANGE_H

#include <uapi/vvb.h>

/*
 * One system call per access: it gives the last answer and brings the next request. The kernel
 * reads @x itself, so that a signal can still change its time-out. Return: 0 or -errno, as
 * VVB_IOC_EXCHANGE has it.
 */
int exchange(int session, struct vvb_exchange *x);

#endif /* VVBD_EXCHANGE_H */
