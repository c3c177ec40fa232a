// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * smallvmm VF PAYLOAD ioeventfd|pwrite|nobody|exit [WORD...] - a VMM that is no more than what a kick needs
 *
 * PAYLOAD, a Multiboot kernel, gets the WORDs as its command line, and where the VF's I/O BAR is. What it
 * says on its serial port is shown here. A kick of it
 *
 *	ioeventfd	signals an eventfd that VFIO waits for, from the second one of a queue on
 *	pwrite		is an exit, and a write to the VF
 *	nobody		signals an eventfd that nobody waits for: what KVM alone takes
 *	exit		is an exit, and nothing else
 */
#include <sys/eventfd.h>

#include "check_vf.h"
#include "doorbells.h"
#include "legacy.h"
#include "machine.h"

#define IO_AT 0xc000 /* the guest's BAR0 */
#define COM1 0x3f8
#define COM1_STATUS (COM1 + 5)
#define CAN_SEND 0x60

enum way {
	BY_IOEVENTFD,
	BY_PWRITE,
	BY_NOBODY,
	BY_EXIT,
	WAYS
};

static const char *const ways[WAYS] = { "ioeventfd", "pwrite", "nobody", "exit" };

static struct vf vf;
static struct machine machine;
static struct doorbells doorbells;
static enum way way;
static unsigned long exits, kicks;

static enum way way_of(const char *name)
{
	enum way w = 0;

	while (w < WAYS && strcmp(name, ways[w]))
		w++;
	if (w == WAYS)
		check_die("what is '%s'? ioeventfd, pwrite, nobody or exit", name);
	return w;
}

/* An eventfd of which KVM knows, and nobody else. */
static void signal_nobody(uint16_t queue)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), err;

	err = machine_port_signals(&machine, IO_AT + LEGACY_QUEUE_NOTIFY, 2, queue, fd, 1);
	if (err)
		check_die("KVM_IOEVENTFD: %s", strerror(-err));
}

static void kicked(uint16_t queue)
{
	kicks++;
	if (way == BY_IOEVENTFD)
		doorbells_kicked(&doorbells, queue);
	else if (way == BY_NOBODY)
		signal_nobody(queue);
}

/* The VF's BAR0. What can't be read is all-ones, as the bus has it. */
static void bar0(unsigned int offset, void *data, unsigned int width, int out)
{
	uint16_t queue;
	ssize_t n;

	if (!out) {
		memset(data, 0xff, width);
		n = vf_read(&vf, vf.bar0 + offset, data, width);
	} else if (offset == LEGACY_QUEUE_NOTIFY && width == 2 && way == BY_EXIT) {
		kicks++;
		return;
	} else {
		n = vf_write(&vf, vf.bar0 + offset, data, width);
		if (offset == LEGACY_QUEUE_NOTIFY && width == 2) {
			memcpy(&queue, data, sizeof(queue));
			kicked(queue);
		}
	}
	if (n != (ssize_t)width)
		fprintf(stderr, "smallvmm: BAR0+%u, %u bytes: %s\n", offset, width,
			n < 0 ? strerror((int)-n) : "cut short");
}

static void port(uint16_t at, void *data, unsigned int width, int out)
{
	if (at >= IO_AT && at < IO_AT + vf.bar0_size)
		bar0(at - IO_AT, data, width, out);
	else if (out && at == COM1)
		putchar(*(char *)data);
	else if (!out)
		memset(data, at == COM1_STATUS ? CAN_SEND : 0xff, width);
}

/* Return: does the guest go on? */
static int handle(void)
{
	struct kvm_run *run = machine.run;
	uint8_t *data = (uint8_t *)run + run->io.data_offset;

	exits++;
	switch (run->exit_reason) {
	case KVM_EXIT_IO:
		for (unsigned int i = 0; i < run->io.count; i++)
			port(run->io.port, data + i * run->io.size, run->io.size,
			     run->io.direction == KVM_EXIT_IO_OUT);
		return 1;
	case KVM_EXIT_HLT:
		return 0;
	default:
		check_die("KVM: exit %u", run->exit_reason);
	}
}

static void boot(const char *payload, char **words)
{
	char line[256];
	size_t at = (size_t)snprintf(line, sizeof(line), "io=0x%x", IO_AT);
	int err;

	for (; *words; words++) {
		at += (size_t)snprintf(line + at, sizeof(line) - at, " %s", *words);
		if (at >= sizeof(line))
			check_die("a command line of %zu characters at most", sizeof(line) - 1);
	}
	err = machine_boot(&machine, payload, line);
	if (err)
		check_die("%s: %s", payload, strerror(-err));
}

int main(int argc, char **argv)
{
	int err;

	if (argc < 4)
		check_die("usage: smallvmm VF PAYLOAD ioeventfd|pwrite|nobody|exit [WORD...]");
	way = way_of(argv[3]);
	check_vf_open(&vf, argv[1]);
	if (!vf.bar0_size)
		check_die("VF %s: it has no legacy interface", vf.bdf);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	err = machine_open(&machine, vf.dma, VF_DMA_IOVA, VF_DMA_SIZE);
	if (err)
		check_die("KVM: %s", strerror(-err));
	doorbells_init(&doorbells, &machine, &vf, IO_AT + LEGACY_QUEUE_NOTIFY);
	boot(argv[2], argv + 4);
	do {
		err = machine_run(&machine);
		if (err)
			check_die("KVM_RUN: %s", strerror(-err));
	} while (handle());
	printf("%lu exits, %lu of them kicks; %u eventfds%s%s\n", exits, kicks, doorbells.nr,
	       doorbells.refused ? ", the next refused: " : "",
	       doorbells.refused ? strerror(-doorbells.refused) : "");
	doorbells_end(&doorbells);
	machine_close(&machine);
	vf_close(&vf);
	return 0;
}
