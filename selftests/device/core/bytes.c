// SPDX-License-Identifier: GPL-2.0-or-later
/* Little-endian numbers in byte arrays. */
#include "bytes.h"

uint64_t nic_get_le(const void *from, unsigned int n)
{
	const uint8_t *p = from;
	uint64_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

void nic_put_le(void *to, uint64_t v, unsigned int n)
{
	uint8_t *p = to;

	while (n--) {
		*p++ = (uint8_t)v;
		v >>= 8;
	}
}

uint64_t nic_all_ones(unsigned int width)
{
	return width >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * width) - 1;
}

bool nic_width_ok(unsigned int width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}
