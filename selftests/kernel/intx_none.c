// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A VF that shows no INTx: intx_none VF */
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "intx.h"
#include "legacy.h"

int main(int argc, char **argv)
{
	struct vf vf;
	int event = intx_event();

	if (argc < 2)
		check_die("usage: intx_none VF");
	check_vf_open(&vf, argv[1]);
	check_eq(vf_config_get(&vf, PCI_INTERRUPT_PIN, 1), 0, "interrupt pin: none");
	check_eq(vf_irq_count(&vf, VFIO_PCI_INTX_IRQ_INDEX), 0, "IRQ_INFO: count");
	check_eq(intx_on(&vf, event), -EINVAL, "trigger");
	check_eq(intx_off(&vf), -EINVAL, "off");
	check_eq(intx_mask(&vf), -EINVAL, "mask");
	check_eq(intx_unmask(&vf), -EINVAL, "unmask");
	vf_command(&vf, PCI_COMMAND_IO, 0);
	check_eq(legacy_get8(&vf, LEGACY_ISR_STATUS), 0, "the ISR byte is the device's");
	vf_close(&vf);
	return check_result();
}
