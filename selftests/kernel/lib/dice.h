/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Random numbers that a seed brings back (splitmix64). */
#ifndef DICE_H
#define DICE_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t dice(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* One of 0 .. @n - 1. */
static inline unsigned int dice_below(uint64_t *state, unsigned int n)
{
	return (unsigned int)(dice(state) % n);
}

static inline void dice_bytes(uint64_t *state, uint8_t *to, size_t len)
{
	uint64_t z = 0;

	for (size_t i = 0; i < len; i++, z >>= 8) {
		if (i % 8 == 0)
			z = dice(state);
		to[i] = (uint8_t)z;
	}
}

#endif /* DICE_H */
