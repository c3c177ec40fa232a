/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * What the programs that UEFI firmware boots need of the UEFI specification (2.10; 4, 7, 9, 12).
 */
#ifndef EFI_H
#define EFI_H

#include <stddef.h>
#include <stdint.h>

#include "crc.h"

#define API __attribute__((ms_abi))

struct guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

struct text_output {
	void *reset;
	API uint64_t (*output_string)(struct text_output *self, uint16_t *text);
};

struct boot_services {
	uint8_t header[24];
	void *before[16];
	API uint64_t (*handle_protocol)(void *handle, const struct guid *which, void **interface);
};

struct system_table {
	uint8_t header[24];
	void *vendor;
	uint64_t revision;
	void *in_handle, *in, *out_handle;
	struct text_output *out;
	void *error_handle, *error, *runtime;
	struct boot_services *boot;
};

struct loaded_image {
	uint64_t revision;
	void *parent, *system;
	void *device;
};

static const struct guid image_id = { 0x5b1b31a1,
				      0x9562,
				      0x11d2,
				      { 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };

static inline void print(struct text_output *out, const char *text)
{
	uint16_t wide[80];
	unsigned int i;

	for (i = 0; text[i] && i < 79; i++)
		wide[i] = (uint8_t)text[i];
	wide[i] = 0;
	out->output_string(out, wide);
}

/* An interface of the device that the program @image was loaded from, or NULL. */
static inline void *find_interface(void *image, struct boot_services *boot,
				   const struct guid *which)
{
	void *loaded, *found;

	if (boot->handle_protocol(image, &image_id, &loaded) ||
	    boot->handle_protocol(((struct loaded_image *)loaded)->device, which, &found))
		return NULL;
	return found;
}

/* The line "VVB crc SUM". */
static inline void print_crc(struct text_output *out, const uint8_t *data, size_t length)
{
	char text[9];

	crc_text(text, crc32(0, data, length));
	print(out, "\r\nVVB crc ");
	print(out, text);
	print(out, "\r\n");
}

#endif /* EFI_H */
