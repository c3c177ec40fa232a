// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Accesses that no sane guest makes: bad_access VF
 * Past BAR0, across its end, of odd sizes at every offset, with I/O space disabled, with
 * bad pointers, and a notify for a queue that does not exist.
 */
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "net.h"
#include "stats.h"

static const size_t sizes[] = { 3, 5, 8, 64 };

#define SIZES ARRAY_SIZE(sizes)

static struct vf vf;
static int ours;
static uint8_t image[256];

static size_t wanted(uint64_t pos, size_t size)
{
	return size < vf.bar0_size - pos ? size : (size_t)(vf.bar0_size - pos);
}

static void past_the_end(void)
{
	static const uint64_t beyond[] = { 0, 1, 2, 63, 4096, 0xfffffffe, 0xff00000000ull };
	unsigned int i, bad = 0;
	uint8_t b[64];

	for (i = 0; i < ARRAY_SIZE(beyond); i++) {
		uint64_t pos = vf.bar0_size + beyond[i];

		if (pread(vf.device, b, 4, (off_t)(vf.bar0 + pos)) != -1 || errno != EINVAL)
			bad++;
		if (pwrite(vf.device, b, 4, (off_t)(vf.bar0 + pos)) != -1 || errno != EINVAL)
			bad++;
	}
	check_eq(bad, 0, "reads and writes past BAR0: EINVAL");
}

static void size_zero(void)
{
	unsigned int pos, bad = 0;
	uint8_t b;

	for (pos = 0; pos < vf.bar0_size + 8; pos++)
		bad += legacy_read(&vf, pos, &b, 0) != 0 || legacy_write(&vf, pos, &b, 0) != 0;
	check_eq(bad, 0, "reads and writes of size 0, anywhere: 0");
}

/* Ours gives what there is, as vfio-pci does; the kernel's driver refuses in some way. */
static void odd_reads(size_t size)
{
	unsigned int pos, bad = 0;
	uint8_t got[64], want[64];
	ssize_t n;

	for (pos = 0; pos < vf.bar0_size; pos++) {
		memset(got, 0x5a, sizeof(got));
		n = legacy_read(&vf, pos, got, size);
		legacy_expect(image, 0, pos, wanted(pos, size), want);
		if (ours && (n != (ssize_t)wanted(pos, size) || memcmp(got, want, (size_t)n))) {
			if (!bad++)
				check_note("first wrong one at %u: %zd", pos, n);
		} else if (!ours && pos + size > vf.bar0_size && n != -EINVAL) {
			bad++;
		}
	}
	check_eq(bad, 0, "reads of %zu bytes at every offset", size);
}

static void odd_writes(size_t size, int fill)
{
	unsigned int pos, bad = 0;
	uint8_t junk[64];
	ssize_t n;

	memset(junk, fill, sizeof(junk));
	for (pos = 0; pos < vf.bar0_size; pos++) {
		n = legacy_write(&vf, pos, junk, size);
		if (ours ? n != (ssize_t)wanted(pos, size) :
			   pos + size > vf.bar0_size && n != -EINVAL)
			bad++;
		legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	}
	check_eq(bad, 0, "writes of %zu bytes of 0x%02x at every offset", size, fill);
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "device still answers");
}

static void io_disabled(void)
{
	__u64 before = stats_event(vf.bdf, VVB_EV_IO_DISABLED);
	unsigned int pos, bad = 0, tried = 0;
	uint8_t b[64];

	vf_command(&vf, 0, PCI_COMMAND_IO);
	for (pos = 0; pos < 20; pos++, tried += 2)
		bad += legacy_read(&vf, pos, b, 1) != -EIO || legacy_write(&vf, pos, b, 1) != -EIO;
	check_eq(bad, 0, "I/O space disabled: EIO");
	if (ours)
		check_eq((long long)(stats_event(vf.bdf, VVB_EV_IO_DISABLED) - before), tried,
			 "accesses with I/O space disabled counted");
	vf_command(&vf, PCI_COMMAND_IO, 0);
	check_eq(legacy_get32(&vf, 0) != ~0u, 1, "I/O space enabled again: answers");
}

static void bad_pointers(void)
{
	void *nowhere = (void *)8;

	check_eq(legacy_read(&vf, 0, nowhere, 4), -EFAULT, "read to a bad pointer");
	check_eq(legacy_write(&vf, 4, nowhere, 4), -EFAULT, "write from a bad pointer");
	check_eq(legacy_write(&vf, LEGACY_QUEUE_NOTIFY, nowhere, 2), -EFAULT,
		 "notify from a bad pointer");
}

static void notify_no_queue(void)
{
	static const uint16_t index[] = { 3, 4, 7, 64, 255, 256, 0x7fff, 0xfffe, 0xffff };
	unsigned int i, bad = 0;

	for (i = 0; i < ARRAY_SIZE(index); i++)
		bad += legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, index[i]) != 0;
	check_eq(bad, 0, "notifies for queues that do not exist are taken");
	check(!(legacy_get8(&vf, LEGACY_DEVICE_STATUS) & 0x40), "device needs no reset");
	check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), 0, "no interrupt from them");
}

/* None of it left a mark: a driver comes up as ever. */
static void still_usable(void)
{
	struct net net;
	const char *why;
	int err = net_up(&net, &vf, &(struct net_options) { .features = NET_F_MAC }, &why);

	check(!err, "a driver comes up afterwards (%s: %s)", why, strerror(-err));
	net_down(&net);
}

static void read_image(void)
{
	static const uint8_t width[] = { 4, 4, 4, 2, 2, 2, 1, 1 };
	unsigned int i, pos = 0;

	memset(image, 0xff, sizeof(image));
	for (i = 0; i < sizeof(width); pos += width[i++])
		legacy_read(&vf, pos, image + pos, width[i]);
	for (; pos < vf.bar0_size; pos++)
		legacy_read(&vf, pos, image + pos, 1);
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc < 2)
		check_die("usage: bad_access VF");
	check_vf_open(&vf, argv[1]);
	ours = driver_is_ours(argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, PCI_COMMAND_MASTER);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 0);
	read_image();
	past_the_end();
	size_zero();
	for (i = 0; i < SIZES; i++)
		odd_reads(sizes[i]);
	for (i = 0; i < SIZES; i++) {
		odd_writes(sizes[i], 0);
		odd_writes(sizes[i], 0xa5);
	}
	io_disabled();
	bad_pointers();
	notify_no_queue();
	still_usable();
	vf_close(&vf);
	return check_result();
}
