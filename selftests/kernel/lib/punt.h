/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The two ends of a punt: a vCPU that makes one access and waits, in a thread of its own,
 * and a daemon at the other end of /dev/vvb that may say whatever a test wants. Straight
 * ioctls and no libvvb: a misbehaving daemon would not use it.
 */
#ifndef PUNT_H
#define PUNT_H

#include <pthread.h>
#include <stdint.h>
#include <uapi/vvb.h>

#include "vfio.h"

/**
 * struct daemon - one daemon
 * @channel, @session: file descriptors, -1 when there is none
 */
struct daemon {
	int channel;
	int session;
};

int daemon_open(struct daemon *d); /* channel and session */
int daemon_session(struct daemon *d); /* a (new) session of the channel */
int daemon_claim(struct daemon *d, const char *bdf);
int daemon_disclaim(struct daemon *d, const char *bdf);
void daemon_close(struct daemon *d);

/* Wait for a request. 0 or a negative errno. */
int daemon_wait(struct daemon *d, struct vvb_request *request, int timeout_ms);

/* Answer; nothing is waited for. 0 when the reply was taken, else a negative errno. */
int daemon_reply(struct daemon *d, const struct vvb_reply *reply);
int daemon_reply_value(struct daemon *d, __u64 id, __u64 value);

/* The command that an honest daemon would build for this request. */
void daemon_command(const struct vvb_request *request, struct vvb_command *command);

/**
 * struct vcpu - one access of a guest, under way or done
 * @pos, @len, @write, @value: what it does; @value is what it got, too
 * @got:	what the system call returned: bytes or a negative errno
 * @ms:		how long it took
 */
struct vcpu {
	pthread_t thread;
	const struct vf *vf;
	unsigned int pos;
	unsigned int len;
	int write;
	uint64_t value;
	ssize_t got;
	long ms;
};

void vcpu_read(struct vcpu *v, const struct vf *vf, unsigned int pos, unsigned int len);
void vcpu_write(struct vcpu *v, const struct vf *vf, unsigned int pos, unsigned int len,
		uint64_t value);

/* Wait for its end. 0, or -ETIMEDOUT when it is still stuck after @ms. */
int vcpu_join(struct vcpu *v, long ms);

long punt_now_ms(void);

/* One value of the VF's directory vvb/ in sysfs. 0 or a negative errno. */
int vf_attr_get(const char *bdf, const char *name, char *value, size_t size);
int vf_attr_set(const char *bdf, const char *name, const char *value);

#endif /* PUNT_H */
