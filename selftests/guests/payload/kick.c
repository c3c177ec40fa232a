// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A guest that does nothing but kick, and says what a kick takes: from its `out` to its next instruction, by
 * its time-stamp counter. A kernel of the Multiboot kind; its command line has words NAME=NUMBER:
 *
 *	io	where the registers are; without it, at BAR0 of the first legacy virtio function
 *	queue	which is kicked and measured, by default 0
 *	count	how often, by default 10000
 *	live	0: the device is left as it was reset, and takes no notice; by default 1
 *	stamped	1: the device writes behind the used ring when it was kicked (the model's knob stamp-doorbells),
 *		if it has the queue
 *
 * Each queue before that one is kicked once, so that a VMM may have made its arrangements. It prints
 * "VVB kick COUNT MIN MEDIAN P99 MAX" on the first serial port, or "VVB kick: WHY NOT", and resets the machine,
 * or halts. Stamped, a line "VVB store" like it comes first, of the device's clock less the guest's: modulo 2^32,
 * as it is not known here by how much the two differ when nothing happens.
 */
#include "multiboot.h"
#include "serial.h"

#define MOST_KICKS 10000u
#define MOST_QUEUES 64u
#define MOST_ENTRIES 512u
#define RING_BYTES 20480u /* of the largest, with a stamp behind it */

/* Legacy registers (virtio 1.3, 4.1.4.10). */
#define DRIVER_FEATURES 4
#define QUEUE_ADDRESS 8
#define QUEUE_SIZE 12
#define QUEUE_SELECT 14
#define QUEUE_NOTIFY 16
#define DEVICE_STATUS 18
#define ACKNOWLEDGE_DRIVER 3
#define DRIVER_OK 7

#define KEYBOARD 0x64 /* whose controller resets the machine, if there is one */
#define RESET 0xfe

#define PCI_ADDRESS 0xcf8
#define PCI_DATA 0xcfc
#define PCI_COMMAND_IO_MEMORY_MASTER 7

static uint8_t rings[MOST_QUEUES][RING_BYTES] __attribute__((aligned(4096)));
static volatile const uint32_t *stamp[MOST_QUEUES]; /* its lower half, of each queue */
static uint32_t took[MOST_KICKS], reached[MOST_KICKS];

static void outw(uint16_t value, uint16_t port)
{
	asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static void outl(uint32_t value, uint16_t port)
{
	asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static uint16_t inw(uint16_t port)
{
	uint16_t value;

	asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static uint32_t inl(uint16_t port)
{
	uint32_t value;

	asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* ---- what it is told ---- */

/* The number behind "NAME=" in the command line, decimal or with 0x; or what it is without. */
static uint32_t word(const char *line, const char *name, uint32_t otherwise)
{
	uint32_t value = 0, base = 10, digit;
	const char *at, *n;

	for (;; line++) {
		for (at = line, n = name; *n && *at == *n; at++, n++)
			;
		if (!*n && *at == '=')
			break;
		if (!*line)
			return otherwise;
	}
	if (at[1] == '0' && at[2] == 'x') {
		base = 16;
		at += 2;
	}
	while (*++at) {
		digit = *at <= '9' ? *at - '0' + 0u : (*at | 0x20) - 'a' + 10u;
		if (digit >= base)
			break;
		value = value * base + digit;
	}
	return value;
}

/* ---- the function ---- */

static uint32_t pci_read(uint32_t devfn, uint32_t offset)
{
	outl(1u << 31 | devfn << 8 | offset, PCI_ADDRESS);
	return inl(PCI_DATA);
}

static void pci_write(uint32_t devfn, uint32_t offset, uint32_t value)
{
	outl(1u << 31 | devfn << 8 | offset, PCI_ADDRESS);
	outl(value, PCI_DATA);
}

/* BAR0 of the first function of bus 0 that looks like legacy virtio; 0: there is none. */
static uint16_t find(void)
{
	uint32_t devfn, id, bar;

	for (devfn = 0; devfn < 256; devfn++) {
		id = pci_read(devfn, 0);
		bar = pci_read(devfn, 0x10);
		if ((id & 0xffff) != 0x1af4 || id >> 16 < 0x1000 || id >> 16 > 0x103f || !(bar & 1))
			continue;
		pci_write(devfn, 4, PCI_COMMAND_IO_MEMORY_MASTER);
		return bar & 0xfffc;
	}
	return 0;
}

/* Where a ring ends (virtio 1.3, 2.7.2), and the stamp begins. */
static uint32_t ring_bytes(uint32_t entries)
{
	uint32_t used = (18 * entries + 6 + 4095) & ~4095u;

	return used + 8 * entries + 8;
}

/* All queues that the device has, up to @last, empty. Is the device live? */
static int start_device(uint16_t io, uint32_t last)
{
	uint32_t queue, entries;

	outb(0, io + DEVICE_STATUS);
	outb(ACKNOWLEDGE_DRIVER, io + DEVICE_STATUS);
	outl(0, io + DRIVER_FEATURES);
	for (queue = 0; queue <= last; queue++) {
		outw(queue, io + QUEUE_SELECT);
		entries = inw(io + QUEUE_SIZE);
		if (!entries || entries > MOST_ENTRIES)
			break;
		stamp[queue] = (const uint32_t *)(rings[queue] + ring_bytes(entries));
		outl((uint32_t)(uintptr_t)rings[queue] >> 12, io + QUEUE_ADDRESS);
	}
	outb(DRIVER_OK, io + DEVICE_STATUS);
	return queue > 0;
}

/* ---- kicks ---- */

/* What it took, and when it began. */
static uint32_t kick(uint16_t io, uint32_t queue, uint32_t *before)
{
	uint32_t after, port = io + QUEUE_NOTIFY;

	asm volatile("rdtsc\n"
		     "	movl %%eax, %%esi\n"
		     "	movl %3, %%eax\n"
		     "	movl %4, %%edx\n"
		     "	outw %%ax, %%dx\n"
		     "	rdtsc\n"
		     : "=&a"(after), "=&d"((uint32_t) { 0 }), "=&S"(*before)
		     : "r"(queue), "r"(port)
		     : "memory");
	return after - *before;
}

static void sort(uint32_t *values, uint32_t nr)
{
	uint32_t gap, i, j, value;

	for (gap = nr / 2; gap; gap /= 2)
		for (i = gap; i < nr; i++) {
			value = values[i];
			for (j = i; j >= gap && values[j - gap] > value; j -= gap)
				values[j] = values[j - gap];
			values[j] = value;
		}
}

/* Sorts @values, and adds @base to what is said of them. */
static void say(const char *what, uint32_t *values, uint32_t count, uint32_t base)
{
	sort(values, count);
	print("VVB ");
	print(what);
	print_number(count);
	print_number(values[0] + base);
	print_number(values[count / 2] + base);
	print_number(values[count - 1 - count / 100] + base);
	print_number(values[count - 1] + base);
	print("\r\n");
}

/* The two clocks differ, so that stamps less times wrap around anywhere: they are sorted by the first of them. */
static void measure(uint16_t io, uint32_t queue, uint32_t count, uint32_t stamped)
{
	uint32_t before, base = 0, i;

	stamped = stamped && stamp[queue];
	for (i = 0; i < queue; i++)
		kick(io, i, &before);
	for (i = 0; i < 4; i++)
		kick(io, queue, &before);
	for (i = 0; i < count; i++) {
		took[i] = kick(io, queue, &before);
		if (!stamped)
			continue;
		if (!i)
			base = *stamp[queue] - before - (1u << 31);
		reached[i] = *stamp[queue] - before - base;
	}
	if (stamped)
		say("store", reached, count, base);
	say("kick", took, count, 0);
}

static void run(uint32_t booted, const struct multiboot *info)
{
	const char *line =
		info->flags & MULTIBOOT_HAS_CMDLINE ? (const char *)(uintptr_t)info->cmdline : "";
	uint32_t queue = word(line, "queue", 0), count = word(line, "count", MOST_KICKS);
	uint16_t io = word(line, "io", 0);

	if (booted != MULTIBOOT_BOOTED)
		return;
	print("\r\n");
	io = io ? io : find();
	if (!io)
		print("VVB kick: no legacy virtio function on bus 0\r\n");
	else if (!count || count > MOST_KICKS || queue >= MOST_QUEUES)
		print("VVB kick: count is 1 to 10000, queue 0 to 63\r\n");
	else if (word(line, "live", 1) && !start_device(io, queue))
		print("VVB kick: the device has no queue 0\r\n");
	else
		measure(io, queue, count, word(line, "stamped", 0));
	print("VVB bye\r\n");
	outb(RESET, KEYBOARD);
}
