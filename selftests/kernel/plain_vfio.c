// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A VF without legacy interface is what vfio-pci shows: plain_vfio VF
 * The modern identity, no BAR0, every other BAR as the device has it.
 */
#include <stdbool.h>
#include <unistd.h>
#include <linux/pci_regs.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "check_vf.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

static struct vf vf;

static void identity(void)
{
	check_eq(vf_config_get(&vf, PCI_VENDOR_ID, 2), 0x1af4, "vendor");
	check_eq(vf_config_get(&vf, PCI_DEVICE_ID, 2), 0x1041, "device: network, modern");
	check(vf_config_get(&vf, PCI_REVISION_ID, 1) >= 1, "revision %u",
	      vf_config_get(&vf, PCI_REVISION_ID, 1));
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 1) & PCI_COMMAND_MEMORY, PCI_COMMAND_MEMORY,
		 "memory space enabled");
}

static void no_bar0(void)
{
	uint32_t v;

	check_eq((long long)vf.bar0_size, 0, "BAR0 has no size");
	check_eq(legacy_read(&vf, 0, &v, 4), -EINVAL, "BAR0 read");
	check_eq(legacy_write(&vf, 0, &v, 4), -EINVAL, "BAR0 write");
	vf_config_put(&vf, PCI_BASE_ADDRESS_0, 4, 0xffffffff);
	check_eq(vf_config_get(&vf, PCI_BASE_ADDRESS_0, 4), 0, "BAR0 is hardwired to zero");
}

static bool virtio_capabilities(void)
{
	unsigned int at = vf_config_get(&vf, PCI_CAPABILITY_LIST, 1) & ~3u, left = 48, found = 0;

	for (; at && left; left--) {
		found += vf_config_get(&vf, at, 1) == PCI_CAP_ID_VNDR;
		at = vf_config_get(&vf, at + 1, 1) & ~3u;
	}
	return found >= 4;
}

static void other_bars(void)
{
	struct vfio_region_info info;
	unsigned int bar, found = 0;
	uint32_t v;

	for (bar = 1; bar < 6; bar++) {
		if (vf_region(&vf, bar, &info) || !info.size)
			continue;
		found++;
		check_eq(pread(vf.device, &v, 4, (off_t)info.offset), 4, "BAR%u reads", bar);
	}
	check(found >= 2, "%u BARs", found);
}

/* vfio-pci's own would read its argument a second time, when it may have changed. */
static void no_ioeventfd(void)
{
	struct vfio_device_ioeventfd arg = {
		.argsz = sizeof(arg),
		.flags = VFIO_DEVICE_IOEVENTFD_16,
		.fd = eventfd(0, EFD_CLOEXEC),
	};
	uint64_t bar;

	for (bar = 0; bar < 6; bar++) {
		arg.offset = bar << 40 | 0x800;
		check(ioctl(vf.device, VFIO_DEVICE_IOEVENTFD, &arg) && errno == ENOTTY,
		      "BAR%llu: no ioeventfd", (unsigned long long)bar);
	}
	arg.offset = 1ull << 63; /* an oops of Linux 6.12's vfio-pci */
	check(ioctl(vf.device, VFIO_DEVICE_IOEVENTFD, &arg) && errno == ENOTTY,
	      "nor at an offset with the top bit set");
	close(arg.fd);
}

/* How its user is told, the driver says whatever interface the VF shows. */
static void interrupts(void)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	char told[16] = "";

	vf_attr_get(vf.bdf, "interrupt", told, sizeof(told));
	check(!strcmp(told, "none"), "no interrupts yet: %s", told);
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, &fd, 1), 0, "MSI-X on");
	vf_attr_get(vf.bdf, "interrupt", told, sizeof(told));
	check(!strcmp(told, "msix"), "MSI-X: %s", told);
	check_eq(vf_irqs(&vf, VFIO_PCI_MSIX_IRQ_INDEX, NULL, 0), 0, "MSI-X off");
	vf_attr_get(vf.bdf, "interrupt", told, sizeof(told));
	check(!strcmp(told, "none"), "none any more: %s", told);
	close(fd);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: plain_vfio VF");
	check_vf_open(&vf, argv[1]);
	identity();
	no_bar0();
	check(virtio_capabilities(), "virtio capabilities");
	other_bars();
	if (driver_is_ours(argv[1])) {
		no_ioeventfd();
		interrupts();
	}
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	vf_close(&vf);
	return check_result();
}
