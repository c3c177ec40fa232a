/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The module's place, taken by a thread of the test: sessions of /dev/vvb, and guests that ask. */
#ifndef UNIT_KERNEL_H
#define UNIT_KERNEL_H

#include <pthread.h>
#include <stdbool.h>

#include <uapi/vvb.h>

/**
 * struct kernel
 * @claims:	of VFs, that were granted
 * @enters:	exchanges begun
 * @signal:	sent to @pid just before the next exchange looks at its argument; 0 for none
 */
struct kernel {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	int listening, wake[2];
	bool over;
	int claims, enters;
	int signal;
	int pid;
	/* the one request that is being asked */
	bool asked, handed, replied;
	struct vvb_request request;
	struct vvb_command operation;
	struct vvb_reply reply;
	struct vvb_result result;
	/* the exchange that waits */
	bool waiting;
	long long until_ms;
};

/* Listen at @path. */
void kernel_start(struct kernel *k, const char *path);
void kernel_stop(struct kernel *k);

/**
 * kernel_ask - a guest's access, until vvbd has answered it
 * @reply:	filled in
 *
 * Return: did it answer within @ms?
 */
bool kernel_ask(struct kernel *k, const struct vvb_request *request, struct vvb_reply *reply,
		int ms);

/* The same of an operation. @result is filled in as well. */
bool kernel_operate(struct kernel *k, const struct vvb_request *request,
		    const struct vvb_command *operation, struct vvb_reply *reply,
		    struct vvb_result *result, int ms);

/* Send @signal to @pid just before the next exchange's system call. */
void kernel_signal_at_exchange(struct kernel *k, int pid, int signal);

long long now_ms(void);

#endif /* UNIT_KERNEL_H */
