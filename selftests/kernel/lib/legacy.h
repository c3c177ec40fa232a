/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The legacy virtio register file (virtio 1.3, 4.1.4.10) of a VF, through BAR0 of VFIO,
 * as a VMM reaches it for its guest. Its field table is written down here afresh and not
 * taken from the driver's: the test must not inherit the driver's mistakes.
 */
#ifndef LEGACY_H
#define LEGACY_H

#include "vfio.h"

enum legacy_register {
	LEGACY_DEVICE_FEATURES = 0,
	LEGACY_DRIVER_FEATURES = 4,
	LEGACY_QUEUE_ADDRESS = 8,
	LEGACY_QUEUE_SIZE = 12,
	LEGACY_QUEUE_SELECT = 14,
	LEGACY_QUEUE_NOTIFY = 16,
	LEGACY_DEVICE_STATUS = 18,
	LEGACY_ISR_STATUS = 19,
	LEGACY_CONFIG_VECTOR = 20,
	LEGACY_QUEUE_VECTOR = 22,
	LEGACY_CONFIG = 20, /* with MSI-X off */
	LEGACY_CONFIG_MSIX = 24, /* with MSI-X on */
};

#define LEGACY_STATUS_ACKNOWLEDGE 1
#define LEGACY_STATUS_DRIVER 2
#define LEGACY_STATUS_DRIVER_OK 4
#define LEGACY_STATUS_FAILED 128

#define LEGACY_ISR_QUEUE 1
#define LEGACY_ISR_CONFIG 2

#define LEGACY_NO_VECTOR 0xffff

/* One access of any width; a byte count, or a negative errno. */
ssize_t legacy_read(const struct vf *vf, unsigned int pos, void *buf, size_t len);
ssize_t legacy_write(const struct vf *vf, unsigned int pos, const void *buf, size_t len);

/* One access of 1, 2 or 4 bytes; as hardware would, a refused read gives all-ones. */
uint8_t legacy_get8(const struct vf *vf, unsigned int pos);
uint16_t legacy_get16(const struct vf *vf, unsigned int pos);
uint32_t legacy_get32(const struct vf *vf, unsigned int pos);
int legacy_put8(const struct vf *vf, unsigned int pos, uint8_t value);
int legacy_put16(const struct vf *vf, unsigned int pos, uint16_t value);
int legacy_put32(const struct vf *vf, unsigned int pos, uint32_t value);

/**
 * legacy_expect - what a read must give, of our driver
 * @image:	the bytes of all of BAR0, each register read in its own width
 * @msix:	MSI-X is on
 * @pos, @len:	the read
 * @bytes:	filled in: the rest of the common register that it begins in, and zeroes; or what
 *		there is of the device configuration
 */
void legacy_expect(const uint8_t *image, int msix, unsigned int pos, size_t len, uint8_t *bytes);

/**
 * legacy_kick_by - have each signal of an eventfd be a write to queue_notify
 * @queue:	its index
 * @fd:		the eventfd; -1 ends the one of this queue
 *
 * Return: 0 or a negative errno.
 */
int legacy_kick_by(const struct vf *vf, uint64_t queue, int fd);

#endif /* LEGACY_H */
