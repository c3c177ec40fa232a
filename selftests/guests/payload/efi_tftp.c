// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * An application that UEFI firmware boots over the network: reads "file" from the TFTP server, says
 * "VVB crc SUM", writes it back as "got", says "VVB bye". The PXE interface is that of the UEFI
 * specification (2.10; 24).
 */
#include "efi.h"

#define BYTES 1048576u

enum {
	TFTP_READ_FILE = 2,
	TFTP_WRITE_FILE = 3,
};

struct pxe {
	uint64_t revision;
	void *start, *stop, *dhcp, *discover;
	API uint64_t (*mtftp)(struct pxe *self, int operation, void *buffer, uint8_t overwrite,
			      uint64_t *size, uint64_t *block_size, const uint8_t *server,
			      const char *name, void *info, uint8_t no_buffer);
};

static const struct guid pxe_id = { 0x03c4e603,
				    0xac28,
				    0x11d3,
				    { 0x9a, 0x2d, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };
static const uint8_t server[16] __attribute__((aligned(4))) = { 10, 0, 0, 1 };
static uint8_t file[BYTES];

API uint64_t start(void *image, struct system_table *table)
{
	struct pxe *pxe = find_interface(image, table->boot, &pxe_id);
	uint64_t size = sizeof(file);

	if (!pxe) {
		print(table->out, "\r\nVVB failed: no PXE interface\r\n");
		return 0;
	}
	if (pxe->mtftp(pxe, TFTP_READ_FILE, file, 0, &size, NULL, server, "file", NULL, 0)) {
		print(table->out, "\r\nVVB failed: TFTP read\r\n");
		return 0;
	}
	print_crc(table->out, file, size);
	if (pxe->mtftp(pxe, TFTP_WRITE_FILE, file, 1, &size, NULL, server, "got", NULL, 0))
		print(table->out, "\r\nVVB failed: TFTP write\r\n");
	else
		print(table->out, "\r\nVVB bye\r\n");
	return 0;
}
