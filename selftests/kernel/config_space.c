// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The configuration space of a transitional device: config_space VF [auto|only]
 *
 * Identity, BAR0 sizing, PCI_COMMAND_IO, at every offset and width; and, with legacy=only,
 * that no way leads to the modern interface.
 */
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check_vf.h"
#include "legacy.h"
#include "stats.h"

#define SPACE 256u

static struct vf vf;
static int ours;

static void identity(void)
{
	check_eq(vf_config_get(&vf, PCI_VENDOR_ID, 2), 0x1af4, "vendor");
	check_eq(vf_config_get(&vf, PCI_DEVICE_ID, 2), 0x1000, "device: network, transitional");
	check_eq(vf_config_get(&vf, PCI_VENDOR_ID, 4), 0x10001af4, "vendor and device");
	check_eq(vf_config_get(&vf, PCI_REVISION_ID, 1), 0, "revision");
	check_eq(vf_config_get(&vf, PCI_CLASS_REVISION, 4) >> 16, 0x0200, "class: Ethernet");
	check_eq(vf_config_get(&vf, PCI_SUBSYSTEM_VENDOR_ID, 2), 0x1af4, "subsystem vendor");
	check_eq(vf_config_get(&vf, PCI_SUBSYSTEM_ID, 2), 1, "subsystem: virtio device type");
	check_eq(vf_config_get(&vf, PCI_INTERRUPT_PIN, 1), ours, "interrupt pin");
}

/* The space read byte by byte is the measure for each other way of reading it. */
static void every_width(void)
{
	static const size_t widths[] = { 1, 2, 3, 4, 5, 8, 16, 64, SPACE };
	uint8_t image[SPACE], got[SPACE];
	unsigned int i, pos, bad;

	for (pos = 0; pos < SPACE; pos++)
		image[pos] = (uint8_t)vf_config_get(&vf, pos, 1);
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		for (bad = 0, pos = 0; pos + widths[i] <= SPACE; pos++) {
			memset(got, 0x5a, sizeof(got));
			if (vf_config_read(&vf, pos, got, widths[i]) == (ssize_t)widths[i] &&
			    !memcmp(got, image + pos, widths[i]))
				continue;
			if (!bad++)
				check_note("first wrong one at 0x%02x", pos);
		}
		check_eq(bad, 0, "reads of %zu bytes at every offset", widths[i]);
	}
}

/* Does a page at this place of the device map? */
static int maps(off_t at)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, vf.device, at);

	if (page == MAP_FAILED)
		return 0;
	munmap(page, 4096);
	return 1;
}

static void bar0_region(void)
{
	struct vfio_region_info info;

	check_eq(vf_region(&vf, VFIO_PCI_BAR0_REGION_INDEX, &info), 0, "REGION_INFO of BAR0");
	check(info.size && !(info.size & (info.size - 1)), "BAR0 size %llu is a power of two",
	      (unsigned long long)info.size);
	check_eq(info.flags & (VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
			       VFIO_REGION_INFO_FLAG_MMAP),
		 VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE,
		 "BAR0: read, write, no mmap");
	if (ours)
		check_eq((long long)info.size, 64, "BAR0 holds the whole device configuration");
	check(!maps((off_t)info.offset), "mmap of BAR0 refused");
}

static void bar0_sizing(void)
{
	uint32_t size = (uint32_t)vf.bar0_size;
	unsigned int i, bad = 0;

	vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, 0xffffffff);
	check_eq(vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4), ~(size - 1) | 1,
		 "BAR0: all-ones read back as the size");
	vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, 0x0000c012);
	check_eq(vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4), 0xc001, "BAR0: address");
	for (i = 0; i < 4; i++)
		vf_config_put(&vf, PCI_BASE_ADDRESS_0 + i, 1, 0x80 + i);
	check_eq(vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4), 0x83828181,
		 "BAR0: address written byte by byte");
	for (i = 0; i < 4; i++)
		bad += vf_config_get(&vf, PCI_BASE_ADDRESS_0 + i, 1) !=
		       (0x83828181u >> (8 * i) & 0xff);
	check_eq(bad, 0, "BAR0: address read byte by byte");
	vf_config_put(&vf, PCI_BASE_ADDRESS_0 + 2, 2, 0x1234);
	check_eq(vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4), 0x12348181, "BAR0: upper half");
	vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, 0xc000);
}

