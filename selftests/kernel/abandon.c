// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * abandon VF POS LEN VALUE [KNOB VALUE] - open a VF, have the device hang, write one register, close
 *
 * For shell tests: what is left is a command that was given up. KNOB of the device model is
 * set right before the write; without it hang-queue, to true.
 */
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"

int main(int argc, char **argv)
{
	const char *knob = argc > 6 ? argv[5] : "hang-queue";
	const char *set = argc > 6 ? argv[6] : "true";
	uint64_t value;
	struct vf vf;

	if (argc != 5 && argc != 7)
		check_die("usage: abandon VF POS LEN VALUE [KNOB VALUE]");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	check(!knob_set(knob, set), "%s %s", knob, set);
	value = strtoull(argv[4], NULL, 0);
	legacy_write(&vf, (unsigned int)strtoul(argv[2], NULL, 0), &value,
		     strtoul(argv[3], NULL, 0));
	vf_close(&vf);
	return check_result();
}
