/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * A PF driven from userspace, over vfio-pci: as much of it as its administration virtqueue takes
 * (virtio 1.3, 2.13). One command at a time, polled for.
 */
#ifndef ADMIN_QUEUE_H
#define ADMIN_QUEUE_H

#include <vvb/result.h>

#include "vring.h"

#define ADMIN_QUEUE_PART 128 /* bytes of a command, and of a result */

/**
 * struct admin_queue - of a PF
 * @pf:		held by VFIO
 * @common, @doorbell: where these registers are in the device's file
 * @index:	of the queue
 * @command, @result: in memory that the device reaches
 */
struct admin_queue {
	struct vf *pf;
	uint64_t common;
	uint64_t doorbell;
	uint16_t index;
	struct vring ring;
	uint8_t *command;
	uint8_t *result;
};

/* Reset to DRIVER_OK, with LIST_USE of what LIST_QUERY says. 0, or a negative errno and @why. */
int admin_queue_open(struct admin_queue *aq, struct vf *pf, const char **why);

/**
 * admin_queue_run - one command
 * @command, @len: its device-readable part
 * @result:	its device-writable part, status and all; of @result_len bytes behind the status
 *
 * Return: bytes of @result that the device has written, or -ETIMEDOUT, -ENOSPC.
 */
int admin_queue_run(struct admin_queue *aq, const void *command, uint32_t len, void *result,
		    uint32_t result_len, int timeout_ms);

#endif /* ADMIN_QUEUE_H */
