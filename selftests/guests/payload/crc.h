/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the payloads that firmware boots have in common: the CRC-32 of what arrived, as text.
 */
#ifndef CRC_H
#define CRC_H

#include <stddef.h>
#include <stdint.h>

/* The CRC-32 of IEEE 802.3 of what comes behind what has @crc, bit by bit: no table, as there is time. */
static inline uint32_t crc32(uint32_t crc, const uint8_t *data, size_t length)
{
	size_t i;
	int bit;

	crc = ~crc;
	for (i = 0; i < length; i++) {
		crc ^= data[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	return ~crc;
}

/* Eight hexadecimal digits and a final zero. */
static inline void crc_text(char text[9], uint32_t crc)
{
	int i;

	for (i = 0; i < 8; i++)
		text[i] = "0123456789abcdef"[crc >> (28 - 4 * i) & 15];
	text[8] = 0;
}

#endif /* CRC_H */
