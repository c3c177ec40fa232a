// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* alternate VF TIMES - reads isr_status and device_status in turn, so that each is every second access */
#include <stdlib.h>
#include <linux/pci_regs.h>

#include "check.h"
#include "check_vf.h"
#include "legacy.h"

int main(int argc, char **argv)
{
	struct vf vf;
	long i;

	if (argc != 3)
		check_die("usage: alternate VF TIMES");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	for (i = strtol(argv[2], NULL, 0); i > 0; i--) {
		legacy_get8(&vf, LEGACY_ISR_STATUS);
		legacy_get8(&vf, LEGACY_DEVICE_STATUS);
	}
	vf_close(&vf);
	return 0;
}
