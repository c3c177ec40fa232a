// SPDX-License-Identifier: GPL-2.0-only
/* What every kernel that the module is for has. */
#include <linux/bpf.h>
#include <linux/vfio_pci_core.h>
#include <linux/virtio_pci_admin.h>

int probe(struct vfio_device *vdev, struct pci_dev *pdev);
int probe(struct vfio_device *vdev, struct pci_dev *pdev)
{
	return virtio_pci_admin_has_legacy_io(pdev) ? vfio_pci_core_init_dev(vdev) : -ENODEV;
}
