/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * How a boot loader of the Multiboot kind, or a VMM, starts a payload: run() is called with what eax and ebx
 * have, on a stack of its own. Who includes this defines it; the processor halts behind it.
 */
#ifndef MULTIBOOT_H
#define MULTIBOOT_H

#include <stdint.h>

#define MULTIBOOT_MAGIC 0x1badb002u
#define MULTIBOOT_BOOTED 0x2badb002u /* @booted */
#define MULTIBOOT_HAS_CMDLINE (1u << 2)
#define MULTIBOOT_HAS_MODULES (1u << 3)

/* What the loader says, as far as its flags do. */
struct multiboot {
	uint32_t flags, mem_lower, mem_upper, boot_device, cmdline;
	uint32_t modules, module_list;
};

struct multiboot_module {
	uint32_t start, end, string, reserved;
};

/* The header that the loader looks for: magic, flags, checksum. */
static const uint32_t multiboot_header[3]
	__attribute__((used, section(".multiboot"))) = { MULTIBOOT_MAGIC, 0, -MULTIBOOT_MAGIC };

static uint8_t multiboot_stack[16384] __attribute__((used, aligned(16)));

__attribute__((used)) static void run(uint32_t booted, const struct multiboot *info);

/* The loader leaves no stack. */
asm(".globl start\n"
    "start:\n"
    "	movl $multiboot_stack + 16384, %esp\n"
    "	pushl %ebx\n"
    "	pushl %eax\n"
    "	call run\n"
    "1:	cli\n"
    "	hlt\n"
    "	jmp 1b\n");

#endif /* MULTIBOOT_H */
