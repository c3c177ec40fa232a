// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * An application that UEFI firmware boots from a disk: reads the disk's file with the firmware's own
 * driver, says "VVB crc SUM", writes it where the copy is to be, says "VVB bye". The block interface is
 * that of the UEFI specification (2.10; 13.9).
 */
#include "disk.h"
#include "efi.h"

struct media {
	uint32_t id;
	uint8_t removable, present, partition, read_only, caches_writes;
	uint32_t block_size;
};

struct block {
	uint64_t revision;
	struct media *media;
	void *reset;
	API uint64_t (*read)(struct block *self, uint32_t media, uint64_t sector, uint64_t size,
			     void *buffer);
	API uint64_t (*write)(struct block *self, uint32_t media, uint64_t sector, uint64_t size,
			      const void *buffer);
	API uint64_t (*flush)(struct block *self);
};

static const struct guid block_id = { 0x964e5b21,
				      0x6459,
				      0x11d2,
				      { 0x8e, 0x39, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };
static uint8_t file[DISK_LENGTH * DISK_SECTOR] __attribute__((aligned(4096)));

static const char *copy(struct block *disk, struct text_output *out)
{
	if (!disk)
		return "no block interface";
	if (disk->media->block_size != DISK_SECTOR)
		return "sectors have another size";
	if (disk->read(disk, disk->media->id, DISK_FILE, sizeof(file), file))
		return "read";
	print_crc(out, file, sizeof(file));
	if (disk->write(disk, disk->media->id, DISK_COPY, sizeof(file), file))
		return "write";
	return disk->flush(disk) ? "flush" : NULL;
}

API uint64_t start(void *image, struct system_table *table)
{
	struct block *partition = find_interface(image, table->boot, &block_id);
	const char *failed = copy(partition, table->out);

	print(table->out, failed ? "\r\nVVB failed: " : "\r\nVVB bye");
	print(table->out, failed ? failed : "");
	print(table->out, "\r\n");
	return 0;
}
