/* SPDX-License-Identifier: GPL-2.0-only */
/* Config space as a legacy guest's user sees it, see config.c. */
#ifndef VVB_CONFIG_H
#define VVB_CONFIG_H

#include "vf.h"

int vvb_config_open(struct vvb_vf *vf);
ssize_t vvb_config_rw(struct vvb_vf *vf, char __user *buf, size_t count, loff_t *ppos, bool write);
void vvb_config_set_master(struct vvb_vf *vf);
u8 vvb_config_len(struct pci_dev *pdev, const struct vvb_config_layout *layout);
bool vvb_config_beside_msix(struct pci_dev *pdev);

#endif /* VVB_CONFIG_H */
