/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Operations of VFs whose owner is `daemon`, on their way to the processes that have the PFs, and what
 * came of them. Nobody waits in here for a process: other VFs' requests are answered meanwhile.
 */
#ifndef VVBD_FORWARD_H
#define VVBD_FORWARD_H

#include <stdbool.h>

#include <uapi/vvb.h>

/**
 * struct forward_socket - to one process
 * @path:	where it listens
 * @fd:		-1: it is not connected, which the next operation tries to mend
 */
struct forward_socket {
	char *path;
	int fd;
};

/**
 * struct forward_operation - that nobody has answered
 * @vf:		whose; it has one at most
 * @id:		of the request
 * @via:	which socket has it, -1: it is to be refused
 */
struct forward_operation {
	__u64 vf;
	__u64 id;
	int via;
};

struct forwards {
	struct forward_socket *sockets;
	int nr_sockets;
	struct forward_operation *operations;
	int nr_operations;
};

/**
 * forwards_send - have an operation carried out
 * @fs:		zeroed at first
 * @path:	of the process that has the PF
 * @x:		with the request, and the operation
 *
 * Return: 0, forwards_take() will bring the answer; or -errno, there is none to come.
 */
int forwards_send(struct forwards *fs, const char *path, const struct vvb_exchange *x);

/* Is an answer to come? */
static inline bool forwards_busy(const struct forwards *fs)
{
	return fs->nr_operations;
}

/* Wait for an answer, or for the session to have a request; at most @timeout_ms, -1: a while. */
void forwards_wait(const struct forwards *fs, int session, int timeout_ms);

/**
 * forwards_take - an answer that has come
 * @fs:		operations on their way
 * @x:		its reply and result are filled in
 * @vf:		whose
 *
 * The operations of a process that has hung up, or that talks nonsense, are refused.
 * Return: there was one.
 */
bool forwards_take(struct forwards *fs, struct vvb_exchange *x, __u64 *vf);

/* Hang up where nothing is to come: the configuration may name others now. */
void forwards_rest(struct forwards *fs);

void forwards_free(struct forwards *fs);

#endif /* VVBD_FORWARD_H */
