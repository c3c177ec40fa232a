// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate in front of a PF's administration virtqueue, one per PF.
 *
 * The PF's virtio driver can go away without the PCI core noticing (unbind of virtioN,
 * rmmod of virtio_net, suspend); its queues are freed while the pointers to them stay. So
 * the gate listens on the virtio bus: it closes before the driver is unbound, waits for
 * what is inside, and opens again once a driver is bound. The slots are what commands pass.
 */
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include "gate.h"

/* Why a gate is closed; it opens when none of it is true any more. */
enum vvb_closed {
	VVB_CLOSED_NO_DRIVER = 1, /* the PF's virtio device has no driver */
	VVB_CLOSED_ASLEEP = 2, /* the host sleeps, or is about to */
};

static LIST_HEAD(vvb_gates);
static DEFINE_MUTEX(vvb_gates_lock);
static bool vvb_asleep; /* under it */

static void vvb_gate_close(struct vvb_gate *gate, enum vvb_closed reason)
{
	if (!vvb_slots_close(&gate->slots, reason))
		pci_warn(gate->pf, "admin commands are still in flight\n");
}

static int vvb_gate_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct vvb_gate *gate = container_of(nb, struct vvb_gate, nb);

	if (data != gate->virtio)
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_UNBIND_DRIVER)
		vvb_gate_close(gate, VVB_CLOSED_NO_DRIVER);
	else if (event == BUS_NOTIFY_BOUND_DRIVER)
		vvb_slots_open(&gate->slots, VVB_CLOSED_NO_DRIVER);
	return NOTIFY_OK;
}

/* Is the host going to sleep (1), or has it been (0)? -1: neither. */
static int vvb_pm_sleeps(unsigned long event)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		return 1;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		return 0;
	default:
		return -1;
	}
}

static int vvb_gate_pm_event(struct notifier_block *nb, unsigned long event, void *data)
{
	int sleeps = vvb_pm_sleeps(event);
	struct vvb_gate *gate;

	if (sleeps < 0)
		return NOTIFY_DONE;
	guard(mutex)(&vvb_gates_lock);
	vvb_asleep = sleeps;
	list_for_each_entry(gate, &vvb_gates, node) {
		if (sleeps)
			vvb_gate_close(gate, VVB_CLOSED_ASLEEP);
		else
			vvb_slots_open(&gate->slots, VVB_CLOSED_ASLEEP);
	}
	return NOTIFY_OK;
}

static struct notifier_block vvb_gate_pm_nb = { .notifier_call = vvb_gate_pm_event };

int vvb_gate_init(void)
{
	return register_pm_notifier(&vvb_gate_pm_nb);
}

void vvb_gate_exit(void)
{
	unregister_pm_notifier(&vvb_gate_pm_nb);
}

static int vvb_is_virtio(struct device *dev, void *unused)
{
	return dev->bus && !strcmp(dev->bus->name, "virtio");
}

/* Takes over the reference to @virtio, also when it fails. */
static struct vvb_gate *vvb_gate_new(struct pci_dev *pf, struct device *virtio)
{
	struct vvb_gate *gate = kzalloc(sizeof(*gate), GFP_KERNEL);
	int err = -ENOMEM;

	if (!gate)
		goto put;
	kref_init(&gate->kref);
	vvb_slots_init(&gate->slots);
	gate->virtio = virtio;
	gate->bus = virtio->bus;
	gate->nb.notifier_call = vvb_gate_bus_event;
	err = bus_register_notifier(gate->bus, &gate->nb);
	if (err)
		goto free;
	gate->pf = pci_dev_get(pf);
	/*
	 * A driver that comes or goes from here on is seen by the notifier; device_lock orders
	 * this look with a bind or unbind that is under way.
	 */
	device_lock(virtio);
	if (!virtio->driver)
		vvb_gate_close(gate, VVB_CLOSED_NO_DRIVER);
	device_unlock(virtio);
	if (vvb_asleep)
		vvb_gate_close(gate, VVB_CLOSED_ASLEEP);
	list_add_tail(&gate->node, &vvb_gates);
	return gate;
free:
	kfree(gate);
put:
	put_device(virtio);
	return ERR_PTR(err);
}

/**
 * vvb_gate_get - the gate of a PF
 * @pf:		physical function
 *
 * One that commands hold on to may be that of a virtio device which the PF had before.
 * Return: the gate, to be given back with vvb_gate_put(); NULL when the PF has no virtio
 * device, as then there is nothing to pass through; or an ERR_PTR. May sleep.
 */
struct vvb_gate *vvb_gate_get(struct pci_dev *pf)
{
	struct device *virtio = device_find_child(&pf->dev, NULL, vvb_is_virtio);
	struct vvb_gate *gate;

	if (!virtio)
		return NULL;
	guard(mutex)(&vvb_gates_lock);
	list_for_each_entry(gate, &vvb_gates, node) {
		if (gate->virtio == virtio) {
			put_device(virtio);
			kref_get(&gate->kref);
			return gate;
		}
	}
	return vvb_gate_new(pf, virtio);
}

static void vvb_gate_free(struct kref *kref)
{
	struct vvb_gate *gate = container_of(kref, struct vvb_gate, kref);

	list_del(&gate->node);
	bus_unregister_notifier(gate->bus, &gate->nb);
	put_device(gate->virtio);
	pci_dev_put(gate->pf);
	kfree(gate);
	mutex_unlock(&vvb_gates_lock);
}

void vvb_gate_put(struct vvb_gate *gate)
{
	if (gate)
		kref_put_mutex(&gate->kref, vvb_gate_free, &vvb_gates_lock);
}
