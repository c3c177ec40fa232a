// SPDX-License-Identifier: GPL-2.0-or-later
#include "qemu/osdep.h"
#include "hw/pci/pci.h"
#include "hw/pci/pcie_sriov.h"
#include "function.h"

PCIDevice *vvb_function(VvbNic *nic, unsigned int number)
{
	PCIDevice *pf = PCI_DEVICE(nic);

	return number == NIC_PF ? pf : pcie_sriov_get_vf_at_index(pf, number - 1);
}

bool vvb_is_pf(const VvbFunction *f)
{
	return f->number == NIC_PF;
}

bool vvb_is_disk(const VvbNic *nic)
{
	return nic->settings.type == NIC_TYPE_BLK;
}
