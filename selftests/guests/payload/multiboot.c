// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A kernel for boot loaders of the Multiboot kind, as iPXE is one: says on the first serial port
 * "VVB crc SUM" for each file that was loaded with it, then "VVB bye", and halts.
 */
#include "crc.h"
#include "multiboot.h"
#include "serial.h"

static void run(uint32_t booted, const struct multiboot *info)
{
	const struct multiboot_module *module = (const void *)(uintptr_t)info->module_list;
	uint32_t i;

	if (booted != MULTIBOOT_BOOTED)
		return;
	for (i = 0; (info->flags & MULTIBOOT_HAS_MODULES) && i < info->modules; i++)
		print_crc(crc32(0, (const uint8_t *)(uintptr_t)module[i].start,
				module[i].end - module[i].start));
	print("\r\nVVB bye\r\n");
}
