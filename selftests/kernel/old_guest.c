// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What drivers rely on that were written for the transitional devices of hypervisors: old_guest VF
 *
 * I/O decoding that is on already. With the kernel's own driver it is checked that it has none of
 * it: when that changes, docs/comparison.md is to be changed.
 */
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "stats.h"

static struct vf vf;
static int ours;

static uint16_t command(void)
{
	return (uint16_t)vf_config_get(&vf, PCI_COMMAND, 2);
}

/* As DPDK does: nothing but the legacy driver's own accesses. */
static void io_decoding(void)
{
	uint16_t before;
	uint32_t v;

	check_eq(command() & PCI_COMMAND_IO, ours ? PCI_COMMAND_IO : 0, "opened: I/O decoding");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), ours ? 4 : -EIO,
		 "opened: device_features read");
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	before = command();
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	check_eq(command(), ours ? before : before & ~PCI_COMMAND_IO, "the command register");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), ours ? 4 : -EIO,
		 "device_features read");
	vf_command(&vf, 0, PCI_COMMAND_IO);
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), -EIO, "the guest turns it off");
	check_eq(vf_reset(&vf), 0, "VFIO_DEVICE_RESET");
	check_eq(legacy_read(&vf, LEGACY_DEVICE_FEATURES, &v, 4), -EIO, "it stays off");
	vf_command(&vf, PCI_COMMAND_IO, 0);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: old_guest VF");
	check_vf_open(&vf, argv[1]);
	ours = driver_is_ours(argv[1]);
	io_decoding();
	vf_close(&vf);
	return check_result();
}
