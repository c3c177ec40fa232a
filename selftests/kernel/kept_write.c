// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A policy that changes what the guest writes, and wants it delayed, is ejected over that very
 * write: the device gets what the guest wrote, at once: kept_write VF
 */
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "punt.h"
#include "stats.h"

#define GIVEN 0x28u

int main(int argc, char **argv)
{
	__u64 ejected, delayed;
	struct vf vf;

	if (argc < 2)
		check_die("usage: kept_write VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	ejected = stats_event(vf.bdf, VVB_EV_EJECTED);
	delayed = stats_event(vf.bdf, VVB_EV_DELAYED);
	check_eq(legacy_get32(&vf, LEGACY_DRIVER_FEATURES), 0, "driver_features at first");
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, GIVEN);
	check_eq(legacy_get32(&vf, LEGACY_DRIVER_FEATURES), GIVEN, "what the guest wrote");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_EJECTED) - ejected), 1, "ejected");
	check_eq((long long)(stats_event(vf.bdf, VVB_EV_DELAYED) - delayed), 0, "not delayed");
	vf_close(&vf);
	return check_result();
}
