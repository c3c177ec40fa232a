/* SPDX-License-Identifier: GPL-2.0-only */
/* The gate in front of a PF's administration virtqueue. */
#ifndef VVB_GATE_H
#define VVB_GATE_H

#include <linux/device/bus.h>
#include <linux/kref.h>

#include "slots.h"

struct device;
struct pci_dev;

/**
 * struct vvb_gate - of a PF
 * @virtio:	the PF's virtio device, whose driver may come and go
 * @slots:	the commands that are inside, those that were given up among them. A command holds
 *		the gate: what is known of it outlives the binding of its VF, and the VF
 */
struct vvb_gate {
	struct list_head node;
	struct kref kref;
	struct pci_dev *pf;
	struct device *virtio;
	const struct bus_type *bus;
	struct notifier_block nb;
	struct vvb_slots slots;
};

int vvb_gate_init(void);
void vvb_gate_exit(void);
struct vvb_gate *vvb_gate_get(struct pci_dev *pf);
void vvb_gate_put(struct vvb_gate *gate);

/* One more reference to a gate that the caller has. */
static inline struct vvb_gate *vvb_gate_hold(struct vvb_gate *gate)
{
	kref_get(&gate->kref);
	return gate;
}

#endif /* VVB_GATE_H */
