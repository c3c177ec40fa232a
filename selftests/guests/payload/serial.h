/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The first serial port of a PC, as its firmware has left it. */
#ifndef SERIAL_H
#define SERIAL_H

#include "crc.h"

#define COM1 0x3f8
#define COM1_STATUS (COM1 + 5)
#define CAN_SEND 0x20

static inline void outb(uint8_t value, uint16_t port)
{
	asm volatile("outb %b0, %w1" : : "a"(value), "Nd"(port));
}

static inline uint8_t inb(uint16_t port)
{
	uint8_t value;

	asm volatile("inb %w1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void print(const char *text)
{
	for (; *text; text++) {
		while (!(inb(COM1_STATUS) & CAN_SEND))
			;
		outb(*text, COM1);
	}
}

/* A blank, and the number in decimal. */
static inline void print_number(uint32_t value)
{
	char text[12], *at = text + sizeof(text) - 1;

	*at = 0;
	do {
		*--at = '0' + value % 10;
		value /= 10;
	} while (value);
	*--at = ' ';
	print(at);
}

/* The line "VVB crc SUM". */
static inline void print_crc(uint32_t crc)
{
	char text[9];

	crc_text(text, crc);
	print("\r\nVVB crc ");
	print(text);
	print("\r\n");
}

#endif /* SERIAL_H */
