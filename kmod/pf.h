/* SPDX-License-Identifier: GPL-2.0-only */
/* The PF of VFs: its virtio driver, and who may send it commands, see pf.c. */
#ifndef VVB_PF_H
#define VVB_PF_H

#include <linux/device/bus.h>
#include <linux/kref.h>

#include "inflight.h"

struct device;
struct pci_dev;

/**
 * struct vvb_pf - one whose VFs have, or had, commands
 * @virtio:	the PF's virtio device, whose driver may come and go
 * @inflight:	its commands, those that were given up among them. A command holds a reference:
 *		what is known of it outlives the binding of its VF, and the VF
 */
struct vvb_pf {
	struct list_head node;
	struct kref kref;
	struct pci_dev *pdev;
	struct device *virtio;
	const struct bus_type *bus;
	struct notifier_block nb;
	struct vvb_inflight inflight;
};

int vvb_pf_init(void);
void vvb_pf_exit(void);
struct vvb_pf *vvb_pf_get(struct pci_dev *pdev);
void vvb_pf_put(struct vvb_pf *pf);

#endif /* VVB_PF_H */