static void command_io(void)
{
	uint32_t v;

	vf_command(&vf, PCI_COMMAND_MEMORY, PCI_COMMAND_IO);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 2) & PCI_COMMAND_IO, 0, "COMMAND: IO clear");
	check_eq(legacy_read(&vf, 0, &v, 4), -EIO, "IO clear: BAR0 refused");
	vf_command(&vf, PCI_COMMAND_IO, 0);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 2) & 3, 3, "COMMAND: IO and MEMORY set");
	check_eq(vf_config_get(&vf, PCI_COMMAND, 1) & 3, 3, "COMMAND: the same by byte");
	check_eq(vf_config_get(&vf, PCI_VENDOR_ID, 4), 0x10001af4, "identity unmoved");
	check_eq(legacy_read(&vf, 0, &v, 4), 4, "IO set: BAR0 answers");
	v = vf_config_get(&vf, PCI_COMMAND, 1);
	vf_config_put(&vf, PCI_COMMAND, 1, v & ~1u);
	check_eq(legacy_read(&vf, 0, &v, 4), -EIO, "IO cleared by a one-byte write: refused");
	v = vf_config_get(&vf, PCI_COMMAND, 1);
	vf_config_put(&vf, PCI_COMMAND, 1, v | 1);
	check_eq(legacy_read(&vf, 0, &v, 4), 4, "IO set by a one-byte write: answers");
	vf_config_put(&vf, PCI_COMMAND + 1, 1, 0);
	check_eq(legacy_read(&vf, 0, &v, 4), 4, "COMMAND's upper byte written: still answers");
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
}

/* How many capabilities of that id are linked; 0 for a broken or endless chain, too. */
static unsigned int capabilities(unsigned int id)
{
	unsigned int at = vf_config_get(&vf, PCI_CAPABILITY_LIST, 1) & ~3u, left = 48, found = 0;

	for (; at && left; left--) {
		found += vf_config_get(&vf, at, 1) == id;
		at = vf_config_get(&vf, at + 1, 1) & ~3u;
	}
	return left ? found : 0;
}

/* Where the device itself, not the driver's overlay, has its capabilities. */
static unsigned int real_virtio_capability(int real, unsigned int type)
{
	uint8_t space[SPACE];
	unsigned int at;

	if (pread(real, space, SPACE, 0) != (ssize_t)SPACE)
		check_die("real configuration space: %s", strerror(errno));
	for (at = space[PCI_CAPABILITY_LIST]; at; at = space[at + 1])
		if (space[at] == PCI_CAP_ID_VNDR && space[at + 3] == type)
			return at;
	return 0;
}

static unsigned int msix_bar(int real)
{
	uint8_t space[SPACE];
	unsigned int at;

	if (pread(real, space, SPACE, 0) != (ssize_t)SPACE)
		check_die("real configuration space: %s", strerror(errno));
	for (at = space[PCI_CAPABILITY_LIST]; at; at = space[at + 1])
		if (space[at] == PCI_CAP_ID_MSIX)
			return space[at + 4] & 7;
	check_die("no MSI-X capability");
}

/* Size of a real BAR, from the file "resource". */
static unsigned long long real_bar_size(unsigned int bar)
{
	unsigned long long start, end, flags, size = 0;
	FILE *f = fdopen(check_vf_file(&vf, "resource", O_RDONLY), "r");

	if (!f)
		check_die("resource: %s", strerror(errno));
	for (bar++; bar && fscanf(f, "%llx %llx %llx", &start, &end, &flags) == 3; bar--)
		size = end ? end - start + 1 : 0;
	fclose(f);
	return size;
}

