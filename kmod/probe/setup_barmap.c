// SPDX-License-Identifier: GPL-2.0-only
/* BARs are mapped one by one, as they are needed (until 7.1), not all at once when the device opens. */
#include <linux/vfio_pci_core.h>

int probe(struct vfio_pci_core_device *core);
int probe(struct vfio_pci_core_device *core)
{
	return vfio_pci_core_setup_barmap(core, 0);
}
