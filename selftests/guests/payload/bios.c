// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The boot sector of a disk, for a BIOS, and the program that it loads: reads the disk's file with
 * the BIOS's own driver, says "VVB crc SUM", writes it where the copy is to be, says "VVB bye", and halts.
 * All of it is in real mode, in the first 64 KiB of memory.
 */
#include "crc.h"
#include "disk.h"
#include "serial.h"

#define READ 0x42 /* of int 13h, as the Enhanced Disk Drive specification extends it */
#define WRITE 0x43

#define BUFFER 0xc000u
#define PIECE 32u /* sectors: as much as there is room for behind BUFFER */

struct packet {
	uint8_t size, reserved;
	uint16_t sectors;
	uint16_t offset, segment;
	uint64_t sector;
};

/* The BIOS has loaded the first 512 bytes, at 0x7c00; the next 16 KiB are up to them. dl is the drive. */
asm(".section .boot, \"ax\"\n"
    ".globl start\n"
    "start:\n"
    "	ljmpw $0, $begin\n"
    "begin:\n"
    "	xorl %eax, %eax\n"
    "	movw %ax, %ds\n"
    "	movw %ax, %es\n"
    "	movw %ax, %ss\n"
    "	movl $0x7c00, %esp\n"
    "	movl $rest, %esi\n"
    "	movb $0x42, %ah\n"
    "	int $0x13\n"
    "	jc halt\n"
    "	movzbl %dl, %edx\n"
    "	pushl %edx\n"
    "	call run\n"
    "halt:\n"
    "	hlt\n"
    "	jmp halt\n"
    "rest:	.byte 16, 0\n"
    "	.word 32, 0x7e00, 0\n"
    "	.quad 1\n"
    /* the table of partitions, with one that can be booted from */
    "	.org 446\n"
    "	.byte 0x80, 0xfe, 0xff, 0xff, 0x0e, 0xfe, 0xff, 0xff\n"
    "	.long 2048, 30720\n"
    "	.org 510\n"
    "	.word 0xaa55\n"
    ".text\n");

_Static_assert(DISK_PARTITION == 2048 && DISK_SECTORS == 2048 + 30720,
	       "as in the table of partitions");

/* Return: 0, or what the BIOS says. */
static unsigned int bios(uint32_t drive, uint8_t function, uint64_t sector)
{
	const struct packet packet = {
		.size = sizeof(packet), .sectors = PIECE, .offset = BUFFER, .sector = sector
	};
	uint32_t ax = (uint32_t)function << 8;
	uint8_t failed;

	asm volatile("int $0x13\n"
		     "setc %1"
		     : "+a"(ax), "=&q"(failed)
		     : "d"(drive), "S"(&packet)
		     : "memory", "cc");
	return failed ? 0x100 | (ax >> 8 & 0xff) : 0;
}

/* The file, piece by piece, and its copy. Return: 0, or what the BIOS says. */
static unsigned int copy(uint32_t drive, uint32_t *crc)
{
	uint32_t at;
	unsigned int err = 0;

	for (at = DISK_PARTITION; at < DISK_PARTITION + DISK_LENGTH && !err; at += PIECE) {
		err = bios(drive, READ, at + DISK_FILE);
		if (err)
			break;
		*crc = crc32(*crc, (const uint8_t *)BUFFER, PIECE * DISK_SECTOR);
		err = bios(drive, WRITE, at + DISK_COPY);
	}
	return err;
}

__attribute__((used)) static void run(uint32_t drive)
{
	uint32_t crc = 0;
	char text[9];
	unsigned int err = copy(drive, &crc);

	if (err) {
		crc_text(text, err);
		print("\r\nVVB failed: the BIOS says ");
		print(text);
		print("\r\n");
		return;
	}
	print_crc(crc);
	print("\r\nVVB bye\r\n");
}
