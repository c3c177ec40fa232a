// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * An application that UEFI firmware boots over the network: reads "file" from the TFTP server, says
 * "VVB crc SUM", writes it back as "got", says "VVB bye". What it needs of the UEFI specification
 * (2.10; 4, 7, 9, 12, 24) is declared here.
 */
#include "crc.h"

#define API __attribute__((ms_abi))
#define BYTES 1048576u

enum {
	TFTP_READ_FILE = 2,
	TFTP_WRITE_FILE = 3,
};

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

struct pxe {
	uint64_t revision;
	void *start, *stop, *dhcp, *discover;
	API uint64_t (*mtftp)(struct pxe *self, int operation, void *buffer, uint8_t overwrite,
			      uint64_t *size, uint64_t *block_size, const uint8_t *server,
			      const char *name, void *info, uint8_t no_buffer);
};

static const struct guid image_id = { 0x5b1b31a1,
				      0x9562,
				      0x11d2,
				      { 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };
static const struct guid pxe_id = { 0x03c4e603,
				    0xac28,
				    0x11d3,
				    { 0x9a, 0x2d, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };
static const uint8_t server[16] __attribute__((aligned(4))) = { 10, 0, 0, 1 };
static uint8_t file[BYTES];

static void print(struct text_output *out, const char *text)
{
	uint16_t wide[80];
	unsigned int i;

	for (i = 0; text[i] && i < 79; i++)
		wide[i] = (uint8_t)text[i];
	wide[i] = 0;
	out->output_string(out, wide);
}

/* The interface that this program was loaded by. */
static struct pxe *find_pxe(void *image, struct boot_services *boot)
{
	void *loaded, *pxe;

	if (boot->handle_protocol(image, &image_id, &loaded) ||
	    boot->handle_protocol(((struct loaded_image *)loaded)->device, &pxe_id, &pxe))
		return NULL;
	return pxe;
}

API uint64_t start(void *image, struct system_table *table)
{
	struct pxe *pxe = find_pxe(image, table->boot);
	uint64_t size = sizeof(file);
	char text[9];

	if (!pxe) {
		print(table->out, "\r\nVVB failed: no PXE interface\r\n");
		return 0;
	}
	if (pxe->mtftp(pxe, TFTP_READ_FILE, file, 0, &size, NULL, server, "file", NULL, 0)) {
		print(table->out, "\r\nVVB failed: TFTP read\r\n");
		return 0;
	}
	crc_text(text, crc32(file, size));
	print(table->out, "\r\nVVB crc ");
	print(table->out, text);
	print(table->out, "\r\n");
	if (pxe->mtftp(pxe, TFTP_WRITE_FILE, file, 1, &size, NULL, server, "got", NULL, 0))
		print(table->out, "\r\nVVB failed: TFTP write\r\n");
	else
		print(table->out, "\r\nVVB bye\r\n");
	return 0;
}
