/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What kernel-side.so, in vvbd's process, and kernel.c, in the test's, say to each other. */
#ifndef UNIT_PROTOCOL_H
#define UNIT_PROTOCOL_H

#include <uapi/vvb.h>

#define FAKE_SOCKET "VVB_FAKE_KERNEL" /* names the socket */
#define FAKE_TRACE "VVB_FAKE_TRACE" /* set: system calls that the sandbox forbids are told of */
#define FAKE_SESSION "VVB_FAKE_SESSION" /* the errno of the first session that is asked for */
#define FAKE_OLDER "VVB_FAKE_OLDER" /* set: a module that knows no operations */
#define FAKE_ETC "VVB_FAKE_ETC" /* the directory that is /etc/vvb for vvbd */

enum {
	/* An exchange begins. Answered before its argument is looked at, so that the test can have a
	 * signal come just before the system call.
	 */
	FAKE_ENTER = 1,
	/* A signal has come: the exchange is not waited for any longer. */
	FAKE_CANCEL = 2,
};

/**
 * struct fake_message - one ioctl of a session, or one of the above; and the answer to it
 * @cmd:	VVB_IOC_*
 * @ret:	0 or a negative errno
 */
struct fake_message {
	unsigned int cmd;
	int ret;
	union {
		struct vvb_exchange exchange;
		struct vvb_own_command own;
		__u64 vf;
	};
};

#endif /* UNIT_PROTOCOL_H */
