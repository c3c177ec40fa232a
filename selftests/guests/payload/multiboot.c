// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A kernel for boot loaders of the Multiboot kind, as iPXE is one: says on the first serial port
 * "VVB crc SUM" for each file that was loaded with it, then "VVB bye", and halts.
 */
#include "crc.h"
#include "serial.h"

#define MAGIC 0x1badb002u
#define BOOTED 0x2badb002u
#define HAS_MODULES (1u << 3)

struct module {
	uint32_t start, end, string, reserved;
};

struct information {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline;
	uint32_t modules, module_list;
};

/* The header that the loader looks for: magic, flags, checksum. */
static const uint32_t header[3] __attribute__((used, section(".multiboot"))) = { MAGIC, 0, -MAGIC };

static uint8_t stack[16384] __attribute__((used, aligned(16)));

/* The loader leaves no stack; eax and ebx have what it says. */
asm(".globl start\n"
    "start:\n"
    "	movl $stack + 16384, %esp\n"
    "	pushl %ebx\n"
    "	pushl %eax\n"
    "	call run\n"
    "1:	cli\n"
    "	hlt\n"
    "	jmp 1b\n");

__attribute__((used)) static void run(uint32_t booted, const struct information *info)
{
	const struct module *module = (const void *)(uintptr_t)info->module_list;
	uint32_t i;

	if (booted != BOOTED)
		return;
	for (i = 0; (info->flags & HAS_MODULES) && i < info->modules; i++)
		print_crc(crc32(0, (const uint8_t *)(uintptr_t)module[i].start,
				module[i].end - module[i].start));
	print("\r\nVVB bye\r\n");
}
