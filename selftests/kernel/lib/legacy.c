// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <string.h>

#include "legacy.h"

ssize_t legacy_read(const struct vf *vf, unsigned int pos, void *buf, size_t len)
{
	return vf_read(vf, vf->bar0 + pos, buf, len);
}

ssize_t legacy_write(const struct vf *vf, unsigned int pos, const void *buf, size_t len)
{
	return vf_write(vf, vf->bar0 + pos, buf, len);
}

int legacy_kick_by(const struct vf *vf, uint64_t queue, int fd)
{
	return vf_ioeventfd(vf, vf->bar0 + LEGACY_QUEUE_NOTIFY, VFIO_DEVICE_IOEVENTFD_16, queue,
			    fd);
}

void legacy_expect(const uint8_t *image, int msix, unsigned int pos, size_t len, uint8_t *bytes)
{
	static const uint8_t ends[] = { 4, 8, 12, 14, 16, 18, 19, 20, 22, 24 };
	unsigned int i = 0;
	size_t n = len;

	if (pos < (msix ? LEGACY_CONFIG_MSIX : LEGACY_CONFIG)) {
		while (ends[i] <= pos)
			i++;
		if (n > ends[i] - pos)
			n = ends[i] - pos;
	}
	memcpy(bytes, image + pos, n);
	memset(bytes + n, 0, len - n);
}

static uint32_t get(const struct vf *vf, unsigned int pos, size_t len)
{
	uint32_t value = 0;

	if (legacy_read(vf, pos, &value, len) != (ssize_t)len)
		return ~0u;
	return value;
}

static int put(const struct vf *vf, unsigned int pos, size_t len, uint32_t value)
{
	ssize_t n = legacy_write(vf, pos, &value, len);

	if (n < 0)
		return (int)n;
	return n == (ssize_t)len ? 0 : -EIO;
}

uint8_t legacy_get8(const struct vf *vf, unsigned int pos)
{
	return (uint8_t)get(vf, pos, 1);
}

uint16_t legacy_get16(const struct vf *vf, unsigned int pos)
{
	return (uint16_t)get(vf, pos, 2);
}

uint32_t legacy_get32(const struct vf *vf, unsigned int pos)
{
	return get(vf, pos, 4);
}

int legacy_put8(const struct vf *vf, unsigned int pos, uint8_t value)
{
	return put(vf, pos, 1, value);
}

int legacy_put16(const struct vf *vf, unsigned int pos, uint16_t value)
{
	return put(vf, pos, 2, value);
}

int legacy_put32(const struct vf *vf, unsigned int pos, uint32_t value)
{
	return put(vf, pos, 4, value);
}
