// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * An uncorrectable PCI error under an open VF: aer VF NUMBER {own|other|fatal}
 *
 * Function NUMBER reports it, a non-fatal one of the VF itself or of another function under
 * the port. The VF's user learns of it by VFIO's error interrupt, and nothing else changes,
 * whatever the guest wrote to the AER registers. Behind a fatal one the kernel resets the
 * link, and no access may take longer than its deadline.
 */
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"
#include "net.h"

#define SPACE 4096u
#define WAIT_MS 10000

static struct vf vf;
static const char *number;
static int event;

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static unsigned int extended_capability(unsigned int id)
{
	unsigned int at = 0x100, left = 64;
	uint32_t header;

	for (; at && left; left--, at = header >> 20) {
		header = vf_config_get(&vf, at, 4);
		if ((header & 0xffff) == id)
			return at;
	}
	return 0;
}

/* Extended config space has no overlay; nor may the one before it reach in. */
static void every_width(unsigned int from, unsigned int to)
{
	static const size_t widths[] = { 1, 2, 3, 4, 5, 8, 16, 64 };
	uint8_t image[SPACE], got[64];
	unsigned int i, pos, bad = 0;

	for (pos = from; pos < to; pos++)
		image[pos] = (uint8_t)vf_config_get(&vf, pos, 1);
	for (i = 0; i < ARRAY_SIZE(widths); i++)
		for (pos = from; pos + widths[i] <= to; pos++)
			bad += vf_config_read(&vf, pos, got, widths[i]) != (ssize_t)widths[i] ||
			       memcmp(got, image + pos, widths[i]);
	check_eq(bad, 0, "config space 0x%x..0x%x: the same in every width", from, to);
}

static void past_the_end(void)
{
	uint8_t b[8];

	check(vf_config_read(&vf, SPACE, b, 1) <= 0, "read past config space refused");
	check(vf_config_write(&vf, SPACE, b, 1) < 0, "write past config space refused");
	check(vf_config_write(&vf, SPACE - 2, b, 4) < 0, "write across its end refused");
}

/* A guest that wants errors unseen, or taken for worse ones. */
static void hostile_masks(unsigned int aer)
{
	vf_config_put(&vf, aer + PCI_ERR_UNCOR_MASK, 4, 0xffffffff);
	vf_config_put(&vf, aer + PCI_ERR_UNCOR_SEVER, 4, 0xffffffff);
	vf_config_put(&vf, aer + PCI_ERR_COR_MASK, 4, 0xffffffff);
	vf_command(&vf, 0, PCI_COMMAND_SERR);
}

/* Return: how often the error interrupt came, 0 if it did not. */
static uint64_t error_interrupts(void)
{
	struct pollfd p = { .fd = event, .events = POLLIN };
	uint64_t count = 0;

	if (poll(&p, 1, WAIT_MS) > 0 && read(event, &count, sizeof(count)) != sizeof(count))
		count = 0;
	return count;
}

/* Newer kernels (6.18) tell drivers once more, when they give the recovery of the PF up. */
static void report(const char *error)
{
	uint64_t count;

	check(!knob_set(error, number), "%s of function %s", error, number);
	count = error_interrupts();
	check(count == 1 || count == 2, "error interrupts: %llu", (unsigned long long)count);
}

static void status(unsigned int aer)
{
	check(vf_config_get(&vf, aer + PCI_ERR_UNCOR_STATUS, 4) & PCI_ERR_UNC_COMP_TIME,
	      "the VF's error status tells");
	vf_config_put(&vf, aer + PCI_ERR_UNCOR_STATUS, 4, PCI_ERR_UNC_COMP_TIME);
	check_eq(vf_config_get(&vf, aer + PCI_ERR_UNCOR_STATUS, 4), 0, "and is cleared by ones");
}

static void nonfatal(unsigned int aer)
{
	const struct net_options options = { .features = NET_F_MAC, .msix = 1 };
	static const uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const char *why;
	struct net net;
	unsigned int i;
	int err = net_up(&net, &vf, &options, &why);

	check(!err, "a driver is under way (%s: %s)", why, strerror(-err));
	for (i = 0; i < 3; i++) {
		report("aer-nonfatal");
		err = net_send(&net, frame, sizeof(frame), WAIT_MS);
		check(!err, "it sends a frame after that (%s)", strerror(-err));
		hostile_masks(aer);
	}
	net_down(&net);
}

static void fatal(void)
{
	unsigned int i, answers = 0;
	long start;

	report("aer-fatal");
	usleep(500000); /* the link reset */
	start = now_ms();
	for (i = 0; i < 100; i++)
		answers += legacy_get32(&vf, LEGACY_DEVICE_FEATURES) != ~0u;
	check_eq(answers, 0, "after the link reset: answers of the device");
	start = now_ms() - start;
	check(start < 3000, "100 accesses took %ld ms", start);
}

int main(int argc, char **argv)
{
	unsigned int aer;

	if (argc < 4)
		check_die("usage: aer VF NUMBER {own|other|fatal}");
	number = argv[2];
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	event = eventfd(0, EFD_CLOEXEC);
	check_eq(vf_irq_count(&vf, VFIO_PCI_ERR_IRQ_INDEX), 1, "error interrupts there can be");
	check_eq(vf_irqs(&vf, VFIO_PCI_ERR_IRQ_INDEX, &event, 1), 0, "armed");
	aer = extended_capability(PCI_EXT_CAP_ID_ERR);
	check(aer, "AER capability at 0x%x", aer);
	every_width(0xc0, 0x300);
	past_the_end();
	if (!strcmp(argv[3], "fatal"))
		fatal();
	else
		nonfatal(aer);
	if (!strcmp(argv[3], "own"))
		status(aer);
	vf_close(&vf);
	return check_result();
}