static int ioeventfd(off_t at)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	int err = vf_ioeventfd(&vf, (uint64_t)at, VFIO_DEVICE_IOEVENTFD_16, 0, fd);

	close(fd);
	return err;
}

static void bar_refused(unsigned int bar)
{
	struct vfio_region_info info;
	off_t at = (off_t)((uint64_t)bar << 40);
	uint32_t v = 0;
	int err = vf_region(&vf, bar, &info);

	check(!err && !info.size, "BAR%u: REGION_INFO shows nothing (%d, size %llu)", bar, err,
	      (unsigned long long)info.size);
	check(pread(vf.device, &v, 4, at) < 0, "BAR%u: read refused", bar);
	check(pwrite(vf.device, &v, 4, at) < 0, "BAR%u: write refused", bar);
	check(!maps(at), "BAR%u: mmap refused", bar);
	check(ioeventfd(at) < 0, "BAR%u: ioeventfd refused", bar);
	vf_config_put(&vf, PCI_BASE_ADDRESS_0 + 4 * bar, 4, 0xffffffff);
	check_eq(vf_config_get(&vf, PCI_BASE_ADDRESS_0 + 4 * bar, 4), 0,
		 "BAR%u: its register is hardwired to zero", bar);
}

static void bars(int only)
{
	int real = check_vf_file(&vf, "config", O_RDONLY);
	unsigned int bar, msix = msix_bar(real);
	struct vfio_region_info info;

	close(real);
	for (bar = 1; bar < 6; bar++) {
		unsigned long long size = real_bar_size(bar);

		if (!size)
			continue;
		if (only && bar != msix) {
			bar_refused(bar);
			continue;
		}
		check(!vf_region(&vf, bar, &info) && info.size == size,
		      "BAR%u: %llu bytes, as the device has it", bar, size);
	}
}

/* The PCI configuration access capability is a window into any BAR. */
static void pci_cfg_window(int only)
{
	int real = check_vf_file(&vf, "config", O_RDONLY);
	unsigned int at = real_virtio_capability(real, 5), i;
	uint8_t before[24], after[24];

	if (!at) {
		check_note("the device has no PCI_CFG capability");
		close(real);
		return;
	}
	if (pread(real, before, 20, at) != 20)
		check_die("real configuration space: %s", strerror(errno));
	vf_config_put(&vf, at + 4, 1, 2);
	vf_config_put(&vf, at + 8, 4, 0x14);
	vf_config_put(&vf, at + 12, 4, 4);
	vf_config_put(&vf, at + 16, 4, 0xa5a5a5a5);
	if (pread(real, after, 20, at) != 20)
		check_die("real configuration space: %s", strerror(errno));
	if (only) {
		check(!memcmp(before, after, 16), "PCI_CFG window: writes do not arrive");
		for (i = 0; i < 20 && !vf_config_get(&vf, at + i, 1); i++)
			;
		check_eq(i, 20, "PCI_CFG window: reads as zero");
	} else {
		check(memcmp(before, after, 16), "PCI_CFG window: as with vfio-pci");
	}
	close(real);
}

static void capability_chain(int only)
{
	check_eq(capabilities(PCI_CAP_ID_MSIX), 1, "MSI-X capability");
	check_eq(capabilities(PCI_CAP_ID_EXP), 1, "PCI Express capability");
	if (only)
		check_eq(capabilities(PCI_CAP_ID_VNDR), 0, "no virtio capability");
	else
		check(capabilities(PCI_CAP_ID_VNDR) >= 4, "%u virtio capabilities",
		      capabilities(PCI_CAP_ID_VNDR));
}

int main(int argc, char **argv)
{
	int only = argc > 2 && !strcmp(argv[2], "only");

	if (argc < 2)
		check_die("usage: config_space VF [auto|only]");
	check_vf_open(&vf, argv[1]);
	ours = driver_is_ours(argv[1]);
	identity();
	every_width();
	bar0_region();
	bar0_sizing();
	command_io();
	capability_chain(only);
	bars(only);
	pci_cfg_window(only);
	vf_close(&vf);
	return check_result();
}
